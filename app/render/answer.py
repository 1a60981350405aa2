"""recall's answer to commands: what it did not follow and why, and what it can be asked for.

The sentences are in `templates/words/answer.j2`.
"""

from app.domain.slash import AnswerFacts, Unfollowed, Verb, answer_marker
from app.render import words
from app.render.links import Links
from app.render.words import Hand, Written


def answer(facts: AnswerFacts) -> str:
    """The whole comment in Markdown, its marker on the first line."""
    hand = words.markdown()
    links = Links(facts.web_url, facts.repository)
    url = links.comment(facts.ref.number, facts.comment) if facts.comment else None
    body = hand.fill(
        "answer.md.j2",
        marker=Written(answer_marker(facts.ref)),
        url=url,
        refused=[_refused(hand, one) for one in facts.unfollowed],
        verbs=[hand.say("answer", f"help-{verb.value or 'recall'}") for verb in _told(facts)],
    )
    return body.strip()


def _told(facts: AnswerFacts) -> tuple[Verb, ...]:
    """What can be asked for there, if that was asked."""
    if not facts.helps:
        return ()
    return _ON_PULL if facts.on_pull else tuple(Verb)


def _refused(hand: Hand, one: Unfollowed) -> Written:
    command = f"/recall {one.command.word}".rstrip()
    near = f"/recall {one.near}" if one.near else ""
    said = hand.say("answer", one.reason, command=command, name=one.name, near=near)
    return hand.say("answer", "refused", command=command, sentence=said)


_ON_PULL = (Verb.RECALL, Verb.PROVE, Verb.CHALLENGE, Verb.WITHDRAW, Verb.WRONG, Verb.QUIET, Verb.HELP)
