"""What a file uses of what it imports: each call of something imported, by syntax tree, one file per language.

Which file or library such a call means is left to `app.analysis.edges`. Nothing here raises on any input.
"""

from collections.abc import Iterable
from functools import lru_cache

from app.analysis.uses import go, java, javascript, python
from app.analysis.uses.model import Bound, Names, Use, UsesOf
from app.domain.change import Span

__all__ = ["Bound", "Names", "Use", "names", "uses"]

_READ = {
    "python": UsesOf(python.names, python.uses),
    "javascript": UsesOf(javascript.javascript_names, javascript.javascript_uses),
    "typescript": UsesOf(javascript.typescript_names, javascript.typescript_uses),
    "vue": UsesOf(javascript.vue_names, javascript.vue_uses),
    "go": UsesOf(go.names, go.uses),
    "java": UsesOf(java.names, java.uses),
}


@lru_cache(maxsize=128)
def names(language: str | None, source: bytes) -> Names:
    """What the names of a file stand for; nothing where the language is not read."""
    found = _READ.get(language or "")
    return found.names(source) if found else Names()


def uses(language: str | None, source: bytes, spans: Iterable[Span]) -> tuple[Use, ...]:
    """The calls of imported things on those lines, each once, in source order; empty where the language is not read."""
    found = _READ.get(language or "")
    if found is None:
        return ()
    wanted = joined(spans)
    seen = dict.fromkeys(use for use in found.uses(source, wanted) if any(s.start <= use.line <= s.end for s in wanted))
    return tuple(sorted(seen, key=lambda use: use.line))


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same lines as the fewest spans, in order."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end + 1:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
