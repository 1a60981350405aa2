"""Which lines of the code before a fix a test has to have run, to have been where the bug was: changed lines, or those nearest.

Lines that run when a file is loaded (heads of functions and classes, constants) are never aimed at: whatever test loads the
file first runs them, and that says nothing about the test.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from app.analysis.languages.statements import Statement, is_known, statements
from app.domain.change import FileChange, Hunk, Span, Status
from app.domain.lines import LineSet, line_set

_MODIFIERS = rb"(?:(?:export|const|let|var|static|final|public|private|protected)\s+)*"
_ASSIGNED = re.compile(rb"^\s*" + _MODIFIERS + rb"([A-Za-z_$][\w$]*)\s*(?::[^=]*)?=")


class Depth(IntEnum):
    """How near the lines are to what the fix changed."""

    CHANGED = 0
    AROUND = 1
    FUNCTION = 2
    FILE = 3


@dataclass(frozen=True, slots=True)
class Aim:
    """One statement of the file `path`. Who ran any of `lines` ran the statement; `shown` are those that changed."""

    path: str
    lines: LineSet
    shown: LineSet
    depth: Depth


def aims(file: FileChange, source: bytes, code: LineSet | None = None) -> tuple[Aim, ...]:
    """The statements that the hunks of one file change, or for lines that were only added those around them.

    Where a hunk changes what runs on loading, the statements that use it are its aims: the body of the function whose head
    changed, the functions that name the constant, the methods of the class. Of a file that is only named, without lines, the
    named definitions are aimed at, or all of it. `code` are the lines that a tool takes for code,
    where it says so; for languages whose statements cannot be told it stands in for these.
    """
    body = _Body(file, source, code)
    found = dict.fromkeys(aim for hunk in file.hunks for aim in body.aims(hunk))
    if not file.hunks and file.status is Status.MODIFIED:
        found = dict.fromkeys(body.named())
    return tuple(sorted(found, key=lambda aim: (aim.depth, aim.lines & -aim.lines)))


def wider(file: FileChange, source: bytes, code: LineSet | None, depth: Depth) -> tuple[Aim, ...]:
    """All statements of the functions that the hunks stand in, or of the whole file."""
    body = _Body(file, source, code)
    if depth is Depth.FILE:
        return tuple(body.aim(one, Depth.FILE) for one in body.inside)
    functions = {function for hunk in file.hunks if (function := body.function_at(hunk)) is not None}
    return tuple(body.aim(one, Depth.FUNCTION) for one in body.inside if one.function in functions)


class _Body:
    """The statements of one file before the fix, told apart by whether they run in a function."""

    def __init__(self, file: FileChange, source: bytes, code: LineSet | None) -> None:
        self._file, self._text = file, source.split(b"\n")
        every = statements(file.language, source) if is_known(file.language) else _line_by_line(self._text, code)
        loading = line_set(one.span for one in every if one.function is None)
        self.loading = [one for one in every if one.function is None]
        self.inside = [one for one in every if one.function is not None and not line_set([one.span]) & loading]

    def aims(self, hunk: Hunk) -> Iterator[Aim]:
        if hunk.old is None:
            yield from self._around(hunk)
            return
        touched = [one for one in self.inside if one.span.overlaps(hunk.old)]
        for one in touched:
            yield self.aim(one, Depth.CHANGED, hunk.old)
        if not touched:
            loaded = [one for one in self.loading if one.span.overlaps(hunk.old)]
            yield from self._using(loaded) if loaded else self._around(hunk)

    def named(self) -> Iterator[Aim]:
        """The statements of the file's own symbols, or, where none is named, of all its functions."""
        spans = [symbol.span for symbol in self._file.symbols]
        for one in self.inside:
            if not spans or any(_within(one.span, span) for span in spans):
                yield self.aim(one, Depth.FUNCTION)

    def aim(self, one: Statement, depth: Depth, changed: Span | None = None) -> Aim:
        lines = line_set([one.span])
        return Aim(self._file.before, lines, lines & line_set([changed]) if changed else lines, depth)

    def _around(self, hunk: Hunk) -> Iterator[Aim]:
        """The statements before and after the place, in the same function; nothing where only new definitions were added."""
        if hunk.new and any(_within(hunk.new, symbol.span) for symbol in self._file.new_symbols):
            return
        at = hunk.near()
        before = [one for one in self.inside if one.span.start <= at.start]
        after = [one for one in self.inside if one.span.start > at.start]
        function = self.function_at(hunk)
        for one in (*before[-1:], *after[:1]):
            if function is not None and one.function == function:
                yield self.aim(one, Depth.AROUND)

    def function_at(self, hunk: Hunk) -> Span | None:
        """The innermost function that the place is in. Lines added behind its last one still belong to it."""
        at = hunk.old.start if hunk.old else max(1, hunk.after)
        around = {one.function for one in self.inside if one.function and one.function.start <= at <= one.function.end}
        return max(around, key=lambda span: (span.start, -span.end), default=None)

    def _using(self, loaded: Sequence[Statement]) -> Iterator[Aim]:
        """What runs later because of statements that run on loading: bodies below a changed head, users of a changed name."""
        for one in loaded:
            head = self._text[one.span.start - 1]
            assigned = _ASSIGNED.match(head)
            name = re.compile(rb"(?<![\w$])" + re.escape(assigned[1]) + rb"(?![\w$])") if assigned else None
            for each in self.inside:
                below = each.function is not None and each.function.start <= one.span.start <= each.function.end
                if below or (name is not None and self._names(each, name)):
                    yield self.aim(each, Depth.FUNCTION)

    def _names(self, one: Statement, name: re.Pattern[bytes]) -> bool:
        return any(name.search(line) for line in self._text[one.span.start - 1 : one.span.end])


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _line_by_line(text: Sequence[bytes], code: LineSet | None) -> Iterable[Statement]:
    """For other languages: each line of code a statement, and the file one function. Without a tool's word, lines with words."""
    whole = Span(1, max(1, len(text)))
    lines = [n for n, line in enumerate(text, 1) if (code >> n & 1 if code is not None else re.search(rb"\w", line))]
    return tuple(Statement(Span(n, n), whole) for n in lines)
