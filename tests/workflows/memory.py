"""The outside of a workflow as plain values: GitHub, the mirrors, the engine, the words and the memory between jobs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.domain.comment import Comment, CommentFacts, marker
from app.domain.culprit import Speech
from app.domain.delivery import Actor, Remote, Repository
from app.domain.errors import RecallError, TryLater
from app.domain.escape import Escape, Fix, Issue, Link
from app.domain.job import Job, Task
from app.domain.report import Lead, Report, Verdict, VerdictCode
from app.domain.testmap import Maps
from app.store.memory import Memory
from app.workflows.ports import Explain, Outside

ME = Actor("recall[bot]", "Bot")
SHOP = Repository(9, "acme/shop")
ISSUE = Issue(SHOP, 42, "Total is wrong", "in shop/pricing.py", labels=("bug", "Escaped-Bug"))
LABELED = Job(Task.REPORT_ESCAPE, "g", installation=5, repository=SHOP, number=42, sender="ada")


@dataclass
class Forgery:
    """A `Forge` over plain values. `refusals` holds the errors of coming calls by verb; `lose_answers` makes each new
    comment's answer get lost after it was made."""

    now: Issue = ISSUE
    links: tuple[Link, ...] = ()
    written: list[Comment] = field(default_factory=list)
    refusals: dict[str, RecallError] = field(default_factory=dict)
    lose_answers: bool = False
    writes: int = 0
    labelled_at: str = ""

    def _may(self, verb: str) -> None:
        if verb in self.refusals:
            raise self.refusals[verb]

    def me(self) -> Actor:
        return ME

    def repository(self) -> Repository:
        return self.now.repository

    def issue(self, number: int) -> Issue:
        self._may("issue")
        return self.now

    def escape(self, issue: Issue, fix: str = "") -> Escape:
        self._may("escape")
        return Escape(issue, self.links, labelled_at=self.labelled_at)

    def can_triage(self, login: str) -> bool:
        return login == "ada"

    def comments(self, number: int) -> tuple[Comment, ...]:
        return tuple(self.written)

    def create_comment(self, number: int, body: str) -> Comment:
        self._may("create_comment")
        self.writes += 1
        self.written.append(Comment(100 + len(self.written), ME, body))
        if self.lose_answers:
            raise TryLater("GitHub answered 502.")
        return self.written[-1]

    def update_comment(self, comment_id: int, body: str) -> Comment:
        self.writes += 1
        at = next(place for place, comment in enumerate(self.written) if comment.id == comment_id)
        self.written[at] = replace(self.written[at], body=body)
        return self.written[at]

    def remote(self) -> Remote:
        return Remote("https://github.com/acme/shop.git", "secret")


class Folder:
    """A `Mirrors` that fetches nothing."""

    @contextmanager
    def fetch(self, repository: Repository, remote: Remote, fix: Fix | None) -> Iterator[Path]:
        yield Path("/srv/mirrors/9")


def explain(mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None) -> Report:
    """A report on whatever fix is given; without one, on the places if the text names any."""
    if fix:
        return Report(Verdict(VerdictCode.STATIC_ONLY), None, base="b" * 40)
    named = "shop/pricing.py" in text
    return Report(Verdict(VerdictCode.STATIC_ONLY, Lead.UNTOUCHED if named else Lead.NOTHING_NAMED), None, base="b" * 40)


def render(facts: CommentFacts) -> str:
    """Facts as plain words, so that tests can read them."""
    if facts.duplicate_of:
        return f"see {facts.duplicate_of}"
    about = facts.link.fix.head if facts.link else "-"
    return f"{marker(facts.issue.ref)}\n{facts.state} {about} question={facts.question} problem={facts.problem}"


def outside(forge: Forgery, records: Memory, explain: Explain = explain) -> Outside:
    return Outside(forge=forge, mirrors=Folder(), explain=explain, render=render, records=records)
