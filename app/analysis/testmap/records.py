"""The record of one file: its sets of lines with the tests that ran them, as bytes; the same in a map file and in a database.

The lines that exactly the same tests ran are a group. A record lists the groups' sets of lines, then their sets of tests. Why so,
and what else was measured: docs/decisions/0007-test-map.md.

    2 x 1 byte       form of the record, whether the lines that are code are known
    4 x 4 bytes      bytes of a set of lines, groups, bytes of a set of tests, bytes that every set of tests begins with as zeros
    sets of lines    that ran outside of tests, that are code, of each group
    sets of tests    of each group, without the zeros that they begin with

In a set bit n of the little-endian bytes is line n or test n. All of it is packed, and bounded by what it expands to and not only
by its length.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from app.analysis.testmap.packing import Damaged, pack, unpack
from app.domain.lines import MAX_LINE, LineSet, lines_of
from app.domain.testmap import Group, Measured, PackedGroups, TestSet, members, set_of

FORM = 1
MAX_RAW = 64 << 20
# What the sets of one record may take in memory.
MAX_EXPANDED = 128 << 20
_HEAD = struct.Struct("<BBIIII")
# So many digits are turned at once, that memory stays flat however many tests ran a file however long.
_DIGITS = 16 << 20
# A test that did not run the file is carried along as zeros, unless fewer than one in so many did.
_SPARSE = 8

Groups = tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """What a record holds; see `app.domain.testmap.FileCover`. No line is in two groups."""

    groups: PackedGroups
    outside: LineSet = 0
    code: LineSet | None = None


class TooMuch(ValueError):
    """A file of which so many tests ran so many different lines that no record may hold it."""


def encode(measured: Measured) -> bytes:
    """The record of a file. Raises `TooMuch`, and ValueError for a line or a test that cannot be."""
    ran = {test: lines for test, lines in sorted(measured.ran.items()) if lines}
    known = [measured.outside, measured.code or 0, *ran.values()]
    length = max(lines.bit_length() for lines in known)
    if length > MAX_LINE + 1 or any(lines < 0 or lines & 1 for lines in known):
        raise ValueError(f"{measured.path} has lines that cannot be")
    width = length // 8 + 1
    groups = _groups(ran)
    zeros = min(ran, default=0) // 8
    across = max(ran, default=0) // 8 + 1 - zeros
    if len(groups) * (width + zeros + across) > MAX_EXPANDED:
        raise TooMuch(measured.path)
    raw = b"".join(
        (
            _HEAD.pack(FORM, measured.code is not None, width, len(groups), across, zeros),
            *(lines.to_bytes(width, "little") for lines in (measured.outside, measured.code or 0)),
            *(lines.to_bytes(width, "little") for lines, _ in groups),
            *((tests >> 8 * zeros).to_bytes(across, "little") for _, tests in groups),
        )
    )
    if len(raw) > MAX_RAW:
        raise TooMuch(measured.path)
    return pack(raw)


def decode(record: bytes, tests: int) -> Lines:
    """What `encode` was given, if all its tests are among the first `tests`. Raises `Damaged`."""
    raw = unpack(record, MAX_RAW)
    if len(raw) < _HEAD.size:
        raise Damaged("is cut short")
    form, has_code, width, count, across, zeros = _HEAD.unpack_from(raw)
    if form != FORM or has_code > 1:
        raise Damaged("is of a form that this recall does not know")
    middle = _HEAD.size + (count + 2) * width
    if not 1 <= width <= MAX_LINE // 8 + 1 or len(raw) != middle + count * across:
        raise Damaged("is not as long as it declares")
    if count >= 8 * width or (count and not across):
        raise Damaged("holds more groups of lines than there are lines")
    if count and zeros + across > tests // 8 + 1:
        raise Damaged("names tests that are not in the dictionary")
    if count * (width + zeros + across) > MAX_EXPANDED:
        raise Damaged("would take too much memory")
    sets = [int.from_bytes(raw[at : at + width], "little") for at in range(_HEAD.size, middle, width)]
    every = reduce(or_, sets)
    if every & 1 or every.bit_length() > MAX_LINE + 1:
        raise Damaged("names lines that cannot be")
    rows = [raw[at : at + across] for at in range(middle, len(raw), across)] if count else []
    # No set has more bytes than the dictionary needs; where one has as many, its last may stand for fewer than eight tests.
    last = max(raw[middle + across - 1 :: across]) if count and zeros + across > tests // 8 else 0
    if last >> tests % 8 or bytes(across) in rows:
        raise Damaged("names tests that are not in the dictionary")
    return Lines(PackedGroups(sets[2:], rows, zeros), sets[0], sets[1] if has_code else None)


def _groups(ran: Mapping[int, LineSet]) -> Groups:
    """The lines with the tests that ran them, by the first line; `ran` is by test, ascending, and has no empty set."""
    if not ran:
        return ()
    tests = list(ran)
    first, span = tests[0], tests[-1] - tests[0] + 1
    dense = span <= _SPARSE * len(tests)
    columns = _turned([ran.get(test, 0) for test in range(first, first + span)] if dense else list(ran.values()))
    lines: dict[TestSet, list[int]] = {}
    for line, column in enumerate(columns):
        if column:
            lines.setdefault(column, []).append(line)
    if dense:
        return tuple((lines_of(some), column << first) for column, some in lines.items())
    return tuple((lines_of(some), set_of([tests[place] for place in members(column)])) for column, some in lines.items())


def _turned(rows: Sequence[LineSet]) -> list[int]:
    """The same bits by column: bit n of the m-th number given is bit m of the n-th row.

    Rows are written as digits behind one another; a column is every so manieth digit, cut out and read in one go each.
    """
    length = max(row.bit_length() for row in rows)
    found = [0] * length
    step = max(1, _DIGITS // length)
    for start in range(0, len(rows), step):
        digits = "".join([f"{row:0{length}b}" for row in reversed(rows[start : start + step])])
        known: dict[str, int] = {}
        for place in range(length):
            column = digits[length - 1 - place :: length]
            if column not in known:
                known[column] = int(column, 2)
            found[place] |= known[column] << start
    return found
