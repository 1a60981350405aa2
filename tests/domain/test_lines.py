from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import Span
from app.domain.lines import MAX_LINE, line_set, lines_of, marked, spans_of

numbers = st.frozensets(st.integers(1, 200), max_size=60)


@given(numbers)
def test_a_set_of_lines_comes_back_as_the_spans_it_was_made_of(wanted: frozenset[int]) -> None:
    spans = spans_of(lines_of(wanted))
    assert {line for span in spans for line in range(span.start, span.end + 1)} == wanted
    assert line_set(spans) == lines_of(wanted)


@given(numbers)
def test_spans_are_as_few_as_can_be_and_in_order(wanted: frozenset[int]) -> None:
    spans = spans_of(lines_of(wanted))
    assert all(one.end + 1 < other.start for one, other in pairwise(spans))


@pytest.mark.parametrize("number", [0, -1, MAX_LINE + 1])
def test_a_line_that_cannot_be_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        lines_of([number])
    with pytest.raises(ValueError, match="cannot be"):
        line_set([Span(number, number)])


@given(st.lists(st.sampled_from([0, 1, 7]), max_size=60))
def test_marked_lines_are_those_with_the_mark(marks: list[int]) -> None:
    assert marked(bytes(marks), 7) == lines_of(line for line, mark in enumerate(marks) if mark == 7 and line)


def test_a_million_lines_become_a_set_at_once() -> None:
    assert lines_of(range(1, MAX_LINE + 1)).bit_count() == MAX_LINE
