r"""recall's own map file: one segment of a test map, written as it comes and safe to read from a stranger.

    recall test map 1 \n       format and version, readable by people
    record, record, ...       one for each file, as `records` makes them
    index                     origin, tests, results, and path, blob and length of every record, packed
    4 bytes, 32 bytes         length of the packed index; SHA-256 of everything before it

The digest finds damage. It proves nothing about who wrote it: everything read is checked and bounded besides.
"""

import hashlib
import json
import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Any, BinaryIO

from app.analysis.testmap import packing, records
from app.analysis.testmap.packing import Damaged
from app.analysis.testmap.results import check_names, result_columns, results_of
from app.analysis.testmap.safe import is_object_id, is_plain, is_safe, plain
from app.domain.errors import TellUser
from app.domain.testmap import FileCover, Grain, Measured, Origin, Segment, TestResult

VERSION = 1
_FIRST_LINE = re.compile(rb"recall test map (\d{1,6})\n")
_FOOT = struct.Struct("<I32s")
_COLUMNS = 9
_MAX_HEAD = 64 << 10
# The last second of the year 9999, behind which there are no dates.
_MAX_MADE = 253_402_300_799
# What a segment is called by: short enough for an index of a database, in any script.
MAX_LABEL = 250
MAX_SHARDS = 10_000
# How often one file may be in a map: once for each input that was read.
MAX_PARTS = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a map file may hold at most. `expanded` counts the bytes that all of its records unpack to."""

    size: int = 128 << 20
    index: int = 128 << 20
    expanded: int = 1 << 30
    files: int = 200_000
    tests: int = 500_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many records and tests, how many (test, line) pairs in them, how many bytes."""

    files: int
    tests: int
    pairs: int
    size: int


@dataclass(frozen=True, slots=True)
class MapFile:
    """A map file that was opened: its index is known to be sound, a record is checked when it is asked for.

    `digest` is the SHA-256 of the file in hexadecimal: the same for the same map, however it came.
    """

    segment: Segment
    digest: str
    _data: memoryview = field(repr=False)
    _places: Mapping[str, tuple[tuple[str, int, int], ...]] = field(repr=False)

    @property
    def paths(self) -> Collection[str]:
        """All files that the segment knows."""
        return self._places.keys()

    def cover(self, path: str) -> tuple[FileCover, ...]:
        """What it knows of a file, a part for each time that it was measured. Raises `TellUser` if a record is damaged."""
        return tuple(
            cover_of(self.segment.tests, path, blob, bytes(self._data[start:end]))
            for blob, start, end in self._places.get(path, ())
        )

    def records(self) -> Iterator[tuple[str, str, bytes]]:
        """Path, blob and record of each file, to be stored as they are. Raises `TellUser` at the first that is damaged."""
        tests = len(self.segment.tests)
        for path, places in self._places.items():
            for blob, start, end in places:
                record = bytes(self._data[start:end])
                with _telling(path):
                    records.decode(record, tests)
                yield path, blob, record


def cover_of(tests: Sequence[str], path: str, blob: str, record: bytes) -> FileCover:
    """The cover that a record holds, by the dictionary of its segment. Raises `TellUser` if it is damaged."""
    with _telling(path):
        found = records.decode(record, len(tests))
    return FileCover(path, blob, tests, found.groups, found.outside, found.code)


@contextmanager
def _telling(path: str) -> Iterator[None]:
    try:
        yield
    except Damaged as error:
        raise TellUser(f"The map is damaged: what it holds of {path} {error}. Build it again.") from None


def write_map(
    out: BinaryIO,
    origin: Origin,
    grain: Grain,
    tests: Sequence[str],
    files: Iterable[tuple[Measured, str]],
    results: Sequence[TestResult] = (),
) -> Written:
    """Writes a map: of each file what was measured, under its path in the repository, with its blob at the covered commit.

    `files` is read once and nothing of it is held; `tests` is read after it. The same path may come several times. Raises
    `TellUser` if the origin cannot be or a file is too much, ValueError for an unsafe path or a test that the dictionary lacks.
    """
    _check_origin(origin)
    writer = _Writer(out)
    writer.write(b"recall test map %d\n" % VERSION)
    paths, blobs, lengths = list[str](), list[str](), list[str]()
    pairs = highest = 0
    for measured, blob in files:
        if not is_safe(measured.path) or not is_object_id(blob):
            raise ValueError(f"{measured.path!r} at {blob!r} cannot be in a map")
        try:
            record = records.encode(measured)
        except records.TooMuch:
            raise TellUser(
                f"More ran of {measured.path} than a map can hold. Leave it out, or give the shards one by one."
            ) from None
        writer.write(record)
        paths.append(measured.path)
        blobs.append(blob)
        lengths.append(str(len(record)))
        pairs += sum(map(int.bit_count, measured.ran.values()))
        highest = max(highest, max(measured.ran, default=-1) + 1)
    if highest > len(tests):
        raise ValueError(f"test {highest - 1} is not among the {len(tests)} of the dictionary")
    columns = [[_head(origin, grain)], [plain(name) for name in tests], *result_columns(results), paths, blobs, lengths]
    index = packing.pack(packing.join(columns))
    writer.write(index)
    out.write(_FOOT.pack(len(index), writer.digest.digest()))
    return Written(len(paths), len(tests), pairs, writer.size + _FOOT.size)


class _Writer:
    """Passes bytes on, counting and digesting them."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Writes them."""
        self._out.write(data)
        self.digest.update(data)
        self.size += len(data)


def open_map(data: bytes | BinaryIO, limits: Limits = LIMITS) -> MapFile:
    """Opens a map file, from a stranger if need be. Raises `TellUser` with one sentence on anything that is wrong with it."""
    content = data if isinstance(data, bytes) else data.read(limits.size + 1)
    if len(content) > limits.size:
        raise TellUser(f"The map is larger than {limits.size >> 20} MiB. Upload it in shards.")
    first = _FIRST_LINE.match(content)
    if first is None:
        raise TellUser("This is not a map of recall. Make one with `recall map build`.")
    if int(first[1]) > VERSION:
        raise TellUser(f"The map is of version {int(first[1])}, this recall reads {VERSION}. Update recall to read it.")
    try:
        return _opened(content, first.end(), limits)
    except Damaged as error:
        raise TellUser(f"The map is damaged: it {error}. Build it again.") from None


def _opened(content: bytes, start: int, limits: Limits) -> MapFile:
    foot = len(content) - _FOOT.size
    if foot < start:
        raise Damaged("is cut short")
    length, digest = _FOOT.unpack_from(content, foot)
    view = memoryview(content)
    if hashlib.sha256(view[:foot]).digest() != digest:
        raise Damaged("is cut short or changed, its digest does not match")
    if length > foot - start:
        raise Damaged("is shorter than it declares")
    raw = packing.unpack(bytes(view[foot - length : foot]), limits.index)
    head, tests, *results, paths, blobs, lengths = packing.split(raw, _COLUMNS, max(limits.tests, limits.files))
    if len(tests) > limits.tests or len(paths) > limits.files:
        raise Damaged(f"holds more than {limits.tests:,} tests or {limits.files:,} files")
    check_names(tests)
    origin, grain = _read_head(head)
    places = _places(paths, blobs, _numbers(lengths), start)
    if (max((end for parts in places.values() for _, _, end in parts), default=start)) != foot - length:
        raise Damaged("is not as long as it declares")
    expanded = sum(packing.declared(view[begin:end]) for parts in places.values() for _, begin, end in parts)
    if expanded > limits.expanded:
        raise Damaged(f"unpacks to more than {limits.expanded >> 20} MiB")
    return MapFile(Segment(origin, grain, tests, results_of(results)), digest.hex(), view, places)


def _places(
    paths: Sequence[str], blobs: Sequence[str], lengths: Sequence[int], start: int
) -> dict[str, tuple[tuple[str, int, int], ...]]:
    if not len(paths) == len(blobs) == len(lengths):
        raise Damaged("does not list as much as it declares")
    if not all(map(is_object_id, blobs)):
        raise Damaged("names a file version that cannot be")
    found: dict[str, list[tuple[str, int, int]]] = {}
    for path, blob, length in zip(paths, blobs, lengths, strict=True):
        if not is_safe(path):
            raise Damaged("names a path that no repository may have")
        found.setdefault(path, []).append((blob, start, start + length))
        start += length
    if max(map(len, found.values()), default=0) > MAX_PARTS:
        raise Damaged("holds too many parts of one file")
    return {path: tuple(parts) for path, parts in found.items()}


def _numbers(texts: Sequence[str]) -> list[int]:
    if not all(text.isascii() and text.isdigit() and len(text) < 12 for text in texts):
        raise Damaged("holds a number that cannot be")
    return [int(text) for text in texts]


def _head(origin: Origin, grain: Grain) -> str:
    return json.dumps(asdict(origin) | {"grain": grain.value}, sort_keys=True)


def _read_head(column: Sequence[str]) -> tuple[Origin, Grain]:
    """What it says of itself: one flat JSON object of texts and numbers, and not a long one."""
    if len(column) != 1 or len(column[0]) > _MAX_HEAD:
        raise Damaged("says too much or nothing of itself")
    try:
        head = json.loads(column[0])
    except (ValueError, RecursionError):
        raise Damaged("does not say what it is") from None
    return read_head(head)


def read_head(head: Any) -> tuple[Origin, Grain]:
    """Origin and grain by the names of their fields, each of its type and within its bounds. Raises `Damaged`."""
    try:
        told = dict(head)
        grain = Grain(told.pop("grain"))
        origin = Origin(**told)
    except (ValueError, TypeError, KeyError):
        raise Damaged("does not say what it is") from None
    if any(type(getattr(origin, each.name)) is not each.type for each in fields(Origin)):
        raise Damaged("does not say what it is")
    try:
        _check_origin(origin)
    except TellUser:
        raise Damaged("says what it is in a way that cannot be") from None
    return origin, grain


def _check_origin(origin: Origin) -> None:
    if not is_object_id(origin.commit):
        raise TellUser(f"{plain(origin.commit, 80)} is not a whole commit id. Give all of its 40 digits.")
    for what, text in (("branch", origin.branch), ("run", origin.run), ("suite", origin.suite), ("tool", origin.tool)):
        if len(text) > MAX_LABEL or not is_plain(text):
            raise TellUser(f"The name of the {what} is too long or has control characters. Give another.")
    if not 1 <= origin.shard <= origin.shards <= MAX_SHARDS:
        raise TellUser(f"Shard {origin.shard} of {origin.shards} cannot be. Count the shards from 1.")
    if not 0 <= origin.made <= _MAX_MADE:
        raise TellUser("The time of the map cannot be. Give seconds since 1970.")
