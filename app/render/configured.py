"""The check run `recall / config`: what of a configuration could not be used, or that all of it is in force again."""

from app.domain.check import Check, Standing
from app.domain.configuration import Settled
from app.render import words

NAME = "recall / config"
_MOST = 50


def configuration_check(settled: Settled) -> Check:
    """The check run on the commit that the configuration was read at: neutral where something is wrong, else a success."""
    hand = words.markdown()
    number = len(settled.problems)
    title = words.plain().say("configuration", "title" if number else "title-right", number=number)
    lines = [f"- {hand.prose(problem)}" for problem in settled.problems[:_MOST]]
    if number > _MOST:
        lines.append(str(hand.say("configuration", "more", number=number - _MOST)))
    about = hand.say("configuration", "about" if number else "about-right")
    summary = "\n".join([*lines, *([""] if lines else []), str(about)])
    standing = Standing.NEUTRAL if number else Standing.SUCCESS
    return Check(settled.commit, "recall:v1 config", standing, str(title), summary, name=NAME)
