"""Runs the jobs of the queue through dbos, one after the other within a partition; `app.jobs.house` keeps it in order."""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

import structlog
from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from structlog.contextvars import bound_contextvars

from app.domain.job import Job, Outcome
from app.jobs.attempt import Ended, Perform, attempt, delay, ending
from app.jobs.house import House
from app.jobs.queue import NAME, VERSION, WORKFLOW, Queue
from app.store import jobs as rows
from app.store.database import Database
from app.store.jobs import Run, Stage
from app.workflows.ports import Step

Made = TypeVar("Made")

_MAX_STARTS = 10  # a job may be running beside one that kills the process, again and again
_LONGEST_PAUSE = 10.0

log = structlog.get_logger(__name__)


class Abandoned(BaseException):
    """Another worker has the job, or this one is ending: stop here and store nothing. Not to be caught by a workflow."""


class Worker:
    """The worker of this process; one at a time, because dbos is one per process.

    `concurrency` jobs run at once; after `timeout` seconds without a sign of life the other workers take over.
    """

    def __init__(
        self,
        database: Database,
        perform: Perform,
        *,
        concurrency: int = 4,
        timeout: float = 30.0,
        keep_days: int = 30,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` tells the seconds since 1970 by which digests are due."""
        self._database, self._perform, self._concurrency = database, perform, concurrency
        # dbos gives running jobs back to whoever starts under the same id: on SQLite that is the next process, on
        # PostgreSQL it would be a thief, so there every process has an id of its own.
        unique = f"{socket.gethostname()[:60]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        name = NAME if database.is_sqlite else unique
        self._house = House(database, name, timeout=timeout, keep_days=keep_days, clock=clock)
        self._stopping = threading.Event()
        self._busy: set[str] = set()
        self.queue: Queue

    def start(self) -> None:
        """Brings the database up to date and begins to work."""
        self._database.migrate()
        self.queue = Queue(self._database, self._concurrency)
        DBOS(
            config={
                "name": NAME,
                "system_database_url": self._database.url,
                "system_database_engine": self._database.engine,
                "executor_id": self._house.worker,
                "application_version": VERSION,
                "log_level": "WARNING",
            }
        )

        # dbos brings a handler that writes past ours, and so past what takes secrets out.
        told = logging.getLogger("dbos")
        told.handlers.clear()
        told.propagate = True

        def work(name: str) -> None:
            self._work(name)

        DBOS.workflow(name=WORKFLOW)(work)
        self._house.join()
        DBOS.launch()
        self._house.open(self.queue)

    def stop(self, drain: float = 0.0) -> bool:
        """Begins nothing more, gives running jobs `drain` seconds to end; whether all did. The rest goes on elsewhere."""
        self._stopping.set()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=round(drain))
        self._house.close()
        self.queue.close()
        return not self._busy

    @property
    def alive(self) -> bool:
        """Whether this worker can still be told from a dead one."""
        return self._house.fresh

    def _work(self, name: str) -> None:
        """One run of a job, from the queue to its end. Called again from the top if the process died on the way."""
        life = self._house.life
        claimed = self._surely(lambda session: rows.start(session, name))
        if claimed is None:
            return
        job, run = claimed
        self._busy.add(name)
        where = {"repository": job.repository.full_name if job.repository else None, "number": job.number}
        try:
            with bound_contextvars(delivery=job.delivery, job=name, task=job.task.value, **where):
                self._end(run, self._attempt(job, run, life))
        finally:
            self._busy.discard(name)

    def _attempt(self, job: Job, run: Run, life: int) -> Ended[Outcome]:
        if run.starts > _MAX_STARTS:
            return Ended(error="Broken", sentence=f"The worker died {_MAX_STARTS} times in this job.")
        log.info("job started", starts=run.starts, attempts=run.attempts)
        return attempt(lambda: self._perform(job, self._step(life)))

    def _step(self, life: int) -> Step:
        def step(name: str, act: Callable[[], Made]) -> Made:
            if self._stopping.is_set() or not self._house.still(life):
                raise Abandoned
            ended: Ended[Made] = DBOS.run_step({"name": name}, attempt, act)
            return ended.result()

        return step

    def _end(self, run: Run, ended: Ended[Outcome]) -> None:
        """Stores what became of the run; what is tried again goes back to the queue and holds no worker."""
        end = ending(ended, run.attempts)
        if end is None:
            wait = delay(run.attempts, ended.at)
            self._surely(lambda session: rows.put_off(session, run, wait, ended.sentence, self.queue))
            log.warning("job put off", seconds=round(wait), reason=ended.sentence)
            return
        self._surely(lambda session: rows.finish(session, run, end, self.queue))
        tell = log.error if end.stage is Stage.FAILED else log.info
        tell("job ended", stage=end.stage.value, result=end.result, sentence=end.sentence, next=len(end.next))

    def _surely(self, act: Callable[[Session], Made]) -> Made:
        """Does it in a transaction, as often as it takes the database to be there; dbos waits for it in the same way."""
        pause = 0.1
        while True:
            try:
                with self._database.transaction() as session:
                    return act(session)
            except SQLAlchemyError as error:
                log.warning("database not reached", reason=type(error).__name__)
                if self._stopping.wait(pause):
                    raise Abandoned from None
                pause = min(pause * 2, _LONGEST_PAUSE)
