"""Where tests put stand-ins in the place of something else, by syntax tree, one file per language.

Whether a stand-in cuts a seam is left to `app.analysis.severed`. Nothing here raises on any input.
"""

from functools import lru_cache

from app.analysis.mocks import go, java, javascript, python
from app.analysis.mocks.model import Mock, MocksOf

__all__ = ["Mock", "mocks"]

_READ = {
    "python": MocksOf(python.mocks, python.MARK),
    "javascript": MocksOf(javascript.javascript_mocks, javascript.MARK),
    "typescript": MocksOf(javascript.typescript_mocks, javascript.MARK),
    "vue": MocksOf(javascript.vue_mocks, javascript.MARK),
    "go": MocksOf(go.mocks, go.MARK),
    "java": MocksOf(java.mocks, java.MARK),
}


@lru_cache(maxsize=256)
def mocks(language: str | None, source: bytes) -> tuple[Mock, ...]:
    """The stand-ins of one test file in source order; empty where the language is not read."""
    found = _READ.get(language or "")
    if found is None or not found.mark.search(source):
        return ()
    return tuple(sorted(dict.fromkeys(found.mocks(source)), key=lambda mock: mock.line))
