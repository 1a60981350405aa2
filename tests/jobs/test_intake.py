"""Taking deliveries in: together where they arrive together, each for itself where one of them is bad."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from sqlmodel import Session, col, func, select

from app.domain.errors import TryLater
from app.jobs import Intake
from app.store.database import Database
from app.store.jobs import Run
from app.store.tables import DeliveryRow, JobRow
from tests.jobs.build import delivery, job

BAD = 666


class Entered:
    """A queue that notes which transaction each run was entered in, may be slow, and refuses jobs about issue 666."""

    def __init__(self) -> None:
        self.transactions: list[int] = []
        self.go = threading.Event()
        self.go.set()

    def __call__(self, session: Session, run: Run, delay: float = 0.0) -> None:
        self.go.wait(10)
        if run.partition.endswith(f":{BAD}"):
            raise ValueError("refused")
        self.transactions.append(id(session))


@pytest.fixture
def entered() -> Entered:
    return Entered()


@pytest.fixture
def intake(database: Database, entered: Entered) -> Iterator[Intake]:
    database.migrate()
    opened = Intake(database, entered)
    yield opened
    opened.close()


@pytest.fixture
def count(database: Database) -> Callable[[type[DeliveryRow | JobRow]], int]:
    def ask(table: type[DeliveryRow | JobRow]) -> int:
        with database.transaction() as session:
            return session.exec(select(func.count(col(table.id)))).one()

    return ask


def take(intake: Intake, numbers: list[int]) -> "list[Future[int]]":
    abouts = [delivery() for _ in numbers]
    return [intake.accept(about, [job(about, number)]) for about, number in zip(abouts, numbers, strict=True)]


def test_what_arrives_during_a_commit_is_committed_together(intake: Intake, entered: Entered) -> None:
    entered.go.clear()
    futures = take(intake, list(range(1, 21)))
    entered.go.set()
    assert [future.result(20) for future in futures] == [1] * 20
    assert len(set(entered.transactions)) <= 3


def test_a_bad_delivery_spoils_no_other(
    intake: Intake, entered: Entered, count: Callable[[type[DeliveryRow | JobRow]], int]
) -> None:
    entered.go.clear()
    first, second, bad, third = take(intake, [1, 2, BAD, 3])
    entered.go.set()
    assert [future.result(20) for future in (first, second, third)] == [1, 1, 1]
    with pytest.raises(TryLater):
        bad.result(20)
    assert (count(DeliveryRow), count(JobRow)) == (3, 3)


def test_the_same_delivery_five_times_at_once_is_entered_once(
    intake: Intake, entered: Entered, count: Callable[[type[DeliveryRow | JobRow]], int]
) -> None:
    entered.go.clear()
    about = delivery()
    futures = [intake.accept(about, [job(about)]) for _ in range(5)]
    entered.go.set()
    assert sum(future.result(20) for future in futures) == 1
    assert (count(DeliveryRow), count(JobRow)) == (1, 1)


def test_a_request_whose_sender_went_away_stops_nothing(intake: Intake, entered: Entered) -> None:
    entered.go.clear()
    _, gone, here = take(intake, [1, 2, 3])
    gone.cancel()
    entered.go.set()
    assert here.result(20) == 1


def test_closing_keeps_what_was_asked_for_before(database: Database, entered: Entered) -> None:
    database.migrate()
    closing = Intake(database, entered)
    futures = take(closing, list(range(1, 6)))
    closing.close()
    assert [future.result(0) for future in futures] == [1] * 5


def test_two_processes_that_take_the_same_deliveries_enter_each_once(database_url: str, entered: Entered) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("one process alone has an SQLite file")
    databases = [Database(database_url) for _ in range(2)]
    databases[0].migrate()
    intakes = [Intake(opened, entered) for opened in databases]
    abouts = [delivery() for _ in range(50)]
    futures = [
        intakes[turn].accept(about, [job(about, number)])
        for number, about in enumerate(abouts)
        for turn in (number % 2, 1 - number % 2)
    ]
    assert sum(future.result(30) for future in futures) == 50
    for opened in intakes:
        opened.close()
    for database in databases:
        database.close()
