"""The nearest test map and what it knows, in the lines of the fix's parent: which map, how far it is, what could not be carried.

What its covers mean for tests and verdicts is left to `app.analysis`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.analysis.diffs import read_index, read_spans, split_patch
from app.analysis.testmap.carry import SAME, Carried, Carry, Mismatched, carry_by, carry_cover
from app.analysis.testmap.nearest import nearest_ancestor, nearest_descendant
from app.analysis.testmap.view import MapView
from app.domain.change import Hunk
from app.domain.testmap import FileCover, Grain, Maps, MapUse, Segment, TestMap
from app.domain.unchecked import Unchecked
from app.git.ancestry import count_between, known_commits, walk
from app.git.diff import RawChange, read_changes, read_patch
from app.git.log import commit_time
from app.git.objects import Entry
from app.git.repository import Repository
from app.git.run import GitFailed, GitTooSlow

__all__ = ["Carried", "Found", "MapLimits", "Mapped", "find_map"]

# A first look that finds nearly every map in milliseconds, then one that still ends within a second or two.
_WALKS = (1_000, 50_000)
MOST_COMMITS = 5_000
SECONDS = 10.0
_A_DAY = 86_400
_REGULAR = frozenset({"100644", "100755"})
# What a map announces is a stranger's number; nobody splits a suite into more.
_MOST_SHARDS = 1_000


@dataclass(frozen=True, slots=True)
class MapLimits:
    """Up to where a map is evidence: so many commits and days between it and the fix's parent. Beyond, it is a hint."""

    max_distance: int = 200
    max_age_days: float = 30.0


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest map, or None with the reasons in `unchecked`; these also name what was passed over."""

    mapped: "Mapped | None"
    unchecked: tuple[Unchecked, ...] = ()


class Mapped:
    """One test map as seen from `base`, the fix's parent. Reads files of the map and diffs only when asked for them."""

    def __init__(self, repository: Repository, base: str, tree: Mapping[str, Entry], test_map: TestMap, near: "_Near") -> None:
        self._repository, self._base, self._tree, self._map, self._near = repository, base, tree, test_map, near
        self._known: dict[str, tuple[Carried, ...]] = {}
        self._changes: dict[str, RawChange] | None = None
        self._uncarried: dict[str, None] = {}
        self._newer: dict[str, None] = {}

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment of the map: its tests, and what its run says of them."""
        return self._map.segments

    @property
    def paths(self) -> Collection[str]:
        """All files that the map knows, by their paths at the covered commit."""
        return self._map.paths

    @property
    def use(self) -> MapUse:
        """The stamp. `uncarried` names the files asked for so far that the map knows, but not in the lines of the base."""
        segments = self._map.segments
        return MapUse(
            commit=self._map.commit,
            distance=self._near.distance,
            age_days=self._near.age_days,
            ahead=self._near.ahead,
            tests=sum(len(segment.tests) for segment in segments if segment.grain is Grain.TEST),
            suites=tuple(dict.fromkeys(segment.origin.suite for segment in segments if segment.origin.suite)),
            missing_shards=missing_shards(segments),
            uncarried=tuple(sorted(self._uncarried)),
            trusted=self._near.trusted,
            grain=Grain.TEST if any(segment.grain is Grain.TEST for segment in segments) else Grain.SUITE,
            tools=tuple(dict.fromkeys(segment.origin.tool for segment in segments if segment.origin.tool)),
            branch=next((segment.origin.branch for segment in segments if segment.origin.branch), ""),
            shards=announced_shards(segments),
        )

    def covers(self, paths: Collection[str]) -> Mapping[str, tuple[Carried, ...]]:
        """What each segment knows of files, by their paths at the base and in its lines; what no segment knows is left out.

        Files whose blobs are the same need no diff; for the others one `git diff` is made, whatever their number.
        """
        new = [path for path in dict.fromkeys(paths) if path not in self._known and path in self._tree]
        before = {path: self._before(path) for path in new}
        self._newer.update((path, None) for path, change in before.items() if change and change.status == "A")
        told = self._map.covers({*new, *(change.old_path for change in before.values() if change)})
        carries = self._carries([change for path, change in before.items() if change and change.old_path in told])
        for path in new:
            self._known[path] = tuple(self._carried(path, before[path], told, carries))
        return {path: known for path in paths if (known := self._known.get(path))}

    def view(self, paths: Collection[str]) -> MapView:
        """The same as plain values for `app.analysis`, with the stamp as it is after reading them."""
        covers = self.covers(paths)
        return MapView(self.use, self.segments, covers, frozenset(self.paths), frozenset(self._newer))

    def _carried(
        self,
        path: str,
        change: RawChange | None,
        told: Mapping[str, tuple[FileCover, ...]],
        carries: Mapping[tuple[str, str], Carry],
    ) -> Iterable[Carried]:
        """Each cover of one file, carried. A cover of contents that are not the covered commit's is not believed."""
        for cover in told.get(change.old_path if change else path, ()):
            by = SAME if cover.blob == self._tree[path].oid else carries.get((cover.blob, self._tree[path].oid))
            if by is None:
                self._uncarried[path] = None
            else:
                yield carry_cover(cover, by, path)

    def _before(self, path: str) -> RawChange | None:
        """What happened to a file between the two commits; None where nothing did."""
        if self._near.distance == 0:
            return None
        if self._changes is None:
            changes = read_changes(self._repository, self._map.commit, self._base)
            self._changes = {change.path: change for change in changes}
        return self._changes.get(path)

    def _carries(self, changes: Sequence[RawChange]) -> dict[tuple[str, str], Carry]:
        """How the lines of changed files move, by the ids of the two blobs; what git calls binary or too large is left out."""
        wanted = [one for one in changes if one.old_oid != one.new_oid and {one.old_mode, one.new_mode} <= _REGULAR]
        if not wanted:
            return {}
        paths = list(dict.fromkeys(path for change in wanted for path in (change.old_path, change.path)))
        try:
            sections = split_patch(read_patch(self._repository, self._map.commit, self._base, paths))
        except (GitFailed, GitTooSlow):
            return {}
        found: dict[tuple[str, str], Carry] = {}
        for section in sections:
            blobs, hunks = read_index(section), read_spans(section)
            if blobs and hunks and (by := _carry(hunks)) is not None:
                found[blobs] = by
        return found


def _carry(hunks: Sequence[Hunk]) -> Carry | None:
    try:
        return carry_by(hunks)
    except (Mismatched, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class _Near:
    """Where a map stands, seen from the base."""

    commit: str
    distance: int
    age_days: float
    ahead: bool
    trusted: bool


def find_map(repository: Repository, base: str, tree: Mapping[str, Entry], maps: Maps, limits: MapLimits) -> Found:
    """The nearest map: the closest ancestor of the base, or the base itself; without one, the closest descendant.

    Where the closest ancestor lies beyond the limits, a descendant within them is taken instead. Raises what reading a map
    raises (TellUser); where git takes too long, there is no map.
    """
    asked = list(dict.fromkeys(maps.commits()))
    unchecked = [Unchecked("too-many-maps", (str(len(asked) - MOST_COMMITS),))] if len(asked) > MOST_COMMITS else []
    try:
        known = known_commits(repository, asked[:MOST_COMMITS])
        if unknown := [commit for commit in asked[:MOST_COMMITS] if commit not in known]:
            unchecked.append(Unchecked("map-commit-unknown", tuple(commit[:10] for commit in unknown)))
        near = _nearest(repository, base, known, limits) if known else None
    except GitTooSlow:
        return Found(None, (*unchecked, Unchecked("map-too-slow")))
    if near is None:
        if known:
            unchecked.append(Unchecked("map-unrelated", tuple(sorted(commit[:10] for commit in known))))
        return Found(None, tuple(unchecked))
    return Found(Mapped(repository, base, tree, maps.at(near.commit), near), tuple(unchecked))


def _nearest(repository: Repository, base: str, known: Collection[str], limits: MapLimits) -> _Near | None:
    before = _ancestor(repository, base, known)
    found = _seen(repository, base, before, limits, ahead=False) if before else None
    if found and found.trusted:
        return found
    after = nearest_descendant(walk(repository, sorted(known), [base], most=_WALKS[-1], seconds=SECONDS), base, known)
    later = _seen(repository, base, after, limits, ahead=True) if after else None
    return later if later and (found is None or later.trusted) else found


def _ancestor(repository: Repository, base: str, known: Collection[str]) -> str | None:
    for most in _WALKS:
        parents = walk(repository, [base], most=most, seconds=SECONDS)
        found = nearest_ancestor(parents, base, known)
        if found or len(parents) < most:
            return found
    return None


def _seen(repository: Repository, base: str, commit: str, limits: MapLimits, *, ahead: bool) -> _Near:
    older, newer = (base, commit) if ahead else (commit, base)
    distance = count_between(repository, older, newer, SECONDS)
    age_days = abs(commit_time(repository, newer) - commit_time(repository, older)) / _A_DAY
    trusted = distance <= limits.max_distance and age_days <= limits.max_age_days
    return _Near(commit, distance, age_days, ahead, trusted)


def missing_shards(segments: Iterable[Segment]) -> tuple[str, ...]:
    """The shards that a suite announced and that are not there, as `suite i of n`."""
    return tuple(
        f"{suite or 'tests'} {shard} of {shards}"
        for suite, (shards, there) in sorted(_splits(segments).items())
        for shard in _absent(shards, there)[:100]
    )


def announced_shards(segments: Iterable[Segment]) -> int:
    """How many shards all suites together announced."""
    return sum(shards for shards, _ in _splits(segments).values())


def _splits(segments: Iterable[Segment]) -> dict[str, tuple[int, set[int]]]:
    """By suite into how many shards it was split, and which are there. Of a suite that was split anew, the split with the
    fewest missing counts.
    """
    splits: dict[str, dict[int, set[int]]] = {}
    for segment in segments:
        origin = segment.origin
        splits.setdefault(origin.suite, {}).setdefault(min(origin.shards, _MOST_SHARDS), set()).add(origin.shard)
    return {suite: min(split.items(), key=lambda one: len(_absent(*one))) for suite, split in splits.items()}


def _absent(shards: int, there: Collection[int]) -> list[int]:
    return [shard for shard in range(1, shards + 1) if shard not in there]
