"""Which tests cut an edge: they lead to the near side and put a stand-in in the place of what it calls on the far side.

Precision first: a stand-in for anything else, or one that hands the calls on, cuts nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.analysis import languages
from app.analysis.edges import Edge, resolve
from app.analysis.imports import line_of
from app.analysis.languages import Import, NamedTest
from app.analysis.mocks import Mock, mocks
from app.analysis.modules import ModuleIndex
from app.analysis.uses import Bound, Names
from app.domain.change import Span
from app.domain.seam import SeamKind, Severed

# A name as short as this, or as common, says nothing of what a fake is for.
_VAGUE = frozenset(
    {"request", "response", "server", "object", "data", "file", "value", "item", "context", "base", "class", "index"}
)


@dataclass(frozen=True, slots=True)
class Near:
    """The near side of an edge: its path, what its names stand for, and the names by which tests come to it."""

    path: str
    names: Names
    known_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cuts:
    """What one test file cuts of an edge; `whole` if every one of its tests that come to the near side is cut off."""

    severed: tuple[Severed, ...]
    whole: bool


def cuts_of(edge: Edge, far: str, near: Near, path: str, text: bytes, index: ModuleIndex) -> Cuts:
    """The places in one test file that put something in the place of the edge's far side."""
    language = languages.language_of(path)
    found = [mock for mock in mocks(language, text) if mock.scope != () and _replaces(mock, edge, far, near, path, index)]
    if not found:
        return Cuts((), whole=False)
    tests = _tests(language, text)
    users = [test for test in tests if _names_any(text, test.span, near.known_by)] or list(tests)
    severed: list[Severed] = []
    cut: set[str] = set()
    for mock in found:
        inside = [test for test in users if mock.scope is None or any(test.span.overlaps(span) for span in mock.scope)]
        cut.update(test.name for test in inside)
        alone = mock.scope is not None and len(inside) == 1
        if inside or not tests:
            severed.append(Severed(path, mock.line, mock.how, inside[0].name if alone else None))
    whole = bool(severed) and all(test.name in cut for test in users)
    return Cuts(tuple(_first(severed)), whole)


def _first(severed: Iterable[Severed]) -> Iterable[Severed]:
    """For each test the first place alone."""
    seen: set[tuple[str, str | None]] = set()
    for one in sorted(severed, key=lambda each: each.line):
        if (one.path, one.test) not in seen:
            seen.add((one.path, one.test))
            yield one


@lru_cache(maxsize=128)
def _tests(language: str | None, text: bytes) -> tuple[NamedTest, ...]:
    return languages.tests_in(language, text)


def _names_any(text: bytes, span: Span, names: frozenset[str]) -> bool:
    lines = b"\n".join(text.split(b"\n")[span.start - 1 : span.end])
    return any(line_of(lines, name.encode()) is not None for name in names)


def _replaces(mock: Mock, edge: Edge, far: str, near: Near, path: str, index: ModuleIndex) -> bool:
    """Whether the stand-in takes the place of what the edge calls."""
    if mock.kind is not None:
        return edge.is_outside and mock.kind is edge.kind and (not mock.library or _same_library(mock.library, edge.far))
    if mock.stands_for:
        return _is_named_for(mock.stands_for, edge, far)
    files, rest = resolved(mock, path, index)
    if near.path in files and rest:
        return _cuts_in_near(rest, edge, far, near, index)
    if edge.is_outside:
        whole = _dotted(mock.target, mock.names)
        return not files and _below(whole, edge.far) is not None and _cuts(_below(whole, edge.far) or (), edge)
    return (far in files or bool(set(files) & set(edge.files[:1]))) and _cuts(rest, edge)


def resolved(mock: Mock, path: str, index: ModuleIndex) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files and the names within them; a Python target is a dotted name whose end may be names."""
    language = languages.language_of(path)
    if language == "python" and not mock.target.startswith("."):
        first, *others = mock.target.split(".")
        return resolve(index, path, first, (*others, *mock.names))
    if language == "java":
        return index.resolve(path, Import(mock.target, (mock.target.rpartition(".")[2],))), mock.names
    return resolve(index, path, mock.target, mock.names)


def _cuts_in_near(rest: Sequence[str], edge: Edge, far: str, near: Near, index: ModuleIndex) -> bool:
    """`patch("shop.checkout.client.charge")`: a name of the near file that stands for the far side."""
    bound = near.names.imported.get(rest[0])
    left = tuple(rest[1:])
    if bound is None and len(rest) > 1:
        bound, left = near.names.fields.get(rest[1]), tuple(rest[2:])
    return bound is not None and _leads(bound.of(left), edge, far, near, index)


def _leads(bound: Bound, edge: Edge, far: str, near: Near, index: ModuleIndex) -> bool:
    files, names = resolve(index, near.path, bound.target, bound.names)
    if edge.is_outside:
        below = None if files else _below(_dotted(bound.target, bound.names), edge.far)
        return below is not None and _cuts(below, edge)
    return (far in files or bool(set(files) & set(edge.files[:1]))) and _cuts(names, edge)


def _cuts(rest: Sequence[str], edge: Edge) -> bool:
    """Whether putting away `rest` of the far side puts away what is called there: the whole, its class, or the very method."""
    rest = tuple(name for name in rest if name != "default")
    if not rest or (edge.kind is SeamKind.SUBPROCESS and rest[-1] == "Popen"):
        return True
    called = [tuple(name for name in names if name != "default") for names in edge.names]
    if len(rest) == 1:
        return any(names[:1] == rest for names in called)
    of_class = [names for names in called if names[:1] == rest[:1]]
    deeper = [names for names in of_class if len(names) > 1]
    return any(names[: len(rest)] == rest[: len(names)] for names in deeper or of_class)


def _is_named_for(core: str, edge: Edge, far: str) -> bool:
    """Whether a fake of that name is one for what is called: `FakeClient` for the class `Client` or the module `client`."""
    plain = _plain(core)
    if len(plain) < 4 or plain in _VAGUE:
        return False
    classes = {_plain(names[0]) for names in edge.names if names and names[0][:1].isupper()}
    if edge.is_outside:
        return plain in classes and plain != "client"
    return plain in classes or plain == _plain(far.rpartition("/")[2].partition(".")[0])


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _same_library(one: str, far: str) -> bool:
    return far == one or far.startswith((f"{one}.", f"{one}/"))


def _dotted(target: str, names: Sequence[str]) -> str:
    return ".".join((target.removeprefix("node:"), *names))


def _below(whole: str, library: str) -> tuple[str, ...] | None:
    """What is left of a dotted name below a library; None if it is not below it."""
    if whole == library:
        return ()
    return tuple(whole[len(library) + 1 :].split(".")) if whole.startswith((f"{library}.", f"{library}/")) else None
