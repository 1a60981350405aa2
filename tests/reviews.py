"""What reviewing a pull request may reach in tests: the sandbox's GitHub, a memory, and a review that a test decides on."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.change import Span
from app.domain.configuration import Configuration, Settled
from app.domain.delivery import Repository
from app.domain.draft import Guard, ProofState
from app.domain.job import Job, Outcome, Recall, State, Task
from app.domain.review import Finding, KnownEscape, Missing, Review, Touch
from app.github.auth import App, Host
from app.github.checks import RepositoryChecks
from app.github.forge import RepositoryForge
from app.github.remarks import RepositoryRemarks
from app.render.remark import remark
from app.sandbox.state import CheckRun, Comment, Issue
from app.store.memory import Memory
from app.workflows.ports import Reviewing, Step, inline
from app.workflows.review_pull import review_pull
from tests.shop import SHOP, Shop
from tests.workflows.memory import Folder

MARK = "<!-- recall:v1 review "
TOUCHED = (Touch("shop/pricing.py", (Span(5, 5),)),)


@dataclass
class Reviews:
    """The shop with one past escape. `missing` is what the review finds of it; `asked` are the heads that were reviewed;
    `meanwhile` happens while a change is reviewed.
    """

    shop: Shop
    missing: Missing | None = Missing.NO_GUARD
    configuration: Configuration = field(default_factory=Configuration)
    problems: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self.records = Memory()
        sandbox, mona = self.shop.sandbox, self.shop.mona
        self.app = App(Host(sandbox.api_url, sandbox.url), self.shop.app.id, self.shop.app.private_key)
        self.issue = mona.open_issue(SHOP, "Total is wrong", "in shop/pricing.py")
        self.parent = str(self.shop.repository.git.ref("refs/heads/main"))
        self.fix = mona.push(SHOP, {"shop/pricing.py": "RATE = 2\n\n\ndef total(n):\n    return n * RATE + 1\n"}, "Fix it")
        self.remember()
        self.pull = self.open("change")

    @property
    def home(self) -> Repository:
        one = self.shop.repository
        return Repository(one.id, one.full_name, one.visibility, one.default_branch)

    def open(self, branch: str, body: str = "", **how: Any) -> Issue:
        """A pull request that changes what the fix had changed."""
        mona = self.shop.mona
        mona.push(
            SHOP, {"shop/pricing.py": f"RATE = 2\n\n\ndef total(n):\n    return n * RATE  # {branch}\n"}, "Change", branch=branch
        )
        return mona.open_pull(SHOP, branch, "Change it", body, **how)

    def push(self, branch: str = "change") -> str:
        """One more commit on a branch."""
        facts = self.pull.pull
        assert facts is not None
        return self.shop.mona.push(SHOP, {"README.md": f"after {facts.head_sha}\n"}, "More", branch=branch)

    def remember(
        self, fix_pull: int | None = None, proof: ProofState = ProofState.UNKNOWN, state: State = State.REPORTED
    ) -> None:
        """What is known of the issue."""
        told = json.dumps({"fix": {"sha": self.fix, "subject": ""}, "base": self.parent})
        installation = self.shop.installation.id
        recall = Recall(
            self.home.id, self.issue.number, installation, SHOP, state, 1, fix_pull, self.fix, told, title="Total is wrong"
        )
        self.records.save(recall)
        self.records.keep_guard(self.home.id, self.issue.number, lambda _: Guard(proof=proof))

    def reviewed(self, mirror: Path, *, base: str, head: str, escapes: list[KnownEscape], **_: object) -> Review:
        """The review that the test decided on."""
        self.asked.append(head)
        self.meanwhile()
        found = [Finding(escape, self.missing, TOUCHED) for escape in escapes if self.missing]
        return Review(base, head, tuple(found), looked=len(escapes))

    @contextmanager
    def outside(self) -> Iterator[Reviewing]:
        installed = self.app.on(self.shop.installation.id, self.home.id)
        with closing(RepositoryForge(self.app.host, installed, self.home)) as forge:
            home = cache(forge.repository)
            with closing(RepositoryRemarks(self.app.host, installed, home)) as remarks:
                yield Reviewing(
                    home=home,
                    forge=forge,
                    remarks=remarks,
                    checks=RepositoryChecks(self.app.host, installed, home),
                    mirrors=Folder(),
                    records=self.records,
                    review=self.reviewed,
                    render=remark,
                    settled=lambda: Settled(self.configuration, self.problems),
                    web_url=self.shop.sandbox.url,
                )

    def review(self, pull: Issue | None = None, step: Step = inline) -> Outcome:
        """The job about a pull request."""
        with self.outside() as outside:
            job = Job(Task.REVIEW_PULL, "d", self.shop.installation.id, self.home, (pull or self.pull).number)
            return review_pull(job, outside, step)

    def comments(self, pull: Issue | None = None) -> list[Comment]:
        """All comments that stand on a pull request."""
        return (pull or self.pull).comments

    @property
    def checks(self) -> list[CheckRun]:
        return self.shop.repository.checks
