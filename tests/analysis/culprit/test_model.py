from dataclasses import replace

import pytest

from app.analysis.culprit.model import Model, decide, read_model, suspects
from app.analysis.rank import Weights
from app.domain.culprit import Origin, Suspect
from tests.analysis.culprit.trails import COUPON, FIRST, TIDY, trail

MODEL = Model(Weights({"owns-removed": 3.0, "gone-brought": 2.0}), bar=0.5, cautious=0.9, close=0.6)


def suspect(sha: str, score: float) -> Suspect:
    return Suspect(sha, "Subject", 1, score)


def test_the_commit_that_wrote_the_removed_line_comes_first() -> None:
    assert suspects(trail(), MODEL)[0].sha == COUPON


def test_scores_are_probabilities_that_leave_room_for_none_of_them() -> None:
    scores = [one.score for one in suspects(trail(), MODEL)]
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) < 1


def test_of_equal_candidates_the_newer_one_comes_first() -> None:
    assert [one.sha for one in suspects(trail(), replace(MODEL, weights=Weights({})))] == [TIDY, COUPON, FIRST]


def test_a_trail_without_candidates_has_no_suspects() -> None:
    assert suspects(replace(trail(), candidates={}), MODEL) == ()


def test_the_pull_request_is_read_from_the_subject() -> None:
    assert next(one for one in suspects(trail(), MODEL) if one.sha == COUPON).pull_request == 12


def test_the_first_ground_counts_the_removed_lines_it_wrote() -> None:
    ground = suspects(trail(), MODEL)[0].grounds[0]
    assert (ground.reason, ground.count, ground.of, ground.days) == ("blame-removed", 1, 1, 12)


def test_the_words_that_it_brought_are_a_ground() -> None:
    assert any(g.reason == "brought-tokens" and "round_down" in g.names for g in suspects(trail(), MODEL)[0].grounds)


def test_below_the_bar_the_answer_is_unknown_and_the_suspects_stand() -> None:
    found = (suspect("a", 0.4), suspect("b", 0.1))
    assert decide(found, MODEL) == Origin(culprit=None, suspects=found)


def test_a_cautious_answer_needs_more() -> None:
    found = (suspect("a", 0.8),)
    assert decide(found, MODEL).culprit == "a"
    assert decide(found, MODEL, cautious=True).culprit is None


@pytest.mark.parametrize(("second", "close"), [(0.5, True), (0.2, False)])
def test_two_that_are_nearly_as_likely_are_close(second: float, close: bool) -> None:
    assert decide((suspect("a", 0.6), suspect("b", second)), MODEL).close is close


def test_a_model_without_bars_is_refused() -> None:
    with pytest.raises(ValueError, match="bars"):
        read_model({"evidence": {}, "calibration": {}})
