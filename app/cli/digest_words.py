"""The digest in a terminal: the order and words of the weekly issue, 80 columns, colours only for meaning, plain when piped."""

from collections.abc import Iterator
from textwrap import TextWrapper

from rich.console import Console
from rich.text import Text

from app.domain.digest import Digest
from app.render import words
from app.render.digest_view import Part, View

WIDTH = 80
_ROWS = 20
_ENTRIES = 8
_INDENT = "    "


def show(digest: Digest) -> None:
    """Prints the digest."""
    console = Console(highlight=False, markup=False, emoji=False)
    for line in lines(digest, min(console.width, WIDTH) if console.is_terminal else WIDTH):
        console.print(line, soft_wrap=True)


def lines(digest: Digest, width: int = WIDTH) -> Iterator[Text]:
    """The digest line by line; only a name that is longer than a line is wider than `width`."""
    view = View(digest, words.plain(), "", _ROWS, _ENTRIES)
    yield from _wrapped(f"{view.headline} {view.before}", width, "bold red" if digest.rotten else "bold")
    for line in view.first:
        yield from _wrapped(line, width)
    for escape, labelled, state, coming in view.table.rows:
        yield Text()
        yield from _wrapped(escape, width, "bold")
        yield from _wrapped(view.row(labelled, state, coming), width, indent=_INDENT)
    for line in view.lines:
        yield Text()
        yield from _wrapped(line, width)
    yield from _trend(view)
    for title, part in (
        (view.whys.title, view.whys),
        (view.seams.title, view.seams),
        (view.paths.title, view.paths),
        (view.troubles_title, view.troubles),
    ):
        yield from _counted(title, part, width)
    yield Text()
    yield from _wrapped(view.text_foot, width, "dim")


def _trend(view: View) -> Iterator[Text]:
    if view.trend.rows:
        yield Text()
        yield Text(view.trend.title, "dim")
    for day, uncaught, every in view.trend.rows:
        yield Text(f"{uncaught:>4} of {every:>4}  {day}")


def _counted(title: str, part: Part, width: int) -> Iterator[Text]:
    if part.rows:
        yield Text()
        yield Text(title, "dim")
    for row in part.rows:
        yield from _wrapped(f"{row[1]:>4}  {row[0]}", width, indent=" " * 6, first="")
    if part.left_out:
        yield from _wrapped(words.plain().say("digest", "left-out", number=part.left_out), width, "dim")


def _wrapped(sentence: str, width: int, style: str = "", indent: str = "", first: str | None = None) -> Iterator[Text]:
    begins = indent if first is None else first
    wrapper = TextWrapper(width, begins, indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
    for line in wrapper.wrap(sentence):
        yield Text(line, style)
