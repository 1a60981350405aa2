"""What reading proofs may reach in tests: the sandbox's GitHub, a real database, receipts as a run would leave them."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache

from app.analysis.receipt import challenge_json, receipt_json
from app.domain.delivery import Repository
from app.domain.draft import DraftState, Guard
from app.domain.job import Job, Outcome, Recall, State, Task
from app.domain.proof import Catch, Challenge, Ending, Receipt, Run, Side, Verdict
from app.domain.suite import TestId
from app.github.auth import App, Host
from app.github.checks import RepositoryChecks
from app.github.configured import RepositoryConfigured
from app.github.forge import RepositoryForge
from app.github.runs import RepositoryRuns
from app.render.guard import check, refusal, rotten
from app.sandbox.state import CheckRun, Comment, Issue, WorkflowRun
from app.store.database import Database
from app.store.recalls import Recalls
from app.workflows.check_proof import check_proof
from app.workflows.ports import Proving, Step, inline
from app.workflows.read_receipts import read_receipts
from tests.gate import zipped
from tests.shop import SHOP, Shop

GUARD = TestId("tests/test_pricing.py", "test_issue_1")
GUARDING = "from shop.pricing import total\n\n\ndef test_issue_1():\n    assert total(101) == 203\n"
_RED, _GREEN, _DARK = Ending.FAILED, Ending.PASSED, Ending.BROKEN
# How the three runs of the parent and of the fix ended.
_ENDINGS = {
    Verdict.PROVED: ([_RED] * 3, [_GREEN] * 3),
    Verdict.NOT_PROVED: ([_GREEN] * 3, [_GREEN] * 3),
    Verdict.FLAKY: ([_RED, _GREEN, _RED], [_GREEN] * 3),
    Verdict.COULD_NOT_RUN: ([_DARK] * 3, [_DARK] * 3),
}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Proofs:
    """The shop with one recalled issue, its landed fix, and the draft that guards it."""

    shop: Shop
    database: Database
    told: list[Job] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database.migrate()
        self.records = Recalls(self.database)
        sandbox, mona = self.shop.sandbox, self.shop.mona
        self.app = App(Host(sandbox.api_url, sandbox.url), self.shop.app.id, self.shop.app.private_key)
        self.issue = mona.open_issue(SHOP, "Total is wrong", "in shop/pricing.py")
        self.parent = str(self.shop.repository.git.ref("refs/heads/main"))
        fixed = {"shop/pricing.py": "RATE = 2\n\n\ndef total(n):\n    return n * RATE + (n > 100)\n"}
        self.fix = mona.push(SHOP, fixed, "Fix the total")
        mona.push(SHOP, {"tests/test_pricing.py": GUARDING}, "Guard it", branch="recall/issue-1")
        self.draft = mona.open_pull(SHOP, "recall/issue-1", "test: guard #1", draft=True)
        self.remember(pull=self.draft.number, branch="recall/issue-1", draft=DraftState.OPEN)

    @property
    def home(self) -> Repository:
        one = self.shop.repository
        return Repository(one.id, one.full_name, one.visibility, one.default_branch)

    def remember(self, number: int | None = None, fix_pull: int | None = None, **guard: object) -> None:
        """What is known of an issue, as after its report."""
        told = json.dumps({"fix": {"sha": self.fix, "subject": ""}, "base": self.parent})
        number = number or self.issue.number
        installation = self.shop.installation.id
        recall = Recall(self.home.id, number, installation, SHOP, State.REPORTED, 1, fix_pull, self.fix, told)
        self.records.save(recall)
        self.records.keep_guard(self.home.id, number, lambda known: replace(known, **guard))  # type: ignore[arg-type]

    @property
    def guard(self) -> Guard:
        found = self.records.recall(self.home.id, self.issue.number)
        assert found is not None
        return found.guard

    def receipt(self, verdict: Verdict = Verdict.PROVED, **changes: object) -> Receipt:
        """The receipt of a proof of the draft as it stands, with runs that say that verdict."""
        head = self.draft.pull.head_sha if self.draft.pull else ""
        blob = self.shop.repository.git.entry(head, GUARD.path)
        runs = tuple(
            Run(side, attempt, GUARD, ending, 0.1, "assertion" if ending is Ending.FAILED else "")
            for side, endings in zip((Side.PARENT, Side.FIX), _ENDINGS[verdict], strict=True)
            for attempt, ending in enumerate(endings, 1)
        )
        plain = Receipt(
            verdict,
            verdict.value,
            (GUARD,),
            self.parent,
            self.fix,
            files=((GUARD.path, blob.sha if blob else "0" * 40),),
            runs=runs,
            repeat="recall prove tests/test_pricing.py::test_issue_1",
            issue=self.issue.number,
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def challenge(self, tip: str, catch: Catch = Catch.CAUGHT, **changes: object) -> Challenge:
        """What became of the bug when it was put back."""
        plain = Challenge(self.issue.number, self.fix, tip, catch, by=(GUARD,) if catch is Catch.CAUGHT else (), guards=(GUARD,))
        return replace(plain, **changes)  # type: ignore[arg-type]

    def ran(self, *receipts: Receipt, on: Issue | None = None) -> WorkflowRun:
        """A finished run on a pull request (the draft, unless named) that left these receipts."""
        run = self.shop.sandbox.start_run_on(on or self.draft)
        for number, receipt in enumerate(receipts):
            self.leave(run, f"recall-receipt-prove-{number}", receipt_json=json.dumps(receipt_json(receipt)).encode())
        self.shop.sandbox.complete_run(run)
        return run

    def challenged(self, *challenges: Challenge, event: str = "schedule", branch: str | None = None) -> WorkflowRun:
        """A finished run of the default branch that left these results."""
        run = self.shop.sandbox.start_run(SHOP, event, branch)
        self.leave(run, "recall-challenge-1", challenge_json=json.dumps(challenge_json(challenges)).encode())
        self.shop.sandbox.complete_run(run)
        return run

    def leave(self, run: WorkflowRun, called: str, **files: bytes) -> None:
        self.shop.sandbox.add_artifact_of(run, called, zipped(**files))

    @contextmanager
    def outside(self) -> Iterator[Proving]:
        installed = self.app.on(self.shop.installation.id, self.home.id)
        configured = RepositoryConfigured(self.app.host, installed, self.home)
        with closing(configured), closing(RepositoryForge(self.app.host, installed, self.home)) as forge:
            home = cache(forge.repository)
            yield Proving(
                home=home,
                runs=lambda: RepositoryRuns(self.app.host, installed, home()),
                checks=RepositoryChecks(self.app.host, installed, home),
                forge=forge,
                records=self.records,
                check=check,
                rotten=rotten,
                refused=refusal,
                now=lambda: NOW,
                web_url=self.shop.sandbox.url,
                settled=configured.settled,
            )

    def read(self, run: WorkflowRun, step: Step = inline) -> Outcome:
        """The job about a finished run."""
        return self._do(read_receipts, Task.READ_RECEIPTS, run.id, step)

    def check(self, pull: Issue | None = None, text: str = "", step: Step = inline) -> Outcome:
        """The job about a pull request, the draft unless named."""
        return self._do(check_proof, Task.CHECK_PROOF, (pull or self.draft).number, step, text)

    def settle(self, run: WorkflowRun) -> Outcome:
        """The job about a run, and the checks that it asks for."""
        outcome = self.read(run)
        for job in outcome.next:
            if job.task is Task.CHECK_PROOF:
                with self.outside() as outside:
                    check_proof(job, outside)
        return outcome

    @property
    def checks(self) -> list[CheckRun]:
        return self.shop.repository.checks

    def said(self, mark: str = "rotten") -> list[Comment]:
        """Our comments on the issue about its rotten, or mended, guard."""
        return [one for one in self.issue.comments if one.body.startswith(f"<!-- recall:v1 {mark} ")]

    def _do(self, act: Callable[[Job, Proving, Step], Outcome], task: Task, number: int, step: Step, text: str = "") -> Outcome:
        with self.outside() as outside:
            return act(Job(task, "d", self.shop.installation.id, self.home, number, text=text), outside, step)
