"""The database: one schema on both kinds, brought up to date safely, and an SQLite file that two processes cannot share."""

import os
import threading
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from app.domain.errors import TellUser
from app.store.database import Database, alembic


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    database.migrate()
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE workflow_status (id INTEGER)"))  # as dbos does; not ours to drop
        command.check(alembic(connection))
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or name.startswith("recall_")},
        )
        differences = compare_metadata(context, SQLModel.metadata)
    assert [d for d in differences if "recall_schema" not in repr(d)] == []


def test_the_schema_can_be_taken_back_to_nothing(database: Database) -> None:
    database.migrate()
    with database.engine.begin() as connection:
        command.downgrade(alembic(connection), "base")
    database.migrate()
    database.ping()


def test_many_may_bring_the_schema_up_to_date_at_once(database: Database, database_url: str) -> None:
    others = [] if database.is_sqlite else [Database(database_url) for _ in range(3)]
    failures: list[BaseException] = []

    def migrate(opened: Database) -> None:
        try:
            opened.migrate()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=migrate, args=(opened,)) for opened in (database, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for other in others:
        other.close()
    assert failures == []


def test_a_second_recall_on_one_sqlite_file_is_told_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'recall.db'}"
    first = Database(url)
    with pytest.raises(TellUser, match=r"Another recall uses .* Stop it, or set RECALL_DATABASE_URL"):
        Database(url)
    first.close()
    Database(url).close()


def test_sqlite_writes_ahead_and_syncs_every_commit(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'deep' / 'recall.db'}")
    with opened.engine.connect() as connection:
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "busy_timeout")]
    opened.close()
    assert found == ["wal", 2, 30_000]


def test_sqlite_tells_milliseconds_however_old_it_is(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'recall.db'}")
    with opened.engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))"))
        connection.execute(text("INSERT INTO t (n) VALUES (1)"))
        told = connection.scalar(text("SELECT at FROM t"))
    opened.close()
    assert abs(told / 1000 - time.time()) < 60


def test_a_database_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(TellUser, match="cannot be reached") as caught:
        Database("postgresql+psycopg://u:hunter2@127.0.0.1:1/recall")
    assert "hunter2" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(TellUser, match="cannot be written to"):
        Database(f"sqlite:///{tmp_path / 'x' / 'recall.db'}")


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    database.migrate()
    with pytest.raises(ValueError, match="stop"), database.transaction() as session:
        session.connection().execute(text("INSERT INTO recall_worker VALUES ('w', 1)"))
        raise ValueError("stop")
    with database.transaction() as session:
        assert session.connection().scalar(text("SELECT count(*) FROM recall_worker")) == 0
