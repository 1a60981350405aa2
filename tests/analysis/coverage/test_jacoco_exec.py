"""JaCoCo's exec files become lines by test, with the classes that ran beside them."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import jacoco_xml
from app.analysis.coverage.jacoco_exec import Dump, Fired, dumps, read, recognises
from app.analysis.coverage.jacoco_probes import ProbedClass, probed_class
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import lines_of
from app.domain.testmap import Grain, Reading

DATA = Path(__file__).parent / "data" / "jvm"
PER_TEST = (DATA / "per-test.exec").read_bytes()
FILES = sorted((DATA / "classes" / "com" / "shop").iterdir())
CLASSES = {found.number: found for path in FILES if (found := probed_class(path.read_bytes()))}
HEADER = b"\x01\xc0\xc0\x10\x07"
CART = ProbedClass(7, "com/shop/Cart", "com/shop/Cart.java", (lines_of([3]), lines_of([3, 4])), lines_of([3, 4, 5]))


def text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2, "big") + value.encode()


def session(name: str) -> bytes:
    return b"\x10" + text(name) + bytes(16)


def fired(number: int, name: str, probes: list[bool]) -> bytes:
    bits = sum(1 << index for index, on in enumerate(probes) if on)
    count, varint = len(probes), b""
    while True:
        count, low = count >> 7, count & 0x7F
        varint += bytes([low | (0x80 if count else 0)])
        if not count:
            break
    return b"\x11" + number.to_bytes(8, "big") + text(name) + varint + bits.to_bytes((len(probes) + 7) // 8, "little")


def by_test(reading: Reading) -> dict[tuple[str, str], int]:
    return {(reading.tests[test], file.path): lines for file in reading.files for test, lines in file.ran.items()}


def test_an_exec_file_is_recognised() -> None:
    assert recognises(PER_TEST[:64])


def test_each_dumped_session_that_names_a_test_is_one_test() -> None:
    reading = read(PER_TEST, "unit", CLASSES)
    assert reading.grain is Grain.TEST
    assert sorted(reading.tests) == [
        "com.shop.CartTest#adds",
        "com.shop.CartTest#findsTheCheapest",
        "com.shop.CartTest#refusesNegativePrices",
        "com.shop.CartTest#runsOnMondaysAlone",
        "com.shop.CartTest$WithDiscount#halvesForStaff",
        "com.shop.DiscountTest#failsOnPurpose",
        "com.shop.DiscountTest#knowsStudents",
        "com.shop.DiscountTest#takesAnUnknownNameForNone",
    ]


@pytest.mark.parametrize("report", sorted(path.name for path in (DATA / "each").glob("*Test*.xml")))
def test_a_test_ran_the_lines_of_jacoco_s_own_report_for_it(report: str) -> None:
    told = jacoco_xml.read((DATA / "each" / report).read_bytes(), "unit")
    # `valueOf` and the copy of `finally`, which reports leave out, and a line that an exception ended.
    generated = {"com/shop/Discount.java": lines_of([3, 27, 33])}
    ours = by_test(read(PER_TEST, "unit", CLASSES))
    at_load = {"com/shop/Discount.java": lines_of([4, 5, 6])}  # the constants, made by whichever test came first
    for file in told.files:
        more = ours.get((told.tests[0], file.path), 0) ^ file.ran.get(0, 0) & ~at_load.get(file.path, 0)
        assert more & ~generated.get(file.path, 0) == 0


def test_what_runs_when_a_class_is_loaded_is_no_test_s() -> None:
    discount = next(file for file in read(PER_TEST, "unit", CLASSES).files if file.path == "com/shop/Discount.java")
    assert discount.outside == lines_of([3, 4, 5, 6])
    assert not any(lines & lines_of([4, 5, 6]) for lines in discount.ran.values())


def test_what_runs_when_a_class_is_loaded_is_the_suite_s() -> None:
    files = read((DATA / "suite.exec").read_bytes(), "unit", CLASSES).files
    discount = next(file for file in files if file.path == "com/shop/Discount.java")
    assert (discount.outside, discount.ran[0] & lines_of([4, 5, 6])) == (0, lines_of([4, 5, 6]))


def test_a_line_that_an_exception_ended_has_run() -> None:
    ran = by_test(read(PER_TEST, "unit", CLASSES))
    reaching = {test for (test, path), lines in ran.items() if path == "com/shop/Discount.java" and lines >> 27 & 1}
    assert reaching == {"com.shop.DiscountTest#takesAnUnknownNameForNone"}  # the one that asks for no known name


def test_a_class_that_no_test_entered_is_measured_with_its_code() -> None:
    never = next(file for file in read(PER_TEST, "unit", CLASSES).files if file.path == "com/shop/Never.java")
    assert (never.ran, never.code) == ({}, lines_of([3, 5, 6, 7, 9]))


def test_without_a_listener_the_suite_is_the_test() -> None:
    reading = read((DATA / "suite.exec").read_bytes(), "unit", CLASSES)
    assert (reading.grain, reading.tests) == (Grain.SUITE, ("unit",))


def test_what_ran_between_the_tests_ran_outside_of_them() -> None:
    data = HEADER + session("runner-1f3a") + fired(7, CART.name, [True, False])
    data += HEADER + session("com.shop.CartTest#adds") + fired(7, CART.name, [True, True])
    (file,) = read(data, "unit", {7: CART}).files
    assert (file.ran, file.outside) == ({0: lines_of([3, 4])}, lines_of([3]))


def test_merged_sessions_are_nobody_s_own() -> None:
    data = HEADER + session("com.shop.CartTest#adds") + session("com.shop.CartTest#takes") + fired(7, CART.name, [True, True])
    reading = read(data, "unit", {7: CART})
    assert (reading.grain, reading.tests) == (Grain.SUITE, ("unit",))


def test_a_test_dumped_twice_ran_what_both_dumps_say() -> None:
    data = b"".join(
        HEADER + session("com.shop.CartTest#adds") + fired(7, CART.name, probes) for probes in ([True, False], [False, True])
    )
    (file,) = read(data, "unit", {7: CART}).files
    assert file.ran == {0: lines_of([3, 4])}


def test_probes_without_classes_are_refused_with_the_remedy() -> None:
    with pytest.raises(Unreadable, match="--classes"):
        read(PER_TEST, "unit")


def test_classes_of_another_build_are_refused() -> None:
    with pytest.raises(Unreadable, match="another build"):
        read(HEADER + session("x-1") + fired(8, CART.name, [True, True]), "unit", {7: CART})


def test_a_source_of_which_one_class_ran_in_another_build_is_left_out() -> None:
    other = ProbedClass(9, "com/shop/Till", "com/shop/Till.java", (lines_of([1]),), lines_of([1]))
    data = HEADER + session("x-1") + fired(8, CART.name, [True, True]) + fired(9, other.name, [True])
    assert [file.path for file in read(data, "unit", {7: CART, 9: other}).files] == [other.path]


def test_a_class_with_another_count_of_probes_is_not_believed() -> None:
    with pytest.raises(Unreadable, match="another build"):
        read(HEADER + session("x-1") + fired(7, CART.name, [True]), "unit", {7: CART})


def test_classes_that_never_ran_at_all_are_refused() -> None:
    with pytest.raises(Unreadable, match="No class that ran"):
        read(HEADER + session("x-1") + fired(1, "org/other/Thing", [True]), "unit", {7: CART})


def test_a_file_of_an_old_jacoco_is_refused_with_the_remedy() -> None:
    with pytest.raises(Unreadable, match=r"0\.7\.5"):
        dumps(b"\x01\xc0\xc0\x10\x06")


@pytest.mark.parametrize("cut", [6, 30, 100, len(PER_TEST) - 1])
def test_a_file_that_was_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(Unreadable, match="cut-off"):
        dumps(PER_TEST[:cut])


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0", max_codepoint=0xFFFF), max_size=20)
FIRED = st.tuples(st.integers(0, (1 << 64) - 1), NAMES, st.lists(st.booleans(), max_size=300))


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, st.lists(FIRED, max_size=4)), max_size=4))
def test_what_was_written_is_what_is_read(blocks: list[tuple[str, list[tuple[int, str, list[bool]]]]]) -> None:
    data = HEADER + b"".join(HEADER + session(name) + b"".join(fired(*one) for one in ran) for name, ran in blocks)
    told = [
        Dump([name], [Fired(number, of, len(on), sum(1 << n for n, bit in enumerate(on) if bit)) for number, of, on in ran])
        for name, ran in blocks
    ]
    assert dumps(data)[1:] == told


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_and_never_breaks(data: st.DataObject) -> None:
    changed = bytearray(PER_TEST)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        assert list(read(bytes(changed[: data.draw(st.integers(0, len(changed)))]), "unit", CLASSES).files)


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_bytes_that_only_begin_like_an_exec_file_never_break(rest: bytes) -> None:
    with suppress(Unreadable):
        dumps(HEADER + rest)
