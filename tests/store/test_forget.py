"""What the end of an installation forgets: everything of it but the job that asks for it."""

from dataclasses import replace

from sqlalchemy import text
from sqlmodel import Session

from app.store import jobs as rows
from app.store.database import Database
from app.store.jobs import Run
from app.store.recalls import Recalls
from tests.jobs.build import delivery, job


def test_the_end_of_an_installation_forgets_its_deliveries_and_waiting_jobs(database: Database) -> None:
    database.migrate()
    runs: list[Run] = []

    def enqueue(session: Session, run: Run, delay: float = 0.0) -> None:
        runs.append(run)

    with database.transaction() as session:
        for number, installation in enumerate((1, 1, 2)):
            about = replace(delivery(), installation=installation)
            rows.accept(session, about, [job(about, number, installation=installation)], enqueue)
    with database.transaction() as session:
        assert rows.start(session, runs[0].name)
    Recalls(database).end_installation(1)
    with database.transaction() as session:
        left = {
            table: session.connection().scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("recall_job", "recall_delivery", "recall_delivery_job")
        }
        assert left == {"recall_job": 2, "recall_delivery": 2, "recall_delivery_job": 2}
        assert rows.start(session, runs[1].name) is None
