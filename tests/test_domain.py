"""The values themselves: what little they decide."""

from app.domain.change import Hunk, Span


def test_a_hunk_that_only_adds_stands_on_the_lines_around_it() -> None:
    assert Hunk(old=None, new=Span(8, 9), after=7).near() == Span(7, 8)


def test_near_never_goes_above_line_one() -> None:
    assert Hunk(old=Span(2, 3), new=None, after=1).near(12) == Span(1, 15)
