"""The report in a terminal: the comment's order and words, colours only for meaning, 80 columns, plain when piped."""

from collections.abc import Iterator, Sequence
from textwrap import TextWrapper

from rich.console import Console
from rich.text import Text

from app.domain.culprit import Origin
from app.domain.evidence import Kind, RankedTest, Source
from app.domain.report import Ran, Report
from app.domain.unchecked import Unchecked
from app.render import culprit, seams, words
from app.render.links import Links
from app.render.sentences import Sentences, sayable
from app.render.view import others, table

ROWS = 8
WIDTH = 80
_REASONS = 2
_INDENT = 14
_SAID = frozenset({Source.EXECUTED})
_COLOURS = {Kind.INTEGRATION: "cyan", Kind.E2E: "cyan", Kind.UNIT: ""}


def show(report: Report, console: Console | None = None) -> None:
    """Prints the report."""
    console = console or Console(highlight=False, markup=False, emoji=False)
    for line in lines(report, min(console.width, WIDTH) if console.is_terminal else WIDTH):
        console.print(line, soft_wrap=True)


def lines(report: Report, width: int = WIDTH) -> Iterator[Text]:
    """The report line by line; only a name that is longer than a line is wider than `width`."""
    hand, report = words.plain(), sayable(report)
    say = Sentences(hand, Links(), report.change is not None)
    yield from _wrapped(say.verdict(report), width, "bold" if report.sure else "bold yellow")
    if basis := say.basis(report):
        yield from _wrapped(basis, width)
    if about := say.about(report):
        yield Text()
        yield from _wrapped(about, width)
    if report.origin:
        yield Text()
        yield from _wrapped(culprit.line(report.origin, say), width)
    if shown := table(report.tests, ROWS):
        yield Text()
        yield Text(f"{hand.say('page', 'heading-score'):>12}  {hand.say('page', 'heading-test')}", "dim")
        for test in shown:
            yield from _test(test, report.verdict.ran, say, width)
        if more := len(others(report.tests, shown)):
            yield Text(" " * _INDENT + hand.say("page", "more-tests", number=more, target=say.target), "dim")
    yield from _seams(report, say, width)
    for sentence, style in (
        (say.gaps(report, "never"), "red"),
        (say.gaps(report, "integration-run"), "yellow"),
        (say.gaps(report, "any"), "red"),
        (say.gaps(report, "integration"), "yellow"),
        (say.placement(report), "bold"),
    ):
        if sentence:
            yield Text()
            yield from _wrapped(sentence, width, style)
    yield from _unchecked(culprit.unchecked(report), say, width)
    yield Text()
    yield from _wrapped(say.stamp(report), width, "dim")


def show_origin(origin: Origin, console: Console | None = None) -> None:
    """Prints which change let the bug in, and the candidates."""
    console = console or Console(highlight=False, markup=False, emoji=False)
    for line in origin_lines(origin, min(console.width, WIDTH) if console.is_terminal else WIDTH):
        console.print(line, soft_wrap=True)


def origin_lines(origin: Origin, width: int = WIDTH) -> Iterator[Text]:
    """The answer line by line, the candidates below it, each with its day and what speaks for it."""
    say = Sentences(words.plain(), Links())
    yield from _wrapped(culprit.line(origin, say), width, "bold" if origin.culprit else "bold yellow")
    if origin.suspects:
        yield Text()
        yield Text(f"{say.hand.say('culprit', 'heading-score'):>12}  {say.hand.say('culprit', 'heading-commit')}", "dim")
    for suspect in origin.suspects[: culprit.MOST_CANDIDATES]:
        score = words.percent(suspect.score) if suspect.score else ""
        named = ", ".join(part for part in (culprit.commit(suspect, say), culprit.day(suspect)) if part)
        style = "bold" if suspect.sha == origin.culprit else ""
        yield from _wrapped(named, width, style, indent=" " * _INDENT, first=f"{score:>12}  ")
        yield from _wrapped(culprit.why(suspect, say), width, indent=" " * _INDENT, first=" " * _INDENT)
    yield from _unchecked(origin.unchecked, say, width)


def _unchecked(unchecked: Sequence[Unchecked], say: Sentences, width: int) -> Iterator[Text]:
    if unchecked:
        yield Text()
        yield Text(say.hand.say("page", "unchecked") + ":")
        for item in unchecked:
            yield from _wrapped(say.unchecked(item), width, indent="  ", first="- ")


def _seams(report: Report, say: Sentences, width: int) -> Iterator[Text]:
    for finding in seams.findings(report, say):
        yield Text()
        yield from _wrapped(finding, width)


def _test(test: RankedTest, ran: Ran | None, say: Sentences, width: int) -> Iterator[Text]:
    """The score, the kind and the name; below the name what the test executed, then the other reasons."""
    kind = test.test.kind
    score = words.percent(test.score)
    yield Text.assemble(
        (f"{score:>12}", "bold" if test.touches else ""), "  ", (say.test(test), "bold"), "  ", (kind, _COLOURS[kind])
    )
    saw = say.saw(test, ran)
    why = say.why(test, _REASONS, without=_SAID if saw else frozenset())
    yield from _wrapped("; ".join(part for part in (saw, why) if part), width, indent=" " * _INDENT, first=" " * _INDENT)


def _wrapped(sentence: str, width: int, style: str = "", indent: str = "", first: str = "") -> Iterator[Text]:
    wrapper = TextWrapper(width, first or indent, indent, break_long_words=False, break_on_hyphens=False)
    for line in wrapper.wrap(sentence):
        yield Text(line, style)
