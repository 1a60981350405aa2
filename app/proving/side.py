"""One side of a proof: a worktree with the tests laid over and the packages brought in, and the runs of the tests in it."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from app.analysis.redness import Why, why_red
from app.analysis.runners.commands import run_tests
from app.analysis.runners.configured import configured
from app.analysis.runners.results import Outcome, read_run
from app.domain.proof import Ending, Failure, Run, Side
from app.domain.suite import Command, Format, Framework, Suite, TestId
from app.git.objects import Entry
from app.git.worktrees import keep, lay_over, worktree
from app.proving import python_code
from app.proving.asked import Asked, Plan
from app.proving.dependencies import bring, environments
from app.proving.process import Done, clean_environment, run_command

TIMES = 3
MAX_RESULTS = 64 << 20
_MOST_FILES = 2_000
_PYTHON = (Framework.PYTEST, Framework.UNITTEST, Framework.DJANGO)
# What ends the same way however often it is tried.
_FOR_GOOD = (Why.NO_COMMAND, Why.NO_SUITE, Why.BUILD, Why.OTHER_CODE, Why.IN_SOURCE)
_ORDER = (Ending.FAILED, Ending.ERROR, Ending.TIMEOUT, Ending.PASSED, Ending.SKIPPED, Ending.BROKEN, Ending.ABSENT)
_ORDER_BY_EXIT = (Ending.FAILED, Ending.ERROR, Ending.TIMEOUT, Ending.BROKEN, Ending.ABSENT, Ending.SKIPPED, Ending.PASSED)


@dataclass(frozen=True, slots=True)
class Ready:
    """A worktree that commands can run in. `ours` is whether the changed code is what they will import."""

    folder: Path
    environment: Mapping[str, str]
    ours: bool = True


@contextmanager
def made_ready(
    plan: Plan, commit: str, folder: Path, files: Mapping[str, Entry | None], undo: Callable[[Path], bool] | None = None
) -> Iterator[Ready | None]:
    """The worktree of a commit, with files laid over; None where `undo` could not take the fix back in it."""
    with worktree(plan.repository, commit, folder) as there:
        if undo and not undo(there):
            yield None
            return
        for content in plan.loose.values():
            keep(there, content)
        lay_over(there, files)
        if plan.checkout:
            bring(plan.checkout, there)
        yield _prepared(plan, there)


def run_side(plan: Plan, asked: Asked, side: Side, ready: Ready, results: Path) -> list[Run]:
    """Each test three times. Fewer only where what happened would happen again: nothing to run, or nothing that builds."""
    runs: list[Run] = []
    for attempt in range(1, TIMES + 1):
        latest = [_as_run(plan, side, attempt, ready.folder, each) for each in _run_once(plan, asked, ready, results)]
        runs += latest
        if all(run.reason in _FOR_GOOD for run in latest):
            break
    return runs


def commands_for(plan: Plan, results: str) -> list[tuple[tuple[TestId, ...], Command]]:
    """What runs the tests: each command with the tests that it is for."""
    if plan.command:
        return [(plan.tests, configured(plan.command, plan.tests, results))]
    return [
        (tests, command)
        for suite, tests in plan.suites.items()
        if suite is not None
        for command in run_tests(suite, tests, results)
    ]


def _run_once(plan: Plan, asked: Asked, ready: Ready, results: Path) -> list[tuple[Outcome, str]]:
    """How each test ended, and the slug for why, where that is known before the failure is looked at."""
    told: dict[TestId, tuple[Outcome, str]] = {}
    changed = {change.path for change in plan.source}
    if stuck := Why.OTHER_CODE if not ready.ours else Why.IN_SOURCE if any(t.path in changed for t in plan.tests) else None:
        return [(Outcome(test, Ending.BROKEN), stuck) for test in plan.tests]
    for tests, command in commands_for(plan, os.fspath(results / "results.xml")):
        results_of(ready.folder, command)  # what lies there already is of another run
        done = run_command(command, ready.folder, ready.environment, asked.seconds)
        order = _ORDER_BY_EXIT if command.format is Format.EXIT else _ORDER
        for outcome, why in _read(tests, command, done, ready.folder):
            before = told.get(outcome.test)
            if before is None or order.index(outcome.ending) < order.index(before[0].ending):
                told[outcome.test] = (outcome, why)
    return [told.get(test, (Outcome(test, Ending.BROKEN), Why.NO_SUITE)) for test in plan.tests]


def _read(tests: Sequence[TestId], command: Command, done: Done, root: Path) -> Iterator[tuple[Outcome, str]]:
    if done.returncode is None:
        failure = Failure(message=done.errors)
        yield from ((Outcome(test, Ending.BROKEN, failure=failure), Why.NO_COMMAND) for test in tests)
        return
    if done.timed_out:
        failure = Failure(message=f"It was ended after {done.seconds:.0f} seconds.", trace=done.said[-4_000:])
        yield from ((Outcome(test, Ending.TIMEOUT, done.seconds, failure), Why.TIMEOUT) for test in tests)
        return
    data = results_of(root, command) if command.results else [done.output.encode()]
    for outcome in read_run(command.format, data, done.said, done.returncode, tests, os.fspath(root), command.folder):
        yield (outcome if outcome.seconds else replace(outcome, seconds=done.seconds)), ""


def results_of(root: Path, command: Command) -> list[bytes]:
    """What the command left in its results file, or in each file of its pattern; they are taken away, not to be read again."""
    if command.results is None:
        return []
    found: list[bytes] = []
    size = 0
    for file in _files(root, command.results):
        if file.is_file() and not file.is_symlink() and (size := size + file.stat().st_size) <= MAX_RESULTS:
            found.append(file.read_bytes())
            file.unlink()
    return found


def _files(root: Path, results: str) -> list[Path]:
    if "*" in results and not Path(results).is_absolute():
        return sorted(root.glob(results))[:_MOST_FILES]
    return [root / results]


def _as_run(plan: Plan, side: Side, attempt: int, folder: Path, each: tuple[Outcome, str]) -> Run:
    told, why = each
    failure = told.failure and replace(
        told.failure, frames=tuple((_placed(path, folder), line) for path, line in told.failure.frames)
    )
    reason = why or why_red(told.ending, failure, plan.known)
    return Run(side, attempt, told.test, told.ending, round(told.seconds, 3), reason, failure)


def _placed(path: str, folder: Path) -> str:
    """A frame outside the worktree by its full path, where a runner tells it from its own folder (`../../shop/cart.py`)."""
    return os.path.normpath(folder / path) if path.startswith("../") else path


def _prepared(plan: Plan, folder: Path) -> Ready:
    environment = clean_environment(os.environ)
    programs = [os.fspath(place) for place in (environments(plan.checkout) if plan.checkout else ())]
    if programs and "VIRTUAL_ENV" not in environment:
        environment["PATH"] = os.pathsep.join([*programs, environment.get("PATH", os.defpath)])
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    suite = next((suite for suite in plan.suites if suite and suite.framework in _PYTHON), None)
    if suite is None and not any(test.path.endswith(".py") for test in plan.tests):
        return Ready(folder, environment)
    roots = python_code.roots(folder, plan.known.changed)
    before = dict(environment)
    environment["PYTHONPATH"] = python_code.python_path(folder, plan.checkout, roots, before)
    more, ours = python_code.probe(_python(suite), folder, plan.checkout, plan.known.changed, environment)
    environment["PYTHONPATH"] = python_code.python_path(folder, plan.checkout, [*roots, *more], before)
    return Ready(folder, environment, ours)


def _python(suite: Suite | None) -> str:
    return suite.launcher[0] if suite and suite.launcher and "python" in suite.launcher[0] else "python"
