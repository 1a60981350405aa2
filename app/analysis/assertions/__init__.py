"""The assertions of tests by syntax tree, one file per language: what is asserted, and how exactly.

What a change makes of them is left to `app.analysis.review`. Nothing here raises on any input.
"""

from functools import lru_cache

from app.analysis.assertions import go, java, javascript, python, ruby
from app.analysis.assertions.model import Assertion, AssertionsOf, Exactness
from app.analysis.languages import trees
from app.analysis.languages.javascript import parse_typescript, scripts
from app.domain.change import Span

__all__ = ["Assertion", "Exactness", "assertions", "assertions_in", "is_read"]

_READ = {
    "python": AssertionsOf(lambda source: ("python", trees.parse("python", source)), python.assertions),
    "javascript": AssertionsOf(lambda source: ("javascript", trees.parse("javascript", source)), javascript.assertions),
    "typescript": AssertionsOf(parse_typescript, javascript.assertions),
    "vue": AssertionsOf(lambda source: parse_typescript(scripts(source)), javascript.assertions),
    "go": AssertionsOf(lambda source: ("go", trees.parse("go", source)), go.assertions),
    "java": AssertionsOf(lambda source: ("java", trees.parse("java", source)), java.assertions),
    "ruby": AssertionsOf(lambda source: ("ruby", trees.parse("ruby", source)), ruby.assertions),
}


def is_read(language: str | None) -> bool:
    """Whether assertions of that language can be told."""
    return language in _READ


@lru_cache(maxsize=256)
def assertions(language: str | None, source: bytes) -> tuple[Assertion, ...]:
    """All assertions of one file, by line; empty where the language is not read."""
    reading = _READ.get(language or "")
    _, tree = reading.grammar(source) if reading else ("", None)
    if reading is None or tree is None:
        return ()
    return tuple(sorted(reading.read(tree), key=lambda one: one.line))


def assertions_in(language: str | None, source: bytes, span: Span) -> tuple[Assertion, ...]:
    """The assertions that begin on those lines: of one test, or of one function."""
    return tuple(one for one in assertions(language, source) if span.start <= one.line <= span.end)
