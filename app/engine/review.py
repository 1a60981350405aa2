"""Reviews a change against the past escapes of its repository: reads what both changed, decides with `app.analysis.review`.

Nothing of the change is ever run; what is read of its head are git's objects, and only of the paths that an escape is about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.analysis.globs import Glob
from app.analysis.overrides import NONE
from app.analysis.review.missing import Held, findings
from app.analysis.review.touched import PastFile, touches
from app.domain.change import FileChange
from app.domain.review import KnownEscape, Review, SeamSides, Touch, Unread
from app.domain.testmap import Maps
from app.engine.cache import Cache
from app.engine.change_set import read_files_of
from app.engine.explain import NO_CACHE, Asked, explain
from app.engine.past_fixes import PastFixes
from app.engine.weights import load_weights
from app.git.ancestry import is_ancestor, known_commits
from app.git.diff import read_changes
from app.git.objects import Entry, read_blobs, read_tree
from app.git.repository import FixCommits, Repository, find_commit, find_fix, open_repository

MOST_READ = 300
"""Files of the change that are read line by line; what is beyond is named in `unread`."""


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
        crossed = self._crossed(repository, change, known, maps) if seams else {}
        held = [Held(one, tuple(change.touches(one)), seams=crossed.get(one.issue, ())) for one in known]
        return Review(parted, tip, findings(held), change.unread, len(known))

    def _crossed(
        self, repository: Repository, change: "_Change", escapes: Sequence[KnownEscape], maps: Maps | None
    ) -> dict[int, tuple[SeamSides, ...]]:
        """By issue, the seams that the change crosses again while no integration test is seen to reach what it changes."""
        near = {escape.issue: sides for escape in escapes if (sides := change.near_sides(escape))}
        if not near:
            return {}
        report = explain(repository.path, Asked(f"{change.base}..{change.head}"), load_weights(), maps=maps, cache=self.cache)
        if report.verdict.integration or report.verdict.through_integration:
            return {}
        alone = {(seam.near, seam.far) for seam in report.seams if not seam.tests_both}
        return {issue: tuple(one for one in sides if (one.near, one.far) in alone) for issue, sides in near.items()}


def _meeting(repository: Repository, escapes: Sequence[KnownEscape], change: "_Change") -> list[KnownEscape]:
    """The escapes whose fix is in the history, and any of whose paths the change has, or has lost sight of."""
    near = [escape for escape in escapes if change.meets(escape)]
    there = known_commits(repository, [sha for escape in near for sha in (escape.fix, escape.parent)])
    return [
        escape for escape in near if {escape.fix, escape.parent} <= there and is_ancestor(repository, escape.fix, change.base)
    ]


class _Change:
    """The change under review: all its paths, and the lines of those alone that are asked for."""

    def __init__(self, repository: Repository, base: str, head: str, ignore: Iterable[str]) -> None:
        self.base, self.head = base, head
        self._repository = repository
        globs = [Glob(pattern) for pattern in ignore]
        changes = read_changes(repository, base, head) if base != head else ()
        self._raw = {one.old_path: one for one in changes if not any(glob.matches(one.path) for glob in globs)}
        self._tree: Mapping[str, Entry] = read_tree(repository, base) if self._raw else {}
        self._past = PastFixes(repository, base, self._tree)
        self._files: dict[str, FileChange] = {}
        self._before: dict[str, bytes] = {}
        self._pasts: dict[int, list[PastFile]] = {}
        self._unread: dict[str, str] = {}

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What could not be looked at, by path."""
        return tuple(Unread(path, reason) for path, reason in sorted(self._unread.items()))

    def meets(self, escape: KnownEscape) -> bool:
        """Whether the two may have a path in common; one that is gone since may have been renamed."""
        paths = (*escape.paths, *(test.path for test in escape.tests))
        return bool(self._raw) and (not escape.paths or any(path in self._raw or path not in self._tree for path in paths))

    def look_at(self, escapes: Iterable[KnownEscape]) -> None:
        """Reads, all at once, what the change has in common with the fixes of these escapes."""
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
