"""Deliveries and their jobs: what was asked for, how far it is, how it ended. Running them is `app.jobs`'s.

Every function works in the caller's transaction, because a row and its entry into the queue have to be kept together.
"""

import dataclasses
import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, func, select, update

from app.domain.delivery import Delivery, Repository
from app.domain.digest import Trouble
from app.domain.job import Job, State, Task
from app.store.tables import DeliveryJobRow, DeliveryRow, JobRow

_NOT_ALLOWED = [State.FORBIDDEN.value, State.SUSPENDED.value]


class Stage(StrEnum):
    """How far a job is. `BLOCKED` waits for a person, `FAILED` was given up on; a redelivery runs both again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    BLOCKED = "blocked"
    FAILED = "failed"


class Enqueue(Protocol):
    """Enters a run of a job into the queue, within the given transaction."""

    def __call__(self, session: Session, run: "Run", delay: float = 0.0) -> None:
        """`delay` is in seconds."""


@dataclass(frozen=True, slots=True)
class Run:
    """One entry of a job into the queue. `starts` counts how often it was begun, `attempts` the runs that were put off."""

    id: str
    number: int
    partition: str
    starts: int = 0
    attempts: int = 0

    @property
    def name(self) -> str:
        """A name that no other run has."""
        return f"{self.id}-{self.number}"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: the stage, a stable slug, one sentence, and the jobs to be done next."""

    stage: Stage
    result: str
    sentence: str
    next: tuple[Job, ...] = ()


def accept(session: Session, delivery: Delivery, jobs: Sequence[Job], enqueue: Enqueue) -> int:
    """Stores a delivery with its jobs; how many of them were entered into the queue.

    A delivery seen before enters nothing unless a job of it is blocked or has failed. A job that asks for the same as
    one that has not started yet enters nothing: that one will see the same state of affairs.
    """
    if _insert_once(session, delivery):
        return sum(_add(session, job, delivery.id, enqueue) for job in jobs)
    again = (
        select(JobRow)
        .join(DeliveryJobRow, col(DeliveryJobRow.job) == col(JobRow.id))
        .where(DeliveryJobRow.delivery == delivery.id, col(JobRow.state).in_([Stage.BLOCKED.value, Stage.FAILED.value]))
        .with_for_update()
    )
    rows = session.exec(again).all()
    for row in rows:
        row.attempts = 0
        _enter(session, row, enqueue)
    return len(rows)


def start(session: Session, name: str) -> tuple[Job, Run] | None:
    """The job of a run that begins now, or begins again after its worker died; None if there is nothing left to do."""
    job, _, number = name.rpartition("-")
    claim = (
        update(JobRow)
        .where(
            col(JobRow.id) == job,
            col(JobRow.run) == int(number),
            col(JobRow.state).in_([Stage.WAITING.value, Stage.RUNNING.value]),
        )
        .values(state=Stage.RUNNING.value, starts=JobRow.starts + 1)
    )
    if session.exec(claim).rowcount == 0:
        return None
    row = session.get_one(JobRow, job)
    return _job(row.payload), _run(row)


def finish(session: Session, run: Run, ending: Ending, enqueue: Enqueue) -> None:
    """Stores how a run ended and enters what is to be done next; does nothing the second time."""
    row = _running(session, run)
    if row is None:
        return
    row.state, row.result, row.sentence = ending.stage.value, ending.result, _storable(ending.sentence)
    row.ended = time.time()
    deliveries = session.exec(select(DeliveryJobRow.delivery).where(DeliveryJobRow.job == run.id)).all()
    for job in ending.next:
        for delivery in deliveries:
            _add(session, job, delivery, enqueue)


def put_off(session: Session, run: Run, delay: float, sentence: str, enqueue: Enqueue) -> None:
    """Enters the job again, `delay` seconds from now; does nothing the second time."""
    row = _running(session, run)
    if row is None:
        return
    row.attempts += 1
    row.sentence = _storable(sentence)
    _enter(session, row, enqueue, delay)


def unfinished(session: Session) -> list[str]:
    """The names of the runs that wait or are under way."""
    rows = select(JobRow).where(col(JobRow.state).in_([Stage.WAITING.value, Stage.RUNNING.value]))
    return [_run(row).name for row in session.exec(rows)]


def enter_again(session: Session, name: str, enqueue: Enqueue) -> bool:
    """Enters a run anew if it has still not ended; whether it had not."""
    job, _, number = name.rpartition("-")
    row = session.get(JobRow, job, with_for_update=True)
    if row is None or row.run != int(number) or row.state not in (Stage.WAITING.value, Stage.RUNNING.value):
        return False
    _enter(session, row, enqueue)
    return True


def troubles(session: Session, repository_id: int, since: float) -> list[Trouble]:
    """What jobs of that repository could not do since then: given up on, waiting for a person, or not allowed; by how often."""
    reason, times, last = col(JobRow.result), func.count(), func.max(col(JobRow.sentence))
    rows = (
        select(reason, times, last)
        .where(col(JobRow.partition).startswith(f"{repository_id}:"), col(JobRow.ended) >= since)
        .where(col(JobRow.state).in_([Stage.BLOCKED.value, Stage.FAILED.value]) | reason.in_(_NOT_ALLOWED))
        .group_by(reason)
        .order_by(times.desc(), reason)
    )
    return [Trouble(why or "", number, sentence or "") for why, number, sentence in session.exec(rows)]


def prune(session: Session, before: float) -> int:
    """Forgets jobs that ended before that time, and deliveries that have none left; how many jobs that were."""
    old = select(JobRow.id).where(col(JobRow.ended) < before)
    session.exec(delete(DeliveryJobRow).where(col(DeliveryJobRow.job).in_(old)))
    gone = session.exec(delete(JobRow).where(col(JobRow.ended) < before)).rowcount
    linked = select(DeliveryJobRow.delivery).where(DeliveryJobRow.delivery == DeliveryRow.id).exists()
    session.exec(delete(DeliveryRow).where(col(DeliveryRow.received) < before, ~linked))
    return gone


def forget(session: Session, installation: int) -> None:
    """Forgets the deliveries and jobs of an installation, except a job that is running: it may be the one that asks."""
    gone = select(JobRow.id).where(JobRow.installation == installation, JobRow.state != Stage.RUNNING.value)
    session.exec(delete(DeliveryJobRow).where(col(DeliveryJobRow.job).in_(gone)))
    session.exec(delete(JobRow).where(col(JobRow.installation) == installation, col(JobRow.state) != Stage.RUNNING.value))
    linked = select(DeliveryJobRow.delivery).where(DeliveryJobRow.delivery == DeliveryRow.id).exists()
    session.exec(delete(DeliveryRow).where(col(DeliveryRow.installation) == installation, ~linked))


def _insert_once(session: Session, delivery: Delivery) -> bool:
    """Whether the delivery is new. Never reads first: another process may be storing the same one right now."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {
        "id": delivery.id,
        "event": delivery.event,
        "action": delivery.action,
        "installation": delivery.installation,
        "received": time.time(),
    }
    once = insert(DeliveryRow).values(row).on_conflict_do_nothing().returning(col(DeliveryRow.id))
    return session.connection().execute(once).first() is not None


def _add(session: Session, job: Job, delivery: str, enqueue: Enqueue) -> int:
    """Links the delivery to a job that asks for the same and still waits, else enters a new one; how many were entered."""
    key = _key(job)
    same = select(JobRow).where(JobRow.key == key, JobRow.state == Stage.WAITING.value).limit(1).with_for_update()
    row = session.exec(same).first()
    entered = row is None
    if row is None:
        row = JobRow(
            id=f"{time.time_ns():016x}{secrets.token_hex(8)}",  # in order of time, as the queue breaks ties by name
            key=key,
            partition=job.partition,
            task=job.task.value,
            installation=job.installation,
            payload=json.dumps(dataclasses.asdict(job)),
            state=Stage.WAITING.value,
            run=0,
            created=time.time(),
        )
        session.add(row)
        _enter(session, row, enqueue)
    link = DeliveryJobRow(delivery=delivery, job=row.id)
    if entered:
        session.add(link)
    else:
        session.merge(link)  # the delivery may have led to this job before
    session.flush()
    return int(entered)


def _enter(session: Session, row: JobRow, enqueue: Enqueue, delay: float = 0.0) -> None:
    row.state, row.ended, row.starts = Stage.WAITING.value, None, 0
    row.run += 1
    session.flush()
    enqueue(session, _run(row), delay)


def _running(session: Session, run: Run) -> JobRow | None:
    row = session.get(JobRow, run.id, with_for_update=True)
    return row if row and row.run == run.number and row.state == Stage.RUNNING.value else None


def _run(row: JobRow) -> Run:
    return Run(id=row.id, number=row.run, partition=row.partition, starts=row.starts, attempts=row.attempts)


def _key(job: Job) -> str:
    """A digest of what is asked for, whoever delivered it."""
    repository = job.repository.id if job.repository else None
    asked = [job.task.value, job.installation, repository, job.number, job.sender, job.text]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _job(payload: str) -> Job:
    fields = json.loads(payload)
    repository = fields.pop("repository")
    return Job(**fields | {"task": Task(fields["task"]), "repository": Repository(**repository) if repository else None})


def _storable(sentence: str) -> str:
    """A sentence that both databases take: no NUL, no lone surrogate, at most 2,000 characters."""
    return sentence.replace("\0", "").encode("utf-8", "replace").decode()[:2_000]
