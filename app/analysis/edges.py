"""The edges from changed code to what it calls elsewhere: other modules of the repository, and libraries that lead out of it.

An engineer calls it a seam where two parts that are built and tested apart have to fit: another package, or what is no part of
the program at all. So what is left out here is what nobody tests apart: the changed file itself, helpers, constants and errors,
tests, and generated code. A module of the same folder is the weaker seam; it counts where nothing further away is called.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.analysis import languages
from app.analysis.imports import line_of
from app.analysis.languages import Import, is_test, is_test_support
from app.analysis.modules import ModuleIndex
from app.analysis.outside import kind_outside
from app.analysis.roles import is_generated
from app.analysis.uses import Use, uses
from app.domain.change import FileChange, Span
from app.domain.seam import SeamKind

MAX_EDGES = 5
# A call further from every changed line than this, in lines, is another concern of a long function.
MAX_DISTANCE = 20
# Longer dotted names than this are no modules.
_MAX_PARTS = 8
# What every part of a program uses and none is tested against: by the name of the file or one of its folders.
_HELPERS = re.compile(
    r"^(?:_?utils?|helpers?|_?compat\w*|common|consts?|constants?|errors?|exceptions?|types?|_?typing|log|logs|logger|logging"
    r"|version|_?version_|deprecat\w*|decorators?|misc|tools?|i18n|l10n|translations?|locale|meta|globals|shared|six|base"
    r"|settings|config|conf|defaults|enums?|interfaces?|warnings?|strings?|text|format|formatting|options?|metrics|five"
    r"|datastructures?|collections?)$"
    r"|(?:[a-z0-9]|_)(?:Utils?|_utils?|Helpers?|_helpers?|Exceptions?|Errors?|Constants?|Types?)$",
)
_MAKES_VALUE = re.compile(r"^_?[A-Z]\w*[a-z]")
_LAYOUT = frozenset({"src", "lib", "main"})
_FAILURE = re.compile(r"(?:Error|Exception|Warning)$")


@dataclass(frozen=True, slots=True)
class Edge:
    """Calls from one changed file to one far side. `far` is a path or a library; `files` those the import may mean.

    `names` are the dotted names called over there, the first call first; `lines` where they are called. `distance` is that of
    the nearest call from the changed lines, 0 where a changed line itself calls.
    """

    near: str
    far: str
    kind: SeamKind
    files: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    distance: int = 0

    @property
    def is_outside(self) -> bool:
        """Whether the far side is no file of this repository."""
        return not self.files


def edges_of(file: FileChange, source: bytes, index: ModuleIndex) -> list[Edge]:
    """The edges of one changed file, as it stood before the fix, nearest to the changed lines first."""
    path = file.before
    changed = _changed_lines(file)
    found: dict[str, Edge] = {}
    for use in uses(file.language, source, changed_spans(file)):
        edge = _edge(path, file.language, use, index)
        far_off = min((_distance(use.line, span) for span in changed), default=0)
        if edge is not None and far_off <= MAX_DISTANCE:
            edge = replace(edge, distance=far_off)
            found[edge.far] = _joined(found[edge.far], edge) if edge.far in found else edge
    return sorted((edge for edge in found.values() if _is_spoken_to(edge)), key=_rank)


def _is_spoken_to(edge: Edge) -> bool:
    """Whether more is done over there than to make a value: a class that is only made an object of is no other side."""
    if edge.is_outside or edge.near.endswith(".go"):
        return True
    if edge.near.endswith(".java"):
        return any(edge.names)
    return any(len(names) != 1 or not _MAKES_VALUE.match(names[0]) for names in edge.names)


def changed_spans(file: FileChange) -> tuple[Span, ...]:
    """The lines of the changed functions before the fix, or, where none is known, the changed lines themselves."""
    functions = tuple(symbol.span for symbol in file.symbols if symbol.kind != "class")
    return functions if functions or file.symbols else _changed_lines(file)


def nearest(edges: Iterable[Edge], most: int = MAX_EDGES) -> list[Edge]:
    """The few edges worth a word: what leads furthest away first; modules of the same folder only where nothing else is."""
    ranked = sorted(edges, key=_rank)
    afar = [edge for edge in ranked if not _is_beside(edge)]
    return (afar or ranked)[:most]


def _rank(edge: Edge) -> tuple[bool, bool, bool, int, int]:
    return (edge.distance > 0, _is_beside(edge), not edge.is_outside, edge.distance, edge.lines[0])


def _distance(line: int, span: Span) -> int:
    return max(span.start - line, line - span.end, 0)


def _is_beside(edge: Edge) -> bool:
    return not edge.is_outside and edge.near.rpartition("/")[0] == edge.far.rpartition("/")[0]


def _changed_lines(file: FileChange) -> tuple[Span, ...]:
    return tuple(hunk.near() for hunk in file.hunks)


def _joined(one: Edge, other: Edge) -> Edge:
    return replace(
        one,
        names=tuple(dict.fromkeys((*one.names, *other.names))),
        lines=tuple(dict.fromkeys((*one.lines, *other.lines))),
        distance=min(one.distance, other.distance),
    )


def _edge(path: str, language: str | None, use: Use, index: ModuleIndex) -> Edge | None:
    files, names = resolve(index, path, use.target, use.names)
    if files:
        if path in files or _FAILURE.search((*names, "")[0]) or not is_side(files[0]):
            return None
        return Edge(path, files[0], SeamKind.MODULE, files, (names,), (use.line,))
    outside = kind_outside(language, use.target, use.names)
    return Edge(path, outside[1], outside[0], (), (use.names,), (use.line,)) if outside else None


def is_side(path: str) -> bool:
    """Whether the file is a part that could be tested by itself, rather than a helper of all."""
    *folders, name = path.split("/")
    stem = name.partition(".")[0]
    if stem in {"__init__", "index", "mod"} and folders:
        stem = folders[-1]
    if is_test(path) or is_test_support(path) or is_generated(path):
        return False
    around = [folder for folder in folders if folder not in _LAYOUT][-1:]
    return not any(_HELPERS.search(part) for part in (stem, *around))


def resolve(index: ModuleIndex, path: str, target: str, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files that `names` of the module `target` lead to, seen from `path`, and the names that remain within them.

    Python's `a`, ("b", "c", "run") are the module `a/b.py` and `c.run`; elsewhere the target is already the module.
    """
    if languages.language_of(path) != "python":
        return index.resolve(path, Import(target, tuple(names[:1]))), tuple(names)
    best: tuple[tuple[str, ...], tuple[str, ...]] = ((), tuple(names))
    dotted = target
    for taken in range(min(len(names), _MAX_PARTS) + 1):
        if taken:
            dotted += names[taken - 1] if dotted.endswith(".") else "." + names[taken - 1]
        found = index.resolve(path, Import(dotted)) if dotted.strip(".") or not names else ()
        if found:
            best = (found, tuple(names[taken:]))
        elif best[0] and taken:
            break
    if not best[0] and not target.strip("."):
        best = (index.resolve(path, Import(target)), tuple(names))
    return best


def through_barrel(edge: Edge, text: bytes, index: ModuleIndex) -> Edge:
    """The edge to the file that a package's `__init__.py` or an `index.ts` hands the called names on from, if it does."""
    language = languages.language_of(edge.far)
    named = {names[0] for names in edge.names if names}
    defined = {symbol.name for symbol in languages.symbols(language, text)}
    if not named or named & defined:
        return edge
    for one in languages.imports(language, text):
        if named.intersection(one.names):
            taken = [name for name in one.names if name in named]
            files, left = resolve(index, edge.far, one.target, taken[:1])
            if files and edge.near not in files and edge.far not in files and is_side(files[0]):
                names = edge.names if left else tuple(names[1:] for names in edge.names)
                return replace(edge, far=files[0], files=files, names=names)
    return edge


def is_barrel(path: str) -> bool:
    """Whether a file of this name usually only hands on what others define."""
    return path.rpartition("/")[2].partition(".")[0] in {"__init__", "index"}


def _makes(qualified: str, made: Collection[str]) -> bool:
    """Whether a method is the constructor of a class that is called: `Client.__init__`, `Client.constructor`."""
    owner, _, name = qualified.rpartition(".")
    return name in {"__init__", "constructor", owner} and owner in made


def lines_called(edge: Edge, sources: Mapping[str, bytes]) -> tuple[str, tuple[Span, ...]]:
    """The far file that defines what is called, and the lines of its definitions; where not known, those of all functions."""
    for path in edge.files:
        defined = [s for s in languages.symbols(languages.language_of(path), sources.get(path, b"")) if s.kind != "class"]
        wanted = {".".join(names[:size]) for names in edge.names for size in (1, 2)}
        made = {names[0] for names in edge.names if len(names) == 1}
        called = tuple(s.span for s in defined if s.qualified in wanted or _makes(s.qualified, made))
        if called:
            return path, called
    if edge.near.endswith(".go"):
        return edge.far, ()  # a type's name before a bracket only turns a value into another
    for path in edge.files:
        text = sources.get(path, b"")
        if any(line_of(text, names[0].encode()) is not None for names in edge.names if names):
            return path, tuple(s.span for s in languages.symbols(languages.language_of(path), text) if s.kind != "class")
    return edge.far, ()
