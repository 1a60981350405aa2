"""Decides which receipts and challenges of CI count, and what a guard is worth afterwards; reading them is `receipt`'s.

Nothing in a receipt is believed that the server can find out itself: which fix and parent the issue has, which pull request the
run was for, what the test files at its head are. What the runs said is believed, since only whoever may push can forge it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.analysis.proven import is_sound
from app.domain.check import PullHead, Refused, Standing
from app.domain.draft import Guard, ProofState
from app.domain.job import Recall
from app.domain.proof import Catch, Challenge, Receipt, Verdict

MOST_FILES = 50
"""Test files that one receipt may lay over; more are no regression test, and each costs a question to GitHub."""

_MOST_RUNS = 300
_LONGEST_PATCH = 200_000

CHALLENGE_EVENTS = ("push", "schedule", "workflow_dispatch")
"""Runs on the default branch that may speak of it as it is."""

_STATES = {
    Verdict.PROVED: ProofState.PROVED,
    Verdict.RED_NOW: ProofState.RED,
    Verdict.NOT_PROVED: ProofState.NOT_PROVED,
    Verdict.FLAKY: ProofState.FLAKY,
    Verdict.COULD_NOT_RUN: ProofState.COULD_NOT_RUN,
}
_WORST_FIRST = (ProofState.NOT_PROVED, ProofState.FLAKY, ProofState.RED, ProofState.PROVED, ProofState.GUARDED)
PROVEN = (ProofState.PROVED, ProofState.GUARDED)
_GUARDED_ONCE = (*PROVEN, ProofState.ROTTEN)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two commits that a proof has to be about, as the server found them: full shas."""

    fix: str
    parent: str


def sides(recall: Recall) -> Sides | None:
    """What the issue's report is about: the landed fix and the state before it; None where there is no report on a fix."""
    report = json.loads(recall.report) if recall.report else {}
    fix, base = (report.get("fix") or {}).get("sha"), report.get("base")
    return Sides(fix, base) if fix and base else None


def concerned(recalls: Iterable[Recall], pull: int) -> tuple[Recall, ...]:
    """The recalls whose draft or whose fix that pull request is."""
    return tuple(recall for recall in recalls if pull in (recall.guard.pull, recall.fix_pull))


@dataclass(frozen=True, slots=True)
class Held:
    """What the server found the test files to hold, as blob ids by path: at the tested head, and at the fix.

    `landed` says that the tests may be the fix's own, so that these count as well as what stands at the head today.
    """

    head: Mapping[str, str]
    fix: Mapping[str, str] = field(default_factory=dict)
    landed: bool = False

    def unlike(self, receipt: Receipt) -> str | None:
        """The first file that held something else in the receipt's runs; None if there is none."""
        tests = {test.path for test in receipt.tests}
        for path, blob in sorted(receipt.files):
            at_fix = self.fix.get(path) == blob and (self.landed or path not in tests)
            if self.head.get(path) != blob and not at_fix:
                return path
        return None


def paths_of(receipts: Iterable[Receipt], known: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The test files that the receipts laid over and that have to be looked at: not those `known` to hold just that."""
    files = {file for receipt in receipts for file in receipt.files[: MOST_FILES + 1]}
    return tuple(sorted({path for path, blob in files if (known or {}).get(path) != blob}))


def why_refused(receipt: Receipt, issue: int, expected: Sides, held: Held) -> Refused | None:
    """Why a receipt says nothing about that issue's guard; None if it counts."""
    about = f"#{issue}"
    if receipt.issue is not None and receipt.issue != issue:
        return Refused("other-issue", about, found=f"#{receipt.issue}")
    if receipt.fix is None:
        return Refused("no-fix", about, expected.fix[:10])
    if receipt.fix != expected.fix:
        return Refused("other-fix", about, expected.fix[:10], receipt.fix[:10])
    if receipt.parent != expected.parent:
        return Refused("other-parent", about, expected.parent[:10], receipt.parent[:10])
    return _why_unlike(receipt, about, held) or (None if is_sound(receipt) else Refused("unsound", about, found=receipt.verdict))


def _why_unlike(receipt: Receipt, about: str, held: Held) -> Refused | None:
    if not receipt.tests:
        return Refused("no-tests", about)
    if len(receipt.files) > MOST_FILES:
        return Refused("too-many-files", about, str(MOST_FILES))
    if missing := sorted({test.path for test in receipt.tests} - {path for path, _ in receipt.files}):
        return Refused("no-file", about, found=missing[0])
    other = held.unlike(receipt)
    return Refused("other-file", about, found=other) if other is not None else None


def holds(receipt: Receipt, expected: Sides, held: Held) -> bool:
    """Whether a receipt that counted once still speaks of the head whose files these are."""
    return (receipt.fix, receipt.parent) == (expected.fix, expected.parent) and _why_unlike(receipt, "", held) is None


def state_of(receipt: Receipt) -> ProofState:
    """What one receipt makes of the guard; red on the reverted tip too is the best there is."""
    guards = receipt.verdict is Verdict.PROVED and receipt.guards_today
    return ProofState.GUARDED if guards else _STATES[receipt.verdict]


def decisive(receipts: Sequence[Receipt]) -> Receipt | None:
    """The one of a run's receipts that counts: the worst that came to a result, since one job of a matrix may see what the
    others do not; a job that could not run tells nothing where another could.
    """
    told = [receipt for receipt in receipts if state_of(receipt) in _WORST_FIRST]
    if not told:
        return receipts[0] if receipts else None
    return min(told, key=lambda receipt: _WORST_FIRST.index(state_of(receipt)))


def compact(receipt: Receipt) -> Receipt:
    """The receipt as it is kept with the escape: without traces, and without a patch that would weigh on every look at it."""
    runs = tuple(
        replace(run, failure=run.failure and replace(run.failure, trace="", frames=())) for run in receipt.runs[:_MOST_RUNS]
    )
    return replace(receipt, runs=runs, reverse=receipt.reverse if len(receipt.reverse) <= _LONGEST_PATCH else "")


def after_receipts(guard: Guard, receipts: Sequence[Receipt], kept: str, run_url: str) -> Guard:
    """The guard after one run's receipts that count. `kept` is the JSON of the decisive one."""
    receipt = decisive(receipts)
    if receipt is None:
        return guard
    state = state_of(receipt)
    if state is ProofState.COULD_NOT_RUN and guard.proof not in (ProofState.UNKNOWN, ProofState.COULD_NOT_RUN):
        return guard  # nothing was learned: what was known of these tests stays
    proved = sorted({str(test) for each in receipts if state_of(each) in PROVEN for test in each.tests})
    tests = tuple(proved) if state in PROVEN else guard.tests if guard.proof is ProofState.ROTTEN else ()
    return replace(guard, proof=state, receipt=kept, run_url=run_url, tests=tests)


def forgotten(guard: Guard) -> Guard:
    """The guard after its tests changed: nothing is known of them."""
    return replace(guard, proof=ProofState.UNKNOWN, receipt="", run_url="", tests=())


def after_challenge(guard: Guard, challenge: Challenge, when: str, run_url: str) -> Guard:
    """The guard after the bug was put back once. Only what was a guard can rot, and only that is one again when it catches.

    A run that began before the one that spoke last says nothing any more: GitHub numbers runs in the order in which they begin.
    """
    if challenge.catch is Catch.UNKNOWN or _run_of(run_url) < _run_of(guard.run_url):
        return guard
    challenged = replace(guard, challenged=when)
    if guard.proof not in _GUARDED_ONCE:
        return challenged
    if challenge.catch is Catch.CAUGHT:
        return replace(challenged, proof=ProofState.GUARDED, run_url=run_url)
    return replace(challenged, proof=ProofState.ROTTEN, run_url=run_url)


def _run_of(url: str) -> int:
    number = url.rpartition("/")[2]
    return int(number) if number.isascii() and number.isdigit() else 0


def why_challenge_refused(challenge: Challenge, expected: Sides | None, tip: str) -> Refused | None:
    """Why a challenge says nothing about an issue's guard; None if it counts. `tip` is the commit that the run was for."""
    about = f"#{challenge.issue}" if challenge.issue else challenge.fix[:10]
    if expected is None:
        return Refused("unknown-issue", about)
    if challenge.fix != expected.fix:
        return Refused("other-fix", about, expected.fix[:10], challenge.fix[:10])
    if challenge.tip != tip:
        return Refused("other-tip", about, tip[:10], challenge.tip[:10])
    return None


def standing(states: Sequence[ProofState], pull: PullHead, required: bool) -> Standing:
    """What the check run says of all escapes that a pull request concerns: it stands in nobody's way unless that is wished."""
    if states and all(state in PROVEN for state in states):
        return Standing.SUCCESS
    if not required:
        return Standing.NEUTRAL
    waits = all(state in (ProofState.UNKNOWN, *PROVEN) for state in states) and pull.open
    return Standing.WAITING if waits else Standing.FAILURE
