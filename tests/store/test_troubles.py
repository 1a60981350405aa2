"""What recall could not do in a repository, counted from its jobs; and the repositories whose digest another one collects."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlmodel import Session

from app.domain.delivery import Repository
from app.domain.digest import Trouble
from app.domain.job import Job, Task
from app.domain.watch import Watched
from app.store import jobs as rows
from app.store.database import Database
from app.store.jobs import Ending, Run, Stage
from app.store.troubles import Troubles
from app.store.watches import Watches
from tests.jobs.build import delivery, job

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def ended(database: Database, asked: Job, end: Ending) -> None:
    runs: list[Run] = []

    def enqueue(session: Session, run: Run, delay: float = 0.0) -> None:
        runs.append(run)

    with database.transaction() as session:
        rows.accept(session, delivery(asked.delivery), [asked], enqueue)
    with database.transaction() as session:
        rows.start(session, runs[0].name)
        rows.finish(session, replace(runs[0], starts=1), end, enqueue)


def test_only_what_failed_or_was_not_allowed_in_that_repository_is_counted(database: Database) -> None:
    database.migrate()
    here = Repository(70, "acme/shop")
    ends = [
        (here, Ending(Stage.DONE, "reported", "fine")),
        (here, Ending(Stage.DONE, "forbidden", "Accept the permission issues=write.")),
        (here, Ending(Stage.FAILED, "tried-too-often", "GitHub's rate limit was reached.")),
        (here, Ending(Stage.FAILED, "tried-too-often", "GitHub's rate limit was reached.")),
        (here, Ending(Stage.BLOCKED, "needs-a-person", "Put the label on the issue.")),
        (Repository(7, "acme/other"), Ending(Stage.FAILED, "broken", "elsewhere")),
        (Repository(701, "acme/third"), Ending(Stage.FAILED, "broken", "elsewhere")),
    ]
    for number, (home, end) in enumerate(ends):
        about = delivery()
        ended(database, job(about, number, repository=home, task=Task.REPORT_ESCAPE), end)
    assert Troubles(database)(70, YESTERDAY) == (
        Trouble("tried-too-often", 2, "GitHub's rate limit was reached."),
        Trouble("forbidden", 1, "Accept the permission issues=write."),
        Trouble("needs-a-person", 1, "Put the label on the issue."),
    )


def test_what_ended_before_is_not_told_again(database: Database) -> None:
    database.migrate()
    ended(database, job(delivery()), Ending(Stage.FAILED, "broken", "x"))
    assert Troubles(database)(7_000_000_001, datetime.fromtimestamp(time.time() + 60, UTC)) == ()


def test_what_is_collected_is_of_the_same_installation_and_named_in_any_case(database: Database) -> None:
    database.migrate()
    watches, home = Watches(database), Repository(1, "acme/Home")
    for one in (
        Watched(home, 9, collector="acme/home"),
        Watched(Repository(2, "acme/shop"), 9, collector="ACME/home"),
        Watched(Repository(3, "acme/cart"), 9, collector="acme/other"),
        Watched(Repository(4, "evil/shop"), 10, collector="acme/home"),
    ):
        watches.keep(one.repository.id, partial(lambda kept, _: kept, one))
    assert [each.repository.id for each in watches.collected(home, 9)] == [2]
