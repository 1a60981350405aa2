"""Kills this process, once for each mark, at a chosen boundary of a job's steps; for the launchers of tests alone."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.domain.job import Job, Outcome, Task
from app.jobs import Perform
from app.workflows.ports import Step

Made = TypeVar("Made")


def deadly(perform: Perform, marks: Path) -> Perform:
    """`perform`, dying once at boundary n of the job about number n + 1.

    Boundary 2i is before step i (what came before it is checkpointed), 2i + 1 is after its act and before its checkpoint;
    the last one is behind all steps. `marks` is a folder that outlives the process; drafting has marks of its own. A file
    `die-<task>-<n>` in there asks for one death at boundary n of the next job of that task, whatever its number.
    """

    def dying(job: Job, step: Step) -> Outcome:
        passed = 0

        def here(boundary: int) -> None:
            wish = marks / f"die-{job.task.value}-{boundary}"
            if wish.exists():
                wish.unlink()
                os.kill(os.getpid(), signal.SIGKILL)
            mark = marks / f"died-{'draft-' if job.task is Task.DRAFT_TEST else ''}{boundary}"
            if job.number == boundary + 1 and not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)

        def deadly_step(name: str, act: Callable[[], Made]) -> Made:
            nonlocal passed

            def acting() -> Made:
                made = act()
                here(passed + 1)
                return made

            here(passed)
            result = step(name, acting)
            passed += 2
            return result

        outcome = perform(job, deadly_step)
        here(passed)
        return outcome

    return dying
