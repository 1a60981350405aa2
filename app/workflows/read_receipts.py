"""Reads what a finished workflow run proved: receipts on a pull request's tests, and challenges of the default branch.

Only what GitHub's API says of the run is believed, and of a receipt only what `app.analysis.proofs` found to fit what the server
knows itself. A receipt that is refused spoils none of the others. Run again, the job ends in the same state.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from app.analysis.proofs import (
    CHALLENGE_EVENTS,
    PROVEN,
    Held,
    Sides,
    after_challenge,
    after_receipts,
    compact,
    concerned,
    decisive,
    paths_of,
    sides,
    why_challenge_refused,
    why_refused,
)
from app.analysis.receipt import read_challenges, read_receipt, receipt_json
from app.analysis.testmap.safe import plain
from app.domain.check import PullHead, Refused
from app.domain.ci import Artifact, CiRun
from app.domain.comment import rotten_marker
from app.domain.draft import ProofState
from app.domain.errors import TellUser
from app.domain.escape import IssueRef
from app.domain.job import Job, Outcome, Recall, Task
from app.domain.proof import Challenge, Receipt
from app.workflows.one_comment import ours, post
from app.workflows.ports import Proving, Step, inline

IGNORED, READ, REFUSED = "ignored", "read", "refused"
_MOST_AT_ONCE = 64
_RECEIPT = re.compile(r"receipt(?:-\d{1,10})?\.json")


@dataclass(frozen=True, slots=True)
class Found:
    """What the artifacts of a run hold, and a sentence for each that could not be read."""

    receipts: tuple[Receipt, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a run's proofs: the issues whose guard was looked at, and a sentence for each that does not count."""

    issues: tuple[int, ...] = ()
    refused: tuple[str, ...] = ()


def read_receipts(job: Job, outside: Proving, step: Step = inline) -> Outcome:
    """Keeps what the job's run proved. The outcome's sentence names each proof that was refused, and why.

    Raises TryLater where GitHub could not answer now, GiveUp where the run is gone.
    """
    repository, number = job.repository, job.number
    if repository is None or number is None:
        return Outcome(IGNORED, "The delivery named no run.")
    if not step("recalls", lambda: len(outside.records.recalls(repository.id))):
        return Outcome(IGNORED, f"{repository.full_name} has no recalls to prove anything of.")
    artifacts = step("artifacts", lambda: outside.runs().proofs(number))
    if not artifacts:
        return Outcome(IGNORED, f"Run {number} of {repository.full_name} brought no receipts.")
    run = step("run", lambda: outside.runs().run(number))
    if not run.own:
        return Outcome(REFUSED, f"Run {run.name} of {run.repository} ran the code of a fork, so nothing it says counts.")
    found = Found()
    for artifact in artifacts:
        found = _joined(found, step(f"artifact {artifact.id}", partial(_read, artifact, outside)))
    if run.event == "pull_request":
        return _on_pulls(job, run, found, outside, step)
    return _on_default(job, run, found, outside, step)


def _on_pulls(job: Job, run: CiRun, found: Found, outside: Proving, step: Step) -> Outcome:
    """Receipts on the pull requests whose head the run tested; none where they have moved on."""
    branch = run.ref.removeprefix("refs/heads/")
    pulls = step("pulls", lambda: outside.checks.pulls_at(branch, run.commit))
    refused = list(found.refused)
    if not pulls and (found.receipts or found.challenges):
        refused.append(outside.refused(Refused("no-pull", run.commit[:10])))
    if found.challenges and pulls:
        refused.append(outside.refused(Refused("challenge-on-pull")))
    kept = [
        step(f"keep {pull.number}", partial(_keep_on_pull, pull, run, found.receipts, outside))
        for pull in pulls
        if found.receipts
    ]
    refused += [sentence for each in kept for sentence in each.refused]
    checks = [_job(job, Task.CHECK_PROOF, pull.number, "\n".join(refused)) for pull in pulls]
    reviews = [_job(job, Task.REVIEW_PULL, pull.number) for pull in pulls if any(each.issues for each in kept)]
    return _ended(job, run, kept, refused, [*checks, *reviews], outside, step)


def _on_default(job: Job, run: CiRun, found: Found, outside: Proving, step: Step) -> Outcome:
    """Receipts and challenges of the default branch as it is."""
    home = step("home", outside.home)
    speaks = run.event in CHALLENGE_EVENTS and run.ref == f"refs/heads/{home.default_branch}"
    if not speaks or not step("branch", lambda: outside.runs().on_default_branch(run.commit)):
        return Outcome(
            REFUSED, f"Run {run.name} of {home.full_name} speaks neither for a pull request nor {home.default_branch}."
        )
    kept = step("keep", lambda: _keep_on_default(run, found, outside))
    return _ended(job, run, [kept], [*found.refused, *kept.refused], [], outside, step)


def _ended(
    job: Job, run: CiRun, kept: list[Kept], refused: list[str], checks: list[Job], outside: Proving, step: Step
) -> Outcome:
    issues = sorted({issue for each in kept for issue in each.issues})
    for issue in issues:
        step(f"notice {issue}", partial(_notice, IssueRef(run.repository_id, issue), outside))
    reports = [_job(job, Task.REPORT_ESCAPE, issue) for issue in issues]
    state = REFUSED if refused else READ if issues else IGNORED
    told = ", ".join(f"#{issue}" for issue in issues) or "no issue"
    return Outcome(state, " ".join([f"Run {run.name} of {run.repository} told of {told}.", *refused]), (*reports, *checks))


def _job(job: Job, task: Task, number: int, text: str = "") -> Job:
    return Job(task, job.delivery, job.installation, job.repository, number=number, sender=job.sender, text=text)


def _read(artifact: Artifact, outside: Proving) -> Found:
    """What an artifact holds. Files of other names than receipts and challenges have are passed over."""
    found = Found()
    try:
        for name, content in outside.runs().files(artifact):
            try:
                found = _joined(found, _parsed(name, content))
            except TellUser as error:
                told = f"{plain(artifact.name, 100)}/{plain(name, 100)}: {error}"
                found = _joined(found, Found(refused=(told,)))
    except TellUser as error:
        found = _joined(found, Found(refused=(f"{plain(artifact.name, 100)}: {error}",)))
    return found


def _parsed(name: str, content: bytes) -> Found:
    if _RECEIPT.fullmatch(name):
        return Found(receipts=(read_receipt(content),))
    return Found(challenges=tuple(read_challenges(content))) if name == "challenge.json" else Found()


def _joined(one: Found, other: Found) -> Found:
    return Found(
        (*one.receipts, *other.receipts)[:_MOST_AT_ONCE],
        (*one.challenges, *other.challenges)[: 16 * _MOST_AT_ONCE],
        (*one.refused, *other.refused)[:_MOST_AT_ONCE],
    )


def _keep_on_pull(pull: PullHead, run: CiRun, receipts: tuple[Receipt, ...], outside: Proving) -> Kept:
    """Keeps the receipts of one pull request. For a draft they are about the landed fix, for a fix about its own head."""
    recalls = concerned(outside.records.recalls(run.repository_id), pull.number)
    if not recalls:
        return Kept(refused=(outside.refused(Refused("no-recall", f"#{pull.number}")),))
    head = outside.checks.blobs(run.commit, paths_of(receipts))
    own: Sides | None = None
    kept = Kept()
    for recall in recalls:
        if recall.guard.pull == pull.number:
            expected = sides(recall)
        else:
            own = own or _own_sides(pull, outside)
            expected = own
        kept = _both(kept, _keep(recall, run, receipts, expected, head, outside))
    return kept


def _own_sides(pull: PullHead, outside: Proving) -> Sides | None:
    parted = outside.checks.parted(pull.base, pull.head)
    return Sides(pull.head, parted) if parted else None


def _keep_on_default(run: CiRun, found: Found, outside: Proving) -> Kept:
    recalls = outside.records.recalls(run.repository_id)
    head = outside.checks.blobs(run.commit, paths_of(found.receipts))
    kept = Kept()
    for receipt in found.receipts:
        about = [recall for recall in recalls if receipt.issue in (None, recall.number) and _is_of(receipt, recall)]
        if not about:
            name = f"#{receipt.issue}" if receipt.issue else receipt.parent[:10]
            kept = _both(kept, Kept(refused=(outside.refused(Refused("unknown-issue", name)),)))
        for recall in about:
            kept = _both(kept, _keep(recall, run, (receipt,), sides(recall), head, outside))
    by_number = {recall.number: recall for recall in recalls}
    for challenge in found.challenges:
        kept = _both(kept, _keep_challenge(challenge, by_number.get(challenge.issue or 0), run, outside))
    return kept


def _is_of(receipt: Receipt, recall: Recall) -> bool:
    expected = sides(recall)
    return expected is not None and (receipt.issue is not None or receipt.fix == expected.fix)


def _keep(
    recall: Recall,
    run: CiRun,
    receipts: tuple[Receipt, ...],
    expected: Sides | None,
    head: Mapping[str, str],
    outside: Proving,
) -> Kept:
    """Keeps what counts of the receipts about one recall. `head` are the blob ids of their files at the tested commit."""
    if expected is None:
        return Kept(refused=(outside.refused(Refused("unknown-issue", f"#{recall.number}")),))
    counted, refused = [], []
    held = Held(head, outside.checks.blobs(expected.fix, paths_of(receipts, head)), landed=run.event != "pull_request")
    for receipt in receipts:
        why = why_refused(receipt, recall.number, expected, held)
        if why is None:
            counted.append(receipt)
        else:
            refused.append(outside.refused(why))
    decided = decisive(counted)
    if decided is None:
        return Kept(refused=tuple(refused))
    text, url = json.dumps(receipt_json(compact(decided))), _url(run, outside)
    outside.records.keep_guard(recall.repository_id, recall.number, lambda guard: after_receipts(guard, counted, text, url))
    return Kept((recall.number,), tuple(refused))


def _keep_challenge(challenge: Challenge, recall: Recall | None, run: CiRun, outside: Proving) -> Kept:
    why = why_challenge_refused(challenge, sides(recall) if recall else None, run.commit)
    if why is not None or recall is None:
        return Kept(refused=(outside.refused(why or Refused("unknown-issue")),))
    when, url = outside.now().isoformat(timespec="seconds"), _url(run, outside)
    outside.records.keep_guard(recall.repository_id, recall.number, lambda guard: after_challenge(guard, challenge, when, url))
    return Kept((recall.number,))


def _url(run: CiRun, outside: Proving) -> str:
    return f"{outside.web_url}/{run.repository}/actions/runs/{run.id}"


def _both(one: Kept, other: Kept) -> Kept:
    return Kept((*one.issues, *other.issues), (*one.refused, *other.refused))


def _notice(ref: IssueRef, outside: Proving) -> None:
    """Says on the issue, in a comment of its own, that its guard no longer guards; says there, once it does again, that too."""
    recall = outside.records.recall(ref.repository_id, ref.number)
    if recall is None or recall.state.final or recall.said.quiet or recall.guard.proof not in (ProofState.ROTTEN, *PROVEN):
        return
    if not outside.settled().configuration.comments:
        return
    forge, mark, words = outside.forge, rotten_marker(ref), outside.rotten(recall, outside.web_url)
    said = next(iter(ours(forge, ref.number, mark)), None)
    if recall.guard.proof is ProofState.ROTTEN:
        if said is None:
            post(forge, ref.number, mark, words)
    elif said is not None:
        forge.update_comment(said.id, words)
