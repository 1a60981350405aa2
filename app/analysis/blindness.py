"""Where a test map cannot tell who runs a change, and why: not measured, changed since, run outside of any test."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from app.analysis.executed import Executed
from app.analysis.languages import is_test, language_of
from app.analysis.tally import is_beyond_unit
from app.analysis.testmap.view import MapView
from app.domain.change import FileChange, Status
from app.domain.evidence import Kind, RankedTest
from app.domain.lines import line_set
from app.domain.report import Blind
from app.domain.testmap import Grain
from app.domain.unchecked import Unchecked

_NAMED = 3
STARTS_PROCESSES = re.compile(
    rb"\b(?:subprocess|multiprocessing|Popen|spawnv?p?e?|execFile|child_process|execa|exec\.Command|ProcessBuilder|os\.system|pexpect)\b"
)


def blind_spots(
    files: Sequence[FileChange],
    view: MapView,
    executed: Executed,
    tests: Mapping[str, bytes],
    ranked: Sequence[RankedTest],
) -> tuple[Unchecked, ...]:
    """The changed files of which the map cannot tell who runs them, by reason; then the tests whose runs it does not hold.

    `tests` are the bytes of all test files by path, `ranked` the same tests with their kinds.
    """
    spots: dict[Blind, dict[str, None]] = {}
    for file in files:
        for reason in _reasons(file, view, executed, tests):
            spots.setdefault(reason, {})[file.before] = None
    lost = [Unchecked(Blind.SHARDS, view.use.missing_shards)] if view.use.missing_shards else []
    unseen = _unseen_integration(view, executed, ranked)
    absent = [Unchecked(Blind.NO_INTEGRATION, unseen[:_NAMED])] if unseen else []
    return (*(Unchecked(reason, tuple(paths)) for reason, paths in spots.items()), *lost, *absent)


def _unseen_integration(view: MapView, executed: Executed, ranked: Sequence[RankedTest]) -> tuple[str, ...]:
    """The integration tests of the repository, where the map is of unit tests alone: what they run, it cannot know."""
    beyond = [test.test.path for test in ranked if test.test.kind is not Kind.UNIT and is_test(test.test.path)]
    suites = {segment.origin.suite for segment in view.segments}
    holds = any(path in executed.tests_by_file for path in beyond) or any(map(is_beyond_unit, suites))
    return () if holds or any(segment.grain is Grain.SUITE for segment in view.segments) else tuple(beyond)


def _reasons(file: FileChange, view: MapView, executed: Executed, tests: Mapping[str, bytes]) -> Iterator[Blind]:
    path = file.before
    if file.status is Status.ADDED:
        return
    if path not in view.covers:
        yield _why_absent(path, view)
        return
    own = [aim for aim in executed.aims if aim.path == path]
    if not own and not executed.aims and file.hunks:
        yield _why_aimless(file, executed)
    if any(executed.ran_outside(aim) for aim in own):
        yield Blind.RAN_OUTSIDE
    elif own and not executed.runs_any(path) and _started(path, tests):
        yield Blind.OTHER_PROCESS


def _why_aimless(file: FileChange, executed: Executed) -> Blind:
    """Nothing of the change is a statement before the fix that the map knows and that runs in a function."""
    changed = [hunk.near() for hunk in file.hunks]
    if any(line_set([span]) & executed.runs[file.before].later for span in changed):
        return Blind.LATER_SUITE
    if any(line_set([span]) & executed.runs[file.before].unknown for span in changed):
        return Blind.LINES_CHANGED
    return Blind.ONLY_LOADING if any(hunk.old for hunk in file.hunks) else Blind.ONLY_NEW


def _why_absent(path: str, view: MapView) -> Blind:
    if path in view.use.uncarried:
        return Blind.UNCARRIED
    if path in view.newer:
        return Blind.NEWER_FILE
    language = language_of(path) or posixpath.splitext(path)[1]
    measured = {language_of(one) or posixpath.splitext(one)[1] for one in view.paths}
    return Blind.NOT_MEASURED if language in measured else Blind.FILE_TYPE


def _started(path: str, tests: Mapping[str, bytes]) -> bool:
    """Whether a test that starts processes names the file: what those processes run is in no test's coverage."""
    stem = posixpath.splitext(path)[0]
    module = stem.removesuffix("/__main__").replace("/", ".").removeprefix("src.")
    names = [path.encode(errors="surrogateescape"), module.encode(errors="surrogateescape")]
    return any(STARTS_PROCESSES.search(text) and any(name in text for name in names) for text in tests.values())
