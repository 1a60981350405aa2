"""Takes apart the names of files as git prints them in text: as they are, or quoted like a string of C."""

import re

_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_SHORT = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}


def unquoted(name: bytes) -> str:
    r"""`"na\303\257ve\t"` -> the name itself; bytes that are no UTF-8 become lone surrogates, as in every path of recall's."""
    if len(name) > 1 and name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(_meant, name[1:-1])
    return name.decode(errors="surrogateescape")


def _meant(match: re.Match[bytes]) -> bytes:
    told = match[1]
    if len(told) == 3:
        return bytes([int(told, 8) & 0xFF])
    return _SHORT.get(told, told)
