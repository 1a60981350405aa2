"""A job: one thing to do because of a delivery. Every job is keyed by what it is about, so it can be killed and run again."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.correction import Corrections
from app.domain.course import Course
from app.domain.delivery import Repository
from app.domain.draft import Guard


class Task(StrEnum):
    """What recall can be asked to do; one file of `app.workflows` each."""

    REPORT_ESCAPE = "report-escape"
    RESUME_ESCAPES = "resume-escapes"
    END_INSTALLATION = "end-installation"
    LEARN_MAP = "learn-map"
    DRAFT_TEST = "draft-test"
    READ_RECEIPTS = "read-receipts"
    CHECK_PROOF = "check-proof"
    REVIEW_PULL = "review-pull"
    FOLLOW_COMMAND = "follow-command"
    TICK_BOXES = "tick-boxes"
    SEND_DIGEST = "send-digest"
    CHECK_CONFIGURATION = "check-configuration"


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do, self-contained: whoever runs it re-reads the rest from GitHub.

    `number` is the issue (for `RESUME_ESCAPES`, `CHECK_PROOF` and `REVIEW_PULL` the pull request, for `LEARN_MAP` and
    `READ_RECEIPTS` the workflow run); `text` what may name other issues, or the commands to follow; `comment` the comment they
    stand in; `sender` the login that caused it; `delivery` the GUID that every log line of the job carries.
    """

    task: Task
    delivery: str
    installation: int | None
    repository: Repository | None
    number: int | None = None
    sender: str | None = None
    text: str = ""
    comment: int | None = None

    @property
    def partition(self) -> str:
        """Jobs of one partition run one after the other: one issue, a repository's maps or proofs, else one repository or
        installation.
        """
        if self.repository is None:
            return f"installation:{self.installation}"
        apart = {
            Task.REPORT_ESCAPE: str(self.number),
            Task.DRAFT_TEST: str(self.number),
            Task.LEARN_MAP: "maps",
            Task.READ_RECEIPTS: "proofs",
            Task.CHECK_PROOF: "proofs",
            Task.REVIEW_PULL: f"pull-{self.number}",
            Task.FOLLOW_COMMAND: str(self.number),
            Task.TICK_BOXES: "digest",
            Task.SEND_DIGEST: "digest",
            Task.CHECK_CONFIGURATION: "configuration",
        }
        return f"{self.repository.id}:{apart.get(self.task, '*')}"


class State(StrEnum):
    """Where the recall of one issue stands; the final ones are never left without a new label."""

    REPORTED = "reported"
    PROVISIONAL = "provisional"
    WAITING = "waiting-for-fix"
    WITHDRAWN = "withdrawn"
    LOCKED = "locked"
    DELETED = "deleted"
    TRANSFERRED = "transferred"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    FORBIDDEN = "forbidden"

    @property
    def final(self) -> bool:
        """Whether nothing but a new label brings the recall back."""
        return self not in (State.REPORTED, State.PROVISIONAL, State.WAITING)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: the state, one sentence for the log, and the jobs it wants done next."""

    state: str
    sentence: str
    next: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Recall:
    """What is remembered of one issue between jobs: state, comment, the fix the comment speaks of, the report as JSON, the guard
    (its draft and proof), what people said of it, and the moments of its course.
    """

    repository_id: int
    number: int
    installation: int | None
    repository: str
    state: State
    comment_id: int | None = None
    fix_pull: int | None = None
    fix_head: str | None = None
    report: str | None = None
    guard: Guard = field(default_factory=Guard)
    title: str = ""
    said: Corrections = field(default_factory=Corrections)
    course: Course = field(default_factory=Course)
