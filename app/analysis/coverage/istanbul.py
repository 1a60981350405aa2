"""Istanbul's JSON (`coverage-final.json`), as nyc, c8, Jest and Vitest write it.

The format is that of istanbul-lib-coverage's FileCoverage: statements, functions and branches by place, with their counts. The
usual reports keep only the lines on which a statement begins. Here every line takes after the innermost statement around it,
so that the third line of a call has run where the call has; and a statement outside of all functions runs when its file is
loaded, which is no test's doing. Files of Babel's and V8's making (one statement a line) are read alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from app.analysis.coverage.json import START, STRING, as_list, as_object, load_object
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE, marked
from app.domain.testmap import Grain, Measured, Reading

_OPENING = re.compile(START + STRING + rb'\s*+:\s*+\{\s*+"(?:path|all|statementMap|hash|data)"\s*+:')
_NOTHING = re.compile(START + rb"\}\s*+\Z")
_OPTIONAL = ("cond-expr", "binary-expr")
"""Branches that are parts of an expression: either may stay out while the statement around them runs."""

_NO_CODE, _NOT_RUN, _ON_LOAD, _RAN = range(4)
_MOST_AROUND = 1000
"""How many others a statement may stand around, on average, for a time that is bounded."""


def recognises(head: bytes) -> bool:
    """Whether it is an object of files with statement maps; nyc and c8 write an empty object where nothing ran."""
    return bool(_NOTHING.match(head) or (_OPENING.match(head) and b'"statementMap"' in head))


def read(data: bytes, suite: str) -> Reading:
    """Lines by file, of one suite. Raises Unreadable, here or while the files are read."""
    return Reading("istanbul", Grain.SUITE, [suite], _files(load_object(data)))


def _files(found: dict[str, object]) -> Iterator[Measured]:
    for key, value in found.items():
        entry = as_object(value)
        entry = as_object(entry.get("data")) or entry
        path = entry.get("path")
        if "statementMap" not in entry:
            raise Unreadable("It is JSON in which one file has no statementMap.")
        if entry.get("inputSourceMap"):
            raise Unreadable(
                "It counts lines of generated code (inputSourceMap); give the report made of it (coverage-final.json, lcov.info)."
            )
        yield _measured(path if isinstance(path, str) else key, entry)


Place = tuple[float, float]
"""Line and column; a column that is not given is the end of its line."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A statement, a function or an optional part of an expression: from where to where, how often, and where it is named."""

    start: Place
    end: Place
    ran: bool
    declared: int = 0

    @property
    def order(self) -> tuple[Place, Place, bool]:
        """What stands around comes before what stands within."""
        return (self.start, (-self.end[0], -self.end[1]), not self.declared)


def _measured(path: str, entry: dict[str, object]) -> Measured:
    parts = sorted([*_statements(entry), *_functions(entry), *_expressions(entry)], key=lambda part: part.order)
    marks = _marks(parts)
    ran = marked(marks, _RAN)
    outside = marked(marks, _ON_LOAD)
    return Measured(path, {0: ran} if ran else {}, outside, ran | outside | marked(marks, _NOT_RUN))


def _marks(parts: list[_Part]) -> bytearray:
    """One mark a line. Parts that stand around others come first, so the innermost has the last word on the lines within.

    Of all that begin on a line, the one that ran has the last word: `if (a) return` has run, whether or not it returned.
    """
    marks = bytearray(1 + int(max((part.end[0] for part in parts), default=0)))
    begun: dict[int, int] = {}
    within, left = (0.0, 0.0), MAX_LINE + _MOST_AROUND * len(parts)
    for part in parts:
        first, last = int(part.start[0]), int(part.end[0])
        left -= last + 1 - (part.declared or first)
        if left < 0:
            raise Unreadable("It has more statements around one another than any code.")
        if part.declared:
            mark = _RAN if part.ran else _NOT_RUN
            marks[first + 1 : last] = bytes(max(0, last - first - 1))
            begun.update((line, max(begun.get(line, 0), mark)) for line in range(part.declared, first + 1))
            within = max(within, part.end)
        else:
            mark = _NOT_RUN if not part.ran else _RAN if part.start < within else _ON_LOAD
            marks[first : last + 1] = bytes([mark]) * (last - first + 1)
            begun[first] = max(begun.get(first, 0), mark)
    for line, mark in begun.items():
        marks[line] = mark
    return marks


def _statements(entry: dict[str, object]) -> Iterator[_Part]:
    counts = as_object(entry.get("s"))
    for key, value in as_object(entry.get("statementMap")).items():
        if place := _place(value):
            yield _Part(*place, _counted(counts.get(key)))


def _functions(entry: dict[str, object]) -> Iterator[_Part]:
    counts = as_object(entry.get("f"))
    for key, value in as_object(entry.get("fnMap")).items():
        if place := _place(as_object(value).get("loc")):
            named = _place(as_object(value).get("decl"))
            declared = named[0][0] if named and named[0] <= place[0] else place[0][0]
            yield _Part(*place, _counted(counts.get(key)), int(declared))


def _expressions(entry: dict[str, object]) -> Iterator[_Part]:
    counts = as_object(entry.get("b"))
    for key, value in as_object(entry.get("branchMap")).items():
        branch = as_object(value)
        if branch.get("type") in _OPTIONAL:
            for place, count in zip(map(_place, as_list(branch.get("locations"))), as_list(counts.get(key)), strict=False):
                if place:
                    yield _Part(*place, _counted(count))


def _place(value: object) -> tuple[Place, Place] | None:
    """From where to where; None for what is not there (an `else` that nobody wrote) or cannot be."""
    start, end = as_object(as_object(value).get("start")), as_object(as_object(value).get("end"))
    first, last = start.get("line"), end.get("line")
    if not isinstance(first, int) or not isinstance(last, int) or not 1 <= first <= last <= MAX_LINE:
        return None
    return (first, _column(start)), (last, _column(end))


def _column(place: dict[str, object]) -> float:
    column = place.get("column")
    return column if isinstance(column, int) else inf


def _counted(count: object) -> bool:
    return isinstance(count, int | float) and count > 0
