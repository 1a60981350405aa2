"""Contexts stand for tests, numbits and arcs for lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.coverage_py import OUTSIDE, lines_of_arcs, lines_of_numbits, read_contexts, recognises, sound
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE, lines_of
from app.domain.testmap import Grain


def read_as(*contexts: str) -> dict[str, str | None]:
    """The test that each context stands for, None outside of tests."""
    read = read_contexts(contexts, "unit")
    return {context: None if owner == OUTSIDE else read.tests[owner] for context, owner in read.owners.items()}


def test_set_up_run_and_tear_down_are_one_test() -> None:
    read = read_contexts(["t.py::a|setup", "t.py::a|run", "t.py::a|teardown", "t.py::b|run"], "unit")
    assert (read.grain, read.tests) == (Grain.TEST, ("t.py::a", "t.py::b"))
    assert list(read.owners.values()) == [0, 0, 0, 1]


def test_what_runs_without_a_context_is_outside_of_tests() -> None:
    assert read_as("", "t.py::a|run") == {"": None, "t.py::a|run": "t.py::a"}


def test_a_parametrised_id_is_kept_whatever_it_holds() -> None:
    assert read_as("t.py::a[x|y]|run", "t.py::a[::|run]|run") == {
        "t.py::a[x|y]|run": "t.py::a[x|y]",
        "t.py::a[::|run]|run": "t.py::a[::|run]",
    }


def test_a_static_context_is_taken_off() -> None:
    assert read_as("py311", "py311|t.py::a[x|y]|run", "py312|t.py::a[x|y]|run") == {
        "py311": None,
        "py311|t.py::a[x|y]|run": "t.py::a[x|y]",
        "py312|t.py::a[x|y]|run": "t.py::a[x|y]",
    }


def test_test_functions_are_tests_by_their_qualified_names() -> None:
    assert read_as("", "py311|tests.test_a.TestX.test_b", "tests.test_a.test_c", "tests.test_a.Old.runTest") == {
        "": None,
        "py311|tests.test_a.TestX.test_b": "tests.test_a.TestX.test_b",
        "tests.test_a.test_c": "tests.test_a.test_c",
        "tests.test_a.Old.runTest": "tests.test_a.Old.runTest",
    }


def test_without_contexts_everything_is_the_suite_s() -> None:
    read = read_contexts([""], "unit")
    assert (read.grain, read.tests, read.owners) == (Grain.SUITE, ("unit",), {"": 0})


def test_static_contexts_alone_are_suites() -> None:
    read = read_contexts(["", "integration"], "unit")
    assert (read.grain, read.tests) == (Grain.SUITE, ("unit", "integration"))


def test_a_file_without_any_context_row_has_no_test() -> None:
    assert read_contexts([], "unit").tests == ()


@settings(deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from("a:|[].:test_run setup")), max_size=8))
def test_every_context_is_owned_by_a_known_test_or_none(contexts: list[str]) -> None:
    read = read_contexts(contexts, "unit")
    assert set(read.owners) == set(contexts)
    assert all(owner == OUTSIDE or 0 <= owner < len(read.tests) for owner in read.owners.values())
    assert "" not in read.tests


@settings(deadline=None)
@given(
    st.sampled_from(["", "py311|", "linux|py311|"]),
    st.from_regex(r"[a-z/]{1,9}\.py::[A-Za-z_]{1,9}(\[[^\0]{0,9}\])?", fullmatch=True),
    st.sampled_from(["setup", "run", "teardown"]),
)
def test_a_node_id_comes_back_as_it_was(static: str, node: str, phase: str) -> None:
    assert read_as(f"{static}{node}|{phase}") == {f"{static}{node}|{phase}": node}


@settings(deadline=None)
@given(st.sets(st.integers(1, 3000)))
def test_numbits_are_lines(numbers: set[int]) -> None:
    blob = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        blob[number // 8] |= 1 << number % 8
    assert lines_of_numbits(bytes(blob)) == lines_of(numbers)


def test_line_0_is_none() -> None:
    assert sound({0: lines_of_numbits(b"\x03"), 1: lines_of_numbits(b"\x06")}) == {0: lines_of([1]), 1: lines_of([1, 2])}


def test_the_last_possible_line_is_let_in() -> None:
    assert sound({0: 1 << MAX_LINE}) == {0: lines_of([MAX_LINE])}


@pytest.mark.parametrize("line", [MAX_LINE + 1, 10 * MAX_LINE])
def test_impossible_lines_are_refused(line: int) -> None:
    with pytest.raises(Unreadable, match="beyond"):
        sound({0: 6, 1: 1 << line})


@settings(deadline=None)
@given(st.lists(st.integers(-3000, 3000)))
def test_the_ends_of_arcs_that_are_no_way_in_or_out_are_lines(ends: list[int]) -> None:
    assert lines_of_arcs(ends) == lines_of({end for end in ends if end > 0})


def test_arcs_to_impossible_lines_are_refused() -> None:
    with pytest.raises(Unreadable, match="beyond"):
        lines_of_arcs([1, MAX_LINE + 1])


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_only_sqlite_is_recognised(head: bytes) -> None:
    assert recognises(head) == head.startswith(b"SQLite format 3\0")
