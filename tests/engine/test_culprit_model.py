import json
from pathlib import Path

import pytest

from app.analysis.culprit.features import measure
from app.analysis.culprit.features.case import Case
from app.analysis.culprit.model import suspects
from app.engine.culprit import load_model
from tests.analysis.culprit.trails import COUPON, FIRST, TIDY, trail

DATA = json.loads((Path(__file__).parents[2] / "benchmarks" / "culprit.json").read_text(encoding="utf-8"))
#: What the shipped model says of the small trail. A new model has new numbers here; nothing else may change them.
TOLD = {COUPON: 0.811089788347, FIRST: 0.035157113946, TIDY: 0.141362613697}


def test_the_shipped_model_tells_the_same_on_every_python() -> None:
    told = {one.sha: one.score for one in suspects(trail(), load_model())}
    assert told == {sha: pytest.approx(score, abs=1e-9) for sha, score in TOLD.items()}


def test_every_weight_is_of_a_feature_that_is_measured() -> None:
    assert set(DATA["evidence"]) <= set(measure(Case(trail())))


def test_the_model_states_its_data_date_and_calibration() -> None:
    assert DATA["data"]["fixes"] > 1000
    assert DATA["date"] == "2026-11-23"
    assert [row["told"] for row in DATA["told_and_right"]][-1] == ".9-1"


def test_what_it_was_told_to_be_is_about_what_was_right() -> None:
    large = [row for row in DATA["told_and_right"] if row["fixes"] >= 50]
    assert all(abs(row["mean"] - row["right"]) < 0.12 for row in large)


def test_the_bars_rise() -> None:
    assert 0.2 < DATA["bars"]["default"] < DATA["bars"]["cautious"] < 0.95
