"""Code that hides failures from its callers, by syntax tree, one file per language; precision first.

What of it stands on the path of a change is left to `app.analysis.swallowed`. Nothing here raises on any input.
"""

from collections.abc import Callable, Iterator, Mapping

from app.analysis.swallows import go, java, javascript, python
from app.analysis.swallows.model import Hidden
from app.domain.change import Span

__all__ = ["Hidden", "hidden"]

_READ: Mapping[str, Callable[[bytes, tuple[Span, ...]], Iterator[Hidden]]] = {
    "python": python.hidden,
    "javascript": javascript.javascript_hidden,
    "typescript": javascript.typescript_hidden,
    "vue": javascript.vue_hidden,
    "go": go.hidden,
    "java": java.hidden,
}


def hidden(language: str | None, source: bytes, spans: tuple[Span, ...]) -> tuple[Hidden, ...]:
    """The places on those lines, each once and in order; empty where the language is not read."""
    read = _READ.get(language or "")
    found = dict.fromkeys(read(source, spans)) if read else {}
    return tuple(sorted(found, key=lambda each: each.line))
