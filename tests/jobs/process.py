"""A worker as a process of its own: `python -m tests.jobs.process DATABASE FOLDER MODE`; each job makes one file in FOLDER.

MODE `deadly` dies as `tests.jobs.deadly` says, and is started again; `stuck` hangs in the second step; `plain` does neither.
"""

import sys
import threading
from pathlib import Path

from app.domain.job import Job, Outcome
from app.jobs import Worker
from app.store.database import Database
from app.workflows.ports import Step
from tests.jobs.deadly import deadly
from tests.jobs.undying import undying

STEPS = 3
TIMEOUT = 2.0


def main() -> None:
    url, folder, mode = sys.argv[1], Path(sys.argv[2]), sys.argv[3]

    def perform(job: Job, step: Step) -> Outcome:
        step("look", lambda: note(f"{job.number} look"))
        step("write", lambda: write(job.number))
        step("remember", lambda: note(f"{job.number} remember"))
        return Outcome("reported", "done")

    def write(number: int | None) -> None:
        if mode == "stuck":
            note("stuck")
            threading.Event().wait()
        if not (folder / f"comment-{number}").exists():  # every write looks first, as it may be the second time
            note(f"{number} write")
            (folder / f"comment-{number}").touch()

    def note(line: str) -> None:
        with (folder / "log").open("a") as log:
            log.write(f"{line}\n")

    worker = Worker(Database(url), deadly(perform, folder) if mode == "deadly" else perform, concurrency=1, timeout=TIMEOUT)
    worker.start()
    threading.Event().wait()


if __name__ == "__main__":
    undying(main)
