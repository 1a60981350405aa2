from hypothesis import given
from hypothesis import strategies as st

from app.domain.lines import lines_of
from app.domain.testmap import FileCover, PackedGroups, members, set_of

COVER = FileCover(
    "shop/cart.py", "b" * 40, ("t0", "t1", "t2"), ((lines_of([1, 2, 3]), 0b011), (lines_of([3, 4]), 0b110)), outside=lines_of([9])
)


def test_each_test_is_given_those_of_the_asked_lines_that_it_ran() -> None:
    assert COVER.ran(lines_of([2, 3, 4])) == {0: lines_of([2, 3]), 1: lines_of([2, 3, 4]), 2: lines_of([3, 4])}


def test_a_test_that_ran_none_of_the_lines_is_left_out() -> None:
    assert COVER.ran(lines_of([4])) == {1: lines_of([4]), 2: lines_of([4])}


def test_lines_run_outside_of_tests_are_covered_by_none() -> None:
    assert COVER.covered == lines_of([1, 2, 3, 4])


def test_all_tests_that_ran_anything_are_running() -> None:
    assert list(members(COVER.running)) == [0, 1, 2]


@given(st.sets(st.integers(0, 3_000)))
def test_a_set_of_tests_has_the_members_it_was_made_of(indexes: set[int]) -> None:
    assert members(set_of(indexes)) == sorted(indexes)


few, many = st.integers(0, 255), st.integers(0, (1 << 70) - 1)


@given(st.lists(st.tuples(few, few | many), max_size=20), few)
def test_overlapping_groups_tell_the_same_as_looking_at_each_test(groups: list[tuple[int, int]], asked: int) -> None:
    slow: dict[int, int] = {}
    for lines, tests in groups:
        for test in range(70):
            if tests >> test & 1 and lines & asked:
                slow[test] = slow.get(test, 0) | lines & asked
    assert FileCover("a.py", "b" * 40, (), tuple(groups)).ran(asked) == slow


@given(st.lists(st.tuples(few, st.binary(min_size=9, max_size=9)), max_size=12), st.integers(0, 3), few)
def test_packed_groups_tell_the_same_as_plain_ones(packed: list[tuple[int, bytes]], zeros: int, asked: int) -> None:
    plain = tuple((lines, int.from_bytes(bytes(zeros) + row, "little")) for lines, row in packed)
    groups = PackedGroups([lines for lines, _ in packed], [row for _, row in packed], zeros)
    one, other = (FileCover("a.py", "b" * 40, (), some, 0, None) for some in (groups, plain))
    assert one == other
    assert (one.among(asked), one.ran(asked)) == (other.among(asked), other.ran(asked))
    assert (one.covered, one.running) == (other.covered, other.running)
    assert one != FileCover("a.py", "b" * 40, (), (*plain, (1, 1)), 0, None)
