"""What a run of GitHub Actions came to, for its log and its summary; the words are in templates/words/summary.j2."""

from collections.abc import Iterator, Sequence

from app.domain.deed import Act, Deed
from app.render.draft import fenced
from app.render.words import Hand, markdown, plain

_WHOLE = frozenset({Act.COMMENT, Act.EDIT_COMMENT, Act.PULL, Act.EDIT_PULL, Act.CHECK, Act.ISSUE, Act.EDIT_ISSUE})
"""Whose text is Markdown that recall has written, and can be shown as it would stand there."""


def summary_text(sentences: Sequence[str], unwritten: str = "", unkept: str = "", deeds: Sequence[Deed] = ()) -> str:
    """For the log: a line each."""
    hand = plain()
    return "\n".join(f"recall: {line}" for line in _lines(hand, sentences, unwritten, unkept, deeds))


def summary_markdown(sentences: Sequence[str], unwritten: str = "", unkept: str = "", deeds: Sequence[Deed] = ()) -> str:
    """For the summary of the run, with the whole texts of what would have been written."""
    hand = markdown()
    lines = [f"- {line}" for line in _lines(hand, sentences, unwritten, unkept, ())]
    if deeds:
        lines += ["", hand.say("summary", "would")]
        for deed in deeds:
            lines += ["", f"### {_deed(hand, deed)}", "", *_shown(deed)]
    return "\n".join(["## recall", "", *lines, ""])


def _lines(hand: Hand, sentences: Sequence[str], unwritten: str, unkept: str, deeds: Sequence[Deed]) -> Iterator[str]:
    yield from (hand.prose(" ".join(sentence.split())) for sentence in sentences if sentence != unwritten)
    if not sentences:
        yield hand.say("summary", "nothing")
    if unwritten:
        yield hand.say("summary", "unwritten", why=unwritten)
    if unkept:
        yield hand.say("summary", "unkept", why=unkept)
    yield from (f"{hand.say('summary', 'would')} {_deed(hand, deed)}." for deed in deeds)


def _deed(hand: Hand, deed: Deed) -> str:
    return hand.say("deed", deed.act, where=deed.where, title=deed.title)


def _shown(deed: Deed) -> Iterator[str]:
    """The texts, those of files in fences that nothing in them can close."""
    if deed.act in _WHOLE:
        yield deed.text
    for path, text in deed.files.items():
        yield from (markdown().code(path), "", fenced(text or "", ""), "")
