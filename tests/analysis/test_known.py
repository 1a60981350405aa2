"""What a review is told of past escapes: the landed fix, its guards, the seams that let it through."""

import json
from dataclasses import replace

import pytest

from app.analysis.known import known_escapes
from app.domain.correction import Corrections, Part, Verdict
from app.domain.course import Course, Moment, Stage
from app.domain.draft import Guard, ProofState
from app.domain.job import Recall, State
from app.domain.review import SeamSides
from app.domain.seam import SeamKind
from app.domain.suite import TestId

REPORT = {
    "fix": {"sha": "a" * 40, "subject": "Fix the total"},
    "base": "b" * 40,
    "changed": [{"path": "shop/cart.py", "role": "code"}, {"path": "tests/test_cart.py", "role": "test"}],
    "tests_in_fix": [{"path": "tests/test_cart.py", "kind": "unit"}],
    "seams": [
        {"from": "shop/cart.py", "to": "shop/tax.py", "kind": "module", "counts": {"from": 1, "to": 1, "both": 0}},
        {"from": "shop/cart.py", "to": "requests", "kind": "http", "counts": {"from": 1, "to": 1, "both": 1}},
    ],
}
RECALL = Recall(
    1,
    7,
    None,
    "octo/shop",
    State.REPORTED,
    fix_pull=9,
    report=json.dumps(REPORT),
    title="Totals are off",
    course=Course((Moment(Stage.LABELLED, "2026-01-02T03:04:05Z"),)),
)


def test_an_escape_is_known_by_its_landed_fix() -> None:
    (known,) = known_escapes([RECALL])
    assert (known.issue, known.title, known.fix, known.parent, known.fix_pull) == (7, "Totals are off", "a" * 40, "b" * 40, 9)
    assert known.labelled == "2026-01-02T03:04:05Z"


def test_only_the_code_of_the_fix_is_its_paths() -> None:
    assert known_escapes([RECALL])[0].paths == ("shop/cart.py",)


def test_the_tests_that_the_fix_brought_guard_it_until_others_are_proved() -> None:
    proved = replace(RECALL, number=8, guard=Guard(proof=ProofState.PROVED, tests=("tests/test_tax.py::test_total",)))
    brought, better = known_escapes([RECALL, proved])
    assert (brought.tests, brought.guarded) == ((TestId("tests/test_cart.py"),), False)
    assert (better.tests, better.guarded) == ((TestId("tests/test_tax.py", "test_total"),), True)


def test_only_seams_that_no_test_took_together_let_it_through() -> None:
    assert known_escapes([RECALL])[0].seams == (SeamSides("shop/cart.py", "shop/tax.py", SeamKind.MODULE),)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.WAITING, State.PROVISIONAL, State.DELETED])
def test_what_is_not_reported_is_no_past_escape(state: State) -> None:
    assert known_escapes([replace(RECALL, state=state)]) == ()


def test_a_link_that_people_called_wrong_is_left_out_until_they_name_the_right_fix() -> None:
    wrong = Corrections(verdicts=(Verdict(Part.LINK, True, "1"), Verdict(Part.LINK, False, "2")))
    assert known_escapes([replace(RECALL, said=wrong)]) == ()
    assert len(known_escapes([replace(RECALL, said=replace(wrong, fix="#12"))])) == 1


def test_without_a_report_on_a_fix_nothing_is_known() -> None:
    assert known_escapes([replace(RECALL, report=None), replace(RECALL, report=json.dumps(REPORT | {"fix": None}))]) == ()
