"""Everything that depends on a file's language: its symbols, imports and tests, and which files are tests.

One file per language that recall parses, `conventions` for what paths alone tell. Nothing here raises on any input.
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

from app.analysis.languages import go, java, javascript, python
from app.analysis.languages.conventions import is_test, is_test_input, is_test_support, language_of, stem
from app.analysis.languages.model import Import, Language, NamedTest
from app.domain.change import Span, Symbol

__all__ = [
    "Import",
    "NamedTest",
    "enclosing",
    "holds_tests",
    "imports",
    "is_parsed",
    "is_test",
    "is_test_input",
    "is_test_support",
    "language_of",
    "stem",
    "symbols",
    "tests_in",
]

_PARSED = {
    "python": Language(python.symbols, python.imports, python.tests_in, python.TEST_MARK),
    "javascript": Language(javascript.javascript_symbols, javascript.imports, javascript.javascript_tests, javascript.TEST_MARK),
    "typescript": Language(javascript.typescript_symbols, javascript.imports, javascript.typescript_tests, javascript.TEST_MARK),
    "vue": Language(javascript.vue_symbols, javascript.vue_imports, javascript.vue_tests, javascript.TEST_MARK),
    "go": Language(go.symbols, go.imports, go.tests_in, go.TEST_MARK),
    "java": Language(java.symbols, java.imports, java.tests_in, java.TEST_MARK),
}


def is_parsed(language: str | None) -> bool:
    """Whether symbols and imports can be read; False means that only names and history can speak."""
    return language in _PARSED


@lru_cache(maxsize=64)
def symbols(language: str | None, source: bytes) -> tuple[Symbol, ...]:
    """The named definitions of a file in source order; empty where the language is not parsed."""
    found = _PARSED.get(language or "")
    return found.symbols(source) if found else ()


def imports(language: str | None, source: bytes) -> tuple[Import, ...]:
    """What a file imports, in source order, by a fast scan; empty where the language is not parsed."""
    found = _PARSED.get(language or "")
    return found.imports(source) if found else ()


def tests_in(language: str | None, source: bytes) -> tuple[NamedTest, ...]:
    """The tests that a file defines, in source order; empty where the language is not parsed."""
    found = _PARSED.get(language or "")
    return found.tests_in(source) if found else ()


def holds_tests(language: str | None, source: bytes) -> bool:
    """Whether the text defines a test, by a byte search; False also where the language is not parsed.

    It promotes files that their path calls support (NodeBB's `test/utils.js`). It does not demote: a test can be made by
    a base class or a plugin (`scenarios("login.feature")`). Only of a Python `__init__.py` should it be asked to confirm.
    """
    found = _PARSED.get(language or "")
    return bool(found and found.test_mark.search(source))


def enclosing(definitions: Iterable[Symbol], spans: Iterable[Span]) -> tuple[Symbol, ...]:
    """The innermost definitions that the lines fall in, in source order.

    A function counts where a line is its own and not of a definition inside it; a class only where the whole span touches
    none of its members, since a hunk over a method usually takes a blank line of the class along.
    """
    ordered = sorted(definitions, key=lambda s: (s.span.start, -s.span.end))
    starts = [s.span.start for s in ordered]
    kept: dict[Symbol, None] = {}
    for span in sorted(spans):
        touched = [s for s in ordered[: bisect_left(starts, span.end + 1)] if s.span.end >= span.start]
        for index, symbol in enumerate(touched):
            inner = [s.span for s in touched[index + 1 :] if s.span.start <= symbol.span.end]
            own = Span(max(span.start, symbol.span.start), min(span.end, symbol.span.end))
            if not inner or (symbol.kind != "class" and not _covers(inner, own)):
                kept[symbol] = None
    return tuple(sorted(kept, key=lambda s: (s.span.start, -s.span.end)))


def _covers(inner: list[Span], own: Span) -> bool:
    """Whether the spans, sorted by their start, leave no line of `own` free."""
    free = own.start
    for span in inner:
        if span.start > free:
            return False
        free = max(free, span.end + 1)
    return free > own.end
