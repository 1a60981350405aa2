"""What no test reaches: changed places, existing before the fix, that the imports of no test (or of unit tests alone) lead to."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.change import FileChange, Span, Symbol
from app.domain.evidence import Kind, TestFile
from app.domain.report import Gap

ANY = "any"
INTEGRATION = "integration"


def find_gaps(
    files: Sequence[FileChange], tests: Mapping[str, TestFile], reached: Mapping[tuple[str, str], frozenset[str]]
) -> tuple[Gap, ...]:
    """The changed symbols that no test reaches, then those that only unit tests reach, in the order of the files.

    `tests` are all of the repository, by path. `reached` gives, for (path before the fix, qualified symbol or "" for the
    whole file), the paths of the tests that lead there; what is not in it is not known, and yields no gap.
    """
    beyond_unit = {path for path, test in tests.items() if test.kind is not Kind.UNIT}
    gaps = [
        Gap(file.before, symbol, lines, INTEGRATION if by else ANY)
        for file in files
        for symbol, lines in _places(file)
        if (by := reached.get((file.before, symbol or ""))) is not None and not by & beyond_unit
    ]
    return tuple(sorted(gaps, key=lambda gap: gap.missing != ANY))


def _places(file: FileChange) -> Iterator[tuple[str | None, tuple[Span, ...]]]:
    """Each changed symbol with the old lines that changed in it; a change that lies in no symbol stands for the module."""
    near = [hunk.near() for hunk in file.hunks]
    for symbol in file.symbols:
        yield symbol.qualified, _within(symbol, near)
    if near and not file.symbols:
        yield None, tuple(near)


def _within(symbol: Symbol, spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(
        Span(max(symbol.span.start, span.start), min(symbol.span.end, span.end)) for span in spans if symbol.span.overlaps(span)
    )
