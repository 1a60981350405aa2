"""Keeping the queue in order: workers taken for dead, runs that got lost, records that are old."""

import threading
from collections.abc import Callable

from sqlalchemy import text

from app.domain.job import Job, Outcome
from app.jobs.house import House
from app.store.database import Database
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
