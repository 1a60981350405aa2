"""A worker and an intake in this process, and jobs that wait to be let through."""

import threading
from collections.abc import Callable

from sqlalchemy import text
from sqlmodel import select

from app.domain.job import Job, Outcome
from app.jobs import Intake, Worker
from app.store.database import Database
from app.store.tables import JobRow
from app.workflows.ports import Step
from tests.jobs.build import delivery

Does = Callable[[Job, Step], Outcome]
DONE = Outcome("reported", "done")


class Bot:
    """A worker and an intake over one database; `does` is what a job does."""

    def __init__(self, database: Database, does: Does) -> None:
        self.database = database
        self.worker = Worker(database, does, concurrency=3, timeout=5)
        self.worker.start()
        self.intake = Intake(database, self.worker.queue)

    def accept(self, *jobs: Job) -> int:
        return self.intake.accept(delivery(jobs[0].delivery), jobs).result(timeout=20)

    def rows(self) -> list[JobRow]:
        with self.database.transaction() as session:
            rows = session.exec(select(JobRow).order_by(JobRow.created)).all()
            session.expunge_all()
            return list(rows)

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def due_now(self) -> None:
        """Lets every job that was put off come up at once."""
        table = "workflow_status" if self.database.is_sqlite else "dbos.workflow_status"
        with self.database.transaction() as session:
            session.connection().execute(text(f"UPDATE {table} SET delay_until_epoch_ms = 1 WHERE status = 'DELAYED'"))

    def stop(self, drain: float = 0.0) -> bool:
        self.intake.close()
        return self.worker.stop(drain)


class Gate:
    """A job that waits in its first step until it is let through, and counts who came."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.came: list[Job] = []

    def __call__(self, asked: Job, step: Step) -> Outcome:
        self.came.append(asked)
        step("wait", lambda: self.open.wait(20))
        return DONE
