"""Makes the check run on one pull request true: what is proved of the tests at its head, for the escapes that it concerns.

Reads the pull request again and looks whether the last receipt still speaks of it; a receipt on files that have changed since is
forgotten. A pull request that no recall concerns costs no request.
"""

from collections.abc import Sequence
from functools import partial

from app.analysis.proofs import Held, Sides, concerned, forgotten, holds, paths_of, sides, standing
from app.analysis.receipt import kept_receipt
from app.domain.check import CheckFacts, Proof, PullHead
from app.domain.draft import ProofState
from app.domain.errors import GiveUp
from app.domain.job import Job, Outcome, Recall, Task
from app.domain.proof import Receipt
from app.workflows.ports import Proving, Step, inline

IGNORED, CHECKED, FORBIDDEN = "ignored", "checked", "forbidden"


def check_proof(job: Job, outside: Proving, step: Step = inline) -> Outcome:
    """Upserts the check run on the job's pull request. `job.text` holds the sentences on receipts that did not count.

    Raises TryLater where GitHub could not answer now, GiveUp where the pull request is gone.
    """
    repository, number = job.repository, job.number
    if repository is None or number is None:
        return Outcome(IGNORED, "The delivery named no pull request.")
    recalls = concerned(outside.records.recalls(repository.id), number)
    if not recalls:
        return Outcome(IGNORED, f"{repository.full_name}#{number} concerns no recall.")
    pull = step("pull", lambda: outside.checks.pull(number))
    proofs, changed = [], []
    for recall in recalls:
        proof, anew = step(f"proof {recall.number}", partial(_proof, recall, pull, outside))
        proofs.append(proof)
        changed += [recall.number] if anew else []
    configuration = step("settings", outside.settled).configuration
    sentence = f"Check runs are turned off for {repository.full_name}."
    if configuration.checks:
        required = configuration.require_proof
        sentence = step("check", lambda: _put(repository.full_name, pull, proofs, required, job.text, outside))
    again = [
        Job(Task.REPORT_ESCAPE, job.delivery, job.installation, repository, number=issue, sender=job.sender) for issue in changed
    ]
    return Outcome(CHECKED, sentence, tuple(again))


def _put(name: str, pull: PullHead, proofs: Sequence[Proof], required: bool, refused: str, outside: Proving) -> str:
    stands = standing([proof.state for proof in proofs], pull, required)
    facts = CheckFacts(
        repository=name,
        web_url=outside.web_url,
        pull=pull.number,
        head=pull.head,
        standing=stands,
        proofs=tuple(proofs),
        refused=tuple(refused.splitlines()),
        required=required,
    )
    try:
        written = outside.checks.put(outside.check(facts))
    except GiveUp as refusal:
        return f"No check run stands on {name}#{pull.number}: {refusal}"
    return f"The check run on {name}#{pull.number} at {pull.head[:10]} {'now says' if written else 'says'} {stands}."


def _proof(recall: Recall, pull: PullHead, outside: Proving) -> tuple[Proof, bool]:
    """What is known of the recall's guard at the pull request's head, and whether that is less than before."""
    guard = recall.guard
    receipt = kept_receipt(guard.receipt)
    known = Proof(recall.number, guard.proof, receipt, guard.run_url)
    if not pull.open or guard.proof in (ProofState.UNKNOWN, ProofState.ROTTEN):
        return known, False
    if receipt is not None and _holds(recall, receipt, pull, outside):
        return known, False
    outside.records.keep_guard(recall.repository_id, recall.number, forgotten)
    return Proof(recall.number, ProofState.UNKNOWN), True


def _holds(recall: Recall, receipt: Receipt, pull: PullHead, outside: Proving) -> bool:
    """A draft's receipt holds for every head with the same test files, that of a fix for its own head alone."""
    draft = recall.guard.pull == pull.number
    expected = sides(recall) if draft else Sides(pull.head, receipt.parent)
    if expected is None or receipt.fix != expected.fix:
        return False
    head = outside.checks.blobs(pull.head, paths_of([receipt]))
    return holds(receipt, expected, Held(head, outside.checks.blobs(expected.fix, paths_of([receipt], head))))
