"""How often recall was right, counted from what people said and did."""

import json

import pytest

from app.analysis.rightness import guessed_culprit, is_trusted, rightness
from app.domain.correction import Corrections, Part, Verdict
from app.domain.digest import Rightness
from app.domain.draft import DraftState, Guard
from app.domain.job import Recall, State


def recall(*verdicts: tuple[Part, bool], guard: Guard | None = None) -> Recall:
    said = Corrections(verdicts=tuple(Verdict(part, right, "2026-11-02T09:00:00+00:00") for part, right in verdicts))
    return Recall(9, 42, 5, "acme/shop", State.REPORTED, guard=guard or Guard(), said=said)


def test_nothing_judged_is_nothing_counted() -> None:
    assert rightness([recall(), recall()]) == ()


def test_each_part_is_counted_by_itself() -> None:
    recalls = [recall((Part.LINK, True), (Part.TESTS, False)), recall((Part.LINK, False))]
    assert rightness(recalls) == (Rightness(Part.LINK, 1, 2), Rightness(Part.TESTS, 0, 1))


def test_of_one_recall_the_last_word_counts() -> None:
    assert rightness([recall((Part.LINK, False), (Part.LINK, True))]) == (Rightness(Part.LINK, 1, 1),)


@pytest.mark.parametrize(
    ("guard", "right"), [(Guard(draft=DraftState.MERGED), 1), (Guard(draft=DraftState.CLOSED, why="closed"), 0)]
)
def test_what_people_did_with_a_draft_counts(guard: Guard, right: int) -> None:
    assert rightness([recall(guard=guard)]) == (Rightness(Part.DRAFT, right, 1),)


def test_a_draft_that_went_with_the_label_says_nothing() -> None:
    assert rightness([recall(guard=Guard(draft=DraftState.CLOSED, why="withdrawn"))]) == ()


def test_what_people_say_of_a_draft_wins_over_what_became_of_it() -> None:
    assert rightness([recall((Part.DRAFT, False), guard=Guard(draft=DraftState.MERGED))]) == (Rightness(Part.DRAFT, 0, 1),)


@pytest.mark.parametrize(
    ("counted", "trusted"),
    [
        ((), True),
        ((Rightness(Part.LINK, 0, 4),), True),
        ((Rightness(Part.LINK, 0, 5),), False),
        ((Rightness(Part.LINK, 2, 3), Rightness(Part.DRAFT, 0, 2)), False),
        ((Rightness(Part.LINK, 3, 3), Rightness(Part.DRAFT, 0, 3)), True),
    ],
)
def test_trust_is_lost_with_enough_verdicts_and_too_few_right_ones(counted: tuple[Rightness, ...], trusted: bool) -> None:
    assert is_trusted(counted, 0.5) is trusted


def told(culprit: str | None = "a" * 40, *, basis: str = "guessed", close: bool = False) -> str:
    suspects = [{"sha": "a" * 40, "pull_request": 431}, {"sha": "b" * 40, "pull_request": None}]
    return json.dumps({"culprit": culprit, "suspects": suspects, "origin": {"basis": basis, "close": close}})


def test_a_guess_is_right_by_its_commit_or_its_pull_request() -> None:
    assert guessed_culprit(told(), "a" * 40, None) is True
    assert guessed_culprit(told(), "c" * 40, 431) is True
    assert guessed_culprit(told(), "b" * 40, 7) is False


def test_of_two_named_ones_either_is_right() -> None:
    assert guessed_culprit(told(close=True), "b" * 40, None) is True


@pytest.mark.parametrize("report", [None, "{}", '{"culprit": null, "origin": null}', told(None), told(basis="said")])
def test_without_a_guess_there_is_none_to_judge(report: str | None) -> None:
    assert guessed_culprit(report, "a" * 40, None) is None
