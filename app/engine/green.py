"""Reads what the tests of the day could not see: the tree, and the test map, of the commit that let a bug in.

Which reason holds for a test is `app.analysis.green`'s; which checks ran that day is `app.github`'s.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from app.analysis import languages
from app.analysis.asserted import speaks_of_status
from app.analysis.blindness import blind_spots
from app.analysis.brought import tests_of
from app.analysis.executed import Executed
from app.analysis.green import Day, Followed, Standing, at_origin, reason_for, taken_from
from app.analysis.green.checks import LeftOut, left_out
from app.analysis.kinds import kind_of
from app.analysis.overrides import NONE
from app.analysis.reach import reached_places
from app.analysis.seams import Sides
from app.analysis.testmap.test_files import TestFiles
from app.analysis.words import read_test
from app.domain.change import ChangeSet, FileChange
from app.domain.evidence import Kind, RankedTest
from app.domain.green import UnseeingTest, Unseen
from app.domain.report import Report
from app.domain.testmap import Maps, MapUse
from app.domain.unchecked import Unchecked
from app.engine.gather import Corpus, possible_tests, read_files, read_sources, read_tests
from app.engine.imported import Imported, read_reached
from app.engine.mapped import MapLimits, find_map
from app.engine.origin import Earlier
from app.engine.seams import read_crossings
from app.git.diff import read_changes
from app.git.log import Came
from app.git.objects import read_blobs
from app.git.repository import Repository

MOST_TESTS = 12
"""Tests of today that are looked at, the best first, and as many of those that the introducing change itself touched."""

MOST_TESTS_READ = 500
"""Test files of that day that are looked into for tests that stand in another file today."""

_UNTOUCHING = 3
# Tests beyond that are not looked at any more.
_SECONDS = 10.0
# What a test leads to in more files, or further away, is not followed.
_MOST_FOLLOWED = 1_500
_MOST_STEPS = 30
_THAT_COMMIT = MapLimits(max_distance=0, max_age_days=0.0)


@dataclass(frozen=True, slots=True)
class Unseeing:
    """One reason for each test; `map` is the stamp of the day's test map, None where the tree alone had to tell."""

    tests: tuple[UnseeingTest, ...] = ()
    map: MapUse | None = None
    unchecked: tuple[Unchecked, ...] = ()


def unseen(repository: Repository, commit: str, report: Report, maps: Maps | None = None) -> Unseeing:
    """Why each test that guards the fix's place today, or came with the fix, was blind at `commit`, which let the bug in.

    First the tests of today by their rank, then those that only the introducing change touched, last what the fix brought.
    Nothing is run. Raises TellUser where a commit is not in the repository, TryLater where git takes too long.
    """
    change = report.change
    if change is None:
        return Unseeing()
    earlier = Earlier(repository, commit, report.base)
    today = {test.test.path: test.test.kind for test in _of_today(report.tests)}
    files_of_day = read_files(repository, commit)
    stood, came = _stood(earlier, files_of_day, today)
    wanted = [path for path in dict.fromkeys((*filter(None, stood.values()), *_touched(earlier))) if path in files_of_day.tree]
    corpus = read_tests(repository, files_of_day, wanted)
    files, sources = _places(earlier, corpus, change)
    imported = read_reached(repository, corpus, files, sources)
    day, use = _day(repository, corpus, files, sources, imported, maps)
    day.statuses = speaks_of_status(change.code)
    kinds = {before: today[path] for path, before in stood.items() if before}
    apart = _apart(repository, corpus, imported, [path for path in wanted if not imported.reached.get(path)], files)
    outside = _left_out(repository, corpus)
    standing = (
        Standing(path, kinds.get(path) or _kind(corpus, path, imported), text, apart.get(path), outside.get(path))
        for path, text in ((path, corpus.tests.get(path)) for path in wanted)
    )
    absent = (
        UnseeingTest(path, today[path], Unseen.NOT_YET, commit=one.sha if one else "", when=one.when if one else "")
        for path, one in came.items()
        if not stood[path]
    )
    told, late = _told(standing, day)
    return Unseeing((*told, *absent, *_brought(repository, report, change)), use, (*_unplaced(change, files), *late))


def _told(standing: Iterable[Standing], day: Day) -> tuple[list[UnseeingTest], tuple[Unchecked, ...]]:
    """The reasons, as many as can be found in time; the tests that are left are named."""
    until, told, left = monotonic() + _SECONDS, list[UnseeingTest](), list[str]()
    for test in standing:
        if monotonic() < until:
            told.append(reason_for(test, day))
        else:
            left.append(test.path)
    return told, (Unchecked("green-too-slow", tuple(left)),) if left else ()


def _stood(
    earlier: Earlier, files_of_day: Corpus, today: Iterable[str]
) -> tuple[dict[str, str | None], Mapping[str, Came | None]]:
    """Where the tests of today stood that day, None where they did not, and how these came.

    A test file came with its tests, or took them from another: then they stood in that one.
    """
    stood = {path: earlier.path_of(path) for path in today}
    came = {path: earlier.came(path) for path, before in stood.items() if before is None}
    stood.update({path: one.older_path for path, one in came.items() if one is not None and one.older_path in files_of_day.tree})
    absent = [path for path, before in stood.items() if before is None]
    if absent:
        possible = possible_tests(files_of_day)[:MOST_TESTS_READ]
        texts = read_tests(earlier.repository, files_of_day, possible).tests
        stood.update({path: taken_from(path, text, texts) for path, text in earlier.later_texts(absent).items()})
    return stood, came


def _of_today(tests: Sequence[RankedTest]) -> Sequence[RankedTest]:
    """The tests that are seen to reach the place; without any, the first few."""
    reaching = [test for test in tests if test.touches or test.ran or test.passes_through]
    return reaching[:MOST_TESTS] or tests[:_UNTOUCHING]


def _touched(earlier: Earlier) -> list[str]:
    """The test files that the introducing change itself made or changed."""
    return [one.path for one in earlier.own if one.status != "D" and languages.is_test(one.path)][:MOST_TESTS]


def _places(earlier: Earlier, corpus: Corpus, change: ChangeSet) -> tuple[tuple[FileChange, ...], Mapping[str, bytes]]:
    """The fix's places as they stood, and the texts of their files."""
    code = {file: path for file in change.code if file.old_path and (path := earlier.path_of(file.before)) is not None}
    carries = earlier.carries([file.before for file in code])
    sources = read_sources(earlier.repository, corpus, code.values())
    written = earlier.written(set(code.values()))
    found = (
        at_origin(file, path, sources[path], carries[file.before], written.get(path, 0))
        for file, path in code.items()
        if path in sources and file.before in carries
    )
    return tuple(file for file in found if file is not None), sources


def _unplaced(change: ChangeSet, files: Sequence[FileChange]) -> tuple[Unchecked, ...]:
    """Said where nothing of the fix had a place in the tree of that day."""
    return () if files else (Unchecked("green-no-place", tuple(file.before for file in change.code[:_UNTOUCHING])),)


def _day(
    repository: Repository,
    corpus: Corpus,
    files: tuple[FileChange, ...],
    sources: Mapping[str, bytes],
    imported: Imported,
    maps: Maps | None,
) -> tuple[Day, MapUse | None]:
    words = {path: read_test(text) for path, text in corpus.tests.items()}
    places = reached_places(files, sources, imported.reached, words)
    sides = Sides(files, sources, corpus.tests, places, imported.reached)
    crossings = read_crossings(repository, corpus, files, sources, imported)
    mapped = find_map(repository, corpus.commit, corpus.tree, maps, _THAT_COMMIT).mapped if maps and files else None
    if mapped is None or not mapped.use.trusted or mapped.use.commit != corpus.commit:
        return Day(corpus.commit, files, sides, crossings, imported.reached, places), None
    view = mapped.view([file.before for file in files])
    every = read_tests(repository, corpus, possible_tests(corpus)).tests
    executed = Executed(files, sources, view, TestFiles(every))
    hidden = bool(blind_spots(files, view, executed, every, ()))
    return Day(corpus.commit, files, sides, crossings, imported.reached, places, executed, hidden), view.use


def _apart(
    repository: Repository, corpus: Corpus, imported: Imported, tests: Sequence[str], files: Sequence[FileChange]
) -> Mapping[str, bool | None]:
    """Which of these tests load none of the files, by following all imports; nothing is told of those that lead too far."""
    followed = Followed(imported.index, dict(corpus.tests))
    changed = {file.before for file in files}
    for _ in range(_MOST_STEPS):
        new = followed.wanted(test for test in tests if test in corpus.tests)
        if not new or len(followed.texts) + len(new) > _MOST_FOLLOWED:
            break
        texts = read_sources(repository, corpus, new)
        followed.texts.update((path, texts.get(path)) for path in new)
    return {test: followed.apart(test, changed) for test in tests if test in corpus.tests}


def _left_out(repository: Repository, corpus: Corpus) -> Mapping[str, LeftOut]:
    """Which of these tests no check of the tree ran, as far as its configuration tells."""
    texts: dict[str, str | None] = {}

    def read(path: str) -> str | None:
        if path not in texts:
            found = read_sources(repository, corpus, [path]).get(path)
            texts[path] = None if found is None else found.decode("utf-8", "replace")
        return texts[path]

    told = ((path, left_out(path, text, corpus.tree, read)) for path, text in corpus.tests.items())
    return {path: why for path, why in told if why is not None}


def _kind(corpus: Corpus, path: str, imported: Imported) -> Kind:
    text, packages = corpus.tests.get(path, b""), imported.packages.get(path, ())
    return kind_of(path, languages.language_of(path), text, packages, NONE, imported.imports.get(path, ())).kind


def _brought(repository: Repository, report: Report, change: ChangeSet) -> Iterator[UnseeingTest]:
    """The tests that came with the fix: whole files, and new tests in files that were there; those it only changed are none."""
    kinds = {test.path: test.kind for test in report.tests_in_fix}
    wanted = [file for file in change.tests if file.path in kinds][:MOST_TESTS]
    listed = {one.path: one for one in read_changes(repository, change.base, change.head)} if wanted else {}
    raw = [(file, listed[file.path]) for file in wanted if file.path in listed]
    texts = read_blobs(repository, [oid for _, one in raw for oid in (one.old_oid, one.new_oid) if oid.strip("0")]).contents
    for file, one in raw:
        before = {test.name for test in tests_of(one.old_path, texts.get(one.old_oid, b""))}
        new = [test for test in tests_of(file.path, texts.get(one.new_oid, b"")) if test.name not in before]
        if new or file.old_path is None:
            names = tuple(test.name for test in new[:_UNTOUCHING]) if file.old_path else ()
            spans = tuple(test.span for test in new[:_UNTOUCHING])
            yield UnseeingTest(file.path, kinds[file.path], Unseen.NOT_YET, names, spans, change.head, why="with-fix")
