"""What keeps tests from running by what their text says, one file per language: skips, exclusive runs, expected failures.

Only what holds always counts: a test that is skipped on one platform alone still guards on the others. Nothing raises.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from tree_sitter import Tree

from app.analysis.languages import trees
from app.analysis.languages.javascript import parse_typescript, scripts
from app.analysis.skips import go, java, javascript, python, ruby
from app.analysis.skips.model import Skip

__all__ = ["Skip", "skips"]

_READ: dict[str, tuple[Callable[[bytes], Tree | None], Callable[[Tree], Iterable[Skip]]]] = {
    "python": (lambda source: trees.parse("python", source), python.skips),
    "javascript": (lambda source: trees.parse("javascript", source), javascript.skips),
    "typescript": (lambda source: parse_typescript(source)[1], javascript.skips),
    "vue": (lambda source: parse_typescript(scripts(source))[1], javascript.skips),
    "go": (lambda source: trees.parse("go", source), go.skips),
    "java": (lambda source: trees.parse("java", source), java.skips),
    "ruby": (lambda source: trees.parse("ruby", source), ruby.skips),
}


@lru_cache(maxsize=128)
def skips(language: str | None, source: bytes) -> tuple[Skip, ...]:
    """The skips of one test file, by line; empty where the language is not read."""
    reading = _READ.get(language or "")
    tree = reading[0](source) if reading else None
    if reading is None or tree is None:
        return ()
    return tuple(sorted(reading[1](tree), key=lambda one: one.line))
