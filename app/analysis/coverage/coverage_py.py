"""What the rows of a coverage.py data file mean: contexts to tests, numbits and arcs to lines. Opening the file is left to
`app.engine.coverage_data`.

coverage.py writes one context for each row, as `static|dynamic` where both are set. Dynamic contexts come from pytest-cov
(`--cov-context=test`: `tests/test_a.py::test_b[1]|run`), from coverage.py itself (`dynamic_context = test_function`:
`tests.test_a.TestX.test_b`), or from programs that switch them by hand. Described in coverage.py's documentation under
"Measurement contexts" and "Database schema" (schema 7).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE, LineSet, lines_of
from app.domain.testmap import Grain

SCHEMA = 7
OUTSIDE = -1
"""Stands for "no test" where a context is told by the index of its test."""

_MAGIC = b"SQLite format 3\0"
_PHASES = ("|setup", "|run", "|teardown")
_FUNCTION = re.compile(r"\.(?:test[^.|\s]*|runTest)$")
_MOST_STATIC_PARTS = 3
_BEYOND = f"It speaks of lines beyond the {MAX_LINE:,}th, which no source file has."


@dataclass(frozen=True, slots=True)
class Contexts:
    """The tests that contexts stand for. `owners` has the index of its test for each context, `OUTSIDE` where it is none."""

    grain: Grain
    tests: tuple[str, ...]
    owners: dict[str, int]


def recognises(head: bytes) -> bool:
    """Whether the file is an SQLite database; whether it is coverage.py's only its tables tell."""
    return head.startswith(_MAGIC)


def read_contexts(contexts: Collection[str], suite: str) -> Contexts:
    """Which tests the contexts of one data file stand for.

    Where none of them has the form of a test, the contexts that were given by hand are suites (`coverage run --context`), and
    what ran without one belongs to `suite`. Otherwise a context that is not a test's ran outside of tests.
    """
    if not any(_is_test(context) for context in contexts):
        names = {context: context or suite for context in contexts}
        return _indexed(Grain.SUITE, names)
    statics = {context for context in contexts if context and not _is_test(context)}
    return _indexed(Grain.TEST, {context: _test(context, statics) if _is_test(context) else "" for context in contexts})


def lines_of_numbits(numbits: bytes) -> LineSet:
    """The lines of a numbits blob: bit n of its little-endian bytes stands for line n. `sound` has to look at them yet."""
    return int.from_bytes(numbits, "little")


def lines_of_arcs(ends: Iterable[int]) -> LineSet:
    """The lines among the ends of arcs: an end below 1 is the way into or out of a function. Raises Unreadable."""
    numbers = {end for end in ends if end > 0}
    if max(numbers, default=0) > MAX_LINE:
        raise Unreadable(_BEYOND)
    return lines_of(numbers)


def sound(ran: dict[int, LineSet]) -> dict[int, LineSet]:
    """The lines of one file by test, without line 0, which is none. Raises Unreadable for lines that cannot be."""
    if max(ran.values(), default=0) >= 2 << MAX_LINE:
        raise Unreadable(_BEYOND)
    if any(lines & 1 for lines in ran.values()):
        return {test: lines & ~1 for test, lines in ran.items()}
    return ran


def _indexed(grain: Grain, names: dict[str, str]) -> Contexts:
    tests = tuple(dict.fromkeys(filter(None, names.values())))
    index = {test: n for n, test in enumerate(tests)}
    return Contexts(grain, tests, {context: index.get(name, OUTSIDE) for context, name in names.items()})


def _is_test(context: str) -> bool:
    return context.endswith(_PHASES) or _FUNCTION.search(context) is not None


def _test(context: str, statics: Collection[str]) -> str:
    """The test of a context, without its phase and without the static context before it.

    `py311|tests/test_a.py::test_b[x|y]|run` -> `tests/test_a.py::test_b[x|y]`
    """
    phase = next((phase for phase in _PHASES if context.endswith(phase)), "")
    test = context.removesuffix(phase)
    parts = test.split("|", _MOST_STATIC_PARTS)
    for length in range(len(parts) - 1, 0, -1):
        if "|".join(parts[:length]) in statics:
            return "|".join(parts[length:])
    if not phase:
        return test.rpartition("|")[2]
    # A parametrised id may hold anything after its `::`, a path does not hold a `|`.
    path, colons, rest = test.partition("::")
    return path.rpartition("|")[2] + colons + rest if colons else test
