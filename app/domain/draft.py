"""The draft pull request that brings a regression test: what recall remembers of it, and what it is about to do."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.delivery import Actor
from app.domain.escape import Fix, Issue, IssueRef
from app.domain.report import Report
from app.domain.scaffold import Scaffold
from app.domain.suite import TestId

BRANCH_PREFIX = "recall/issue-"
DRAFT_MARKER = "<!-- recall:v1 draft "
"""What the body of every draft begins with."""

REHEARSED = 0
"""The number of a pull request that was not opened, since nothing is to be written."""

_MARKER = re.compile(
    r"<!-- recall:v1 draft issue=(\d{1,19})/(\d{1,19}) fix=([0-9a-f]{40,64}) parent=([0-9a-f]{40,64}) tests=(.*) -->"
)


class DraftState(StrEnum):
    """Where the draft stands. `THEIRS` has commits of a person, so recall writes to it no more; `CLOSED` is never opened again.

    `PATCH` is the same change as text in the comment, where nothing may be written or drafts are not offered; `BRANCH` is a
    branch without a pull request, by configuration.
    """

    NONE = "none"
    OPEN = "open"
    THEIRS = "theirs"
    MERGED = "merged"
    CLOSED = "closed"
    PATCH = "patch"
    BRANCH = "branch"


class ProofState(StrEnum):
    """What is known of the guard of one escape, in the order in which it gets better; `ROTTEN` went green without the fix."""

    UNKNOWN = "unknown"
    COULD_NOT_RUN = "could-not-run"
    NOT_PROVED = "not-proved"
    FLAKY = "flaky"
    RED = "red"
    PROVED = "proved"
    GUARDED = "guarded"
    ROTTEN = "rotten"


@dataclass(frozen=True, slots=True)
class Guard:
    """What is remembered of an escape's regression test: the draft, the proof, the last challenge. Kept as one value.

    `pull` and `branch` are the draft's; `digest` is of what recall last wrote there; `patch` the change where it is only text;
    `why` the slug for why there is no draft, `run` the line that runs the test. `receipt` is the JSON of the last receipt that
    counted, `run_url` the CI run it is from. `tests` are the proved guards (`PATH::NAME`). `challenged` is when the bug was last
    put back (ISO 8601).
    """

    draft: DraftState = DraftState.NONE
    pull: int | None = None
    branch: str = ""
    digest: str = ""
    patch: str = ""
    why: str = ""
    run: str = ""
    proof: ProofState = ProofState.UNKNOWN
    receipt: str = ""
    run_url: str = ""
    tests: tuple[str, ...] = ()
    challenged: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the installation was given: to write code, pull requests, check runs."""

    contents_write: bool = True
    pulls_write: bool = True
    checks_write: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch beside the default one: its tip, the commit the two parted at, what it changed since.

    `ours` says that every commit since then is recall's own, as recall made it. `files` are the paths that they changed.
    """

    head: str
    base: str
    ours: bool = True
    files: tuple[str, ...] = ()


class Refusal(StrEnum):
    """What a repository's plan or rules refuse for good, as the state of a `GiveUp` and as the reason that people read."""

    BRANCH = "branch-refused"
    COMMIT = "commit-refused"
    PULL = "pull-refused"
    DRAFTS = "no-drafts"


class PullState(StrEnum):
    """How a pull request stands."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class DraftPull:
    """recall's own pull request from its branch. `draft` says that nobody has called it ready yet; `closed_by` who closed it."""

    number: int
    state: PullState
    draft: bool
    title: str
    body: str
    labels: tuple[str, ...] = ()
    closed_by: Actor | None = None


@dataclass(frozen=True, slots=True)
class DraftMarker:
    """The first line of a draft's body, hidden from readers. It tells the Action what to prove; anyone can write one, so
    nothing else may rest on it.
    """

    issue: IssueRef
    fix: str
    parent: str
    tests: tuple[TestId, ...] = ()

    def __str__(self) -> str:
        r"""`<!-- recall:v1 draft issue=7/42 fix=<sha> parent=<sha> tests=["tests/test_cart.py\u003a\u003atest_total"] -->`.

        In JSON nothing needs these signs as such, so no name can end the line early, or close or call anything in the commit
        message that a body may become.
        """
        names = json.dumps([str(test) for test in self.tests], separators=(",", ":"))
        for sign in "<>-#@:":
            names = names.replace(sign, f"\\u{ord(sign):04x}")
        where = f"{self.issue.repository_id}/{self.issue.number}"
        return f"<!-- recall:v1 draft issue={where} fix={self.fix} parent={self.parent} tests={names} -->"


def draft_prefix(issue: IssueRef) -> str:
    """What the body of the draft for that issue begins with, whatever it proves."""
    return f"{DRAFT_MARKER}issue={issue.repository_id}/{issue.number} "


def read_marker(body: str) -> DraftMarker | None:
    """What the first line of a pull request's body says is to be proved; None where it says nothing of the kind."""
    found = _MARKER.fullmatch(body.partition("\n")[0].rstrip())
    if found is None:
        return None
    try:
        names = json.loads(found[5])
    except (ValueError, RecursionError):
        return None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    tests = tuple(TestId(*name.split("::", 1)) for name in names)
    return DraftMarker(IssueRef(int(found[1]), int(found[2])), found[3], found[4], tests)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A regression test as it is going to be shown: the scaffold, the commit it stands on, and the line that runs it ("" if
    there is none).
    """

    scaffold: Scaffold
    base: str
    run: str = ""


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft pull request before words. `plain` says that it cannot be a draft on GitHub, so that its title has to say so."""

    issue: Issue
    fix: Fix
    report: Report
    drafted: Drafted
    web_url: str = "https://github.com"
    label: str = ""
    plain: bool = False
    proof: ProofState = ProofState.UNKNOWN
    run_url: str = ""

    @property
    def marker(self) -> DraftMarker:
        """What its first line says."""
        change = self.report.change
        head, base = (change.head, change.base) if change else (self.fix.head, self.report.base)
        return DraftMarker(self.issue.ref, head, base, (self.drafted.scaffold.test,))


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft pull request in words."""

    title: str
    body: str
