"""Processes that die, by `kill -9`, at every boundary: no job is lost and no effect is had twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.jobs import Intake
from app.jobs.queue import Queue
from app.store.database import Database
from tests.jobs.build import delivery, job, until
from tests.jobs.process import STEPS
from tests.jobs.undying import Service

BOUNDARIES = range(2 * STEPS + 1)

Spawn = Callable[[str], Service]


@pytest.fixture
def spawn(database_url: str, tmp_path: Path) -> Iterator[Spawn]:
    running: list[Service] = []

    def go(mode: str) -> Service:
        running.append(Service("tests.jobs.process", database_url, tmp_path, mode, log=tmp_path / "out"))
        return running[-1]

    yield go
    for service in running:
        service.kill()


def ask(url: str, numbers: list[int]) -> None:
    """Accepts one delivery for each number, with no worker about."""
    database = Database(url)
    database.migrate()
    queue = Queue(database, concurrency=1)
    intake = Intake(database, queue)
    for number in numbers:
        about = delivery()
        intake.accept(about, [job(about, number)]).result(20)
    intake.close()
    queue.close()
    database.close()


def states(url: str) -> set[str]:
    """Read beside the worker that has the database, and its lock."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = set(connection.execute(text("SELECT state FROM recall_job")).scalars())
    engine.dispose()
    return found


def test_a_worker_killed_at_every_boundary_does_each_job_once(database_url: str, spawn: Spawn, tmp_path: Path) -> None:
    ask(database_url, [boundary + 1 for boundary in BOUNDARIES])
    spawn("deadly")
    until(lambda: states(database_url) == {"done"}, 100)
    assert {path.name for path in tmp_path.glob("died-*")} == {f"died-{boundary}" for boundary in BOUNDARIES}
    written = [line for line in (tmp_path / "log").read_text().splitlines() if line.endswith("write")]
    assert sorted(written) == sorted(f"{boundary + 1} write" for boundary in BOUNDARIES)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_another_worker_takes_over_from_a_dead_one(database_url: str, spawn: Spawn, tmp_path: Path) -> None:
    ask(database_url, [1])
    log = tmp_path / "log"
    log.touch()
    stuck = spawn("stuck")
    until(lambda: "stuck" in log.read_text(), 60)
    spawn("plain")
    stuck.kill()
    until(lambda: states(database_url) == {"done"}, 60)
    assert log.read_text().splitlines() == ["1 look", "stuck", "1 write", "1 remember"]
