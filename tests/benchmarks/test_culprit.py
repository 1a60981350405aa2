import tarfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from app.analysis.culprit.features import measure
from app.analysis.culprit.features.case import Case
from benchmarks.culprit import GROUPS, Judged, choose_bars, figures, folds, group_of, judge
from benchmarks.culprit_fit import bagged, plain
from benchmarks.culprit_table import ROUGH, Fixed, Tabled, keep, read_fixes, read_table
from tests.analysis.culprit.trails import trail

COLUMNS = (0, 1, 2)


def fixes(number: int = 60) -> list[Tabled]:
    """The second column tells the right one of four candidates, the others are noise."""
    dice = np.random.default_rng(7)
    found = []
    for index in range(number):
        right = np.arange(4) == index % 4
        strengths = dice.random((4, 3))
        strengths[:, 1] += 2.0 * right
        shas = tuple(f"{index:02}{row}" for row in range(4))
        found.append(Tabled(str(index), f"acme/{index % 10}", "go", shas, strengths, right, judged=index % 2 == 0, rough=(0, 1)))
    return found


def test_the_column_that_tells_gets_the_weight() -> None:
    weights = bagged(fixes(), COLUMNS, 3)
    assert int(np.argmax(weights)) == 1


def test_the_same_records_make_the_same_weights() -> None:
    assert (bagged(fixes(), COLUMNS, 3) == bagged(fixes(), COLUMNS, 3)).all()


def test_a_column_that_is_left_out_has_no_weight() -> None:
    assert bagged(fixes(), (0, 2), 3)[1] == 0


def test_a_repository_is_never_in_two_parts() -> None:
    part = folds(fixes(), parts=3)
    assert set(part) == {fix.repo for fix in fixes()}
    assert set(part.values()) == {0, 1, 2}


def test_judging_finds_what_every_repository_agrees_on() -> None:
    found = figures(judge(fixes(), partial(plain, columns=COLUMNS)), lambda fix: fix.judged)
    assert (found["n"], found["top1"]) == (30, 1.0)


def test_a_fix_without_candidates_is_a_miss_and_no_answer() -> None:
    empty = Tabled("x", "acme/x", "go", (), np.zeros((0, 3)), np.zeros(0, bool), judged=True)
    judged = Judged((empty,), (np.zeros(0),), (np.zeros(0),), ((0.3, 0.8),))
    assert figures(judged, lambda _: True)["R"] == 0


def test_the_cautious_bar_holds_the_wanted_precision() -> None:
    right, wrong = np.array([True, False]), np.array([False, True])
    some = [Tabled(str(i), "a/b", "go", ("x", "y"), np.zeros((2, 1)), right if i < 9 else wrong) for i in range(12)]
    told = [np.array([0.9 - i / 100, 0.05]) for i in range(12)]
    bar, cautious = choose_bars(some, told)
    assert bar == pytest.approx(18 / 21 / 2)
    assert cautious == pytest.approx(0.82 - 0.01)


def test_the_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    fix = Fixed("f1", "acme/shop", "go", "f" * 40, ("b" * 8,), adds_only=False, judged=True)
    values = np.arange(2 * len(ROUGH), dtype=np.float32).reshape(2, -1)
    with tarfile.open(tmp_path / "t.tar", "w") as archive:
        keep(archive, "f1", list(ROUGH), values, ["a" * 40, "b" * 40])
    names, (read,) = read_table(tmp_path / "t.tar", [fix])
    assert names == ROUGH
    assert (read.strengths == values).all()
    assert read.right.tolist() == [False, True]


def test_records_carry_facts_alone() -> None:
    records = read_fixes()
    assert sum(fix.judged for fix in records) == 372
    assert len({fix.id for fix in records}) == len(records)


def test_every_feature_belongs_to_a_group() -> None:
    names = measure(Case(trail()))
    assert {group_of(name) for name in names} == set(GROUPS)
