"""Which failures are hidden on the path of a change: in the changed functions, those around the changed lines first."""

from collections.abc import Collection, Mapping, Sequence

from app.analysis.edges import changed_spans
from app.analysis.swallows import Hidden, hidden
from app.analysis.uses import joined
from app.domain.change import FileChange, Span
from app.domain.seam import Seam, Swallowed

MAX_SWALLOWED = 6


def find_swallowed(files: Sequence[FileChange], sources: Mapping[str, bytes], seams: Sequence[Seam]) -> tuple[Swallowed, ...]:
    """Where failures are hidden, as it stood before the fix: first where the change or a seam's call itself is guarded."""
    calls = {(seam.near, seam.line) for seam in seams}
    found: list[tuple[bool, Swallowed]] = []
    for file in files:
        spans = joined(changed_spans(file))
        changed = [hunk.near() for hunk in file.hunks]
        lines = {line for path, line in calls if path == file.before and line is not None}
        found += (
            (not _is_on_path(one, changed, lines), _told(file, one))
            for one in hidden(file.language, sources.get(file.before, b""), spans)
            if any(span.start <= one.line <= span.end for span in spans)
        )
    return tuple(each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].path, pair[1].line)))[:MAX_SWALLOWED]


def _is_on_path(one: Hidden, changed: Sequence[Span], calls: Collection[int]) -> bool:
    """Whether the change, or the call over a seam, stands where its failure is hidden, or the hiding itself was changed."""
    whole = Span(min(one.guards.start, one.line), max(one.guards.end, one.line))
    return any(span.overlaps(whole) for span in changed) or any(whole.start <= line <= whole.end for line in calls)


def _told(file: FileChange, one: Hidden) -> Swallowed:
    around = [symbol for symbol in file.symbols if symbol.span.start <= one.line <= symbol.span.end]
    innermost = min(around, key=lambda symbol: symbol.span.end - symbol.span.start, default=None)
    return Swallowed(file.before, one.line, one.reason, innermost.qualified if innermost else None)
