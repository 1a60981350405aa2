"""Why the introducing change was green: its checks, what no test of that day could see, and the life of the bug as dates."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.change import Span
from app.domain.evidence import Kind
from app.domain.unchecked import Unchecked


class Verdict(StrEnum):
    """How a check ended, as far as it decides whether a change may land."""

    PASSED = "passed"
    FAILED = "failed"
    NEUTRAL = "neutral"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class RanCheck:
    """A check run or a commit status on the introducing change, as it stood last. `attempts` counts the runs of the same name on
    the same commit, `failed` how many of those before had failed; times are ISO 8601, "" where unknown.
    """

    name: str
    verdict: Verdict
    url: str = ""
    app: str = ""
    workflow: str = ""
    attempts: int = 1
    failed: int = 0
    started: str = ""
    ended: str = ""


class Unseen(StrEnum):
    """Why a test could not see the bug when it came in; the sentences are `templates/words/green.j2`'s."""

    NOT_YET = "not-yet"
    NEVER_RAN = "never-ran"
    MOCKED = "mocked"
    ASSERTS_NOTHING = "asserts-nothing"
    ASSERTS_ELSEWHERE = "asserts-elsewhere"
    SKIPPED = "skipped"
    NOT_IN_CHECKS = "not-in-checks"
    RETRIED = "retried"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, slots=True)
class UnseeingTest:
    """A test file that guards this place today (or was brought by the fix), and why it was blind at the introducing commit.

    `commit` is the one at which `path` and `lines` can be looked at; `names` is what the reason is about (a mocked target, a
    symbol, a check); `by_map` says that it was measured by a test map rather than read from the tree. `why` is a slug that says
    the reason more closely (`app.analysis.green.reasons`), `when` is when a test came that was not there yet (ISO 8601).
    """

    path: str
    kind: Kind
    reason: Unseen
    names: tuple[str, ...] = ()
    lines: tuple[Span, ...] = ()
    commit: str = ""
    by_map: bool = False
    why: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A release tag and when it was made (ISO 8601); `final` is False for one that comes before a release (`1.0rc1`)."""

    tag: str
    when: str
    final: bool = True


@dataclass(frozen=True, slots=True)
class Life:
    """The life of the bug as dates (ISO 8601 in UTC, "" where unknown): written, landed, released, reported, fixed, released.

    `days` are those that it lived on the branch: from landing, else from being written, until its fix landed.
    """

    introduced: str = ""
    merged: str = ""
    released: Release | None = None
    reported: str = ""
    fixed: str = ""
    fix_released: Release | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The why-it-was-green ledger of one introducing change: `commit` and the pull request that brought it.

    `checks` are None where GitHub was not or could not be asked; `unchecked` says what no claim is made about.
    """

    commit: str
    pull_request: int | None = None
    head: str = ""
    checks: tuple[RanCheck, ...] | None = None
    tests: tuple[UnseeingTest, ...] = ()
    life: Life = Life()
    unchecked: tuple[Unchecked, ...] = ()
