"""The record of one file: its sets of lines with the tests that ran them, as bytes; the same in a map file and in a database.

Tests that ran exactly the same lines are one group. A record is bounded by what it expands to and not only by its length.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.analysis.testmap.packing import Damaged, pack, unpack
from app.domain.lines import MAX_LINE, LineSet
from app.domain.testmap import Measured, TestSet, members

FORM = 1
MAX_RAW = 64 << 20
# What the sets of one record may take in memory.
MAX_EXPANDED = 256 << 20
_HEAD = struct.Struct("<BIIII")
_NO_CODE = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Lines:
    """What a record holds; see `app.domain.testmap.FileCover`."""

    groups: tuple[tuple[LineSet, TestSet], ...]
    outside: LineSet = 0
    code: LineSet | None = None


def gathered(ran: Mapping[int, LineSet]) -> dict[LineSet, TestSet]:
    """The tests by the set of lines that they ran; tests that ran none are left out."""
    indexes: dict[LineSet, list[int]] = {}
    for index, lines in ran.items():
        if lines:
            indexes.setdefault(lines, []).append(index)
    return {lines: set_of(numbers) for lines, numbers in indexes.items()}


def set_of(numbers: list[int]) -> TestSet:
    """The set of tests with these indexes."""
    bits = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        bits[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def encode(measured: Measured) -> bytes:
    """The record of a file. Raises ValueError for a line that cannot be."""
    groups = sorted(gathered(measured.ran).items())
    code = measured.code
    every = [lines for lines, _ in groups] + [measured.outside, code or 0]
    highest = max(lines.bit_length() for lines in every)
    if highest > MAX_LINE + 1 or any(lines < 0 or lines & 1 for lines in every):
        raise ValueError(f"{measured.path} has lines that cannot be")
    width = highest // 8 + 1
    numbers = [list(members(tests)) for _, tests in groups]
    count = sum(map(len, numbers))
    raw = b"".join(
        [
            _HEAD.pack(FORM, len(groups), width, count, _NO_CODE if code is None else 0),
            measured.outside.to_bytes(width, "little"),
            (code or 0).to_bytes(width, "little"),
            *(lines.to_bytes(width, "little") for lines, _ in groups),
            struct.pack(f"<{len(groups)}I", *map(len, numbers)),
            struct.pack(f"<{count}I", *(number for group in numbers for number in group)),
        ]
    )
    return pack(raw)


def decode(record: bytes, tests: int) -> Lines:
    """What `encode` was given, if all its tests are among the first `tests`. Raises `Damaged`."""
    raw = unpack(record, MAX_RAW)
    if len(raw) < _HEAD.size:
        raise Damaged("is cut short")
    form, count, width, total, no_code = _HEAD.unpack_from(raw)
    if form != FORM:
        raise Damaged("is of a form that this recall does not know")
    if not 1 <= width <= MAX_LINE // 8 + 1 or len(raw) != _HEAD.size + (count + 2) * width + 4 * (count + total):
        raise Damaged("is not as long as it declares")
    if count * (width + tests // 8 + 1) > MAX_EXPANDED:
        raise Damaged("would take too much memory")
    at = _HEAD.size
    sets = [int.from_bytes(raw[start : start + width], "little") for start in range(at, at + (count + 2) * width, width)]
    if any(lines & 1 or lines.bit_length() > MAX_LINE + 1 for lines in sets):
        raise Damaged("names lines that cannot be")
    groups = tuple(zip(sets[2:], _tests(raw, at + (count + 2) * width, count, tests), strict=True))
    return Lines(groups, sets[0], None if no_code else sets[1])


def _tests(raw: bytes, at: int, count: int, tests: int) -> Iterator[TestSet]:
    sizes = struct.unpack_from(f"<{count}I", raw, at)
    at += 4 * count
    if at + 4 * sum(sizes) != len(raw):
        raise Damaged("does not list as many tests as it declares")
    for size in sizes:
        numbers = list(struct.unpack_from(f"<{size}I", raw, at))
        at += 4 * size
        if not numbers or max(numbers) >= tests:
            raise Damaged("names tests that are not in the dictionary")
        yield set_of(numbers)
