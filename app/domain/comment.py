"""Comments on issues: those that are there, and what recall's own has to say, as facts for `app.render` to put into words."""

from dataclasses import dataclass, field

from app.domain.correction import Corrections
from app.domain.delivery import Actor
from app.domain.draft import Guard
from app.domain.escape import Escape, Issue, IssueRef, Link
from app.domain.green import Ledger
from app.domain.job import State
from app.domain.report import Report

MARKER_PREFIX = "<!-- recall:v1 "


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an issue, as far as recall cares: who wrote it, and its Markdown."""

    id: int
    author: Actor | None
    body: str


def marker(issue: IssueRef) -> str:
    """The first line of recall's comment on that issue; hidden from readers, found again together with the author.

    `IssueRef(7, 42)` -> `<!-- recall:v1 issue=7/42 -->`. Anyone can paste it, so it proves nothing without the author.
    """
    return f"{MARKER_PREFIX}issue={issue.repository_id}/{issue.number} -->"


def rotten_marker(issue: IssueRef, *, mended: bool = False) -> str:
    """The first line of the comment which says that the issue's guard no longer guards, or that it does again."""
    return f"{MARKER_PREFIX}{'mended' if mended else 'rotten'} issue={issue.repository_id}/{issue.number} -->"


@dataclass(frozen=True, slots=True)
class CommentFacts:
    """One comment before words. `state` decides which comment it is (withdrawn, reported, provisional, waiting).

    `escape` is None where nothing was read (withdrawn); `link` is the one whose fix the report is about; `report` is None
    where nothing could be explained. `question` asks which pull request fixed the issue, `provisional` says that the report
    is about named places or a fix under way. `problem` is the one sentence of a `TellUser` that kept the report from being
    made. `base` is the full sha that permalinks to files point at (`{web_url}/{repository}/blob/{base}/{path}`), None if unknown.
    `duplicate_of` is set alone: this comment is a second one of ours and only has to point at the id of the first,
    without the marker. `guard` is what is known of the regression test, `said` what people said of all this. `problems` are
    sentences on what could not be used of the repository's configuration. `ledger` is why the
    introducing change was green, None where nothing was asked.
    """

    issue: Issue
    state: State
    web_url: str = "https://github.com"
    escape: Escape | None = None
    link: Link | None = None
    report: Report | None = None
    question: bool = False
    provisional: bool = False
    problem: str | None = None
    base: str | None = None
    duplicate_of: int | None = None
    guard: Guard = field(default_factory=Guard)
    said: Corrections = field(default_factory=Corrections)
    problems: tuple[str, ...] = ()
    ledger: Ledger | None = None

    @property
    def repository(self) -> str:
        """The full name, `owner/name`, that permalinks are made with."""
        return self.issue.repository.full_name
