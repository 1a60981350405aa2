"""What a finished run proved, over the sandbox's Actions, its check runs and a real database."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysis.receipt import challenge_json, receipt_json
from app.domain.draft import DraftState, ProofState
from app.domain.errors import GiveUp, TryLater
from app.domain.job import Task
from app.domain.proof import Catch, Verdict
from app.domain.suite import TestId
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


def test_a_receipt_on_the_draft_proves_the_escape(proofs: Proofs) -> None:
    run = proofs.ran(proofs.receipt())
    told = proofs.read(run)
    assert told.state == "read"
    assert [(job.task, job.number) for job in told.next] == [
        (Task.REPORT_ESCAPE, proofs.issue.number),
        (Task.CHECK_PROOF, proofs.draft.number),
        (Task.REVIEW_PULL, proofs.draft.number),
    ]
    guard = proofs.guard
    assert (guard.proof, guard.tests, guard.run_url) == (
        ProofState.PROVED,
        (str(GUARD),),
        f"{proofs.shop.sandbox.url}/{SHOP}/actions/runs/{run.id}",
    )
    assert '"verdict": "proved"' in guard.receipt


def test_a_guard_that_is_red_on_the_reverted_tip_guards_today(proofs: Proofs) -> None:
    proofs.read(proofs.ran(proofs.receipt(guards_today=True, tip=proofs.fix)))
    assert proofs.guard.proof is ProofState.GUARDED


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.NOT_PROVED, ProofState.NOT_PROVED),
        (Verdict.FLAKY, ProofState.FLAKY),
        (Verdict.COULD_NOT_RUN, ProofState.COULD_NOT_RUN),
    ],
)
def test_an_honest_verdict_is_kept_as_it_is(proofs: Proofs, verdict: Verdict, state: ProofState) -> None:
    assert proofs.read(proofs.ran(proofs.receipt(verdict=verdict))).state == "read"
    assert (proofs.guard.proof, proofs.guard.tests) == (state, ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"fix": "1" * 40}, "is about the fix 1111111111"),
        ({"fix": None}, "knows no fix"),
        ({"parent": "2" * 40}, "ran without the fix on 2222222222"),
        ({"issue": 77}, "is about #77"),
        ({"tests": ()}, "names no test"),
        ({"files": ((GUARD.path, "3" * 40),)}, f"ran another {GUARD.path}"),
        ({"files": ()}, f"does not say what {GUARD.path} held"),
        ({"tests": (TestId("tests/none.py", "test_x"),), "files": (("tests/none.py", "4" * 40),)}, "ran another"),
        ({"tests": (TestId("../x.py", "t"),), "files": (("../x.py", "4" * 40),)}, "ran another"),
        ({"files": tuple((f"tests/test_{n}.py", "5" * 40) for n in range(51))}, "more than 50 test files"),
        ({"runs": ()}, "which its own runs do not say"),
        ({"guards_today": True}, "which its own runs do not say"),
    ],
)
def test_a_receipt_that_does_not_fit_what_recall_knows_is_refused(proofs: Proofs, change: dict[str, object], reason: str) -> None:
    told = proofs.read(proofs.ran(proofs.receipt(**change)))
    assert told.state == "refused"
    assert reason in told.sentence
    assert proofs.guard.proof is ProofState.UNKNOWN


def test_what_the_fix_changed_besides_may_be_laid_over_but_its_own_form_of_the_test_may_not(proofs: Proofs) -> None:
    git = proofs.shop.repository.git
    besides, test = git.entry(proofs.fix, "shop/pricing.py"), git.entry(proofs.fix, GUARD.path)
    assert besides is not None and test is not None
    good = proofs.receipt()
    proofs.read(proofs.ran(replace(good, files=((GUARD.path, test.sha),))))
    assert proofs.guard.proof is ProofState.UNKNOWN
    proofs.shop.mona.push(SHOP, {"shop/pricing.py": "A = 3\n"}, "Go on", branch="recall/issue-1")
    proofs.read(proofs.ran(replace(good, files=(*good.files, ("shop/pricing.py", besides.sha)))))
    assert proofs.guard.proof is ProofState.PROVED


def test_a_receipt_of_a_fork_never_counts(proofs: Proofs) -> None:
    shop = proofs.shop
    receipt = proofs.receipt()
    shop.sandbox.create_repository("ada/shop", fork_of=SHOP)
    ada = shop.sandbox.person("ada")
    ada.push("ada/shop", {GUARD.path: GUARDING}, "Guard it", branch="recall/issue-1")
    theirs = ada.open_pull(SHOP, "ada:recall/issue-1", "test: guard #1")
    proofs.remember(pull=theirs.number)
    told = proofs.read(proofs.ran(receipt, on=theirs))
    assert told.state == "refused"
    assert "the code of a fork" in told.sentence
    assert proofs.guard.proof is ProofState.UNKNOWN


def test_a_receipt_of_a_head_that_moved_on_does_not_count(proofs: Proofs) -> None:
    run = proofs.ran(proofs.receipt())
    proofs.shop.mona.push(SHOP, {GUARD.path: GUARDING + "\n"}, "More", branch="recall/issue-1")
    told = proofs.read(run)
    assert (told.state, proofs.guard.proof) == ("refused", ProofState.UNKNOWN)
    assert "No pull request of this repository has its head at" in told.sentence


def test_a_receipt_on_a_pull_request_that_is_nobodys_guard_does_not_count(proofs: Proofs) -> None:
    proofs.shop.mona.push(SHOP, {GUARD.path: GUARDING}, "Guard it", branch="other")
    other = proofs.shop.mona.open_pull(SHOP, "other", "Other")
    told = proofs.read(proofs.ran(proofs.receipt(), on=other))
    assert (told.state, proofs.guard.proof) == ("refused", ProofState.UNKNOWN)
    assert "neither a draft of recall nor the fix" in told.sentence


def test_a_push_to_another_branch_proves_nothing(proofs: Proofs) -> None:
    run = proofs.ran(proofs.receipt())
    run.event = "push"
    told = proofs.read(run)
    assert (told.state, proofs.guard.proof) == ("refused", ProofState.UNKNOWN)


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 100_000, b"\xff", b'{"recall": "receipt", "version": 99}'])
def test_what_is_no_receipt_is_refused_and_spoils_no_other(proofs: Proofs, content: bytes) -> None:
    run = proofs.ran(proofs.receipt())
    proofs.leave(run, "recall-receipt-odd", receipt_json=content)
    told = proofs.read(run)
    assert told.state == "refused"
    assert "recall-receipt-odd/receipt.json: " in told.sentence
    assert proofs.guard.proof is ProofState.PROVED


def test_the_worst_result_of_a_matrix_counts_and_a_job_that_could_not_run_does_not(proofs: Proofs) -> None:
    good = proofs.receipt()
    proofs.read(proofs.ran(good, proofs.receipt(Verdict.COULD_NOT_RUN)))
    assert proofs.guard.proof is ProofState.PROVED
    proofs.read(proofs.ran(good, proofs.receipt(Verdict.FLAKY), proofs.receipt(Verdict.NOT_PROVED)))
    assert proofs.guard.proof is ProofState.NOT_PROVED


def test_a_run_that_could_not_run_takes_no_proof_away(proofs: Proofs) -> None:
    proofs.read(proofs.ran(proofs.receipt()))
    proofs.read(proofs.ran(proofs.receipt(verdict=Verdict.COULD_NOT_RUN)))
    assert proofs.guard.proof is ProofState.PROVED


def test_a_later_run_that_is_flaky_takes_the_proof_away(proofs: Proofs) -> None:
    proofs.read(proofs.ran(proofs.receipt()))
    proofs.read(proofs.ran(proofs.receipt(verdict=Verdict.FLAKY)))
    assert (proofs.guard.proof, proofs.guard.tests) == (ProofState.FLAKY, ())


def test_a_fix_that_brings_its_own_test_is_proved_on_its_own_head(proofs: Proofs) -> None:
    mona = proofs.shop.mona
    base = str(proofs.shop.repository.git.ref("refs/heads/main"))
    head = mona.push(SHOP, {GUARD.path: GUARDING, "shop/pricing.py": "A = 1\n"}, "Fix it", branch="fix")
    pull = mona.open_pull(SHOP, "fix", "Fix it")
    proofs.remember(fix_pull=pull.number, pull=None)
    proofs.read(proofs.ran(proofs.receipt(), on=pull))
    assert proofs.guard.proof is ProofState.UNKNOWN
    proofs.read(proofs.ran(proofs.receipt(fix=head, parent=base, issue=None), on=pull))
    assert proofs.guard.proof is ProofState.PROVED


def test_a_run_of_the_default_branch_may_prove_tests_that_landed(proofs: Proofs) -> None:
    proofs.shop.mona.push(SHOP, {GUARD.path: GUARDING}, "Guard it")
    run = proofs.challenged(event="schedule")
    proofs.shop.repository.artifacts.clear()
    proofs.leave(run, "recall-receipt-1", receipt_json=json.dumps(receipt_json(proofs.receipt())).encode())
    assert proofs.read(run).state == "read"
    assert proofs.guard.proof is ProofState.PROVED


def test_a_bug_that_is_caught_confirms_the_guard(proofs: Proofs) -> None:
    proofs.remember(proof=ProofState.PROVED, tests=(str(GUARD),), draft=DraftState.MERGED)
    tip = str(proofs.shop.repository.git.ref("refs/heads/main"))
    assert proofs.read(proofs.challenged(proofs.challenge(tip))).state == "read"
    assert (proofs.guard.proof, proofs.guard.challenged) == (ProofState.GUARDED, "2026-11-23T12:00:00+00:00")
    assert proofs.said() == []


def rot(proofs: Proofs) -> None:
    tip = str(proofs.shop.repository.git.ref("refs/heads/main"))
    proofs.read(proofs.challenged(proofs.challenge(tip, Catch.UNCAUGHT)))


def test_a_guard_that_stays_green_is_rotten_and_told_once(proofs: Proofs) -> None:
    proofs.remember(proof=ProofState.GUARDED, tests=(str(GUARD),))
    rot(proofs)
    rot(proofs)
    assert (proofs.guard.proof, proofs.guard.tests) == (ProofState.ROTTEN, (str(GUARD),))
    (said,) = proofs.said()
    assert "would get through again today" in said.body
    assert f"`{GUARD}`" in said.body


def test_a_guard_that_catches_again_is_mended_in_the_same_comment(proofs: Proofs) -> None:
    proofs.remember(proof=ProofState.GUARDED, tests=(str(GUARD),))
    rot(proofs)
    proofs.read(proofs.challenged(proofs.challenge(str(proofs.shop.repository.git.ref("refs/heads/main")))))
    assert (proofs.said(), len(proofs.said("mended"))) == ([], 1)
    rot(proofs)
    assert (len(proofs.said()), len(proofs.said("mended"))) == (1, 1)


def test_an_escape_without_a_guard_does_not_rot(proofs: Proofs) -> None:
    rot(proofs)
    assert (proofs.guard.proof, proofs.said()) == (ProofState.UNKNOWN, [])
    assert proofs.guard.challenged


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"fix": "1" * 40}, "is about the fix"),
        ({"tip": "2" * 40}, "but the run was for"),
        ({"issue": 77}, "#77 is no recalled issue"),
        ({"issue": None}, "is no recalled issue"),
    ],
)
def test_a_challenge_that_does_not_fit_is_refused(proofs: Proofs, how: dict[str, object], reason: str) -> None:
    proofs.remember(proof=ProofState.PROVED)
    tip = str(proofs.shop.repository.git.ref("refs/heads/main"))
    told = proofs.read(proofs.challenged(replace(proofs.challenge(tip, Catch.UNCAUGHT), **how)))
    assert (told.state, proofs.guard.proof) == ("refused", ProofState.PROVED)
    assert reason in told.sentence


def test_a_challenge_that_came_to_nothing_changes_nothing(proofs: Proofs) -> None:
    proofs.remember(proof=ProofState.PROVED)
    tip = str(proofs.shop.repository.git.ref("refs/heads/main"))
    proofs.read(proofs.challenged(proofs.challenge(tip, Catch.UNKNOWN, reason="patch")))
    assert (proofs.guard.proof, proofs.guard.challenged) == (ProofState.PROVED, "")


def test_a_challenge_that_is_told_late_changes_nothing(proofs: Proofs) -> None:
    tip = str(proofs.shop.repository.git.ref("refs/heads/main"))
    run = proofs.challenged(proofs.challenge(tip, Catch.UNCAUGHT))
    proofs.remember(proof=ProofState.GUARDED, run_url=f"https://github.com/octo/shop/actions/runs/{run.id + 1}")
    proofs.read(run)
    assert (proofs.guard.proof, proofs.guard.challenged) == (ProofState.GUARDED, "")


@pytest.mark.parametrize("event", ["pull_request_target", "issue_comment", "workflow_run"])
def test_a_challenge_of_another_event_never_counts(proofs: Proofs, event: str) -> None:
    proofs.remember(proof=ProofState.PROVED)
    tip = str(proofs.shop.repository.git.ref("refs/heads/main"))
    assert proofs.read(proofs.challenged(proofs.challenge(tip, Catch.UNCAUGHT), event=event)).state == "refused"
    assert proofs.guard.proof is ProofState.PROVED


def test_a_challenge_of_another_branch_never_counts(proofs: Proofs) -> None:
    proofs.remember(proof=ProofState.PROVED)
    head = proofs.draft.pull.head_sha if proofs.draft.pull else ""
    run = proofs.challenged(proofs.challenge(head, Catch.UNCAUGHT), branch="recall/issue-1")
    run.head_branch = "main"  # a tag may be called like the default branch
    assert proofs.read(run).state == "refused"
    assert proofs.guard.proof is ProofState.PROVED


def test_a_challenge_from_a_pull_request_is_refused(proofs: Proofs) -> None:
    proofs.remember(proof=ProofState.PROVED)
    run = proofs.shop.sandbox.start_run_on(proofs.draft)
    content = json.dumps(challenge_json([proofs.challenge(run.head_sha, Catch.UNCAUGHT)])).encode()
    proofs.leave(run, "recall-challenge-1", challenge_json=content)
    told = proofs.read(run)
    assert (told.state, proofs.guard.proof) == ("refused", ProofState.PROVED)


def test_a_run_without_receipts_and_a_repository_without_recalls_are_ignored(proofs: Proofs) -> None:
    run = proofs.ran()
    assert proofs.read(run).state == "ignored"
    proofs.records.end_installation(proofs.shop.installation.id)
    assert "no recalls" in proofs.read(run).sentence


def test_a_run_that_is_gone_is_given_up(proofs: Proofs) -> None:
    run = proofs.ran(proofs.receipt())
    proofs.shop.repository.runs.clear()
    with pytest.raises(GiveUp):
        proofs.read(run)


def test_trouble_on_the_way_is_a_matter_of_time(proofs: Proofs) -> None:
    run = proofs.ran(proofs.receipt())
    proofs.shop.sandbox.faults.add("server-error", path="*/contents/*", times=None)
    with pytest.raises(TryLater):
        proofs.read(run)
    proofs.shop.sandbox.faults.clear()
    assert proofs.read(run).state == "read"


def test_an_answer_lost_after_the_rotten_comment_was_made_makes_one_comment(proofs: Proofs) -> None:
    proofs.remember(proof=ProofState.GUARDED, tests=(str(GUARD),))
    proofs.shop.sandbox.faults.add("server-error-after", method="POST", path="*/comments")
    rot(proofs)
    assert len(proofs.said()) == 1


@pytest.mark.parametrize("boundary", range(1, 16))
def test_killed_at_any_boundary_and_run_again_there_is_one_comment_and_one_state(proofs: Proofs, boundary: int) -> None:
    proofs.remember(proof=ProofState.GUARDED, tests=(str(GUARD),))
    run = proofs.challenged(proofs.challenge(str(proofs.shop.repository.git.ref("refs/heads/main")), Catch.UNCAUGHT))
    step = Checkpoints(boundary)
    try:
        proofs.read(run, step)
    except Killed:
        proofs.read(run, step)
    assert proofs.guard.proof is ProofState.ROTTEN
    assert len(proofs.said()) == 1
