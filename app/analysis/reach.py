"""Which tests lead to which changed definition, as far as imports and names tell: a test that imports the file and names the
definition, or names another one of that file which uses it.
"""

import re
from collections.abc import Mapping, Sequence

from app.analysis import languages
from app.analysis.question import Reached
from app.analysis.words import TestWords
from app.domain.change import FileChange, Symbol

# A private function is reached through what calls it; further up, nearly everything in a file uses everything.
_STEPS = 2
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


def reached_places(
    files: Sequence[FileChange],
    sources: Mapping[str, bytes],
    reached: Mapping[str, Sequence[Reached]],
    words: Mapping[str, TestWords],
) -> dict[tuple[str, str], frozenset[str]]:
    """For each changed definition, by (path before the fix, qualified name or "" for the whole file), the tests that lead there.

    Files in languages whose imports cannot be read are left out, since nothing is known of them.
    """
    places: dict[tuple[str, str], frozenset[str]] = {}
    for file in files:
        path = file.before
        if path not in sources or not languages.is_parsed(file.language):
            continue
        importing = [test for test, found in reached.items() if test in words and any(r.path == path for r in found)]
        places[path, ""] = frozenset(importing)
        users = _users(file.language, sources[path])
        for symbol in file.symbols:
            names = {symbol.name, *_leading_to(symbol, users)}
            places[path, symbol.qualified] = frozenset(
                test for test in importing if not names.isdisjoint(words[test].identifiers)
            )
    return places


def names_leading_to(file: FileChange, source: bytes) -> frozenset[str]:
    """The names by which a test comes to the changed definitions of a file: their own, and those of what uses them in it."""
    users = _users(file.language, source)
    return frozenset(name for symbol in file.symbols for name in (symbol.name, *_leading_to(symbol, users)))


def _users(language: str | None, source: bytes) -> dict[str, set[str]]:
    """Which definitions of a file use which names, by name."""
    lines = source.decode("utf-8", "replace").split("\n")
    users: dict[str, set[str]] = {}
    for symbol in languages.symbols(language, source):
        if symbol.kind == "class":
            continue
        for name in set(_IDENTIFIER.findall("\n".join(lines[symbol.span.start - 1 : symbol.span.end]))):
            users.setdefault(name, set()).add(_spoken(symbol))
    return users


def _spoken(symbol: Symbol) -> str:
    """The name by which others call it: a constructor or operator goes by its class."""
    return symbol.qualified.split(".")[-2] if symbol.name.startswith("__") and "." in symbol.qualified else symbol.name


def _leading_to(symbol: Symbol, users: Mapping[str, set[str]]) -> set[str]:
    names = {_spoken(symbol)}
    found = set(names)
    for _ in range(_STEPS):
        names = {user for name in names for user in users.get(name, ())} - found
        found |= names
    return found
