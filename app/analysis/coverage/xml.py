"""A stranger's XML as a flat stream of elements opened and closed; what they mean is each format's own to say.

Expat is used directly, since `ElementTree` offers no way to refuse a document type. Nothing outside the document is ever
loaded, no entity is ever expanded beyond XML's own five, and nothing is held but the names of the elements that are open.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple
from xml.parsers import expat

from app.analysis.coverage.unreadable import Unreadable

MAX_BYTES = 512 * 1024 * 1024
MAX_DEPTH = 64
MAX_TOKEN = 4 * 1024 * 1024
"""The longest tag or comment, in bytes: old releases of expat take quadratic time for one that comes in pieces."""
MAX_TEXT = 4096
_PIECE = 64 * 1024


class Opened(NamedTuple):
    """An element's beginning: its name without any namespace prefix, and the attributes that stand in it."""

    name: str
    attributes: Mapping[str, str]


class Closed(NamedTuple):
    """An element's end, with the text that stood directly in it, cut at `MAX_TEXT` characters or what was asked for."""

    name: str
    text: str


Event = Opened | Closed


def events(data: bytes, most_text: int = MAX_TEXT) -> Iterator[Event]:
    """The document's elements in their order, read piece by piece, of each at most so much text.

    Raises Unreadable, possibly after some were given.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"It is XML of more than {MAX_BYTES >> 20} MiB.")
    reader = _Reader(most_text)
    for at in range(0, len(data), _PIECE):
        yield from reader.feed(data[at : at + _PIECE])
    yield from reader.feed(b"", last=True)


def first_elements(head: bytes, count: int = 2) -> tuple[Opened, ...]:
    """The first elements of a document of which only the beginning may be there; empty where it is no XML."""
    found: list[Opened] = []
    if not head.lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n").startswith(b"<"):
        return ()
    reader = _Reader()
    with suppress(Unreadable):
        for at in range(0, len(head), 1024):
            found += (event for event in reader.feed(head[at : at + 1024]) if isinstance(event, Opened))
            if len(found) >= count:
                break
    return tuple(found[:count])


class _Reader:
    """Expat's calls, gathered into events."""

    def __init__(self, most_text: int = MAX_TEXT) -> None:
        self._most_text = most_text
        self._parser = expat.ParserCreate()
        self._parser.specified_attributes = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._entity
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._characters
        self._fed = 0
        self._texts: list[str] = []
        self._events: list[Event] = []

    def feed(self, piece: bytes, *, last: bool = False) -> list[Event]:
        """The events that this piece completes."""
        self._events = []
        self._fed += len(piece)
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            where = f"line {self._parser.CurrentLineNumber}"
            raise Unreadable(f"It is no well-formed XML at {where}.") from error
        if self._fed - max(self._parser.CurrentByteIndex, 0) > MAX_TOKEN:
            raise Unreadable(f"It is XML with a tag or comment of more than {MAX_TOKEN >> 20} MiB.")
        return self._events

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: bool) -> None:
        if internal:
            raise Unreadable("It is XML that declares a document type of its own, which no coverage tool writes.")

    def _entity(self, *_declared: object) -> None:
        raise Unreadable("It is XML that declares entities, which no coverage tool writes.")

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= MAX_DEPTH:
            raise Unreadable(f"It is XML nested more than {MAX_DEPTH} deep.")
        self._texts.append("")
        self._events.append(Opened(_local(name), attributes))

    def _close(self, name: str) -> None:
        self._events.append(Closed(_local(name), self._texts.pop()))

    def _characters(self, text: str) -> None:
        if (had := len(self._texts[-1])) < self._most_text:
            self._texts[-1] += text[: self._most_text - had]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
