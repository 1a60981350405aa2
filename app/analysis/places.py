"""Finds the files of a repository that an issue's text means: what it writes is matched to paths, never acted on by itself."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.analysis.languages import is_test, language_of
from app.analysis.traces import Named, Written
from app.domain.change import Span

MAX_PLACES = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the repository that a text means: the lines and functions named with it, and how it was written."""

    path: str
    lines: tuple[Span, ...] = ()
    functions: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    in_trace: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """The files meant, in the text's order, those of stack traces first; `ambiguous` is what could mean several files."""

    found: tuple[Place, ...] = ()
    ambiguous: tuple[str, ...] = ()

    @property
    def code(self) -> tuple[Place, ...]:
        """Those that are no tests: what a report can be made for where there is no fix yet."""
        return tuple(place for place in self.found if not is_test(place.path))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Frames of the language itself and of dependencies; what follows in `site-packages` can be the repository's own, installed.
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:node_modules|lib/python\d[\d.]*(?!.*(?:site|dist)-packages)|pkg/mod|\.cargo/registry|rustc/[0-9a-f]{9,}"
    r"|usr/local/go/src|gems|node:internal|internal/modules|vendor/bundle)/|^(?:node|internal|<)"
)
_INSTALLED = re.compile(r"^.*/(?:site|dist)-packages/|^.*\.egg/")
# Folders between a repository's root and its packages, which an installed or packaged file has lost.
_SOURCE_FOLDERS = _words("src lib source sources main java kotlin scala groovy python packages app test it")
# Names that every project has: alone they mean nothing.
_COMMON = _words(
    "__init__.py __main__.py index.js index.ts main.go main.py main.rs mod.rs lib.rs setup.py conftest.py app.js "
    "package.json readme.md dockerfile makefile config.yml settings.py utils.py"
)
_GENERIC_NAME = 5


def find_places(named: Named, paths: Collection[str]) -> Places:
    """Matches what a text names to the paths of a tree: the longest common ending wins, a tie means no file at all."""
    by_name: dict[str, list[str]] = defaultdict(list)
    by_stem: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        name = path.rpartition("/")[2]
        by_name[name].append(path)
        by_stem[name.partition(".")[0]].append(path)
    found: dict[str, list[Written]] = defaultdict(list)
    ambiguous: dict[str, None] = {}
    for written in named.places:
        matched = _matching(written.path, by_name)
        if len(matched) == 1:
            found[matched[0]].append(written)
        elif matched:
            ambiguous[written.path] = None
    for name in named.names:
        if meant := _module_of(name, by_stem):
            path, function = meant
            found[path].append(Written(name, None, function))
    places = [_place(path, written) for path, written in found.items()]
    return Places(tuple(sorted(places, key=lambda place: not place.in_trace)[:MAX_PLACES]), tuple(ambiguous))


def _place(path: str, written: Iterable[Written]) -> Place:
    each = tuple(written)
    return Place(
        path,
        tuple(sorted({Span(w.line, w.line) for w in each if w.line})),
        tuple(dict.fromkeys(w.function for w in each if w.function)),
        tuple(dict.fromkeys(w.path for w in each)),
        any(w.is_frame for w in each),
    )


def _matching(written: str, by_name: Mapping[str, Collection[str]]) -> list[str]:
    """The paths with the longest ending in common with what was written, if that ending says enough."""
    if _ELSEWHERE.search(written):
        return []
    parts = _INSTALLED.sub("", written).strip("/").split("/")
    best = 0
    matched: list[str] = []
    for path in by_name.get(parts[-1], ()):
        candidate = path.split("/")
        common = _common_ending(parts, candidate)
        if _is_enough(common, parts, candidate) and common >= best:
            matched = [*matched, path] if common == best else [path]
            best = common
    return matched


def _common_ending(one: list[str], other: list[str]) -> int:
    common = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        common += 1
    return common


def _is_enough(common: int, written: list[str], candidate: list[str]) -> bool:
    """One must end in the other whole, or the rest be folders that packaging drops; a common name alone is never enough."""
    if common == 1 and (candidate[-1].lower() in _COMMON or (len(written) > 1 and len(candidate) > 1)):
        return False
    if common == len(written):
        return True
    if common == len(candidate):
        return common > 1 or len(written) <= 2
    return common >= 2 and _SOURCE_FOLDERS.issuperset(candidate[: len(candidate) - common])


def _module_of(name: str, by_stem: Mapping[str, Collection[str]]) -> tuple[str, str] | None:
    """`shop.cart.Cart.total` -> (`shop/cart.py`, `Cart.total`), `StringUtils.isBlank` -> (`.../StringUtils.java`, ...)."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        stem, ending = parts[end - 1], "/" + "/".join(parts[:end])
        # A single word is a file only where it is a class that has its own.
        if end == 1 and (len(stem) <= _GENERIC_NAME or not re.match(r"[A-Z][a-z]+[A-Z]|[A-Z]\w+$", stem)):
            continue
        files = [path for path in by_stem.get(stem, ()) if language_of(path) and f"/{path.rpartition('.')[0]}".endswith(ending)]
        if len(files) == 1 and (end > 1 or len(parts) > 1 or not is_test(files[0])):
            own = language_of(files[0]) in {"java", "kotlin", "csharp", "scala"}
            return files[0], ".".join(parts[end - 1 :] if own else parts[end:])
    return None
