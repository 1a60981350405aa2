import json
from pathlib import Path

import numpy as np
import pytest

from app.analysis.findings import EVIDENCE
from app.analysis.rank import probabilities, read_weights
from benchmarks.fit import WEIGHTS, Bug, Table, calibrate, figures, fit, rank_of, sums_of_unseen, told


def bug(number: int, repo: str = "o/r") -> Bug:
    """Three tests; the first evidence points to the right one, which moves about, the second to the first test always."""
    right = number % 3
    strengths = np.array([[float(n == right), float(n == 0)] for n in range(3)])
    return Bug(f"b{number}", repo, "python", ("a", "b", "c"), strengths, np.arange(3) == right)


def test_evidence_that_points_to_the_right_test_gets_the_weight() -> None:
    telling, idle = fit([bug(n) for n in range(30)])
    assert telling > 2
    assert abs(idle) < 0.5


def test_a_project_is_ranked_by_the_weights_of_the_others() -> None:
    misleading = [
        Bug(f"m{n}", "o/odd", "python", ("a", "b"), np.array([[1.0], [0.0]]), np.array([False, True])) for n in range(20)
    ]
    plain = [Bug(f"p{n}", "o/plain", "python", ("a", "b"), np.array([[1.0], [0.0]]), np.array([True, False])) for n in range(20)]
    table = Table(("x",), (*misleading, *plain))
    assert [rank_of(b, s) for b, s in zip(table.bugs, sums_of_unseen(table), strict=True)] == [2] * 40


def test_ties_are_broken_by_path() -> None:
    tied = Bug("t", "o/r", "go", ("b", "a"), np.zeros((2, 1)), np.array([True, False]))
    assert rank_of(tied, np.zeros(2)) == 2


def test_a_bug_without_a_right_test_among_the_candidates_is_a_miss() -> None:
    none = Bug("n", "o/r", "go", ("a",), np.zeros((1, 1)), np.array([False]))
    assert figures([rank_of(none, np.zeros(1)), 1])["mrr"] == pytest.approx(0.5)


def test_the_engine_tells_the_probabilities_that_were_calibrated() -> None:
    bugs = [bug(n) for n in range(12)]
    sums = [b.strengths @ np.array([3.0, 1.0]) for b in bugs]
    line = calibrate(bugs, sums)
    weights = read_weights({"evidence": {}, "calibration": vars(line)})
    assert probabilities(list(sums[0]), weights) == pytest.approx(list(told(sums[0], line)))


def test_the_shipped_weights_are_those_of_the_evidence_there_is() -> None:
    shipped = read_weights(json.loads(Path(WEIGHTS).read_text()))
    assert shipped.evidence.keys() == EVIDENCE.keys()
