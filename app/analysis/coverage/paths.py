"""Finds the files that a coverage tool speaks of among the repository's, by one consistent prefix and never by a guess.

A tool writes `/home/runner/work/x/x/src/a.py`, `/app/a.ts`, `com/foo/Bar.java` or `github.com/owner/repo/pkg/a.go`, where the
repository has `src/a.py`, `web/a.ts`, `core/src/main/java/com/foo/Bar.java` and `pkg/a.go`. Every pair of a tool's name and a
repository's path that end alike speaks for one prefix: what begins with `theirs` stands below `ours`. The prefix that resolves
most files is taken, then the next among those that are left, as long as it does not contradict one that was taken. A file that
two prefixes place differently, with nothing to tell which is right, stays unresolved and is named.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.analysis.coverage.spelling import Spellings, is_absolute

_MOST_CANDIDATES = 100
_MOST_PREFIXES = 300
_ENOUGH = 5
"""So many files that resolve alike speak for themselves, whatever other folders stand beside theirs."""
_PYTHON_INSTALLS = ("site-packages", "dist-packages")
_INSTALLS = (*_PYTHON_INSTALLS, "node_modules", ".venv", ".tox", ".nox", "hostedtoolcache", ".cargo", ".m2", ".nuget")
_SYSTEM = ("/usr/lib/", "/usr/local/lib/", "/usr/local/go/", "/usr/include/", "/rustc/", "<", "node:")
_VENDORED = frozenset({"vendor", "_vendor", "vendored", "third_party", "third-party", "node_modules", *_PYTHON_INSTALLS})
_COMPILED = frozenset({"dist", "lib", "out", "build", "es", "esm", "cjs", "umd"})
_COMPILED_FROM = frozenset({"src", "source", "lib", "ts"})
_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts")


@dataclass(frozen=True, slots=True)
class Prefix:
    """Files whose names begin with `theirs` stand below `ours`. Both are empty or end in a slash."""

    theirs: str
    ours: str

    def place(self, name: str) -> str | None:
        """Where the file of that name has to stand; None if the prefix says nothing of it."""
        return self.ours + name[len(self.theirs) :] if name.startswith(self.theirs) else None


class Why(StrEnum):
    """Why a file did not resolve; the words for it are in templates/words/map.j2."""

    IMPOSSIBLE = "impossible"
    INSTALLED = "installed"
    SUBMODULE = "submodule"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a file did not resolve, and `candidates`: the paths that could be meant, or the one where it is missing."""

    why: Why
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where the files stand; `prefixes` are those that were taken, by how many files each resolved."""

    found: Mapping[Spellings, str]
    lost: Mapping[Spellings, Lost]
    prefixes: tuple[tuple[Prefix, int], ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known besides the names: prefixes that the repository declares (`go.mod`), the folder the data file stands in.

    `near` is empty where that is not known; `.` is the root.
    """

    declared: Sequence[Prefix] = ()
    near: str = ""


class Files:
    """The files of one commit, to be found by the end of their path. `submodules` are paths whose files are not in it."""

    def __init__(self, paths: Iterable[str], submodules: Iterable[str] = ()) -> None:
        self.all = frozenset(paths)
        self.submodules = tuple(f"{path}/" for path in submodules)
        self._ending: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.all):
            folder, _, base = path.rpartition("/")
            self._ending[base].append(path)
            if folder:
                self._ending[f"{folder.rpartition('/')[2]}/{base}"].append(path)

    def like(self, name: str) -> Iterator[str]:
        """The paths that may be meant by a name: they share its last two parts, or its only one, or stand in the root."""
        folder, _, base = name.rpartition("/")
        key = f"{folder.rpartition('/')[2]}/{base}" if folder else base
        ending = self._ending.get(key, ())
        if len(ending) <= _MOST_CANDIDATES:
            yield from ending
        elif name in self.all:
            yield name
        if folder and base in self.all:
            yield base


def resolve(names: Collection[Spellings], files: Files, hints: Hints | None = None) -> Resolution:
    """The place of every file, all of them named by one tool in one place. The order of `names` does not matter."""
    hints = hints or Hints()
    search = _Search(files, hints)
    for spelled in sorted(set(names)):
        search.add(spelled)
    search.vote()
    return search.result()


def is_installed(name: str) -> bool:
    """Whether a name is that of an installed package or of the language's own library."""
    return name.startswith(_SYSTEM) or any(part in _INSTALLS or part.endswith(".egg") for part in name.split("/"))


def _prefix(name: str, path: str) -> Prefix:
    """What is left of both when their common end is taken away; where packages are installed, it names the package, too."""
    theirs, ours = name.split("/"), path.split("/")
    shared = 0
    while shared < min(len(theirs), len(ours)) and theirs[-1 - shared] == ours[-1 - shared]:
        shared += 1
    if shared > 1 and is_installed("/".join(theirs[:-shared])):
        shared -= 1
    return Prefix(
        "".join(f"{part}/" for part in theirs[: len(theirs) - shared]), "".join(f"{part}/" for part in ours[: len(ours) - shared])
    )


@dataclass(slots=True)
class _Search:
    """The state of one resolution: which prefix would place which file where, and what was decided."""

    files: Files
    hints: Hints
    names: set[Spellings] = field(default_factory=set)
    offers: dict[Prefix, dict[Spellings, str]] = field(default_factory=lambda: defaultdict(dict))
    found: dict[Spellings, str] = field(default_factory=dict)
    lost: dict[Spellings, Lost] = field(default_factory=dict)
    taken: dict[Prefix, int] = field(default_factory=dict)

    def add(self, spelled: Spellings) -> None:
        """Notes what could be meant by a file's names, or places it at once where the repository declares the prefix."""
        if not spelled:
            self.lost[spelled] = Lost(Why.IMPOSSIBLE)
            return
        if declared := self._declared(spelled):
            place = declared.place(next(name for name in spelled if declared.place(name) is not None)) or ""
            if place in self.files.all:
                self.found[spelled] = place
                self.taken[declared] = self.taken.get(declared, 0) + 1
            else:
                self.lost[spelled] = self._absent(place)
            return
        self.names.add(spelled)
        for name in spelled:
            for path in self.files.like(name):
                self.offers[_prefix(name, path)][spelled] = path

    def _declared(self, spelled: Spellings) -> Prefix | None:
        fitting = [
            prefix for prefix in self.hints.declared if prefix.theirs and any(prefix.place(name) is not None for name in spelled)
        ]
        return max(fitting, key=lambda prefix: len(prefix.theirs), default=None)

    def vote(self) -> None:
        """Takes the prefix that resolves most of what is left, again and again; equals that differ leave a file ambiguous."""
        left = set(self.names)
        places: dict[Spellings, set[str]] = defaultdict(set)
        open_ = sorted(self.offers, key=lambda prefix: (-len(self.offers[prefix]), prefix.theirs, prefix.ours))[:_MOST_PREFIXES]
        while best := self._best(open_, left):
            for prefix, gained in best.items():
                self.taken[prefix] = len(gained)
                for spelled in gained:
                    places[spelled].add(self.offers[prefix][spelled])
            left -= places.keys()
            open_ = [prefix for prefix in open_ if prefix not in best]
        for spelled, told in places.items():
            self._decide(spelled, told)

    def _best(self, prefixes: Sequence[Prefix], left: set[Spellings]) -> dict[Prefix, set[Spellings]]:
        """The prefixes that resolve most of what is left, and as much as each other, save those that the place speaks against."""
        gains = {prefix: gained for prefix in prefixes if (gained := self.offers[prefix].keys() & left)}
        equals: list[Prefix] = []
        for prefix in sorted(gains, key=lambda prefix: -len(gains[prefix])):
            if equals and len(gains[prefix]) < len(gains[equals[0]]):
                break
            if self._may_be(prefix, gains[prefix], left):
                equals.append(prefix)
        chosen: dict[Prefix, set[Spellings]] = {}
        for prefix in sorted(equals, key=self._nearness, reverse=True):
            rivals = [other for other in chosen if gains[other] & gains[prefix] or not _agree(other, prefix)]
            if all(self._nearness(other) == self._nearness(prefix) for other in rivals):
                chosen[prefix] = gains[prefix]
        return chosen

    def _nearness(self, prefix: Prefix) -> int:
        """How many folders lead both to the files of the prefix and to where the data file stands."""
        if self.hints.near == ".":
            return int(not prefix.ours)
        shared = 0
        for ours, near in zip(prefix.ours.split("/"), self.hints.near.split("/"), strict=False):
            if not ours or ours != near:
                break
            shared += 1
        return shared

    def _decide(self, spelled: Spellings, places: set[str]) -> None:
        """A file is found where all the prefixes that were taken place it alike, or where the data file's own place tells."""
        offering = [prefix for prefix in self.taken if spelled in self.offers[prefix]]
        offered = {self.offers[prefix][spelled] for prefix in offering}
        nearest = max(map(self._nearness, offering))
        near = {self.offers[prefix][spelled] for prefix in offering if self._nearness(prefix) == nearest}
        at_odds = any(not _agree(one, other) for one in offering for other in self.taken)
        if (len(offered) == 1 and not at_odds) or (len(near) == 1 and nearest and near == places):
            self.found[spelled] = min(places)
        else:
            self.lost[spelled] = Lost(Why.AMBIGUOUS, tuple(sorted(offered)))

    def _may_be(self, prefix: Prefix, gained: Collection[Spellings], left: Collection[Spellings]) -> bool:
        return (
            not _VENDORED.intersection(prefix.ours.split("/"))
            and not _is_compiled(prefix, gained)
            and all(_agree(prefix, other) for other in self.taken)
            and self._is_consistent(prefix, gained, left)
        )

    def _is_consistent(self, prefix: Prefix, gained: Collection[Spellings], left: Collection[Spellings]) -> bool:
        """Whether most of what stands beside the files that a prefix resolves is resolved by it, too.

        Else it is a stranger's file that happens to be called like one of ours (`site-packages/yaml/utils.py`).
        """
        if not prefix.theirs:
            return True
        rests = {name[len(prefix.theirs) :] for spelled in gained for name in spelled if name.startswith(prefix.theirs)}
        tops = {rest.partition("/")[0] for rest in rests if "/" in rest}
        if not tops and not prefix.ours and 2 * len(gained) <= len(left):
            return False  # a lone file of the root proves nothing: every repository has a `setup.py`
        below = tuple(f"{prefix.theirs}{top}/" for top in tops) if tops and len(gained) >= _ENOUGH else prefix.theirs
        installed = is_installed(prefix.theirs)
        beside = [name for spelled in left for name in spelled if name.startswith(below)]
        return 2 * len(gained) >= sum(installed or not is_installed(name) for name in beside)

    def _absent(self, place: str) -> Lost:
        return Lost(Why.SUBMODULE if place.startswith(self.files.submodules) else Why.ABSENT, (place,))

    def result(self) -> Resolution:
        """What was found, and of the rest why not. Files beside those that resolved are found by the same prefix."""
        order = sorted(self.taken, key=lambda prefix: (-len(prefix.theirs), prefix.ours))
        for spelled in self.names - self.found.keys() - self.lost.keys():
            places = [place for prefix in order for name in spelled if (place := prefix.place(name)) is not None]
            there = sorted({place for place in places if place in self.files.all})
            if len(there) == 1:
                self.found[spelled] = there[0]
            elif there:
                self.lost[spelled] = Lost(Why.AMBIGUOUS, tuple(there))
            elif all(map(is_installed, spelled)):
                self.lost[spelled] = Lost(Why.INSTALLED)
            else:
                self.lost[spelled] = self._absent(places[0]) if places else Lost(Why.UNKNOWN)
        prefixes = sorted(self.taken.items(), key=lambda each: (-each[1], each[0].theirs, each[0].ours))
        return Resolution(self.found, self.lost, tuple(prefixes))


def _agree(prefix: Prefix, other: Prefix) -> bool:
    """Whether both may hold: one place on a disk is one place in the repository, save for copies made by an install.

    Names that begin nowhere (`com/foo/Bar.java`) may stand in several modules, but not in the root besides.
    """
    if prefix == other:
        return True
    if prefix.theirs == other.theirs:
        return not is_absolute(prefix.theirs) and bool(prefix.ours) and bool(other.ours)
    longer, shorter = (prefix, other) if len(prefix.theirs) > len(other.theirs) else (other, prefix)
    if not longer.theirs.startswith(shorter.theirs) or longer.theirs.startswith(".."):
        return True
    between = longer.theirs[len(shorter.theirs) :].split("/")
    return any(part in _PYTHON_INSTALLS or part.endswith(".egg") for part in between) or between[:1] == ["build"]


def _is_compiled(prefix: Prefix, gained: Collection[Spellings]) -> bool:
    """Whether the files are what a compiler made of scripts (`dist/a.js` of `src/a.js`): their lines are not the source's."""
    theirs, ours = prefix.theirs.split("/")[:-1], prefix.ours.split("/")[:-1]
    if not ours or theirs[-1:] == [] or theirs[-1] not in _COMPILED or ours[-1] not in _COMPILED_FROM:
        return False
    return all(name.endswith(_SCRIPTS) for spelled in gained for name in spelled)
