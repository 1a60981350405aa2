"""The test map: which tests really executed which lines of one commit, as values. Formats, files and tables are others'.

A reader of `app.analysis.coverage` gives a `Reading`; `app.engine` puts the repository's own paths in its place and writes a map
file; a map is one or more segments (one for each upload or shard) of the same commit, read as their union.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, compress
from typing import Protocol

from app.domain.lines import LineSet

TestSet = int
"""A set of tests of one segment: bit n stands for the n-th test of its dictionary, counted from 0."""


Group = tuple[LineSet, TestSet]
"""Lines, and tests of which each ran every one of them."""
# So many groups fit into the bits of a byte.
_AT_ONCE = 8
# Tests are written out with the gaps between them, unless that is more than so many times as much.
_SPARSE = 8


class Grain(StrEnum):
    """What one "test" of a segment is: a single test, or, where the format knows no single tests, a whole suite or job."""

    TEST = "test"
    SUITE = "suite"


class Ended(StrEnum):
    """How a test ended. Only a test that passed or failed has run; the others are no cover, whatever lines they ran."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXPECTED_FAILURE = "expected-failure"
    QUARANTINED = "quarantined"

    @property
    def counts(self) -> bool:
        """Whether what the test executed may count as cover."""
        return self in (Ended.PASSED, Ended.FAILED)


@dataclass(frozen=True, slots=True)
class TestResult:
    """What the run's own report (JUnit XML) says of one test. `name` is as in the segment's dictionary, where it is there."""

    __test__ = False

    name: str
    ended: Ended
    reason: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One file as one coverage tool saw it. `path` is as the tool wrote it; `ran` gives lines by test (index in `tests`).

    `outside` are lines that ran outside of any test (at import time, in start-up). `code` are all the lines that the tool
    takes for code, run or not; None where the tool's data do not say.
    """

    path: str
    ran: Mapping[int, LineSet]
    outside: LineSet = 0
    code: LineSet | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader of one coverage file gives. `files` may be read only once, file by file, so that nothing large is held.

    `tests` is the dictionary that `Measured.ran` counts in. `tool` names format and tool (`coverage.py 7.17.3`, `lcov`).
    `roots` are folders that the data itself names as the source's place (Cobertura's `<source>`), for finding the prefix.
    """

    tool: str
    grain: Grain
    tests: Sequence[str]
    files: Iterable[Measured]
    roots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a segment comes from: everything that its stamp and its trust are decided by. `made` is in seconds since 1970.

    `shard` is 1-based, of `shards`; `run` names the CI run (`<run id>.<attempt>`) or is empty.
    """

    commit: str
    branch: str = ""
    run: str = ""
    suite: str = ""
    shard: int = 1
    shards: int = 1
    tool: str = ""
    made: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Whose map it is: a repository of a host (`github.com`, without a scheme), reached through an installation."""

    host: str
    repository_id: int
    installation: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PackedGroups(Collection[Group]):
    """Groups as a record holds them: a set of tests becomes a number only when it is asked for, since questions are about few
    lines and numbers of thousands of bits take time. `rows` are the sets as little-endian bytes without their first `zeros`.
    """

    lines: Sequence[LineSet]
    rows: Sequence[bytes]
    zeros: int

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Group]:
        return iter(
            [(group, int.from_bytes(row, "little") << 8 * self.zeros) for group, row in zip(self.lines, self.rows, strict=True)]
        )

    def __contains__(self, group: object) -> bool:
        return group in tuple(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Collection) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def among(self, lines: LineSet) -> list[Group]:
        """As `FileCover.among`."""
        read, zeros = int.from_bytes, 8 * self.zeros
        pairs = zip(self.lines, self.rows, strict=True)
        return [(shared, read(row, "little") << zeros) for group, row in pairs if (shared := group & lines)]


@dataclass(frozen=True, slots=True)
class FileCover:
    """What one segment knows of one file at the covered commit. `blob` is the file's git object id there.

    In `groups`, every test of a group ran every line of it; groups may overlap. `tests` is the segment's whole dictionary.
    """

    path: str
    blob: str
    tests: Sequence[str]
    groups: Collection[Group]
    outside: LineSet = 0
    code: LineSet | None = None

    @property
    def covered(self) -> LineSet:
        """The lines that any test ran."""
        found = 0
        for lines in self.groups.lines if isinstance(self.groups, PackedGroups) else [lines for lines, _ in self.groups]:
            found |= lines
        return found

    @property
    def running(self) -> TestSet:
        """The tests that ran any line."""
        found = 0
        for _, tests in self.groups:
            found |= tests
        return found

    def among(self, lines: LineSet) -> list[Group]:
        """The groups that have any of those lines, and of each no others."""
        if isinstance(self.groups, PackedGroups):
            return self.groups.among(lines)
        return [(shared, tests) for group, tests in self.groups if (shared := group & lines)]

    def ran(self, lines: LineSet) -> dict[int, LineSet]:
        """By test (index in `tests`) those of `lines` that it ran; tests that ran none are left out."""
        found: dict[int, LineSet] = {}
        hit = self.among(lines)
        for start in range(0, len(hit), _AT_ONCE):
            some = _by_test(hit[start : start + _AT_ONCE])
            if not found:
                found = some
                continue
            for index, shared in some.items():
                found[index] = found.get(index, 0) | shared
        return found


def _by_test(groups: Sequence[Group]) -> dict[int, LineSet]:
    """The groups (eight at most) turned round: the lines of each test that is in any of them.

    Where the tests lie close together, all are told apart at once: the groups' sets are written as digits, a byte for each test,
    and laid over each other, the n-th group as bit n. Then a test's byte says which groups it is in.
    """
    every = 0
    for _, tests in groups:
        every |= tests
    first = (every & -every).bit_length() - 1
    span = every.bit_length() - first
    if span > _SPARSE * every.bit_count():
        return _one_by_one(groups)
    lines_by_byte = [0]
    laid = 0
    ones = int.from_bytes(b"\1" * span, "big")
    for bit, (lines, tests) in enumerate(groups):
        lines_by_byte += [others | lines for others in lines_by_byte]
        laid |= (int.from_bytes(f"{tests >> first:0{span}b}".encode(), "big") & ones) << bit
    which = laid.to_bytes(span, "little")
    return dict(
        zip(compress(range(first, first + span), which), map(lines_by_byte.__getitem__, filter(None, which)), strict=True)
    )


def _one_by_one(groups: Iterable[Group]) -> dict[int, LineSet]:
    found: dict[int, LineSet] = {}
    for lines, tests in groups:
        for index in members(tests):
            found[index] = found.get(index, 0) | lines
    return found


def members(tests: TestSet) -> list[int]:
    """The indexes in a set of tests, ascending."""
    if not tests:
        return []
    first = (tests & -tests).bit_length() - 1
    if tests.bit_length() == first + 1:
        return [first]
    # What the ones among the digits end, the lowest first, is as long as the steps from each member to the next.
    steps = f"{tests >> first:b}"[::-1].replace("1", "1,").split(",")
    return list(accumulate(map(len, steps[1:-1]), initial=first))


def set_of(indexes: Collection[int]) -> TestSet:
    """The set of the tests with these indexes."""
    bits = bytearray(max(indexes, default=0) // 8 + 1)
    for index in indexes:
        bits[index >> 3] |= 1 << (index & 7)
    return int.from_bytes(bits, "little")


@dataclass(frozen=True, slots=True)
class Segment:
    """One upload or shard without its files: origin, grain, dictionary of tests, and what the run's report says of them."""

    origin: Origin
    grain: Grain
    tests: tuple[str, ...]
    results: tuple[TestResult, ...] = ()


class TestMap(Protocol):
    """All live segments of one commit. Reading it may reach a file or a database; the values it gives are plain."""

    @property
    def commit(self) -> str:
        """The covered commit, 40 hexadecimal digits."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every live segment, at least one."""

    @property
    def paths(self) -> Collection[str]:
        """All files that any segment knows, by their path in the repository at the covered commit."""

    def covers(self, paths: Collection[str]) -> Mapping[str, tuple[FileCover, ...]]:
        """What the segments know of those files; a file that no segment knows is left out."""


class Maps(Protocol):
    """The test maps of one repository that may serve as the baseline."""

    def commits(self) -> Sequence[str]:
        """The covered commits, in no order that means anything."""

    def at(self, commit: str) -> TestMap:
        """The map of one of these commits."""


@dataclass(frozen=True, slots=True)
class MapUse:
    """The stamp: which map an answer used, how far and how old it is, and what it lacks.

    `distance` counts the commits from the covered commit to the fix's parent, or back from it where `ahead`; `age_days` lies
    between the two commits' times. `missing_shards` are named `suite i of n`, `uncarried` files whose lines could not be
    carried to the fix's parent. `trusted` is False beyond the configured limits: then the map is a hint and no more. `shards`
    counts all that were announced, there or not.
    """

    commit: str
    distance: int
    age_days: float
    ahead: bool = False
    tests: int = 0
    suites: tuple[str, ...] = ()
    missing_shards: tuple[str, ...] = ()
    uncarried: tuple[str, ...] = ()
    trusted: bool = True
    grain: Grain = Grain.TEST
    tools: tuple[str, ...] = field(default=())
    branch: str = ""
    shards: int = 1
