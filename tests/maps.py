"""Test maps in memory, written down as people think of them: which test ran which lines of which file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.lines import LineSet, lines_of
from app.domain.testmap import FileCover, Grain, Origin, Segment, TestMap, TestResult, TestSet


def cover(
    path: str,
    blob: str,
    tests: Sequence[str],
    ran: Mapping[str, Iterable[int]],
    outside: Iterable[int] = (),
    code: LineSet | None = None,
) -> FileCover:
    """What `ran` says, test by test, as one file's cover."""
    groups: dict[LineSet, TestSet] = {}
    for test, numbers in ran.items():
        lines = lines_of(numbers)
        groups[lines] = groups.get(lines, 0) | 1 << list(tests).index(test)
    return FileCover(path, blob, tuple(tests), tuple(groups.items()), lines_of(outside), code)


@dataclass
class MemoryMap:
    """A `TestMap` of covers; each segment is one shard."""

    commit: str
    covered: list[FileCover]
    results: tuple[TestResult, ...] = ()
    grain: Grain = Grain.TEST
    shard: tuple[int, int] = (1, 1)
    suite: str = ""
    segments: tuple[Segment, ...] = field(init=False)

    def __post_init__(self) -> None:
        tests = tuple(dict.fromkeys(test for each in self.covered for test in each.tests))
        origin = Origin(self.commit, "main", suite=self.suite, shard=self.shard[0], shards=self.shard[1], tool="coverage.py 7.17")
        self.segments = (Segment(origin, self.grain, tests, self.results),)

    @property
    def paths(self) -> Collection[str]:
        return {each.path for each in self.covered}

    def covers(self, paths: Collection[str]) -> dict[str, tuple[FileCover, ...]]:
        found = {path: tuple(each for each in self.covered if each.path == path) for path in paths}
        return {path: covers for path, covers in found.items() if covers}


@dataclass
class MemoryMaps:
    """`Maps` of those."""

    maps: Sequence[TestMap]

    def commits(self) -> Sequence[str]:
        return [each.commit for each in self.maps]

    def at(self, commit: str) -> TestMap:
        return next(each for each in self.maps if each.commit == commit)
