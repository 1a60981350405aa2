from hypothesis import given
from hypothesis import strategies as st

from app.domain.lines import lines_of
from app.domain.testmap import FileCover, members, set_of

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


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), max_size=6), st.integers(0, 255))
def test_overlapping_groups_tell_the_same_as_looking_at_each_test(groups: list[tuple[int, int]], asked: int) -> None:
    slow: dict[int, int] = {}
    for lines, tests in groups:
        for test in range(8):
            if tests >> test & 1 and lines & asked:
                slow[test] = slow.get(test, 0) | lines & asked
    assert FileCover("a.py", "b" * 40, (), tuple(groups)).ran(asked) == slow
