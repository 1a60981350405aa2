"""Challenges the tip: puts each past bug back there and runs what guards it, or the whole suite. Caught, or still uncaught?

A bug is put back by undoing its fix (by the reverse patch that was kept with the escape, else by a three-way merge from the
commits), so what is asked is not whether the tests are green, but whether they would turn red if it came again.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.analysis.proven import guards_today
from app.domain.errors import RecallError
from app.domain.past import PastEscape
from app.domain.proof import Catch, Challenge, Ending, Run, Side
from app.domain.suite import TestId
from app.git.repository import FixCommits, Repository, find_commit, find_fix, open_repository
from app.git.worktrees import remove, top_of
from app.proving.asked import SECONDS, Asked, Plan, plan_on
from app.proving.revert import reverse_of, undoing
from app.proving.side import made_ready, run_side
from app.proving.whole_suite import WholeSuite

Progress = Callable[[str], None]
Undo = Callable[[Path], bool]


@dataclass(frozen=True, slots=True)
class Asking:
    """How the tip is challenged. `on` is the commit that stands for it. With `whole`, the whole suite is run and not the guards
    alone. `command` replaces the one that is found, `seconds` is the limit of one run of one command.
    """

    on: str = "HEAD"
    whole: bool = False
    command: str = ""
    seconds: float = SECONDS


def challenge(
    path: Path, escapes: Sequence[PastEscape], asking: Asking, progress: Progress = lambda _: None
) -> tuple[Challenge, ...]:
    """What became of each escape, in their order; one that cannot be tried is unknown with its reason, and stops no other.

    Raises TellUser where there is no such repository or commit.
    """
    repository = open_repository(path)
    tip = find_commit(repository, asking.on)
    with tempfile.TemporaryDirectory(prefix="recall-", ignore_cleanup_errors=True) as made:
        folder = Path(made).resolve()
        challenger = _Challenger(repository, top_of(path), tip, asking, folder, progress)
        try:
            return tuple(challenger.challenge(escape) for escape in escapes)
        finally:
            remove(folder)


class _Challenger:
    """One round of challenges on one tip."""

    def __init__(
        self, repository: Repository, checkout: Path | None, tip: str, asking: Asking, folder: Path, progress: Progress
    ) -> None:
        self._repository, self._checkout, self._tip = repository, checkout, tip
        self._asked = Asked(command=asking.command, seconds=asking.seconds)
        self._whole = asking.whole
        self._folder, self._progress = folder, progress
        self._name = checkout.name if checkout else "repository"
        self._suite = WholeSuite(repository, tip, asking.command, asking.seconds)
        self._green: frozenset[TestId] | None = None

    def challenge(self, escape: PastEscape) -> Challenge:
        """One bug put back."""
        told = Challenge(escape.issue or None, escape.fix, self._tip, Catch.UNKNOWN, guards=escape.tests)
        self._progress(f"putting back the bug that {escape.fix[:10]} fixed")
        try:
            fix = self._commits(escape)
            plan = plan_on(self._repository, self._checkout, self._tip, escape.tests, fix, escape.reverse)
            plan = replace(plan, command=self._asked.command or plan.command)
            patch = escape.reverse.encode(errors="surrogateescape")
            if not patch and fix:
                patch = reverse_of(self._repository, fix, plan.source)
            undo = undoing(patch, fix, plan.source)
            return self._by_all(told, plan, undo) if self._whole else self._by_guards(told, plan, undo)
        except RecallError:
            return replace(told, reason="could-not-run")

    def _commits(self, escape: PastEscape) -> FixCommits | None:
        """The fix, where this clone has its commits."""
        try:
            return find_fix(self._repository, f"{escape.parent}..{escape.fix}")
        except RecallError:
            return None

    def _by_guards(self, told: Challenge, plan: Plan, undo: Undo) -> Challenge:
        if not plan.tests:
            return replace(told, catch=Catch.UNCAUGHT, reason="guard-gone")
        undone = self._run(Side.REVERTED, plan, undo)
        if undone is None:
            return replace(told, reason="patch")
        red = tuple(test for test in plan.tests if any(run.ending is not Ending.PASSED for run in undone if run.test == test))
        if not red:
            return replace(told, catch=Catch.UNCAUGHT, reason="green-without-fix")
        runs = [*undone, *(self._run(Side.TIP, replace(plan, tests=red), None) or ())]
        found = {test: guards_today(runs, [test]) for test in plan.tests}
        by = tuple(test for test, (guards, _) in found.items() if guards)
        if by:
            return replace(told, catch=Catch.CAUGHT, by=by, seconds=_soonest(undone, by))
        unknown = next((why for guards, why in found.values() if guards is None), None)
        return replace(told, reason=unknown) if unknown else replace(told, catch=Catch.UNCAUGHT, reason="green-without-fix")

    def _run(self, side: Side, plan: Plan, undo: Undo | None) -> list[Run] | None:
        results = self._folder / f"{side}-results"
        results.mkdir(exist_ok=True)
        with made_ready(plan, self._tip, self._folder / side / self._name, plan.files, undo) as ready:
            return None if ready is None else run_side(plan, self._asked, side, ready, results)

    def _by_all(self, told: Challenge, plan: Plan, undo: Undo) -> Challenge:
        """By the whole suite: caught by what is red with the bug back and green without it. What is red anyway says nothing."""
        told, plan = replace(told, whole_suite=True), replace(plan, suites=dict.fromkeys(self._suite.suites, ()))
        if self._green is None:
            with made_ready(plan, self._tip, self._folder / Side.TIP / self._name, {}) as ready:
                ended = self._suite.run(ready, self._folder) if ready else ()
            self._green = frozenset(one.test for one in ended if one.ending is Ending.PASSED)
        if not self._green:
            return replace(told, reason="could-not-run")
        with made_ready(plan, self._tip, self._folder / Side.REVERTED / self._name, {}, undo) as ready:
            if ready is None:
                return replace(told, reason="patch")
            ended = self._suite.run(ready, self._folder)
        red = [one for one in ended if one.test in self._green and one.ending in (Ending.FAILED, Ending.ERROR)]
        if red:
            by = tuple(one.test for one in red)
            return replace(told, catch=Catch.CAUGHT, by=by, seconds=min(one.seconds for one in red))
        if not any(one.ending is Ending.PASSED for one in ended):
            return replace(told, reason="could-not-run")
        return replace(told, catch=Catch.UNCAUGHT, reason="green-without-fix")


def _soonest(runs: Sequence[Run], tests: Sequence[TestId]) -> float:
    """The seconds of the quickest of these tests in its first run."""
    return min((run.seconds for run in runs if run.test in tests and run.attempt == 1), default=0.0)
