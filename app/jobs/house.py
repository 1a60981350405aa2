"""Keeps the queue in order beside the work: signs of life, the jobs of dead workers, runs that got lost, the
digests that are due, old records.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from app.domain.delivery import Delivery
from app.domain.errors import TryLater
from app.domain.job import Job, Task
from app.domain.rolling import Occasion
from app.domain.watch import Watched
from app.jobs.attempt import attempt
from app.jobs.queue import QUEUE, Queue
from app.store import jobs as rows
from app.store import watches
from app.store.database import Database
from app.store.jobs import Enqueue
from app.store.workers import Workers

_SWEEP_SECONDS = 3600.0
_LOOK_SECONDS = 60.0
_WEEK = 7 * 86_400.0
_KEEP_CHECKPOINTS = 24 * 3600.0  # they hold what steps made, private code's report included: no longer than of use
_BATCH = 500
_OPEN = ["ENQUEUED", "DELAYED", "PENDING"]
_CLOSED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

log = structlog.get_logger(__name__)


class House:
    """The housekeeping of one worker, on a thread of its own.

    `life` grows whenever the others have taken this worker for dead: what was begun in an earlier life is theirs.
    """

    def __init__(
        self,
        database: Database,
        worker: str,
        *,
        timeout: float,
        keep_days: float,
        keep_checkpoints: float = _KEEP_CHECKPOINTS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`timeout` and `keep_checkpoints` are in seconds; `clock` tells the seconds since 1970 by which digests are due."""
        self.worker, self.life = worker, 0
        self._database, self._workers = database, Workers(database)
        self._timeout, self._keep, self._keep_checkpoints = timeout, keep_days * 86_400.0, keep_checkpoints
        self._clock = clock
        self._beaten = self._next_sweep = self._next_look = 0.0
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def fresh(self) -> bool:
        """Whether the last sign of life is recent enough for the others."""
        return time.monotonic() - self._beaten < self._timeout

    def still(self, life: int) -> bool:
        """Whether what was begun in that life is still this worker's to do."""
        if not self.fresh:
            self.beat()
        return life == self.life

    def join(self) -> None:
        """Enters this worker among the living."""
        self._workers.join(self.worker)
        self._beaten = time.monotonic()

    def open(self, queue: Queue) -> None:
        """Begins to keep house."""
        self._thread = threading.Thread(target=self._keep_house, args=(queue,), name="recall-house", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends, and tells the others that they may take over what is left."""
        self._closing.set()
        if self._thread:
            self._thread.join()
        try:
            self._workers.leave(self.worker)
        except SQLAlchemyError:
            log.warning("the database is gone; the others will notice by the time-out")

    def _keep_house(self, queue: Queue) -> None:
        while not self._closing.is_set():
            ended = attempt(lambda: self._round(queue))
            if ended.error:
                log.warning("housekeeping put off", reason=ended.sentence)
            self._closing.wait(self._timeout / 5)

    def _round(self, queue: Queue) -> None:
        try:
            self.beat()
            self.take_over()
            if time.monotonic() >= self._next_look:
                self.schedule(queue)
                self._next_look = time.monotonic() + min(_LOOK_SECONDS, self._timeout)
            if time.monotonic() >= self._next_sweep:
                self.repair(queue)
                self.prune()
                self._next_sweep = time.monotonic() + _SWEEP_SECONDS
        except SQLAlchemyError as error:
            raise TryLater(f"The database refused ({type(error).__name__}).") from None

    def beat(self) -> None:
        """Gives a sign of life; begins a new one if it comes too late."""
        now = time.monotonic()
        if not self._workers.beat(self.worker):
            self.life += 1
            self._workers.join(self.worker)
            log.warning("taken for dead; what was running here goes on elsewhere", worker=self.worker)
        self._beaten = now

    def take_over(self) -> None:
        """Enters the jobs of dead workers again. Two workers never do this at once, so no job is entered twice."""
        if not self._strangers():
            return
        with self._database.alone():
            for dead in self._strangers():
                self._workers.leave(dead)
                found = DBOS.list_workflows(
                    status="PENDING", executor_id=dead, queue_name=QUEUE, load_input=False, load_output=False
                )
                DBOS.resume_workflows([w.workflow_id for w in found], queue_name=QUEUE)
                log.warning("jobs of a dead worker taken over", worker=dead, count=len(found))

    def _strangers(self) -> set[str]:
        """Whoever is said to be running jobs and gives no sign of life."""
        running = DBOS.list_workflows(status="PENDING", queue_name=QUEUE, load_input=False, load_output=False)
        executors = {w.executor_id for w in running if w.executor_id} - {self.worker}
        return executors - self._workers.alive(self._timeout) if executors else set()

    def repair(self, queue: Queue) -> None:
        """Enters jobs again whose run dbos no longer knows or holds for ended, which only a fault can bring about."""
        with self._database.transaction() as session:
            names = rows.unfinished(session)
        for start in range(0, len(names), _BATCH):
            some = names[start : start + _BATCH]
            known = DBOS.list_workflows(workflow_ids=some, status=_OPEN, load_input=False, load_output=False)
            for name in set(some) - {w.workflow_id for w in known}:
                with self._database.transaction() as session:
                    if rows.enter_again(session, name, queue):
                        log.error("a lost job was entered again", job=name)

    def schedule(self, queue: Enqueue) -> None:
        """Enters the digests that are due, one for each repository however many were missed, and has a time set where there are
        recalls and none is. The job sets the next time; a week from now stands there until it does, so that one that cannot is
        not entered again at every look.
        """
        now = self._clock()
        with self._database.transaction() as session:
            found = [(each, Occasion.WEEK) for each in watches.due_by(session, now)]
            found += [(each, Occasion.PLAN) for each in watches.unscheduled(session)]
            for watched, occasion in found:
                delivery = _due(watched, now)
                job = Job(Task.SEND_DIGEST, delivery.id, watched.installation, watched.repository, text=occasion.value)
                rows.accept(session, delivery, (job,), queue)
                watches.set_due(session, watched.repository.id, now + _WEEK)

    def prune(self) -> None:
        """Forgets old records, and the checkpoints of runs that ended a day ago."""
        with self._database.transaction() as session:
            rows.prune(session, time.time() - self._keep)
        before = datetime.fromtimestamp(time.time() - self._keep_checkpoints, UTC).isoformat()
        while old := DBOS.list_workflows(
            status=_CLOSED, completed_before=before, limit=_BATCH, load_input=False, load_output=False
        ):
            DBOS.delete_workflows([w.workflow_id for w in old])


def _due(watched: Watched, now: float) -> Delivery:
    """What a digest that is due counts as: one delivery for each repository and moment, whichever worker notices."""
    moment = watched.due if watched.due is not None else now
    return Delivery(f"digest-{watched.repository.id}-{moment:.0f}", "schedule", None, watched.installation, watched.repository)
