"""The evidence *imports*: which tests reach a changed file directly, through a re-export, or through one hop; never further.

Pure: imports and texts come from the caller, `wanted` says which further files' imports it has to read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.analysis.languages import Import, language_of, stem
from app.analysis.modules import ModuleIndex
from app.domain.change import Symbol
from app.domain.evidence import Evidence, Source

# How many files between tests and code are read at most; the most imported ones first, since they explain most tests.
MAX_BETWEEN = 600
# Barrels re-export barrels; deeper chains than this have not been seen.
MAX_REEXPORTS = 3

Imports = Mapping[str, Sequence[Import]]


@dataclass(frozen=True, slots=True)
class Changed:
    """One changed file as it stood before the fix, every name it defines, and those at its top level that others may take."""

    path: str
    defines: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()


def changed_file(path: str, defined: Sequence[Symbol], source: bytes) -> Changed:
    """What a changed file defines, told from its symbols, and from its text where a name is bound to a value or a type."""
    top = {symbol.name for symbol in defined if "." not in symbol.qualified}
    top |= {next(filter(None, match.groups())).decode() for match in _VALUE.finditer(source)}
    exports = sorted(name for name in top if not name.startswith("_"))
    return Changed(path, tuple(symbol.name for symbol in defined), tuple(exports))


@dataclass(frozen=True, slots=True)
class _Handed:
    """The files that a barrel hands names on from: by name, and those it hands on whole."""

    named: Mapping[str, Sequence[str]]
    all: Sequence[str]


_NOTHING = _Handed({}, ())


class ImportGraph:
    """The imports of one tree's tests and of the files between them and the change, resolved on demand and remembered."""

    def __init__(self, index: ModuleIndex, tests: Imports, between: Imports) -> None:
        self._index = index
        self._tests = tests
        self._between = between
        self._hops: dict[str, frozenset[str]] = {}
        self._handed: dict[str, _Handed] = {}
        self._origins: dict[tuple[str, str, int], tuple[str, ...]] = {}
        self._resolved: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}

    def targets(self, path: str, imported: Import) -> tuple[str, ...]:
        """The files that an import in `path` means."""
        key = (path.rpartition("/")[0] + "/" if imported.target.startswith(".") else path, imported.target, imported.names)
        if key not in self._resolved:
            self._resolved[key] = self._index.resolve(path, imported)
        return self._resolved[key]

    def wanted(self) -> tuple[str, ...]:
        """Files whose imports are not known yet and could join a test to the change; empty when there are none.

        To be asked again with what was read, until it is empty (at most `MAX_REEXPORTS` times).
        """
        self._origins.clear()
        known = self._between.keys() | self._tests.keys()
        counts: Counter[str] = Counter()
        for path, imports in self._tests.items():
            counts.update({file for each in imports for file in self._meant(path, each)} - known)
        for path, imports in self._between.items():
            if _is_barrel(path):
                exported = (each for each in imports if _hands_on(path, each))
                counts.update({file for each in exported for file in self.targets(path, each) if _is_barrel(file)} - known)
        room = MAX_BETWEEN - len(self._between)
        return tuple(sorted(counts, key=lambda path: (-counts[path], path))[: max(0, room)])

    def _meant(self, path: str, imported: Import) -> Iterator[str]:
        """The files an import names, then, where it takes names from a barrel, the files these names come from."""
        names = frozenset(imported.names) - _WHOLE
        for file in self.targets(path, imported):
            yield file
            if names and file in self._between and _is_barrel(file):
                yield from (origin for origin, _ in self.reexported(file, names))

    def reexported(self, path: str, names: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
        """The files that a barrel hands `names` on from, with the names from each; `names` empty means all of them."""
        if not names:
            yield from self._everything(path, MAX_REEXPORTS)
            return
        found: dict[str, set[str]] = {}
        for name in sorted(names):  # in one order, so that a report made twice says the same
            for file in self._origin(path, name, MAX_REEXPORTS):
                found.setdefault(file, set()).add(name)
        yield from ((file, frozenset(taken)) for file, taken in found.items())

    def _origin(self, path: str, name: str, depth: int) -> tuple[str, ...]:
        """The files that a barrel hands one name on from, its own sources first, then theirs."""
        key = (path, name, depth)
        if key not in self._origins:
            handed = self._handed_on(path)
            found: dict[str, None] = {}
            for file in (*handed.named.get(name, ()), *handed.all):
                found[file] = None
                if depth > 1 and _is_barrel(file) and file != path:
                    found.update(dict.fromkeys(self._origin(file, name, depth - 1)))
            self._origins[key] = tuple(found)
        return self._origins[key]

    def _everything(self, path: str, depth: int) -> Iterator[tuple[str, frozenset[str]]]:
        for each in self._between.get(path, ()) if depth else ():
            if not _hands_on(path, each):
                continue
            for file in self.targets(path, each):
                yield file, frozenset(each.names) - {"*"}
                if _is_barrel(file) and file != path:
                    yield from self._everything(file, depth - 1)

    def _handed_on(self, path: str) -> "_Handed":
        """What a barrel hands on, arranged by name once it is read."""
        if path in self._handed or path not in self._between:
            return self._handed.get(path, _NOTHING)
        named: dict[str, list[str]] = {}
        everything: list[str] = []
        for each in self._between[path]:
            if _hands_on(path, each):
                files = self.targets(path, each)
                everything += files if "*" in each.names else ()
                for name in each.names:
                    named.setdefault(name, []).extend(files)
        self._handed[path] = _Handed(named, everything)
        return self._handed[path]

    def hops(self, changed: str) -> frozenset[str]:
        """The files between that themselves make use of the changed one; what they only hand on is `reexported`'s."""
        if changed not in self._hops:
            self._hops[changed] = frozenset(
                path
                for path, imports in self._between.items()
                if any(changed in self.targets(path, each) for each in imports if not _hands_on(path, each))
            )
        return self._hops[changed]

    def evidence(self, changed: Changed, texts: Mapping[str, bytes]) -> dict[str, Evidence]:
        """For each test that is seen to reach a changed file, the strongest way; tests that are not are absent."""
        joined = ((path, self._joins(path, imports, texts.get(path, b""), changed)) for path, imports in self._tests.items())
        return {path: shown for path, shown in joined if shown is not None and path != changed.path}

    def _joins(self, path: str, imports: Sequence[Import], text: bytes, changed: Changed) -> Evidence | None:
        """The strongest way from one test to one changed file."""
        entries = [(each, file) for each in imports for file in self.targets(path, each)]
        for each, file in entries:
            if file == changed.path:
                return _evidence("imports", (each.target, *each.names), each.line)
        if same := _same_package(path, text, changed):
            return same
        for each, file in entries:
            if shown := self._through(each, file, text, changed):
                return shown
        hops = self.hops(changed.path)
        for each in imports if hops else ():
            for file in self._meant(path, each):
                if file in hops:
                    return _evidence("imports-hop", (file, changed.path), each.line)
        return None

    def _through(self, imported: Import, barrel: str, text: bytes, changed: Changed) -> Evidence | None:
        """Whether the barrel hands on something of the changed file that the test takes by name or uses by name."""
        if barrel not in self._between or not _is_barrel(barrel):
            return None
        asked = frozenset(imported.names) - _WHOLE
        for file, names in self.reexported(barrel, asked):
            if file != changed.path:
                continue
            if asked and (taken := self._from(changed, names)):
                return _evidence("imports-reexport", (imported.target, *taken), imported.line)
            if asked:
                continue
            used = next((name for name in sorted(names or changed.exports) if line_of(text, name.encode()) is not None), None)
            if used is not None:
                return _evidence("imports-reexport", (imported.target, used), line_of(text, used.encode()))
        return None

    def _from(self, changed: Changed, names: frozenset[str]) -> list[str]:
        """Of names that may come from a file, since a barrel hands on all of it, those that really do."""
        by_name = [handed.named for handed in self._handed.values()]
        return sorted(n for n in names if n in changed.exports or any(changed.path in named.get(n, ()) for named in by_name))


_WHOLE = frozenset({"*", "default"})
# Definitions that are no symbols, at the left edge: `RATE = 1`, `export const rate = 1`, `export type Rate = number`.
_VALUE = re.compile(
    rb"^(?:export\s+)?(?:declare\s+)?(?:const|let|var|type|interface|enum|namespace)\s+(\w+)|^([A-Za-z]\w*)\s*(?::[^=\n]*)?=(?!=)",
    re.MULTILINE,
)
_SOURCE_ROOT = re.compile(
    r"^(?:.*/)?src/(?:main|test|java|it|integration-?test|intTest|testFixtures)/(?:java/|kotlin/|scala/|groovy/)?", re.IGNORECASE
)


def _evidence(reason: str, names: tuple[str, ...], line: int | None) -> Evidence:
    return Evidence(Source.IMPORTS, reason, names, line=line or None)


@lru_cache(maxsize=1 << 14)
def _is_barrel(path: str) -> bool:
    """Files that exist to hand on what others define."""
    return path.rpartition("/")[2].partition(".")[0] in {"__init__", "index", "mod", "main", "public-api", "api"}


def _is_initial(path: str) -> bool:
    """A package's `__init__.py`, which everything in the package imports: going through it proves nothing."""
    return path.endswith("__init__.py")


def _hands_on(path: str, imported: Import) -> bool:
    return imported.is_reexport or _is_initial(path)


def _same_package(path: str, text: bytes, changed: Changed) -> Evidence | None:
    """In Go and Java a test sees its own package without importing it; it counts where the test names what the file defines."""
    language = language_of(changed.path)
    if language != language_of(path) or language not in {"go", "java", "kotlin", "scala"}:
        return None
    if _package_folder(path) != _package_folder(changed.path):
        return None
    names = (stem(changed.path),) if language != "go" else changed.defines
    for name in names:
        if (line := line_of(text, name.encode())) is not None:
            return _evidence("same-package", (name,), line)
    return None


def _package_folder(path: str) -> str:
    return _SOURCE_ROOT.sub("", path).rpartition("/")[0] if not path.endswith(".go") else path.rpartition("/")[0]


def line_of(text: bytes, name: bytes) -> int | None:
    """The 1-based line of the first place where `name` stands as a whole word, None if nowhere."""
    at = text.find(name) if name else -1
    while at >= 0:
        if not _is_word(text[at - 1 : at]) and not _is_word(text[at + len(name) : at + len(name) + 1]):
            return text.count(b"\n", 0, at) + 1
        at = text.find(name, at + 1)
    return None


def _is_word(byte: bytes) -> bool:
    return byte.isalnum() or byte in {b"_", b"$"} or byte >= b"\x80"
