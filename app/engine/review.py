"""Reviews a change against the past escapes of its repository: reads what both changed, decides with `app.analysis.review`.

Nothing of the change is ever run; what is read of its head are git's objects, and only of the paths that an escape is about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.analysis.globs import Glob
from app.analysis.overrides import NONE
from app.analysis.review.counterpart import Sides, brings_tests
from app.analysis.review.disarmed import Guards
from app.analysis.review.missing import Held, findings, missing
from app.analysis.review.touched import PastFile, touches
from app.domain.change import FileChange
from app.domain.report import Report
from app.domain.review import Disarmed, KnownEscape, Missing, Review, SeamSides, Touch, Unread
from app.domain.suite import TestId
from app.domain.testmap import Maps
from app.engine.cache import Cache
from app.engine.change_set import read_files_of
from app.engine.explain import NO_CACHE, Asked, explain
from app.engine.guards import GuardFiles
from app.engine.past_fixes import PastFixes
from app.engine.weights import load_weights
from app.git.ancestry import is_ancestor, known_commits, walk
from app.git.diff import read_changes
from app.git.objects import Entry, read_blobs, read_tree
from app.git.repository import FixCommits, Repository, find_commit, find_fix, open_repository

MOST_READ = 300
"""Files of the change that are read line by line; what is beyond is named in `unread`."""

_MOST_TESTS = 5
_MOST_WALKED = 20_000
_MOST_DISARMED = 20


@dataclass(frozen=True, slots=True)
class ReviewChange:
    """Reviews changes of one repository, whatever they are part of; `cache` is as `explain` has it."""

    cache: Cache = NO_CACHE

    def __call__(
        self,
        mirror: Path,
        *,
        base: str,
        head: str,
        escapes: Sequence[KnownEscape],
        ignore: Iterable[str] = (),
        seams: bool = True,
        maps: Maps | None = None,
    ) -> Review:
        """What the change from where `head` parted from `base` touches of past escapes, disarms of their guards, leaves untested.

        `ignore` are globs of paths that nothing is said about; without `seams` no seam is a reason to speak; `maps` are the
        repository's test maps. A fix that is not part of the history that the change begins at is passed over: it cannot be
        touched. Raises TellUser where a commit is not there or the two share no history, TryLater where git takes too long.
        """
        repository = open_repository(mirror)
        ours, tip = find_commit(repository, base), find_commit(repository, head)
        parted = tip if is_ancestor(repository, tip, ours) else find_fix(repository, f"{ours}..{tip}").base
        change = _Change(repository, parted, tip, ignore)
        known = _meeting(repository, escapes, change)
        change.look_at(known)
        explained = _Explained(repository, change, maps, self.cache)
        held = [self._held(change, escape, explained, seams=seams) for escape in known]
        return Review(parted, tip, findings(held), change.unread, len(known))

    def _held(self, change: "_Change", escape: KnownEscape, explained: "_Explained", *, seams: bool) -> Held:
        """One escape held against the change; what costs more is only asked where it can be said."""
        touched, sides = tuple(change.touches(escape)), change.near_sides(escape) if seams else ()
        if not touched and not sides and not change.has_guard(escape):
            return Held(escape)
        standing = replace(escape, tests=change.guards.standing(escape))
        held = Held(standing, touched, change.disarmed(escape, standing.tests), tested=change.brings_tests(touched))
        if sides and missing(held) is None:
            held = replace(held, seams=explained.crossed(sides))
        told = missing(held)
        leading = explained.tests() if told in (Missing.NO_GUARD, Missing.SEAM_UNTESTED) else ()
        return replace(held, tests=leading, run=change.guards.run(standing.tests)) if told else held


class _Explained:
    """What `explain` says of the change, asked at most once."""

    def __init__(self, repository: Repository, change: "_Change", maps: Maps | None, cache: Cache) -> None:
        self._repository, self._change, self._maps, self._cache = repository, change, maps, cache
        self._report: Report | None = None

    def crossed(self, sides: Sequence[SeamSides]) -> tuple[SeamSides, ...]:
        """Those of the seams that the change crosses again while no integration test is seen to reach what it changes."""
        if not sides:
            return ()
        report = self._told()
        if report.verdict.integration or report.verdict.through_integration:
            return ()
        alone = {(seam.near, seam.far) for seam in report.seams if not seam.tests_both}
        return tuple(one for one in sides if (one.near, one.far) in alone)

    def tests(self) -> tuple[str, ...]:
        """The test files that lead to what is changed, best first."""
        leading = (test.test.path for test in self._told().tests if test.touches)
        return tuple(dict.fromkeys(leading))[:_MOST_TESTS]

    def _told(self) -> Report:
        if self._report is None:
            asked = Asked(f"{self._change.base}..{self._change.head}")
            self._report = explain(self._repository.path, asked, load_weights(), maps=self._maps, cache=self._cache)
        return self._report


def _meeting(repository: Repository, escapes: Sequence[KnownEscape], change: "_Change") -> list[KnownEscape]:
    """The escapes whose fix is in the history that the change begins at, and which have a path in common with the change."""
    near = [escape for escape in escapes if change.may_meet(escape)]
    there = known_commits(repository, [sha for escape in near for sha in (escape.fix, escape.parent)])
    held = [escape for escape in near if {escape.fix, escape.parent} <= there]
    later = walk(repository, [escape.fix for escape in held], [change.base], most=_MOST_WALKED, seconds=60.0) if held else {}
    return [escape for escape in held if escape.fix not in later and change.meets(escape)]


class _Change:
    """The change under review: all its paths, and the lines of those alone that are asked for."""

    def __init__(self, repository: Repository, base: str, head: str, ignore: Iterable[str]) -> None:
        self.base, self.head = base, head
        self._repository = repository
        globs = [Glob(pattern) for pattern in ignore]
        changes = read_changes(repository, base, head) if base != head else ()
        self._raw = {one.old_path: one for one in changes if not any(glob.matches(one.path) for glob in globs)}
        self._tree: Mapping[str, Entry] = read_tree(repository, base) if self._raw else {}
        self._past = PastFixes(repository, base, self._tree, self._raw)
        self.guards = GuardFiles(repository, self._tree, self._past)
        self._disarming: Guards | None = None
        self._sides: tuple[Sides, ...] | None = None
        self._files: dict[str, FileChange] = {}
        self._before: dict[str, bytes] = {}
        self._pasts: dict[int, list[PastFile]] = {}
        self._guarding: set[str] = set()
        self._unread: dict[str, str] = {}

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What could not be looked at, by path."""
        return tuple(Unread(path, reason) for path, reason in sorted(self._unread.items()))

    def may_meet(self, escape: KnownEscape) -> bool:
        """Whether the two may have a path in common; one that is gone since may have been renamed."""
        if not self._raw or not escape.paths:
            return bool(self._raw)
        paths = (*escape.paths, *(test.path for test in escape.tests))
        return any(path in self._raw or path not in self._tree for path in paths)

    def meets(self, escape: KnownEscape) -> bool:
        """Whether they do, by where the files of the escape stand now."""
        paths = (*escape.paths, *(test.path for test in escape.tests))
        return not escape.paths or any(self._past.now_at(escape.fix, path) in self._raw for path in paths)

    def look_at(self, escapes: Iterable[KnownEscape]) -> None:
        """Reads, all at once, what the change has in common with the fixes of these escapes."""
        self._guarding = {path for one in escapes for path in (test.path for test in one.tests)}
        self._pasts = {escape.issue: list(self._past.files(escape, self._raw)) for escape in escapes}
        wanted = dict.fromkeys(past.path for pasts in self._pasts.values() for past in pasts)
        self._unread |= {self._raw[path].path: "too-many-files" for path in list(wanted)[MOST_READ:]}
        ours = set(list(wanted)[:MOST_READ])
        changes = [raw for path, raw in self._raw.items() if path in ours]
        read = read_files_of(self._repository, FixCommits(self.base, self.head, ""), changes, NONE)
        self._files = {raw.old_path: file for raw, file in zip(changes, read.files, strict=True)}
        self._unread |= {file.path: file.opaque for file in read.files if file.opaque}
        blobs = read_blobs(self._repository, [raw.old_oid for raw in changes if raw.old_oid.strip("0")])
        self._before = {raw.old_path: blobs.contents.get(raw.old_oid, b"") for raw in changes}

    @property
    def sides(self) -> tuple[Sides, ...]:
        """The test files of the change, before and after it."""
        if self._sides is None:
            self._sides = self.guards.sides(self._raw.values(), self._guarding)
        return self._sides

    def brings_tests(self, touched: Sequence[Touch]) -> bool:
        """Whether the change has tests of its own for what it touches."""
        return bool(touched) and any(brings_tests(sides, touched) for sides in self.sides)

    def has_guard(self, escape: KnownEscape) -> bool:
        """Whether a test of the escape may be among the changed files; proved ones may stand elsewhere than at the fix."""
        names = {path.rpartition("/")[2] for path in self._raw}
        return any(test.path.rpartition("/")[2] in names or test.path not in self._tree for test in escape.tests)

    def disarmed(self, escape: KnownEscape, tests: Sequence[TestId]) -> tuple[Disarmed, ...]:
        """What the change does to the tests that stand; nothing where it takes away with them all that they guard."""
        asked = [test for test in tests if test.path in self._raw]
        pasts = self._pasts[escape.issue]
        if not asked or (pasts and all(self._raw[past.path].status == "D" for past in pasts)):
            return ()
        if self._disarming is None:
            self._disarming = Guards(self.sides, self.guards.index())
        fixed = {past.path: past.functions for past in self._past.files(escape, self._tree)}
        return tuple(told for test in asked for told in self._disarming.disarmed(test, fixed))[:_MOST_DISARMED]

    def near_sides(self, escape: KnownEscape) -> tuple[SeamSides, ...]:
        """The seams of the escape whose near side the change has, by the paths of today."""
        moved = (replace(seam, near=self._past.now_at(escape.fix, seam.near) or "") for seam in escape.seams)
        return tuple(seam for seam in moved if seam.near in self._raw)

    def touches(self, escape: KnownEscape) -> Iterator[Touch]:
        """What the change touches of the escape's fix."""
        for past in self._pasts[escape.issue]:
            file = self._files.get(past.path)
            if file is not None and file.opaque is None:
                yield from touches(past, file, self._before[past.path])
