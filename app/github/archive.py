"""Reads the members of a zip that a stranger made, one by one, in memory and within bounds; nothing is ever extracted.

Refused before a byte is unpacked: too many members, too much declared, an absurd ratio, links, duplicates, encryption. While
unpacking, the bytes that really come are counted. Source of the ways to attack: the documentation of `zipfile`, section
"Decompression pitfalls"; CVE-2024-42471.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from app.domain.errors import TellUser

_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 1 << 20
# All that zipfile is known to raise over what it is given to read.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError)


@dataclass(frozen=True, slots=True)
class Bounds:
    """`packed` are the bytes of the archive, which is held in memory, `member` those that one file unpacks to, `expanded` those
    of all files together. `ratio` is that of unpacked to packed bytes of one file.
    """

    packed: int = 129 << 20
    members: int = 64
    member: int = 128 << 20
    expanded: int = 256 << 20
    ratio: int = 100


BOUNDS = Bounds()


def members(archive: bytes, bounds: Bounds = BOUNDS) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file. Raises TellUser, before the first one or at the one that breaks a bound."""
    # zipfile makes an object of every entry as soon as it opens an archive, and a small archive may hold millions.
    if archive.count(_ENTRY) > 2 * bounds.members:
        raise TellUser(f"The archive holds more than {bounds.members} files.")
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            _check(entries, bounds)
            left = bounds.expanded
            for entry in entries:
                content = _read(opened, entry, left)
                left -= len(content)
                yield entry.filename, content
    except _BROKEN:
        raise TellUser("The archive is damaged.") from None


def _check(entries: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    if len(entries) > bounds.members:
        raise TellUser(f"The archive holds more than {bounds.members} files.")
    if len({entry.filename for entry in entries}) < len(entries):
        raise TellUser("The archive holds two files of one name.")
    if sum(entry.file_size for entry in entries) > bounds.expanded:
        raise TellUser(f"The archive unpacks to more than {bounds.expanded >> 20} MiB.")
    if max((entry.file_size for entry in entries), default=0) > bounds.member:
        raise TellUser(f"A file in the archive unpacks to more than {bounds.member >> 20} MiB.")
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or entry.flag_bits & 1 or entry.compress_type not in _METHODS:
            raise TellUser("The archive holds something else than plain files.")
        if entry.file_size > max(entry.compress_size, 1) * bounds.ratio and entry.file_size > _CHUNK:
            raise TellUser(f"A file in the archive unpacks to more than {bounds.ratio} times its size.")


def _read(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    content = bytearray()
    with opened.open(entry) as file:
        while chunk := file.read(_CHUNK):
            content += chunk
            if len(content) > most:
                raise TellUser("The archive unpacks to more than it declares.")
    return bytes(content)
