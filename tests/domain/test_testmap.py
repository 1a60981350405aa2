from app.domain.lines import lines_of
from app.domain.testmap import FileCover, members

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
