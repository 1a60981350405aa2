"""LCOV, with and without names of tests."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import lcov
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE
from app.domain.testmap import Grain
from tests.analysis.coverage.seen import Seen, read_fixture, seen


def test_what_vitest_writes_is_read() -> None:
    assert read_fixture("vitest-istanbul.info") == [
        Seen("src/pricing.js", {"unit": [1, 2, 5, 13]}, [], [1, 2, 3, 5, 8, 9, 10, 13]),
        Seen("src/stock.js", {"unit": [2, 3, 6, 7, 8, 9]}, [], [2, 3, 6, 7, 8, 9]),
    ]


def test_what_nodes_own_runner_writes_is_read() -> None:
    assert read_fixture("node-test.info")[1] == Seen("pricing.js", {"unit": [1, 2, 5, 6, 7, 12, 13]}, [], list(range(1, 14)))


def test_what_c8_writes_is_read() -> None:
    assert read_fixture("c8.info")[0].ran == {"unit": [1, 2, 5, 6, 7, 12, 13]}


def record(*lines: str, path: str = "a.c", test: str = "") -> str:
    return "\n".join([f"TN:{test}", f"SF:{path}", *lines, "end_of_record", ""])


def read(*records: str) -> list[Seen]:
    return seen(lcov.read("".join(records).encode(), "unit"))


def test_named_tests_are_the_tests() -> None:
    two = record("DA:1,1", "DA:2,1", test="adds") + record("DA:1,4", "DA:2,0", test="takes_away")
    assert [file.ran for file in read(two)] == [{"adds": [1, 2]}, {"takes_away": [1]}]


def test_where_tests_are_named_the_grain_is_the_test() -> None:
    assert lcov.read(record("DA:1,1", test="adds").encode(), "unit").grain is Grain.TEST


def test_where_no_test_is_named_the_grain_is_the_suite() -> None:
    reading = lcov.read(record("DA:1,1").encode(), "unit")
    assert (reading.grain, reading.tests) == (Grain.SUITE, ["unit"])


def test_what_ran_under_no_name_beside_named_tests_ran_outside_of_tests() -> None:
    assert read(record("DA:1,1"), record("DA:2,1", test="adds"))[0] == Seen("a.c", {}, [1], [1])


def test_a_name_holds_for_all_records_up_to_the_next_name() -> None:
    text = "TN:adds\nSF:a.c\nDA:1,1\nend_of_record\nSF:b.c\nDA:2,1\nend_of_record\n"
    assert [file.ran for file in read(text)] == [{"adds": [1]}, {"adds": [2]}]


def test_a_line_with_no_hits_is_code_that_nobody_ran() -> None:
    assert read(record("DA:4,0")) == [Seen("a.c", {}, [], [4])]


def test_a_negative_count_is_no_hit() -> None:
    assert read(record("DA:4,-1")) == [Seen("a.c", {}, [], [4])]


def test_the_checksum_of_a_line_is_passed_over() -> None:
    assert read(record("DA:4,1,Vaf+bI3jlvs/W1Pq"))[0].ran == {"unit": [4]}


@pytest.mark.parametrize("line", [0, -3, MAX_LINE + 1, 10**25])
def test_a_line_that_no_file_can_have_is_left_out(line: int) -> None:
    assert read(record(f"DA:{line},1", "DA:7,1"))[0].ran == {"unit": [7]}


def test_the_line_of_a_function_that_was_entered_has_run() -> None:
    assert read(record("FN:3,total", "FNDA:2,total", "DA:4,2"))[0].ran == {"unit": [3, 4]}


def test_a_function_may_tell_its_last_line_and_have_commas_in_its_name() -> None:
    assert read(record("FN:3,9,total(int, int)", "FNDA:2,total(int, int)"))[0].ran == {"unit": [3]}


def test_numbered_functions_of_lcov_2_are_read() -> None:
    assert read(record("FNL:0,3,9", "FNA:0,2,total", "FNL:1,12,15", "FNA:1,0,bulk")) == [Seen("a.c", {"unit": [3]}, [], [3, 12])]


def test_two_functions_of_one_name_tell_nothing_of_who_was_entered() -> None:
    assert read(record("FN:3,get", "FN:8,get", "FNDA:1,get", "FNDA:0,get")) == [Seen("a.c", {}, [], [3, 8])]


def test_the_lines_of_windows_are_read() -> None:
    assert read(record("DA:4,1", path="C:\\shop\\a.c").replace("\n", "\r\n"))[0] == Seen("C:\\shop\\a.c", {"unit": [4]}, [], [4])


@pytest.mark.parametrize("entry", ["DA:", "DA:1", "DA:x,1", "DA:1,x", "DA:1,1.5", "DA:1,", f"DA:1,{'9' * 5000}"])
def test_an_entry_that_is_no_pair_of_whole_numbers_is_refused(entry: str) -> None:
    with pytest.raises(Unreadable, match="DA entry"):
        read(record(entry))


def test_a_file_that_was_cut_off_is_refused() -> None:
    with pytest.raises(Unreadable, match="cut off"):
        read("TN:\nSF:a.c\nDA:1,1\n")


def test_a_record_within_another_is_refused() -> None:
    with pytest.raises(Unreadable, match="does not end"):
        read("SF:a.c\nDA:1,1\nSF:b.c\nend_of_record\n")


def test_a_comment_may_stand_first() -> None:
    assert lcov.recognises(b"# made by llvm-cov\nTN:\nSF:a.c\n")


COUNTS = st.dictionaries(st.integers(1, 300), st.integers(0, 3), max_size=30)
NAMES = st.sampled_from(["", "adds", "takes_away", "sells"])
PATHS = st.sampled_from(["a.c", "b/c.js", "/home/runner/work/shop/shop/ü.js"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, PATHS, COUNTS), max_size=8))
def test_records_are_read_as_they_were_written(records: list[tuple[str, str, dict[int, int]]]) -> None:
    text = "".join(record(*(f"DA:{n},{c}" for n, c in counts.items()), path=path, test=test) for test, path, counts in records)
    found = read(text)
    named = any(test for test, _, _ in records)
    for (test, path, counts), file in zip(records, found, strict=True):
        hit = sorted(number for number, count in counts.items() if count)
        by = test or ("" if named else "unit")
        assert file == Seen(path, {by: hit} if by and hit else {}, [] if by else hit, sorted(counts))


PIECES = st.sampled_from(
    ["TN:", "SF:", "DA:", "FN:", "FNDA:", "FNL:", "FNA:", "end_of_record", "\n", ",", "1", "999999999999", "-", "x"]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode())))
def test_any_bytes_are_a_reading_or_unreadable(data: bytes) -> None:
    lcov.recognises(data)
    with suppress(Unreadable):
        seen(lcov.read(data, "unit"))
