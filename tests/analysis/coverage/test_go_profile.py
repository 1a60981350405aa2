"""Go's cover profiles: blocks become lines."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import go_profile
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE
from app.domain.testmap import Grain
from tests.analysis.coverage.seen import Seen, read_fixture, seen


def test_what_go_test_writes_is_read() -> None:
    assert read_fixture("go-set.out") == [
        Seen("example.org/shop/pricing/pricing.go", {"unit": [5, 6, 9]}, [], [5, 6, 7, 8, 9, 12, 13, 14]),
        Seen("example.org/shop/stock/stock.go", {"unit": [11, 12, 15, 16]}, [], [11, 12, 13, 14, 15, 16]),
    ]


def test_a_block_that_every_package_writes_again_ran_if_any_ran_it() -> None:
    assert read_fixture("go-atomic.out")[1].ran == {"unit": [5, 6, 7, 8, 9, 12, 13, 14]}


def read(*blocks: str) -> list[Seen]:
    return seen(go_profile.read("\n".join(["mode: count", *blocks, ""]).encode(), "unit"))


def test_all_lines_of_a_block_ran_if_it_did() -> None:
    assert read("a.go:3.10,5.2 2 7") == [Seen("a.go", {"unit": [3, 4, 5]}, [], [3, 4, 5])]


def test_a_block_that_did_not_run_is_code() -> None:
    assert read("a.go:3.10,5.2 2 0") == [Seen("a.go", {}, [], [3, 4, 5])]


def test_the_line_that_two_blocks_share_ran_if_either_did() -> None:
    assert read("a.go:1.20,2.12 1 1", "a.go:2.12,4.3 1 0") == [Seen("a.go", {"unit": [1, 2]}, [], [1, 2, 3, 4])]


def test_a_block_without_statements_is_no_code() -> None:
    assert read("a.go:3.10,5.2 0 0") == []


def test_a_path_may_hold_a_colon_and_a_space() -> None:
    assert read("C:\\my shop\\a.go:3.10,3.12 1 1")[0].path == "C:\\my shop\\a.go"


def test_a_mode_in_the_middle_is_that_of_profiles_put_together() -> None:
    assert [file.path for file in read("a.go:1.1,1.2 1 1", "mode: count", "b.go:1.1,1.2 1 1")] == ["a.go", "b.go"]


def test_the_suite_is_the_one_test() -> None:
    reading = go_profile.read(b"mode: set\n", "TestTotal")
    assert (reading.grain, reading.tests) == (Grain.SUITE, ["TestTotal"])


def test_a_profile_of_nothing_is_one() -> None:
    assert go_profile.recognises(b"mode: set")


def test_a_profile_that_was_cut_off_is_refused() -> None:
    with pytest.raises(Unreadable, match="cut off"):
        read("a.go:1.1,1.2 1 1", "a.go:3.1")


@pytest.mark.parametrize("lines", ["0.1,1.1", "5.1,4.1", f"1.1,{MAX_LINE + 1}.1"])
def test_lines_that_cannot_be_are_refused(lines: str) -> None:
    with pytest.raises(Unreadable, match="cannot be"):
        read(f"a.go:{lines} 1 1")


def test_blocks_that_all_reach_over_a_million_lines_are_refused_in_time() -> None:
    with pytest.raises(Unreadable, match="around one another"):
        read(*(f"a.go:{line}.1,{MAX_LINE}.1 1 1" for line in range(1, 2000)))


BLOCKS = st.lists(
    st.tuples(st.sampled_from(["a.go", "b/c.go"]), st.integers(1, 60), st.integers(0, 9), st.integers(0, 2)), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(BLOCKS)
def test_blocks_are_read_as_they_were_written(blocks: list[tuple[str, int, int, int]]) -> None:
    found = {file.path: file for file in read(*(f"{path}:{at}.1,{at + more}.2 1 {count}" for path, at, more, count in blocks))}
    for path in {path for path, *_ in blocks}:
        mine = [(range(at, at + more + 1), count) for where, at, more, count in blocks if where == path]
        ran = sorted({line for lines, count in mine if count for line in lines})
        assert found[path] == Seen(path, {"unit": ran} if ran else {}, [], sorted({line for lines, _ in mine for line in lines}))


PIECES = st.sampled_from(["a.go", ":", ".", ",", " ", "\n", "1", "2", "0", "99999999", "mode: set\n", "a.go:1.1,2.1 1 1\n"])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode())))
def test_any_bytes_are_a_reading_or_unreadable(data: bytes) -> None:
    go_profile.recognises(data)
    with suppress(Unreadable):
        seen(go_profile.read(data, "unit"))
