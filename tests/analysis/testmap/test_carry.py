"""Lines carried by hunks: what the diff leaves alone moves, what it changes stays behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.testmap.carry import SAME, Mismatched, carry_by, carry_cover
from app.domain.change import Hunk, Span
from app.domain.lines import lines_of
from tests.maps import cover


def test_lines_behind_an_insertion_move_down() -> None:
    carry = carry_by([Hunk(None, Span(3, 4), after=2)])
    assert carry.forward(lines_of([1, 2, 3, 9])) == lines_of([1, 2, 5, 11])


def test_lines_behind_a_removal_move_up() -> None:
    carry = carry_by([Hunk(Span(3, 4), None, after=2)])
    assert carry.forward(lines_of([1, 2, 5])) == lines_of([1, 2, 3])


def test_a_changed_line_does_not_carry() -> None:
    carry = carry_by([Hunk(Span(3, 3), Span(3, 4), after=2)])
    assert carry.forward(lines_of([2, 3, 4])) == lines_of([2, 5])
    assert (carry.changed, carry.unknown) == (lines_of([3]), lines_of([3, 4]))


def test_lines_before_the_first_insertion_need_none() -> None:
    assert carry_by([Hunk(None, Span(1, 2), after=0)]).forward(lines_of([1])) == lines_of([3])


def test_hunks_that_contradict_each_other_carry_nothing() -> None:
    with pytest.raises(Mismatched):
        carry_by([Hunk(Span(3, 3), Span(9, 9), after=2)])
    with pytest.raises(Mismatched):
        carry_by([Hunk(Span(5, 6), None, 4), Hunk(Span(3, 3), None, 2)])


def test_a_cover_is_carried_whole_and_under_its_new_name() -> None:
    before = cover("old.py", "b" * 40, ["a", "b"], {"a": [1, 2], "b": [2]}, outside=[1], code=lines_of([1, 2, 3]))
    carried = carry_cover(before, carry_by([Hunk(Span(1, 1), None, after=0)]), "new.py")
    assert carried.cover.path == "new.py"
    assert carried.cover.ran(lines_of(range(1, 9))) == {0: lines_of([1]), 1: lines_of([1])}
    assert (carried.cover.outside, carried.cover.code) == (0, lines_of([1, 2]))
    assert not carried.exact


def test_the_same_file_is_carried_exactly() -> None:
    before = cover("a.py", "b" * 40, ["a"], {"a": [7]})
    assert carry_cover(before, SAME, "a.py").cover == before


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[int], list[Hunk]]:
    """A file of numbered lines after random edits (0 for a new line), and the hunks that led there."""
    lines, hunks, old = list[int](), list[Hunk](), 1
    for kept, removed, added in draw(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4), st.integers(0, 4)), max_size=8)):
        lines += range(old, old + kept)
        old += kept
        if removed or added:
            new = len(lines) + 1
            gone = Span(old, old + removed - 1) if removed else None
            come = Span(new, new + added - 1) if added else None
            hunks.append(Hunk(gone, come, after=old - 1))
        lines += [0] * added
        old += removed
    return lines + list(range(old, old + 5)), hunks


@given(edits(), st.sets(st.integers(1, 60)))
def test_carrying_agrees_with_the_edits_themselves(edited: tuple[list[int], list[Hunk]], ran: set[int]) -> None:
    lines, hunks = edited
    carry = carry_by(hunks)
    expected = {new for new, old in enumerate(lines, 1) if old and old in ran}
    within = {old for old in ran if old <= max(lines)}
    assert carry.forward(lines_of(within)) == lines_of(expected)
    assert carry.back(lines_of(expected)) == lines_of(within & set(lines))
    assert carry.unknown == lines_of(new for new, old in enumerate(lines, 1) if not old)
