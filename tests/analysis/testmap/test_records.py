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
@given(ran, lines, st.none() | lines, st.sampled_from([0, records.BY_CLASS]))
def test_what_each_test_ran_comes_back_however_it_is_grouped(
    ran: Mapping[int, LineSet], outside: LineSet, code: LineSet | None, by_class: int
) -> None:
    found = records.decode(records.encode(Measured(PATH, ran, outside, code)), TESTS, by_class)
    assert by_test(found) == {test: some for test, some in ran.items() if some}
    assert (found.outside, found.code) == (outside, code)


@settings(deadline=None)
@given(ran)
def test_no_line_is_in_two_groups_of_lines(ran: Mapping[int, LineSet]) -> None:
    found = records.decode(records.encode(Measured(PATH, ran)), TESTS, by_class=0)
    assert sum(group.bit_count() for group, _ in found.groups) == FileCover(PATH, "", (), found.groups).covered.bit_count()


@pytest.mark.parametrize("classes", [1, 255, 256, 257, 300, 65_536, 65_537])
def test_any_number_of_classes_comes_back(classes: int) -> None:
    ran = {test: test + 1 << 1 for test in range(classes)}
    found = records.decode(records.encode(Measured(PATH, ran)), classes, by_class=1 << 40 if classes < 1_000 else 0)
    tests_of_line_1 = next(tests for group, tests in found.groups if group & 2) if classes > 1_000 else None
    assert tests_of_line_1 in (None, sum(1 << test for test in range(0, classes, 2)))
    assert len(found.groups) == (classes if classes < 1_000 else classes.bit_length())


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


def record(
    form: int = 1,
    by_number: int = 1,
    by_step: int = 1,
    width: int = 1,
    classes: int = 1,
    tests: int = 1,
    rest: bytes = b"\0\0\2\0\1",
) -> bytes:
    return packing.pack(struct.pack("<BBBBIII", form, by_number, by_step, 0, width, classes, tests) + rest)


def test_the_smallest_record_is_read() -> None:
    assert records.decode(record(), 1).groups == ((2, 1),)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record(form=2), "is of a form that this recall does not know"),
        (record(by_number=3), "is of a form that this recall does not know"),
        (record(by_step=0), "is of a form that this recall does not know"),
        (record(width=0), "is not as long as it declares"),
        (record(width=1 << 31), "is not as long as it declares"),
        (record(classes=1 << 31), "is not as long as it declares"),
        (record(tests=1 << 31), "is not as long as it declares"),
        (record(rest=b"\0\0\2\0\1\0"), "is not as long as it declares"),
        (record(rest=b"\0\0\2\0"), "is not as long as it declares"),
        (record(rest=b"\0\0\3\0\1"), "names lines that cannot be"),
        (record(rest=b"\0\0\2\1\1"), "names tests that are not in the dictionary"),
        (record(rest=b"\0\0\2\0\2"), "names tests that are not in the dictionary"),
        (record(rest=b"\0\0\2\0\0"), "names tests that are not in the dictionary"),
        (record(tests=0, rest=b"\0\0\2"), "names tests that are not in the dictionary"),
        (record(width=125_002, tests=0, classes=0, rest=bytes(2 * 125_002)), "is not as long as it declares"),
        (record(width=125_001, tests=0, classes=0, rest=b"\xff" * 2 * 125_001), "names lines that cannot be"),
    ],
)
def test_a_record_that_cannot_be_is_refused(bad: bytes, reason: str) -> None:
    with pytest.raises(Damaged, match=reason):
        records.decode(bad, 1)


def test_a_record_that_would_take_too_much_memory_is_refused() -> None:
    classes, width = 2_000, 1_000
    rest = bytes(width * (classes + 2)) + struct.pack(f"<{classes}H{classes}H", *range(classes), *[250] * classes)
    with pytest.raises(Damaged, match="would take too much memory"):
        records.decode(record(by_number=2, by_step=2, classes=classes, width=width, tests=classes, rest=rest), 500_000)


@pytest.mark.parametrize("some", [1, 1 << 1_000_001, -2], ids=["zeroth", "far", "negative"])
def test_a_line_that_cannot_be_is_not_written(some: int) -> None:
    with pytest.raises(ValueError, match=r"shop/cart\.py has lines that cannot be"):
        records.encode(Measured(PATH, {0: some}))


def test_the_last_line_that_can_be_is_written() -> None:
    some = 1 << 1_000_000
    assert records.decode(records.encode(Measured(PATH, {0: some})), 1).groups == ((some, 1),)


def test_more_than_any_reader_would_take_is_not_written() -> None:
    ran = {test * 100_000: (test + 1 << 500_000) for test in range(200)}
    with pytest.raises(records.TooMuch):
        records.encode(Measured(PATH, ran))
