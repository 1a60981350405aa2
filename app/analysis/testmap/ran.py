"""Who ran these lines: one file of a test map, asked for some of its lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.lines import LineSet
from app.domain.testmap import FileCover


@dataclass(frozen=True, slots=True)
class RanTest:
    """A test with those of the lines that it ran."""

    name: str
    lines: LineSet


@dataclass(frozen=True, slots=True)
class Ran:
    """The answer. `tests` come by how many of the lines they ran. `outside` are lines that ran outside of any test only.

    `never` are lines of code that nothing ran; it is None where the data do not say which lines are code.
    """

    path: str
    lines: LineSet | None
    tests: tuple[RanTest, ...]
    outside: LineSet
    never: LineSet | None


def who_ran(path: str, covers: Sequence[FileCover], lines: LineSet | None = None) -> Ran:
    """What the segments of one commit know of these lines of the file, or of all of it; a test of several is one test."""
    asked = -1 if lines is None else lines
    found: dict[str, LineSet] = defaultdict(int)
    outside = code = 0
    for cover in covers:
        for index, ran in cover.ran(asked).items():
            found[cover.tests[index]] |= ran
        outside |= cover.outside & asked
        code |= (cover.code or 0) & asked
    tested = 0
    for ran in found.values():
        tested |= ran
    tests = sorted(found.items(), key=lambda each: (-each[1].bit_count(), each[0]))
    known = all(cover.code is not None for cover in covers)
    return Ran(
        path,
        lines,
        tuple(RanTest(name, ran) for name, ran in tests),
        outside & ~tested,
        code & ~(tested | outside) if known else None,
    )
