"""The evidence *imports*: which tests reach a changed file directly, through a re-export, or through one hop; never further.

Pure: imports and texts come from the caller, `wanted` says which further files' imports it has to read.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
    """One changed file as it stood before the fix: the symbols that changed, and every name the file defines."""

    path: str
    symbols: tuple[Symbol, ...] = ()
    defines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """What shows that a test reaches the change, strongest first, and the qualified changed symbols it uses by name."""

    evidence: tuple[Evidence, ...]
    symbols: tuple[str, ...] = ()


class ImportGraph:
    """The imports of one tree's tests and of the files between them and the change, resolved on demand and remembered."""

    def __init__(self, index: ModuleIndex, tests: Imports, between: Imports) -> None:
        self._index = index
        self._tests = tests
        self._between = between
        self._hops: dict[str, frozenset[str]] = {}
        self._resolved: dict[tuple[str, str, tuple[str, ...]], tuple[str, ...]] = {}

    def targets(self, path: str, imported: Import) -> tuple[str, ...]:
        """The files that an import in `path` means."""
        key = (path.rpartition("/")[0] + "/" if imported.target.startswith(".") else path, imported.target, imported.names)
        if key not in self._resolved:
            self._resolved[key] = self._index.resolve(path, imported)
        return self._resolved[key]

    def wanted(self, changed: Iterable[Changed]) -> tuple[str, ...]:
        """Files whose imports are not known yet and could join a test to the change; empty when there are none.

        To be asked again with what was read, until it is empty (at most `MAX_REEXPORTS` times).
        """
        known = {each.path for each in changed} | self._between.keys() | self._tests.keys()
        counts: Counter[str] = Counter()
        for path, imports in self._tests.items():
            counts.update({file for each in imports for file in self._meant(path, each)} - known)
        for path, imports in self._between.items():
            if _is_barrel(path):
                exported = (each for each in imports if _hands_on(path, each))
                counts.update({file for each in exported for file in self.targets(path, each) if _is_barrel(file)} - known)
        room = MAX_BETWEEN - len(self._between)
        return tuple(path for path, _ in counts.most_common(max(0, room)))

    def _meant(self, path: str, imported: Import) -> Iterator[str]:
        """The files an import names, then, where it takes names from a barrel, the files these names come from."""
        names = frozenset(imported.names) - _WHOLE
        for file in self.targets(path, imported):
            yield file
            if names and file in self._between and _is_barrel(file):
                yield from (origin for origin, _ in self.reexported(file, names))

    def reexported(self, path: str, names: frozenset[str], depth: int = MAX_REEXPORTS) -> Iterator[tuple[str, frozenset[str]]]:
        """The files that a barrel hands `names` on from, with the names from each; `names` empty means all of them."""
        if depth == 0:
            return
        for each in self._between.get(path, ()):
            if not _hands_on(path, each):
                continue
            own = frozenset(each.names) - {"*"}
            taken = names if "*" in each.names else (names & own if names else own)
            if names and not taken:
                continue
            for file in self.targets(path, each):
                yield file, taken
                if _is_barrel(file) and file != path:
                    yield from self.reexported(file, taken, depth - 1)

    def hops(self, changed: str) -> frozenset[str]:
        """The files between that themselves make use of the changed one; what they only hand on is `reexported`'s."""
        if changed not in self._hops:
            self._hops[changed] = frozenset(
                path
                for path, imports in self._between.items()
                if any(changed in self.targets(path, each) for each in imports if not _hands_on(path, each))
            )
        return self._hops[changed]

    def evidence(self, changed: Sequence[Changed], texts: Mapping[str, bytes]) -> dict[str, Reached]:
        """For each test that is seen to reach a changed file, why; tests that are not are absent."""
        found: dict[str, Reached] = {}
        for path, imports in self._tests.items():
            text = texts.get(path, b"")
            evidence: list[Evidence] = []
            symbols: dict[str, None] = {}
            for each in changed:
                if each.path != path and (shown := self._joins(path, imports, text, each)):
                    evidence.append(shown)
                    if shown.reason != "imports-hop":
                        uses = tuple(_uses(text, each.symbols))
                        evidence.extend(use for _, use in uses)
                        symbols.update((name, None) for name, _ in uses)
            if evidence:
                found[path] = Reached(tuple(sorted(evidence, key=lambda e: _ORDER.index(e.reason))), tuple(symbols))
        return found

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
            if asked:
                return _evidence("imports-reexport", (imported.target, *sorted(names)), imported.line)
            used = next((name for name in sorted(names or changed.defines) if line_of(text, name.encode()) is not None), None)
            if used is not None:
                return _evidence("imports-reexport", (imported.target, used), line_of(text, used.encode()))
        return None


_WHOLE = frozenset({"*", "default"})
_ORDER = ("uses-symbol", "imports", "same-package", "imports-reexport", "imports-hop")
_SOURCE_ROOT = re.compile(
    r"^(?:.*/)?src/(?:main|test|java|it|integration-?test|intTest|testFixtures)/(?:java/|kotlin/|scala/|groovy/)?", re.IGNORECASE
)
_TOO_COMMON = 8


def _evidence(reason: str, names: tuple[str, ...], line: int | None) -> Evidence:
    return Evidence(Source.IMPORTS, reason, names, line=line or None)


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


def _uses(text: bytes, symbols: Iterable[Symbol]) -> Iterator[tuple[str, Evidence]]:
    """The changed symbols that the text names, with the line of the first use."""
    for symbol in symbols:
        owner, _, name = symbol.qualified.rpartition(".")
        owner = owner.rpartition(".")[2]
        if symbol.kind == "method" and (name == owner or name in {"constructor", "__init__", "__new__", "__call__"}):
            line = line_of(text, owner.encode())  # a constructor is used by its class's name
        elif symbol.kind == "method" or "." in symbol.qualified:
            line = line_of(text, name.encode(), before=b".")
            is_telling = len(name) >= _TOO_COMMON or "_" in name.strip("_") or line_of(text, owner.encode()) is not None
            line = line if is_telling else None
        else:
            line = line_of(text, name.encode())
        if line is not None:
            yield symbol.qualified, _evidence("uses-symbol", (symbol.qualified,), line)


def line_of(text: bytes, name: bytes, before: bytes = b"") -> int | None:
    """The 1-based line of the first place where `name` stands as a whole word (right after `before`), None if nowhere."""
    sought = before + name
    at = text.find(sought) if name else -1
    while at >= 0:
        end = at + len(sought)
        if (before or not _is_word(text[at - 1 : at])) and not _is_word(text[end : end + 1]):
            return text.count(b"\n", 0, at) + 1
        at = text.find(sought, at + 1)
    return None


def _is_word(byte: bytes) -> bool:
    return byte.isalnum() or byte in {b"_", b"$"} or byte >= b"\x80"
