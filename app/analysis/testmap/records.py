"""The record of one file: its sets of lines with the tests that ran them, as bytes; the same in a map file and in a database.

Tests that ran exactly the same lines of the file are a class. A record lists the classes' sets of lines, then for every test that
ran anything its class. Why so, and what else was measured: docs/decisions/0007-test-map.md.

    1 byte, 1 byte, 3 x 4 bytes   form of the record, bytes of a class number, classes, bytes of a set of lines, bytes of tests
    1 byte                        whether the lines that are code are known
    sets of lines                 that ran outside of tests, that are code, of each class
    set of tests                  that ran anything
    class numbers                 of those tests, in their order

Sets are bit n for member n, little-endian. All of it is packed, and bounded by what it expands to and not only by its length.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from operator import itemgetter

from app.analysis.testmap.packing import Damaged, pack, unpack
from app.domain.lines import MAX_LINE, LineSet
from app.domain.testmap import Measured, TestSet

FORM = 1
MAX_RAW = 64 << 20
# What the sets of one record may take in memory at most, and how much sets of tests may take to be grouped by class.
MAX_EXPANDED = 128 << 20
BY_CLASS = 8 << 20
_HEAD = struct.Struct("<BBIIIB")
_SIZES = {1: "B", 2: "H", 4: "I"}
_AS_BITS = bytes.maketrans(b"01", b"\0\1")

Groups = tuple[tuple[LineSet, TestSet], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """What a record holds; see `app.domain.testmap.FileCover`."""

    groups: Groups
    outside: LineSet = 0
    code: LineSet | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A record taken apart: the tests that ran anything, and for each the number of its class."""

    classes: Sequence[LineSet]
    ran: Sequence[int]
    numbers: Sequence[int]
    outside: LineSet
    code: LineSet | None


class TooMuch(ValueError):
    """A file of which so many tests ran so many different lines that no record may hold it."""


def encode(measured: Measured) -> bytes:
    """The record of a file. Raises `TooMuch`, and ValueError for a line or a test that cannot be."""
    classes: dict[LineSet, int] = {}
    ran = sorted((test, lines) for test, lines in measured.ran.items() if lines)
    numbers = [classes.setdefault(lines, len(classes)) for _, lines in ran]
    sets = [measured.outside, measured.code or 0, *classes]
    highest = max(lines.bit_length() for lines in sets)
    if highest > MAX_LINE + 1 or any(lines < 0 or lines & 1 for lines in sets):
        raise ValueError(f"{measured.path} has lines that cannot be")
    width, across = highest // 8 + 1, ran[-1][0] // 8 + 1 if ran else 0
    size = 1 if len(classes) <= 1 << 8 else 2 if len(classes) <= 1 << 16 else 4
    raw = b"".join(
        (
            _HEAD.pack(FORM, size, len(classes), width, across, measured.code is not None),
            *(lines.to_bytes(width, "little") for lines in sets),
            _set_of([test for test, _ in ran]).to_bytes(across, "little"),
            struct.pack(f"<{len(numbers)}{_SIZES[size]}", *numbers),
        )
    )
    if len(raw) > MAX_RAW or _expanded(len(classes), width, across) > MAX_EXPANDED:
        raise TooMuch(measured.path)
    return pack(raw)


def decode(record: bytes, tests: int, by_class: int = BY_CLASS) -> Lines:
    """What `encode` was given, if all its tests are among the first `tests`. Raises `Damaged`.

    Groups are classes as long as their sets of tests take no more than `by_class` bytes, else they are groups of lines.
    """
    parts = check(record, tests)
    group = _by_class if len(parts.classes) * (parts.ran[-1] if parts.ran else 0) <= 8 * by_class else _by_lines
    return Lines(group(parts), parts.outside, parts.code)


def check(record: bytes, tests: int) -> Parts:
    """The parts of a record that is sound. Raises `Damaged` for any other."""
    raw = unpack(record, MAX_RAW)
    if len(raw) < _HEAD.size:
        raise Damaged("is cut short")
    form, size, count, width, across, has_code = _HEAD.unpack_from(raw)
    if form != FORM or size not in _SIZES:
        raise Damaged("is of a form that this recall does not know")
    at = _HEAD.size + (count + 2) * width
    if not 1 <= width <= MAX_LINE // 8 + 1 or len(raw) < at + across:
        raise Damaged("is not as long as it declares")
    if across > tests // 8 + 1 or count > tests:
        raise Damaged("names tests that are not in the dictionary")
    if _expanded(count, width, across) > MAX_EXPANDED:
        raise Damaged("would take too much memory")
    sets = [int.from_bytes(raw[start : start + width], "little") for start in range(_HEAD.size, at, width)]
    if any(lines & 1 or lines.bit_length() > MAX_LINE + 1 for lines in sets):
        raise Damaged("names lines that cannot be")
    ran = _members(int.from_bytes(raw[at : at + across], "little"))
    numbers = _class_numbers(raw[at + across :], size, len(ran))
    if (ran and ran[-1] >= tests) or set(numbers) != set(range(count)):
        raise Damaged("names tests that are not in the dictionary")
    return Parts(sets[2:], ran, numbers, sets[0], sets[1] if has_code else None)


def _expanded(classes: int, width: int, across: int) -> int:
    """How many bytes the groups take at most, whichever way they are grouped."""
    if classes * across <= BY_CLASS:
        return classes * (width + across)
    return classes * width * 8 + min(classes, width * 8) * (width + across)


def _class_numbers(raw: bytes, size: int, count: int) -> Sequence[int]:
    if len(raw) != size * count:
        raise Damaged("does not list as many tests as it declares")
    return raw if size == 1 else struct.unpack(f"<{count}{_SIZES[size]}", raw)


def _by_class(parts: Parts) -> Groups:
    """Each class with its tests: no test is in two groups."""
    tests: list[list[int]] = [[] for _ in parts.classes]
    for number, test in zip(parts.numbers, parts.ran, strict=True):
        tests[number].append(test)
    sets = (1 << some[0] if len(some) == 1 else _set_of(some) for some in tests)
    return tuple(zip(parts.classes, sets, strict=True))


def _by_lines(parts: Parts) -> Groups:
    """The lines that the same classes ran, with the tests of those: no line is in two groups.

    Of a file with n lines there are at most n such groups, however many thousand tests each ran it in its own way.
    """
    if not parts.ran:
        return ()
    length = max(lines.bit_length() for lines in parts.classes)
    # A row of digits for each class, the highest line first; every `length`-th digit is a column.
    digits = "".join(f"{lines:0{length}b}" for lines in parts.classes)
    lines_of: dict[str, LineSet] = {}
    for line in range(1, length):
        column = digits[length - 1 - line :: length]
        lines_of[column] = lines_of.get(column, 0) | 1 << line
    lines_of.pop("0" * len(parts.classes), None)
    # For every test, the highest first, the digit of its class; one that ran nothing, and the last of all, have the 0 at the end.
    places = [len(parts.classes)] * (parts.ran[-1] + 2)
    for number, test in zip(parts.numbers, parts.ran, strict=True):
        places[-2 - test] = number
    pick = itemgetter(*places)
    return tuple((lines, int("".join(pick(column + "0")), 2) >> 1) for column, lines in lines_of.items())


def _set_of(tests: Sequence[int]) -> TestSet:
    if not tests:
        return 0
    bits = bytearray(max(tests) // 8 + 1)
    for test in tests:
        bits[test >> 3] |= 1 << (test & 7)
    return int.from_bytes(bits, "little")


def _members(tests: TestSet) -> list[int]:
    """The indexes, ascending; in one go, unlike `app.domain.testmap.members`."""
    bits = f"{tests:b}"[::-1].encode().translate(_AS_BITS)
    return list(compress(range(len(bits)), bits))
