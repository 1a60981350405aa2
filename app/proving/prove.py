"""Proves that tests guard a fix: runs them without it and with it, and on today's tip with it undone; ends in a receipt."""

import shlex
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from app.analysis.brought import holds_test
from app.analysis.proven import guards_today, judge, proved
from app.analysis.receipt import MAX_PATCH
from app.analysis.redness import Why
from app.domain.proof import Ending, Receipt, Run, Side, Verdict
from app.domain.suite import TestId
from app.git.objects import read_blobs, read_tree
from app.git.worktrees import default_tip, is_ancestor, remove
from app.proving.asked import Asked, Plan, plan
from app.proving.machine import machine
from app.proving.revert import reverse_of, undoing
from app.proving.side import commands_for, made_ready, run_side

# What another set of packages may mend: the fix may have changed for its tests what is installed and how it is built.
_MENDABLE = (Why.IMPORT, Why.BUILD, Why.COLLECTION, Why.FIXTURE, Why.NO_RESULT)

Progress = Callable[[str], None]


def prove(path: Path, asked: Asked, progress: Progress = lambda _: None) -> Receipt:
    """The receipt. Everything runs in worktrees below the system's temporary folder, which are gone afterwards.

    Raises TellUser for what a person has to put right before anything can run.
    """
    planned = plan(path, asked)
    begun, started = time.monotonic(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="recall-", ignore_cleanup_errors=True) as made:
        folder = Path(made).resolve()
        try:
            receipt = _Proof(planned, asked, folder, progress).receipt()
        finally:
            remove(folder)
    return replace(
        receipt,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - begun, 3),
        repeat=_repeat(asked, planned),
    )


class _Proof:
    """One proof while it runs."""

    def __init__(self, planned: Plan, asked: Asked, folder: Path, progress: Progress) -> None:
        self._plan, self._asked, self._folder, self._progress = planned, asked, folder, progress
        self._name = planned.checkout.name if planned.checkout else "repository"
        self._runs: list[Run] = []
        self._environment: tuple[tuple[str, str], ...] = ()

    def receipt(self) -> Receipt:
        plan = self._plan
        fixed = plan.fix is not None
        if fixed:
            self._run(Side.FIX, plan.head, plan)
        if not fixed or self._some_green():
            self._without()
        verdict, reason = judge(self._runs, plan.tests, fixed=fixed)
        guards = proved(self._runs, plan.tests, fixed=fixed)
        reverse = reverse_of(plan.repository, plan.fix, plan.source) if plan.fix else b""
        tip, today, why = self._today(verdict, guards, reverse)
        commands = commands_for(plan, "results.xml")
        return Receipt(
            verdict=verdict,
            reason=str(reason),
            tests=guards or plan.tests,
            parent=plan.parent,
            fix=plan.fix.head if plan.fix else None,
            tip=tip,
            files=tuple((path, entry.oid) for path, entry in sorted(plan.files.items()) if entry),
            command=commands[0][1].arguments if commands else (),
            environment=self._environment,
            runs=tuple(self._runs),
            guards_today=today,
            tip_reason=why,
            reverse=reverse.decode(errors="replace") if len(reverse) <= MAX_PATCH else "",
            issue=self._asked.issue,
            framework="" if plan.command else next((str(suite.framework) for suite in plan.suites if suite), ""),
        )

    def _without(self) -> None:
        """The parent; once more with the fix's own manifests, where the tests could not even start on it."""
        found = self._run(Side.PARENT, self._plan.parent, self._plan)
        stuck = all(run.reason in _MENDABLE for run in found)
        if stuck and self._plan.manifests and any(change.path not in self._plan.manifests for change in self._plan.source):
            again = replace(self._plan, files={**self._plan.files, **self._plan.manifests})
            before = list(self._runs)
            self._runs = [run for run in self._runs if run.side is not Side.PARENT]
            mended = self._run(Side.PARENT, self._plan.parent, again)
            if all(run.reason in _MENDABLE for run in mended):
                self._runs = before
            else:
                self._plan = again

    def _today(self, verdict: Verdict, guards: Sequence[TestId], reverse: bytes) -> tuple[str | None, bool | None, str]:
        """The tip, whether the proved tests guard the fix there, and the slug for it."""
        plan, fix = self._plan, self._plan.fix
        tip = default_tip(plan.repository)
        if fix is None or verdict is not Verdict.PROVED or not self._asked.tip or tip is None:
            return None, None, "not-tried"
        if tip == fix.head:
            return tip, True, "tip-is-fix"
        merged = is_ancestor(plan.repository, fix.head, tip)
        there = self._as_on_tip(tip, guards)
        undo = undoing(reverse, fix if merged else None, plan.source)
        undone = self._run(Side.REVERTED, tip, there, undo)
        if not undone:
            return tip, None, "patch" if merged else "not-merged"
        if any(run.ending is not Ending.PASSED for run in undone):
            self._run(Side.TIP, tip, there)
            today, why = guards_today(self._runs, guards)
            return tip, today, why
        return tip, False, "green-without-fix"

    def _as_on_tip(self, tip: str, guards: Sequence[TestId]) -> Plan:
        """The plan for the tip: its own test files, where they hold the tests, else the same files as everywhere."""
        tree = read_tree(self._plan.repository, tip)
        entries = {test: tree[test.path].oid for test in guards if test.path in tree}
        contents = read_blobs(self._plan.repository, entries.values()).contents
        there = all(test in entries and holds_test(contents.get(entries[test], b""), test) for test in guards)
        return replace(self._plan, tests=tuple(guards), files={} if there else self._plan.files)

    def _run(self, side: Side, commit: str, plan: Plan, undo: Callable[[Path], bool] | None = None) -> list[Run]:
        self._progress(f"running {len(plan.tests)} tests on {commit[:10]} ({side})")
        results = self._folder / f"{side}-results"
        results.mkdir(exist_ok=True)
        with made_ready(plan, commit, self._folder / side / self._name, plan.files, undo) as ready:
            if ready is None:
                return []
            self._environment = self._environment or machine(plan, ready)
            runs = run_side(plan, self._asked, side, ready, results)
        self._runs += runs
        return runs

    def _some_green(self) -> bool:
        """Whether the parent can still decide: some test was green with the fix every time."""
        tests = {run.test for run in self._runs}
        return any(all(run.ending is Ending.PASSED for run in self._runs if run.test == test) for test in tests)


def _repeat(asked: Asked, planned: Plan) -> str:
    words = ["recall", "prove", *map(str, asked.tests)]
    if planned.fix:
        words += ["--fix", f"{planned.fix.base}..{planned.fix.head}" if ".." in (asked.fix or "") else planned.fix.head]
    words += ["--from", asked.source] if asked.source else []
    words += ["--command", planned.command] if planned.command else []
    return shlex.join([*words, "--repo", "."])
