"""Makes one check of all its runs on one commit: how the last one ended, and how often it was run, and failed, before."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from app.domain.green import RanCheck, Verdict

_ENDS = frozenset({Verdict.PASSED, Verdict.FAILED, Verdict.NEUTRAL})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a check. Runs with the same `key` are of the same check; `place` orders them, oldest first."""

    key: Hashable
    place: tuple[str, int]
    check: RanCheck


def together(attempts: Iterable[Attempt]) -> tuple[RanCheck, ...]:
    """One check for each key, by workflow and name.

    What was cancelled, skipped or never ended is no attempt: it did not fail, and did not have to be tried again.
    """
    grouped: dict[Hashable, list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda one: one.place):
        grouped.setdefault(attempt.key, []).append(attempt)
    checks = (_last([attempt.check for attempt in runs]) for runs in grouped.values())
    return tuple(sorted(checks, key=lambda check: (check.workflow.casefold(), check.name.casefold(), check.app)))


def retried(check: RanCheck) -> bool:
    """Whether it was green in the end and had failed before on the very same commit."""
    return check.verdict is Verdict.PASSED and check.failed > 0


def _last(runs: list[RanCheck]) -> RanCheck:
    *before, last = runs
    ended = sum(run.verdict in _ENDS for run in before)
    return replace(last, attempts=ended + 1, failed=sum(run.verdict is Verdict.FAILED for run in before))
