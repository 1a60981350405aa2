"""Who executed what of a change, by the test map: the tests behind every changed statement, and the evidence for a test file.

What the evidence is worth is `app.analysis.posterior`'s, what it amounts to `app.analysis.verdict`'s.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.analysis.aims import Aim, Depth, aims, wider
from app.analysis.testmap.test_files import Home, TestFiles, plain
from app.analysis.testmap.view import MapView
from app.domain.change import FileChange, Status
from app.domain.evidence import Evidence, Source
from app.domain.lines import LineSet, spans_of
from app.domain.testmap import Ended, Grain

_REASONS = {Depth.CHANGED: "ran-changed", Depth.AROUND: "ran-around", Depth.FUNCTION: "ran-function", Depth.FILE: "ran-file"}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class By:
    """Who ran a statement: tests by their names in the map, and the test files among whose tests they are."""

    tests: frozenset[str]
    files: Mapping[str, tuple[str, ...]]


Hits = Mapping[Aim, By]


@dataclass(frozen=True, slots=True)
class FileRun:
    """What the map says of one changed file: lines by test and by suite, lines that ran outside of any test.

    Nothing is known of the lines `unknown`; `code` are the lines that the tool takes for code, None where it does not say.
    `later` are those of `unknown` that a later commit's suite ran: which of its tests were there before is not known.
    """

    tests: Mapping[str, LineSet]
    suites: Mapping[str, LineSet]
    outside: LineSet
    unknown: LineSet
    code: LineSet | None
    later: LineSet = 0


class Executed:
    """One change seen through one map. Every set of statements holds only what the map can speak of.

    `changed` is how many lines the fix changes of each file that was there before it, known to the map or not.
    """

    def __init__(self, files: Sequence[FileChange], sources: Mapping[str, bytes], view: MapView, homes: TestFiles) -> None:
        self._files = [file for file in files if file.before in view.covers and file.opaque is None]
        self.changed = {file.before: max(1, file.changed_lines) for file in files if file.status is not Status.ADDED}
        self._sources, self._view, self._homes = sources, view, homes
        self._met: dict[tuple[str, tuple[int, ...]], By] = {}
        self.runs = {file.before: self._run(file.before) for file in self._files}

    @cached_property
    def no_cover(self) -> frozenset[str]:
        """Tests that the run's own report calls skipped, expected to fail or quarantined."""
        results = [result for segment in self._view.segments for result in segment.results]
        counted = {result.name for result in results if result.ended.counts}
        return frozenset(result.name for result in results if not result.ended.counts) - counted

    @cached_property
    def failed(self) -> frozenset[str]:
        """Tests that were red in that run."""
        return frozenset(
            result.name for segment in self._view.segments for result in segment.results if result.ended is Ended.FAILED
        )

    @cached_property
    def told(self) -> frozenset[str]:
        """Tests whose end that run's results tell; without results, none."""
        return frozenset(result.name for segment in self._view.segments for result in segment.results)

    @cached_property
    def green_suites(self) -> frozenset[str]:
        """Suites without single tests that have results, none of them a failure."""
        suites = [segment for segment in self._view.segments if segment.grain is Grain.SUITE and segment.results]
        red = {suite for each in suites if any(result.ended is Ended.FAILED for result in each.results) for suite in each.tests}
        return frozenset(suite for each in suites for suite in each.tests) - red

    @cached_property
    def tests_by_file(self) -> Mapping[str, int]:
        """How many tests of the map each test file of the repository holds; a file without any is none that the map saw."""
        return Counter(home.path for name in self._names if (home := self._homes.home(name)) is not None)

    @cached_property
    def aims(self) -> tuple[Aim, ...]:
        """The changed statements, those around what was added, or else those that the change is about."""
        found = [aim for file in self._files for aim in self._known(aims(file, self._source(file), self._code(file)))]
        near = [aim for aim in found if aim.depth in (Depth.CHANGED, Depth.AROUND)]
        return tuple(near or found)

    @cached_property
    def hits(self) -> Hits:
        """Who ran these."""
        return self._hits(self.aims)

    @cached_property
    def in_function(self) -> Hits:
        """Who ran the statements of the functions that the change falls in."""
        return self._hits(self._wider(Depth.FUNCTION))

    @cached_property
    def in_file(self) -> Hits:
        """Who ran the statements of the changed files' functions."""
        return self._hits(self._wider(Depth.FILE))

    @cached_property
    def suites(self) -> tuple[str, ...]:
        """The suites without single tests that ran any of the aims."""
        ran = dict.fromkeys(
            suite for aim in self.aims for suite, lines in self.runs[aim.path].suites.items() if lines & aim.lines
        )
        return tuple(ran)

    def ran(self, aim: Aim) -> bool:
        """Whether any test or suite ran the statement."""
        run = self.runs[aim.path]
        return (aim in self.hits and bool(self.hits[aim].tests)) or any(lines & aim.lines for lines in run.suites.values())

    def runs_any(self, path: str) -> bool:
        """Whether anything below the heads of a file's functions ran in any test or suite."""
        of_file = [by.tests for aim, by in self.in_file.items() if aim.path == path]
        return any(of_file) or bool(self.runs[path].suites)

    def ran_outside(self, aim: Aim) -> bool:
        """Whether it ran, though in no test: in another process or thread, or in what loading calls."""
        return not self.ran(aim) and bool(self.runs[aim.path].outside & aim.lines)

    def home(self, name: str) -> Home | None:
        """Where a test of the map lives."""
        return self._homes.home(name)

    def evidence(self, path: str) -> tuple[Evidence, ...]:
        """What the tests of one test file ran, one piece for each changed file: the nearest lines that any of them ran."""
        levels: list[tuple[Depth, Hits]] = [
            (depth, {aim: by for aim, by in self.hits.items() if aim.depth is depth})
            for depth in (Depth.CHANGED, Depth.AROUND, Depth.FUNCTION)
        ]
        levels.append((Depth.FUNCTION, self.in_function))
        if not _any(self.hits):
            levels.append((Depth.FILE, self.in_file))
        for depth, hits in levels:
            if found := sorted(self._pieces(path, depth, hits), key=lambda piece: -(piece.count or 0)):
                return tuple(found)
        return ()

    def best_test(self, path: str) -> str | None:
        """The single test of a file that ran the most of the change, and of those the one that ran the least beside it."""
        hits = next((each for each in (self.hits, self.in_function) if _any(each)), {})
        ran = Counter(test for by in hits.values() for test in by.files.get(path, ()))
        best = min(ran, key=lambda test: (-ran[test], self._size(test), test), default=None)
        home = self._homes.home(best) if best else None
        return home.id or None if home else None

    def _pieces(self, path: str, depth: Depth, hits: Hits) -> Iterator[Evidence]:
        by_file: dict[str, list[Aim]] = {}
        for aim in hits:
            by_file.setdefault(aim.path, []).append(aim)
        for changed, among in by_file.items():
            own = {aim: hits[aim].files.get(path, ()) for aim in among}
            lines = _union(aim.shown for aim, tests in own.items() if tests)
            if lines:
                ran = Counter(test for tests in own.values() for test in tests)
                tests = sorted(ran, key=lambda test: (-ran[test], self._size(test), test))
                of = _union(aim.shown for aim in among).bit_count()
                names = (changed, *dict.fromkeys(self._short(test) for test in tests))[: _SHOWN + 1]
                yield Evidence(Source.EXECUTED, _REASONS[depth], names, count=lines.bit_count(), of=of, lines=spans_of(lines))

    def _short(self, test: str) -> str:
        home = self._homes.home(test)
        return plain(home.id or home.path) if home else test

    def _size(self, test: str) -> int:
        """How many lines of the changed files a test ran: the fewer, the more it is about what changed."""
        return sum(run.tests.get(test, 0).bit_count() for run in self.runs.values())

    @cached_property
    def _names(self) -> tuple[str, ...]:
        segments = [segment for segment in self._view.segments if segment.grain is Grain.TEST]
        return tuple(dict.fromkeys(name for segment in segments for name in segment.tests if self._counts(name)))

    def _counts(self, name: str) -> bool:
        """A skipped test is no cover; and where the map is of a later commit, a test that did not exist yet is none."""
        if name in self.no_cover:
            return False
        return not self._view.use.ahead or self._homes.holds(name)

    def _run(self, path: str) -> FileRun:
        suites = {name for segment in self._view.segments if segment.grain is Grain.SUITE for name in segment.tests}
        by_test: dict[str, LineSet] = {}
        by_suite: dict[str, LineSet] = {}
        carried = self._view.covers[path]
        for each in carried:
            for index, lines in each.cover.ran(each.cover.covered).items():
                name = each.cover.tests[index]
                into = by_suite if name in suites else by_test
                into[name] = into.get(name, 0) | lines
        tests = {name: lines for name, lines in by_test.items() if self._counts(name)}
        told = [each.cover.code for each in carried if each.cover.code is not None]
        unknown = carried[0].unknown
        for each in carried[1:]:
            unknown &= each.unknown
        later = _union(by_suite.values()) & ~_union(tests.values()) if self._view.use.ahead else 0
        suites_run = {} if self._view.use.ahead else by_suite
        outside = _union(each.cover.outside for each in carried)
        return FileRun(tests, suites_run, outside, unknown | later, _union(told) if told else None, later)

    def _source(self, file: FileChange) -> bytes:
        return self._sources.get(file.before, b"")

    def _code(self, file: FileChange) -> LineSet | None:
        return self.runs[file.before].code

    def _wider(self, depth: Depth) -> list[Aim]:
        return [aim for file in self._files for aim in self._known(wider(file, self._source(file), self._code(file), depth))]

    def _known(self, found: Iterable[Aim]) -> Iterator[Aim]:
        """Those of which the map can speak: not only lines that changed since, and code by the tool's own word."""
        for aim in found:
            run = self.runs[aim.path]
            lines = aim.lines & ~run.unknown
            if lines and (run.code is None or lines & (run.code | run.outside | _union(run.tests.values()))):
                yield Aim(aim.path, lines, aim.shown & lines or lines, aim.depth)

    def _hits(self, among: Iterable[Aim]) -> Hits:
        return {aim: self._who(aim) for aim in among}

    def _who(self, aim: Aim) -> By:
        groups = self._groups[aim.path]
        alike = (aim.path, tuple(index for index, (lines, _) in enumerate(groups) if lines & aim.lines))
        if alike not in self._met:
            tests = frozenset[str]().union(*(groups[index][1] for index in alike[1]))
            self._met[alike] = By(tests, self._files_of(tests))
        return self._met[alike]

    def _files_of(self, tests: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for test in tests:
            if (home := self._homes.home(test)) is not None:
                found.setdefault(home.path, []).append(test)
        return {path: tuple(names) for path, names in found.items()}

    @cached_property
    def _groups(self) -> Mapping[str, Sequence[tuple[LineSet, frozenset[str]]]]:
        """The tests of each file by what they ran of it: on hub code, thousands of tests make few groups."""
        groups = {}
        for path, run in self.runs.items():
            alike: dict[LineSet, list[str]] = {}
            for name, lines in run.tests.items():
                alike.setdefault(lines, []).append(name)
            groups[path] = [(lines, frozenset(names)) for lines, names in alike.items()]
        return groups


def _any(hits: Hits) -> bool:
    return any(by.tests for by in hits.values())


def _union(sets: Iterable[LineSet]) -> LineSet:
    found = 0
    for lines in sets:
        found |= lines
    return found
