"""The check run on a pull request, over the sandbox's check runs and a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.draft import ProofState
from app.domain.errors import GiveUp
from app.domain.job import Task
from app.domain.proof import Verdict
from app.sandbox.state import CheckRun
from app.store.database import Database
from tests.proofs import GUARD, GUARDING, Proofs
from tests.shop import SHOP, open_shop
from tests.workflows.checkpoints import Checkpoints, Killed


@pytest.fixture
def proofs(tmp_path: Path) -> Iterator[Proofs]:
    database = Database(f"sqlite:///{tmp_path / 'recall.db'}")
    with open_shop(tmp_path / "github") as shop:
        yield Proofs(shop, database)
    database.close()


def told(check: CheckRun) -> tuple[str, str | None, str]:
    return check.status, check.conclusion, str(check.output["title"])


def require(proofs: Proofs) -> None:
    proofs.shop.mona.push(SHOP, {".github/recall.yml": "require_proof: true\n"}, "Require proofs")


def test_while_nothing_is_known_it_is_neutral(proofs: Proofs) -> None:
    proofs.check()
    (check,) = proofs.checks
    assert (check.name, *told(check)) == ("recall / proof", "completed", "neutral", "Guard of #1: not proved yet")
    assert check.head_sha == (proofs.draft.pull and proofs.draft.pull.head_sha)
    assert "`recall-prove`" in check.output["summary"]


def test_where_it_is_required_it_waits(proofs: Proofs) -> None:
    require(proofs)
    proofs.check()
    assert [told(check) for check in proofs.checks] == [("queued", None, "Guard of #1: not proved yet")]


def test_a_proof_makes_it_green(proofs: Proofs) -> None:
    proofs.check()
    proofs.settle(proofs.ran(proofs.receipt()))
    (check,) = proofs.checks
    assert told(check) == ("completed", "success", "Guard of #1: proved")
    summary = check.output["summary"]
    assert f"| `{GUARD}` | red, 3 runs | green, 3 runs |" in summary
    assert "`recall prove tests/test_pricing.py::test_issue_1`" in summary
    assert check.details_url == proofs.guard.run_url


@pytest.mark.parametrize(("required", "conclusion"), [(False, "neutral"), (True, "failure")])
def test_what_is_not_proved_fails_only_where_it_is_required(proofs: Proofs, required: bool, conclusion: str) -> None:
    if required:
        require(proofs)
    proofs.settle(proofs.ran(proofs.receipt(verdict=Verdict.NOT_PROVED)))
    assert [told(check) for check in proofs.checks] == [("completed", conclusion, "Guard of #1: not proved")]


def test_run_again_nothing_is_written(proofs: Proofs) -> None:
    proofs.settle(proofs.ran(proofs.receipt()))
    assert "now says" not in proofs.check().sentence
    assert len(proofs.checks) == 1


def test_a_receipt_that_did_not_count_is_named_on_the_check(proofs: Proofs) -> None:
    proofs.settle(proofs.ran(proofs.receipt(parent="2" * 40)))
    (check,) = proofs.checks
    assert (check.conclusion, "Did not count: The receipt for #1" in check.output["summary"].replace("&#35;&#8203;", "#")) == (
        "neutral",
        True,
    )


def test_the_proof_holds_for_a_later_head_with_the_same_tests(proofs: Proofs) -> None:
    proofs.settle(proofs.ran(proofs.receipt()))
    proofs.shop.mona.push(SHOP, {"README.md": "more\n"}, "Say more", branch="recall/issue-1")
    assert proofs.check().next == ()
    assert [check.conclusion for check in proofs.checks] == ["success", "success"]


def test_a_changed_test_is_not_proved_any_more(proofs: Proofs) -> None:
    proofs.settle(proofs.ran(proofs.receipt()))
    proofs.shop.mona.push(SHOP, {GUARD.path: GUARDING + "\n"}, "Change it", branch="recall/issue-1")
    outcome = proofs.check()
    assert [(job.task, job.number) for job in outcome.next] == [(Task.REPORT_ESCAPE, proofs.issue.number)]
    assert (proofs.guard.proof, proofs.guard.tests, proofs.guard.receipt) == (ProofState.UNKNOWN, (), "")
    assert [check.conclusion for check in proofs.checks] == ["success", "neutral"]


def test_a_fix_that_moved_on_is_not_proved_any_more(proofs: Proofs) -> None:
    mona = proofs.shop.mona
    base = str(proofs.shop.repository.git.ref("refs/heads/main"))
    head = mona.push(SHOP, {GUARD.path: GUARDING, "shop/pricing.py": "A = 1\n"}, "Fix it", branch="fix")
    pull = mona.open_pull(SHOP, "fix", "Fix it")
    proofs.remember(fix_pull=pull.number, pull=None)
    proofs.settle(proofs.ran(proofs.receipt(fix=head, parent=base, issue=None), on=pull))
    assert [check.conclusion for check in proofs.checks] == ["success"]
    mona.push(SHOP, {"shop/pricing.py": "A = 2\n"}, "Fix it better", branch="fix")
    proofs.check(pull)
    assert [check.conclusion for check in proofs.checks] == ["success", "neutral"]


def test_a_pull_request_that_concerns_two_escapes_is_green_once_both_are_proved(proofs: Proofs) -> None:
    mona = proofs.shop.mona
    other = mona.open_issue(SHOP, "Another")
    proofs.remember(number=other.number, pull=proofs.draft.number)
    proofs.settle(proofs.ran(proofs.receipt()))
    assert told(proofs.checks[0])[1:] == ("neutral", "1 of 2 guards proved")
    good = proofs.receipt()
    proofs.settle(proofs.ran(good, proofs.receipt(issue=other.number)))
    assert told(proofs.checks[0])[1:] == ("success", "2 of 2 guards proved")


def test_a_pull_request_that_concerns_no_recall_has_no_check(proofs: Proofs) -> None:
    proofs.shop.mona.push(SHOP, {"a.py": "A = 1\n"}, "Add", branch="more")
    assert proofs.check(proofs.shop.mona.open_pull(SHOP, "more", "More")).state == "ignored"
    assert proofs.checks == []


def test_a_pull_request_that_is_gone_is_given_up(proofs: Proofs) -> None:
    proofs.remember(pull=proofs.issue.number)
    with pytest.raises(GiveUp):
        proofs.check(proofs.issue)


def test_without_the_right_to_write_checks_the_rest_goes_on(proofs: Proofs) -> None:
    del proofs.shop.installation.permissions["checks"]
    proofs.settle(proofs.ran(proofs.receipt()))
    assert proofs.guard.proof is ProofState.PROVED
    assert "No check run stands on" in proofs.check().sentence


def test_an_answer_lost_after_the_check_was_made_makes_one_check(proofs: Proofs) -> None:
    proofs.shop.sandbox.faults.add("server-error-after", method="POST", path="*/check-runs")
    proofs.check()
    assert len(proofs.checks) == 1
    assert proofs.shop.sandbox.faults.listed() == []


def test_a_check_of_another_name_or_key_is_left_alone(proofs: Proofs) -> None:
    proofs.check()
    proofs.checks[0].external_id = "mine"
    proofs.check()
    assert [check.external_id for check in proofs.checks] == ["mine", f"recall:v1 proof {proofs.draft.number}"]


@pytest.mark.parametrize("boundary", range(1, 10))
def test_killed_at_any_boundary_and_run_again_there_is_one_check(proofs: Proofs, boundary: int) -> None:
    proofs.read(proofs.ran(proofs.receipt()))
    step = Checkpoints(boundary)
    try:
        proofs.check(step=step)
    except Killed:
        proofs.check(step=step)
    assert [told(check) for check in proofs.checks] == [("completed", "success", "Guard of #1: proved")]


def test_nothing_of_a_receipt_becomes_markup(proofs: Proofs) -> None:
    proofs.settle(proofs.ran(proofs.receipt(repeat="x` @mona <script> #1 https://evil.example")))
    summary = proofs.checks[0].output["summary"]
    assert "<script>" not in summary
    assert "@mona" not in summary
    assert "https://evil" not in summary
