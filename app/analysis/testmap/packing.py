"""Compressed bytes and columns of text, bounded both ways: nothing that a stranger wrote unpacks to more than it may."""

import struct
import zlib
from collections.abc import Iterable, Sequence

_LENGTH = struct.Struct("<I")
# Highly regular data do shrink a hundredfold; zlib's own limit is about a thousand.
MAX_RATIO = 250
FREE_BYTES = 1 << 20


class Damaged(ValueError):
    """The bytes are not what `pack` made of anything, or more than allowed. `str` says what is wrong, without a subject."""


def pack(raw: bytes) -> bytes:
    """The bytes, compressed, behind their length."""
    packed = zlib.compress(raw, 6)
    if len(raw) > FREE_BYTES + MAX_RATIO * len(packed):
        packed = zlib.compress(raw, 0)  # so regular that a reader would take it for a bomb
    return _LENGTH.pack(len(raw)) + packed


def declared(packed: bytes | memoryview) -> int:
    """How many bytes it says that it unpacks to; `unpack` takes it at its word. Raises `Damaged`."""
    if len(packed) < _LENGTH.size:
        raise Damaged("is cut short")
    return int(_LENGTH.unpack_from(packed)[0])


def unpack(packed: bytes, most: int) -> bytes:
    """What was packed. Raises `Damaged` if it is more than `most` bytes, or does not unpack to exactly what it declares."""
    size = declared(packed)
    if size > most or size > FREE_BYTES + MAX_RATIO * len(packed):
        raise Damaged(f"unpacks to {size:,} bytes, which is more than it may")
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(memoryview(packed)[_LENGTH.size :], size + 1)
    except zlib.error:
        raise Damaged("does not unpack") from None
    if len(raw) != size or not unpacker.eof or unpacker.unused_data:
        raise Damaged("does not unpack to what it declares")
    return raw


def join(columns: Iterable[Sequence[str]]) -> bytes:
    """Columns of texts as bytes. No text may hold a NUL, which parts them."""
    parts = []
    for column in columns:
        text = "\0".join(column).encode()
        parts += [_LENGTH.pack(len(column)), _LENGTH.pack(len(text)), text]
    return b"".join(parts)


def split(raw: bytes, columns: int, most: int) -> list[tuple[str, ...]]:
    """The columns that were joined: exactly so many, none with more than `most` texts. Raises `Damaged`."""
    found: list[tuple[str, ...]] = []
    at = 0
    for _ in range(columns):
        if at + 2 * _LENGTH.size > len(raw):
            raise Damaged("is cut short")
        count, length = struct.unpack_from("<II", raw, at)
        at += 2 * _LENGTH.size
        found.append(_texts(raw[at : at + length], count, length, most))
        at += length
    if at != len(raw):
        raise Damaged("is longer than it declares")
    return found


def _texts(raw: bytes, count: int, length: int, most: int) -> tuple[str, ...]:
    if len(raw) != length:
        raise Damaged("is cut short")
    if count > most:
        raise Damaged(f"lists {count:,} things where {most:,} is the most")
    if raw.count(b"\0") != max(count - 1, 0) or (count == 0 and raw):
        raise Damaged("does not list as much as it declares")
    if not count:
        return ()
    if raw.isascii():
        return tuple(raw.decode().split("\0"))
    try:  # one by one: a single sign beyond the basic plane makes a text take four bytes for each of its signs
        return tuple([text.decode() for text in raw.split(b"\0")])
    except UnicodeDecodeError:
        raise Damaged("holds text that is not UTF-8") from None
