"""Keeping the queue in order: workers taken for dead, runs that got lost, records that are old."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select, update

from app.domain.delivery import Repository
from app.domain.job import Job, Outcome, Recall, State, Task
from app.domain.watch import Watched
from app.jobs.house import House
from app.store.database import Database
from app.store.jobs import Run
from app.store.recalls import Recalls
from app.store.tables import JobRow
from app.store.watches import Watches
from app.store.workers import Workers
from app.workflows.ports import Step
from tests.jobs.bot import DONE, Bot, Does, Gate
from tests.jobs.build import delivery, job, until


def count(database: Database, table: str) -> int:
    with database.transaction() as session:
        return int(session.connection().scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def dbos(database: Database, table: str) -> str:
    return table if database.is_sqlite else f"dbos.{table}"


def test_a_worker_that_was_taken_for_dead_leaves_its_jobs_to_the_others(start: Callable[[Does], Bot], database: Database) -> None:
    begun, go, steps = threading.Event(), threading.Event(), list[str]()

    def does(asked: Job, step: Step) -> Outcome:
        begun.set()
        go.wait(20)
        step("write", lambda: steps.append("written"))
        return DONE

    bot = start(does)
    bot.accept(job(delivery()))
    assert begun.wait(20)
    workers = Workers(database)
    (worker,) = workers.alive(60)
    workers.leave(worker)
    until(lambda: workers.alive(60) == {worker})
    go.set()
    bot.stop(drain=5)
    assert steps == []
    assert bot.states() == ["running"]


def test_a_run_that_the_queue_lost_is_entered_again(start: Callable[[Does], Bot], database: Database) -> None:
    gate = Gate()
    bot = start(gate)
    bot.accept(job(delivery(), sender="ada"))
    until(lambda: gate.came)
    bot.accept(job(delivery(), sender="bob"))
    with database.transaction() as session:
        lost = f"DELETE FROM {dbos(database, 'workflow_status')} WHERE status = 'ENQUEUED'"
        assert session.connection().execute(text(lost)).rowcount == 1
    gate.open.set()
    until(lambda: sorted(bot.states()) == ["done", "waiting"])
    House(database, "x", timeout=5, keep_days=1).repair(bot.worker.queue)
    until(lambda: bot.states() == ["done", "done"])
    assert [asked.sender for asked in gate.came] == ["ada", "bob"]


def test_what_is_under_way_is_not_entered_again(start: Callable[[Does], Bot], database: Database) -> None:
    gate = Gate()
    bot = start(gate)
    bot.accept(job(delivery(), sender="ada"))
    bot.accept(job(delivery(), sender="bob"))
    until(lambda: gate.came)
    House(database, "x", timeout=5, keep_days=1).repair(bot.worker.queue)
    gate.open.set()
    until(lambda: bot.states() == ["done", "done"])
    assert len(gate.came) == 2
    assert [row.run for row in bot.rows()] == [1, 1]


def test_old_records_and_checkpoints_are_forgotten_and_open_ones_kept(start: Callable[[Does], Bot], database: Database) -> None:
    gate = Gate()
    bot = start(gate)
    gate.open.set()
    bot.accept(job(delivery(), number=1))
    until(lambda: bot.states() == ["done"])
    until(lambda: not count(database, f"{dbos(database, 'workflow_status')} WHERE status = 'PENDING'"))
    gate.open.clear()
    bot.accept(job(delivery(), number=2))
    until(lambda: len(gate.came) == 2)
    House(database, "x", timeout=5, keep_days=-1, keep_checkpoints=-60).prune()
    assert bot.states() == ["running"]
    assert count(database, "recall_delivery") == 1
    assert count(database, "recall_delivery_job") == 1
    assert count(database, dbos(database, "workflow_status")) == 1
    gate.open.set()
    until(lambda: bot.states() == ["done"])


WEEK, NOW = 7 * 86_400.0, 1_800_000_000.0


def escaped(database: Database, *repositories: int) -> None:
    for repository in repositories:
        Recalls(database).save(Recall(repository, 5, 9, f"acme/shop-{repository}", State.REPORTED))


@dataclass
class Keeper:
    """A housekeeper with a clock of its own, and a queue that nobody works on."""

    database: Database

    def look(self, now: float = NOW) -> None:
        House(self.database, "x", timeout=5, keep_days=1, clock=lambda: now).schedule(self._enqueue)

    def watch(self, repository: int, due: float | None, **known: Any) -> None:
        home = Repository(repository, f"acme/shop-{repository}")
        Watches(self.database).keep(home.id, lambda _: Watched(home, 9, due=due, **known))

    def entered(self) -> list[tuple[int, str]]:
        """The repository and the occasion of every digest that was entered, once for each time."""
        with self.database.transaction() as session:
            rows = session.exec(select(JobRow).where(JobRow.task == Task.SEND_DIGEST.value)).all()
            told = [(json.loads(row.payload), row.run) for row in rows]
        return sorted((job["repository"]["id"], job["text"]) for job, runs in told for _ in range(runs))

    def _enqueue(self, session: Session, run: Run, delay: float = 0.0) -> None:
        pass


@pytest.fixture
def keeper(database: Database) -> Keeper:
    database.migrate()
    return Keeper(database)


def test_a_repository_with_recalls_and_without_a_time_gets_one_planned(keeper: Keeper) -> None:
    escaped(keeper.database, 7, 8, 9)
    keeper.watch(8, due=NOW + 1)
    keeper.watch(9, due=None, labels=("bug",))
    for _ in range(3):
        keeper.look()
    assert keeper.entered() == [(7, "plan"), (9, "plan")]
    known = Watches(keeper.database).watched(9)
    assert known is not None
    assert (known.due, known.labels) == (NOW + WEEK, ("bug",))


def test_a_repository_without_recalls_gets_no_digest(keeper: Keeper) -> None:
    keeper.watch(7, due=None, labels=("bug",), read=5.0)
    keeper.look()
    assert keeper.entered() == []


def test_what_is_due_is_entered_once_however_many_weeks_were_missed(keeper: Keeper) -> None:
    escaped(keeper.database, 7, 8)
    keeper.watch(7, due=NOW - 3 * WEEK, labels=("bug",))
    keeper.watch(8, due=NOW + 1)
    for _ in range(3):
        keeper.look()
    assert keeper.entered() == [(7, "")]
    known = Watches(keeper.database).watched(7)
    assert known is not None
    assert (known.due, known.labels) == (NOW + WEEK, ("bug",))


def test_a_digest_that_failed_is_not_tried_at_every_look(keeper: Keeper) -> None:
    escaped(keeper.database, 7)
    keeper.watch(7, due=NOW)
    keeper.look()
    with keeper.database.transaction() as session:
        session.exec(update(JobRow).values(state="failed"))
    keeper.look(NOW + 60)
    assert keeper.entered() == [(7, "")]


def test_two_workers_that_look_at_once_enter_one_digest(keeper: Keeper) -> None:
    escaped(keeper.database, 7, 8)
    keeper.watch(7, due=NOW - 1)
    looking = [threading.Thread(target=keeper.look) for _ in range(4)]
    for thread in looking:
        thread.start()
    for thread in looking:
        thread.join()
    assert keeper.entered() == [(7, ""), (8, "plan")]
