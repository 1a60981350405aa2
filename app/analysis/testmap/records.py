"""The record of one file: its sets of lines with the tests that ran them, as bytes; the same in a map file and in a database.

Tests that ran exactly the same lines of the file are a class. A record lists the classes' sets of lines, then for every test that
ran anything its class. Why so, and what else was measured: docs/decisions/0007-test-map.md.

    4 x 1 byte        form of the record, bytes of a class number, bytes of a step, whether the lines that are code are known
    3 x 4 bytes       bytes of a set of lines, classes, tests
    sets of lines     that ran outside of tests, that are code, of each class; bit n of the little-endian bytes is line n
    class numbers     of the tests that ran anything, in their order
    steps             from -1 to the index of the first of those tests, and from each to the next

All of it is packed, and bounded by what it expands to and not only by its length.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter, sub

from app.analysis.testmap.packing import Damaged, pack, unpack
from app.domain.lines import MAX_LINE, LineSet
from app.domain.testmap import Measured, TestSet

FORM = 1
MAX_RAW = 64 << 20
# What the sets of one record may take in memory at most, and how much sets of tests may take to be grouped by class.
MAX_EXPANDED = 128 << 20
BY_CLASS = 8 << 20
_HEAD = struct.Struct("<BBBBIII")
_SIZES = {1: "B", 2: "H", 4: "I"}

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
    tests = [test for test, _ in ran]
    steps = list(map(sub, tests, [-1, *tests]))
    sets = [measured.outside, measured.code or 0, *classes]
    highest = max(lines.bit_length() for lines in sets)
    if highest > MAX_LINE + 1 or any(lines < 0 or lines & 1 for lines in sets):
        raise ValueError(f"{measured.path} has lines that cannot be")
    width, by_number, by_step = highest // 8 + 1, _bytes_for(len(classes)), _bytes_for(max(steps, default=0))
    if _expanded(len(classes), width, tests[-1] if tests else 0) > MAX_EXPANDED:
        raise TooMuch(measured.path)
    raw = b"".join(
        (
            _HEAD.pack(FORM, by_number, by_step, measured.code is not None, width, len(classes), len(tests)),
            *(lines.to_bytes(width, "little") for lines in sets),
            struct.pack(f"<{len(tests)}{_SIZES[by_number]}", *numbers),
            struct.pack(f"<{len(tests)}{_SIZES[by_step]}", *steps),
        )
    )
    if len(raw) > MAX_RAW:
        raise TooMuch(measured.path)
    return pack(raw)


def decode(record: bytes, tests: int, by_class: int = BY_CLASS) -> Lines:
    """What `encode` was given, if all its tests are among the first `tests`. Raises `Damaged`.

    Groups are classes as long as their sets of tests take no more than `by_class` bytes, else they are groups of lines.
    """
    parts = check(record, tests)
    highest = parts.ran[-1] if parts.ran else 0
    group = _by_class if len(parts.classes) * (highest // 8 + 1) <= by_class else _by_lines
    return Lines(group(parts), parts.outside, parts.code)


def check(record: bytes, tests: int) -> Parts:
    """The parts of a record that is sound. Raises `Damaged` for any other."""
    raw = unpack(record, MAX_RAW)
    if len(raw) < _HEAD.size:
        raise Damaged("is cut short")
    form, by_number, by_step, has_code, width, classes, running = _HEAD.unpack_from(raw)
    if form != FORM or by_number not in _SIZES or by_step not in _SIZES or has_code > 1:
        raise Damaged("is of a form that this recall does not know")
    at = _HEAD.size + (classes + 2) * width
    if not 1 <= width <= MAX_LINE // 8 + 1 or len(raw) != at + (by_number + by_step) * running:
        raise Damaged("is not as long as it declares")
    if not classes <= running <= tests:
        raise Damaged("names tests that are not in the dictionary")
    sets = [int.from_bytes(raw[start : start + width], "little") for start in range(_HEAD.size, at, width)]
    if any(lines & 1 or lines.bit_length() > MAX_LINE + 1 for lines in sets):
        raise Damaged("names lines that cannot be")
    numbers = struct.unpack_from(f"<{running}{_SIZES[by_number]}", raw, at)
    steps = struct.unpack_from(f"<{running}{_SIZES[by_step]}", raw, at + by_number * running)
    ran = list(accumulate(steps, initial=-1))[1:]
    if 0 in steps or max(ran, default=-1) >= tests or len(set(numbers)) != classes or max(numbers, default=-1) >= classes:
        raise Damaged("names tests that are not in the dictionary")
    if _expanded(classes, width, ran[-1] if ran else 0) > MAX_EXPANDED:
        raise Damaged("would take too much memory")
    return Parts(sets[2:], ran, numbers, sets[0], sets[1] if has_code else None)


def _expanded(classes: int, width: int, highest: int) -> int:
    """How many bytes the groups take at most, whichever way they are grouped; `highest` is the index of the last test."""
    across = highest // 8 + 1
    if classes * across <= BY_CLASS:
        return classes * (width + across)
    return classes * width * 8 + min(classes, width * 8) * (width + across)


def _bytes_for(most: int) -> int:
    return 1 if most < 1 << 8 else 2 if most < 1 << 16 else 4


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
    bits = bytearray(tests[-1] // 8 + 1)
    for test in tests:
        bits[test >> 3] |= 1 << (test & 7)
    return int.from_bytes(bits, "little")
