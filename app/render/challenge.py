"""What became of challenged escapes, for the terminal and as Markdown; the words are in templates/words/challenge.j2."""

from collections.abc import Iterator, Sequence

from app.domain.proof import Catch, Challenge
from app.render.words import Hand, Written, markdown, plain


def challenge_text(challenges: Sequence[Challenge]) -> str:
    """For a terminal: how many would get through again, then each escape."""
    hand = plain()
    return "\n".join([_headline(challenges, hand), *(f"  {line}" for line in _lines(challenges, hand))])


def challenge_markdown(challenges: Sequence[Challenge]) -> str:
    """As Markdown, such as a summary of a CI run."""
    hand = markdown()
    return "\n".join([hand.strong(_headline(challenges, hand)), "", *(f"- {line}" for line in _lines(challenges, hand)), ""])


def _headline(challenges: Sequence[Challenge], hand: Hand) -> Written:
    if not challenges:
        return hand.say("challenge", "headline-none")
    unknown = sum(one.catch is Catch.UNKNOWN for one in challenges)
    uncaught = sum(one.catch is Catch.UNCAUGHT for one in challenges)
    return hand.say("challenge", "headline", uncaught=uncaught, tried=len(challenges) - unknown, unknown=unknown)


def _lines(challenges: Sequence[Challenge], hand: Hand) -> Iterator[Written]:
    """The uncaught ones first, then what could not be tried, then the caught."""
    order = (Catch.UNCAUGHT, Catch.UNKNOWN, Catch.CAUGHT)
    for one in sorted(challenges, key=lambda one: order.index(one.catch)):
        tests = one.by if one.catch is Catch.CAUGHT else one.guards
        yield hand.say(
            "challenge",
            one.catch if one.catch is Catch.CAUGHT else f"{one.catch}-{one.reason}",
            escape=hand.say("challenge", "escape", issue=one.issue, fix=one.fix),
            tests=[hand.code(str(test)) for test in tests],
            count=len(tests),
            seconds=f"{one.seconds:.1f}",
            whole=one.whole_suite,
        )
    if challenges:
        yield hand.say("challenge", "stamp", tip=challenges[0].tip)
