"""The worker on real databases: what is accepted is done, in order, once, and put off or given up on as the error says."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.job import Job, Outcome
from app.store.database import Database
from app.workflows.ports import Step
from tests.jobs.bot import DONE, Bot, Does, Gate
from tests.jobs.build import delivery, job, until


def test_an_accepted_job_is_done_as_it_was_asked(start: Callable[[Does], Bot]) -> None:
    seen: list[Job] = []

    def does(asked: Job, step: Step) -> Outcome:
        step("see", lambda: seen.append(asked))
        return DONE

    bot = start(does)
    asked = job(delivery(), text="fixes \0 \ud800 #7")
    assert bot.accept(asked) == 1
    until(lambda: bot.states() == ["done"])
    assert seen == [asked]
    assert [row.result for row in bot.rows()] == ["reported"]


def test_a_delivery_that_is_done_does_not_run_again(start: Callable[[Does], Bot]) -> None:
    gate = Gate()
    gate.open.set()
    bot = start(gate)
    asked = job(delivery())
    bot.accept(asked)
    until(lambda: bot.states() == ["done"])
    assert [bot.accept(asked) for _ in range(4)] == [0, 0, 0, 0]
    assert bot.states() == ["done"]
    assert len(gate.came) == 1


def test_a_delivery_that_is_running_does_not_run_again(start: Callable[[Does], Bot]) -> None:
    gate = Gate()
    bot = start(gate)
    asked = job(delivery())
    bot.accept(asked)
    until(lambda: gate.came)
    assert bot.accept(asked) == 0
    gate.open.set()
    until(lambda: bot.states() == ["done"])
    assert len(gate.came) == 1


@pytest.mark.parametrize("error", [TellUser("give the App the permission"), ValueError("a bug")])
def test_a_delivery_that_failed_runs_again_when_delivered_again(start: Callable[[Does], Bot], error: Exception) -> None:
    fails = [error]

    def does(asked: Job, step: Step) -> Outcome:
        return step("act", lambda: raises(fails.pop()) if fails else DONE)

    bot = start(does)
    asked = job(delivery())
    bot.accept(asked)
    until(lambda: bot.states() in (["blocked"], ["failed"]))
    assert bot.accept(asked) == 1
    until(lambda: bot.states() == ["done"])


def test_requests_for_the_same_that_wait_become_one(start: Callable[[Does], Bot]) -> None:
    gate = Gate()
    bot = start(gate)
    bot.accept(job(delivery()))
    until(lambda: gate.came)
    entered = [bot.accept(job(delivery())) for _ in range(5)]
    assert entered == [1, 0, 0, 0, 0]
    gate.open.set()
    until(lambda: bot.states() == ["done", "done"])
    assert len(gate.came) == 2


def test_requests_of_other_people_for_the_same_issue_stay_apart(start: Callable[[Does], Bot]) -> None:
    gate = Gate()
    bot = start(gate)
    bot.accept(job(delivery(), sender="outsider"))
    bot.accept(job(delivery(), sender="maintainer"))
    gate.open.set()
    until(lambda: bot.states() == ["done", "done"])
    assert [asked.sender for asked in gate.came] == ["outsider", "maintainer"]


def test_jobs_of_one_issue_run_one_after_the_other_and_of_others_beside_them(start: Callable[[Does], Bot]) -> None:
    gate = Gate()
    bot = start(gate)
    for sender in ("ada", "bob", "eve"):
        bot.accept(job(delivery(), sender=sender))
    bot.accept(job(delivery(), number=6))
    until(lambda: {asked.number for asked in gate.came} == {5, 6})
    until(lambda: bot.states().count("running") == 2)
    assert len(gate.came) == 2
    gate.open.set()
    until(lambda: set(bot.states()) == {"done"})
    assert [asked.sender for asked in gate.came if asked.number == 5] == ["ada", "bob", "eve"]


def test_no_more_jobs_run_at_once_than_allowed(start: Callable[[Does], Bot]) -> None:
    gate = Gate()
    bot = start(gate)
    for number in range(1, 9):
        bot.accept(job(delivery(), number=number))
    until(lambda: len(gate.came) == 3)
    assert bot.states().count("running") <= 3
    gate.open.set()
    until(lambda: set(bot.states()) == {"done"})
    assert len(gate.came) == 8


def test_a_job_that_is_to_be_tried_later_holds_no_worker_and_comes_back(start: Callable[[Does], Bot]) -> None:
    fails = [TryLater("the rate limit is spent", datetime.now(UTC) + timedelta(hours=1)), TryLater("502")]

    def does(asked: Job, step: Step) -> Outcome:
        return step("act", lambda: raises(fails.pop()) if fails and asked.number == 5 else DONE)

    bot = start(does)
    bot.accept(job(delivery()))
    for attempts in (1, 2):
        until(lambda attempts=attempts: [(r.state, r.attempts) for r in bot.rows()] == [("waiting", attempts)])
        if attempts == 2:
            bot.accept(job(delivery(), number=6))
            until(lambda: sorted(bot.states()) == ["done", "waiting"])
        bot.due_now()
    until(lambda: bot.states() == ["done", "done"])


@pytest.mark.parametrize(
    ("error", "state", "result"),
    [
        (GiveUp("the issue was deleted", "deleted"), "done", "deleted"),
        (TellUser("give the App the permission"), "blocked", "needs-a-person"),
        (ValueError("a bug"), "failed", "broken"),
    ],
)
def test_an_error_ends_in_a_state_with_a_sentence(
    start: Callable[[Does], Bot], error: Exception, state: str, result: str
) -> None:
    def does(asked: Job, step: Step) -> Outcome:
        return step("act", lambda: raises(error))

    bot = start(does)
    bot.accept(job(delivery()))
    until(lambda: bot.states() == [state])
    row = bot.rows()[0]
    assert row.result == result
    assert row.sentence
    assert "a bug" not in row.sentence


def test_what_a_job_wants_done_next_is_done(start: Callable[[Does], Bot]) -> None:
    seen: list[int | None] = []

    def does(asked: Job, step: Step) -> Outcome:
        step("see", lambda: seen.append(asked.number))
        more = (job(delivery(asked.delivery), number=6), job(delivery(asked.delivery), number=7)) if asked.number == 5 else ()
        return Outcome("resumed", "two more", more)

    bot = start(does)
    bot.accept(job(delivery()))
    until(lambda: bot.states() == ["done"] * 3)
    assert sorted(n for n in seen if n) == [5, 6, 7]


def test_a_job_that_was_running_at_the_end_goes_on_behind_its_last_step_at_the_next_start(
    start: Callable[[Does], Bot], database: Database
) -> None:
    gate, begun, steps = threading.Event(), threading.Event(), list[str]()

    def does(asked: Job, step: Step) -> Outcome:
        step("first", lambda: steps.append("first"))
        begun.set()
        gate.wait(20)
        step("second", lambda: steps.append("second"))
        return DONE

    bot = start(does)
    bot.accept(job(delivery()))
    assert begun.wait(20)
    assert not bot.stop()
    gate.set()
    bot = start(does)
    until(lambda: bot.states() == ["done"])
    assert steps == ["first", "second"]


def test_a_running_job_gets_time_to_end(start: Callable[[Does], Bot], database: Database) -> None:
    gate = Gate()
    bot = start(gate)
    bot.accept(job(delivery()))
    until(lambda: gate.came)
    threading.Timer(0.3, gate.open.set).start()
    assert bot.stop(drain=20)
    assert bot.states() == ["done"]


def raises(error: Exception) -> Outcome:
    raise error


def test_what_dbos_logs_goes_the_way_of_all_logs(start: Callable[[Does], Bot]) -> None:
    start(Gate())
    logger = logging.getLogger("dbos")
    assert (logger.handlers, logger.propagate) == ([], True)
