"""Records: what tests ran comes back line by line and test by test, however it is grouped, and nothing else is let in."""

import struct
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.testmap import packing, records
from app.analysis.testmap.packing import Damaged
from app.domain.lines import LineSet, lines_of
from app.domain.testmap import FileCover, Measured

PATH = "shop/cart.py"
TESTS = 40
lines = st.frozensets(st.integers(1, 60), max_size=12).map(lines_of)
ran = st.dictionaries(st.integers(0, TESTS - 1), lines, max_size=TESTS)


def by_test(found: records.Lines) -> dict[int, LineSet]:
    cover = FileCover(PATH, "", (), found.groups)
    return cover.ran(cover.covered)


@settings(deadline=None)
@given(ran, lines, st.none() | lines)
def test_what_each_test_ran_comes_back(ran: Mapping[int, LineSet], outside: LineSet, code: LineSet | None) -> None:
    found = records.decode(records.encode(Measured(PATH, ran, outside, code)), TESTS)
    assert by_test(found) == {test: some for test, some in ran.items() if some}
    assert (found.outside, found.code) == (outside, code)


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 20_000), lines, max_size=8), st.integers(1, 12))
def test_tests_far_apart_and_many_alike_come_back(far: Mapping[int, LineSet], alike: int) -> None:
    ran = {test + more: some for test, some in far.items() for more in range(alike)}
    found = records.decode(records.encode(Measured(PATH, ran)), 20_012)
    assert by_test(found) == {test: some for test, some in ran.items() if some}


@settings(deadline=None)
@given(ran)
def test_no_line_is_in_two_groups_and_no_two_groups_have_the_same_tests(ran: Mapping[int, LineSet]) -> None:
    groups = records.decode(records.encode(Measured(PATH, ran)), TESTS).groups
    assert sum(group.bit_count() for group, _ in groups) == FileCover(PATH, "", (), groups).covered.bit_count()
    assert len({tests for _, tests in groups}) == len(groups)


def test_more_rows_than_are_turned_at_once_come_back() -> None:
    ran = {test: 1 << 90_000 - test | 1 << 5 for test in range(400)}
    found = records.decode(records.encode(Measured(PATH, ran)), 400)
    assert by_test(found) == ran


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(Damaged):
        records.decode(packing.pack(raw), TESTS)
    with pytest.raises(Damaged):
        records.decode(raw, TESTS)


@settings(max_examples=500, deadline=None)
@given(ran, st.data())
def test_changed_bytes_are_refused_or_read_as_lines_and_tests_that_can_be(
    ran: Mapping[int, LineSet], data: st.DataObject
) -> None:
    raw = bytearray(packing.unpack(records.encode(Measured(PATH, ran)), 1 << 20))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = records.decode(packing.pack(bytes(raw)), TESTS)
    except Damaged:
        return
    assert all(not group & 1 and tests < 1 << TESTS for group, tests in found.groups)


def record(form: int = 1, width: int = 1, count: int = 1, across: int = 1, zeros: int = 0, rest: bytes = b"\0\0\2\1") -> bytes:
    return packing.pack(struct.pack("<BBIIII", form, 0, width, count, across, zeros) + rest)


def test_the_smallest_record_is_read() -> None:
    assert records.decode(record(), 1).groups == ((2, 1),)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(form=2), "is of a form that this recall does not know"),
        (record(width=0), "is not as long as it declares"),
        (record(width=1 << 31), "is not as long as it declares"),
        (record(count=1 << 31), "is not as long as it declares"),
        (record(across=1 << 31), "is not as long as it declares"),
        (record(rest=b"\0\0\2\1\0"), "is not as long as it declares"),
        (record(rest=b"\0\0\2"), "is not as long as it declares"),
        (record(across=0, rest=b"\0\0\2"), "holds more groups of lines than there are lines"),
        (record(count=8, rest=b"\0\0" + b"\2" * 8 + b"\1" * 8), "holds more groups of lines than there are lines"),
        (record(rest=b"\0\0\3\1"), "names lines that cannot be"),
        (record(width=125_001, count=0, rest=b"\xff" * 2 * 125_001), "names lines that cannot be"),
        (record(width=125_002, count=0, rest=bytes(2 * 125_002)), "is not as long as it declares"),
        (record(rest=b"\0\0\2\2"), "names tests that are not in the dictionary"),
        (record(rest=b"\0\0\2\0"), "names tests that are not in the dictionary"),
        (record(zeros=1), "names tests that are not in the dictionary"),
        (record(zeros=(1 << 32) - 1), "names tests that are not in the dictionary"),
    ],
)
def test_a_record_that_cannot_be_is_refused(bad: bytes, reason: str) -> None:
    with pytest.raises(Damaged, match=reason):
        records.decode(bad, 1)


def test_a_test_beyond_the_dictionarys_last_byte_or_within_it_is_refused() -> None:
    reads = record(rest=b"\0\0\2\x10")
    assert tuple(records.decode(reads, 5).groups) == ((2, 1 << 4),)
    for tests in range(5):
        with pytest.raises(Damaged, match="names tests that are not in the dictionary"):
            records.decode(reads, tests)
    assert tuple(records.decode(record(zeros=1, rest=b"\0\0\2\1"), 9).groups) == ((2, 1 << 8),)


def test_a_file_that_no_test_ran_is_read_whatever_is_said_of_its_tests() -> None:
    for across, zeros in ((0, 0), (0, 9), (1, 9)):
        assert tuple(records.decode(record(count=0, across=across, zeros=zeros, rest=b"\2\2"), 1).groups) == ()


def test_a_record_that_would_take_too_much_memory_is_refused() -> None:
    count, width = 3_000, 400
    rest = bytes(width * (count + 2)) + b"\1" * count
    with pytest.raises(Damaged, match="would take too much memory"):
        records.decode(record(width=width, count=count, zeros=60_000, rest=rest), 500_000)


@pytest.mark.parametrize("some", [1, 1 << 1_000_001, -2], ids=["zeroth", "far", "negative"])
def test_a_line_that_cannot_be_is_not_written(some: int) -> None:
    with pytest.raises(ValueError, match=r"shop/cart\.py has lines that cannot be"):
        records.encode(Measured(PATH, {0: some}))


def test_the_last_line_that_can_be_is_written() -> None:
    some = 1 << 1_000_000
    assert records.decode(records.encode(Measured(PATH, {0: some})), 1).groups == ((some, 1),)


def test_more_than_any_reader_would_take_is_not_written() -> None:
    ran = {50_000_000: 2, **{test: 1 << test + 1 for test in range(100)}}
    with pytest.raises(records.TooMuch):
        records.encode(Measured(PATH, ran))
