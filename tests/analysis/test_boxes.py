"""Which boxes of a digest somebody ticked: those that were empty before, and no text that only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.boxes import MOST, heard, newly_ticked, told
from app.domain.digest import Box, box_marker


def line(box: Box, issue: int, *, ticked: bool) -> str:
    return f"- [{'x' if ticked else ' '}] {box_marker(box, issue)} Do it for #{issue}"


BEFORE = "\n".join([line(Box.DRAFT, 42, ticked=False), line(Box.WITHDRAW, 42, ticked=False), line(Box.AGAIN, 7, ticked=True)])


def test_what_was_ticked_just_now_counts_alone() -> None:
    after = BEFORE.replace("- [ ] <!-- recall:v1 do=withdraw", "- [x] <!-- recall:v1 do=withdraw")
    assert newly_ticked(after, BEFORE) == ((Box.WITHDRAW, 42),)


@pytest.mark.parametrize("mark", ["- [X]", "* [x]", "  - [x]"])
def test_github_s_ways_to_write_a_ticked_box_are_known(mark: str) -> None:
    assert newly_ticked(BEFORE.replace("- [ ]", mark, 1), BEFORE) == ((Box.DRAFT, 42),)


def test_other_line_ends_tick_nothing() -> None:
    assert newly_ticked(BEFORE.replace("\n", "\r\n"), BEFORE) == ()


@pytest.mark.parametrize(
    "text",
    [
        "> - [x] <!-- recall:v1 do=draft issue=42 --> quoted",
        "- [x] Open the draft for #42",
        "- [x] <!-- recall:v1 do=delete issue=42 --> unknown",
        "- [x] <!-- recall:v1 do=draft issue=0 --> no issue",
        "- [x] <!-- recall:v1 do=draft issue=99999999999 --> too large",
        "          - [x] <!-- recall:v1 do=draft issue=42 --> code",
    ],
)
def test_what_is_no_box_of_ours_is_passed_over(text: str) -> None:
    assert newly_ticked(text, BEFORE) == ()


def test_without_a_body_from_before_nothing_was_ticked_just_now() -> None:
    assert newly_ticked(line(Box.DRAFT, 42, ticked=True), "") == ()


def test_no_more_than_anyone_ticks_at_once_are_heard() -> None:
    many = "\n".join(line(Box.AGAIN, issue, ticked=True) for issue in range(1, 100))
    assert len(newly_ticked(many, BEFORE)) == MOST


@given(st.lists(st.tuples(st.sampled_from(Box), st.integers(1, 9_999_999_999)), unique=True, max_size=MOST))
def test_what_is_told_is_what_is_heard(boxes: list[tuple[Box, int]]) -> None:
    body = "\n".join(line(box, issue, ticked=True) for box, issue in boxes)
    assert newly_ticked(body, "before") == tuple(boxes)
    assert heard(told(tuple(boxes))) == tuple(boxes)


@given(st.text(), st.text())
def test_no_text_makes_it_raise(body: str, before: str) -> None:
    heard(told(newly_ticked(body, before)))
    heard(body)


def test_a_text_that_names_no_box_says_nothing() -> None:
    assert heard("delete 5\ndraft x\ndraft 5") == ((Box.DRAFT, 5),)
