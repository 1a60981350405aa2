"""Proof that a test guards a fix: runs on both sides, the verdict over them, and the receipt that anyone can repeat."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.domain.suite import TestId


class Side(StrEnum):
    """Which code the tests ran over. `REVERTED` is the default branch's tip with the fix's change to the source undone."""

    PARENT = "parent"
    FIX = "fix"
    TIP = "tip"
    REVERTED = "reverted"


class Ending(StrEnum):
    """How one test ended in one run; `ABSENT` was not collected, `BROKEN` is a run that came to no result at all."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    ABSENT = "absent"
    TIMEOUT = "timeout"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Failure:
    """What a test that was not green told, cut short: the error's type and message, and the frames its trace names.

    `frames` are (path, line), outermost first, with paths relative to the worktree where they lie in it.
    """

    type: str = ""
    message: str = ""
    trace: str = ""
    frames: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One test in one run of one side. `attempt` counts from 1, `seconds` is the test's own time (the whole run's, if unknown).

    `reason` is a slug of `app.analysis.redness.Why` for why it is red, or came to nothing; "" where it is green.
    """

    side: Side
    attempt: int
    test: TestId
    ending: Ending
    seconds: float = 0.0
    reason: str = ""
    failure: Failure | None = None


class Verdict(StrEnum):
    """What the runs prove."""

    PROVED = "proved"
    RED_NOW = "red-now"
    NOT_PROVED = "not-proved"
    FLAKY = "flaky"
    COULD_NOT_RUN = "could-not-run"


class ExitCode(IntEnum):
    """What `recall prove` ends with."""

    PROVED = 0
    NOT_PROVED = 1
    COULD_NOT_RUN = 2


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of one proof; `docs/receipt.schema.json` is its form as JSON.

    `parent` and `fix` are full shas (`fix` None where there is no fix yet), `tip` that of the default branch. `files` are the
    test files laid over, with their blob ids. `command` is what was run, `environment` what it ran on (`os`, `python`, `node`
    ...). `reason` is a slug that words the verdict, `guards_today` what the reverted tip says (None: not tried or not possible,
    with `tip_reason`). `reverse` is the patch that puts the bug back, `repeat` one line to do it all again.
    """

    verdict: Verdict
    reason: str
    tests: tuple[TestId, ...]
    parent: str
    fix: str | None
    tip: str | None = None
    files: tuple[tuple[str, str], ...] = ()
    command: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    started: str = ""
    seconds: float = 0.0
    runs: tuple[Run, ...] = ()
    guards_today: bool | None = None
    tip_reason: str = ""
    reverse: str = ""
    repeat: str = ""
    issue: int | None = None
    framework: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """Proved (red now, where there is no fix yet) is 0, what could not run 2, everything else 1."""
        if self.verdict in (Verdict.PROVED, Verdict.RED_NOW):
            return ExitCode.PROVED
        return ExitCode.COULD_NOT_RUN if self.verdict is Verdict.COULD_NOT_RUN else ExitCode.NOT_PROVED


class Catch(StrEnum):
    """What became of a bug that was put back: caught by a test, still uncaught, or that could not be found out."""

    CAUGHT = "caught"
    UNCAUGHT = "uncaught"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One past escape put back on the tip. `by` are the tests that turned red, `seconds` until the first of them ended.

    `reason` is a slug where it is unknown: `patch` (the code moved on), `red-before` (the tip itself is red), `could-not-run`.
    """

    issue: int | None
    fix: str
    tip: str
    catch: Catch
    reason: str = ""
    by: tuple[TestId, ...] = ()
    guards: tuple[TestId, ...] = ()
    seconds: float = 0.0
    whole_suite: bool = False
