"""Opens the database, brings its schema up to date, and hands out transactions; SQL is left to the files beside it."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from app.domain.errors import TellUser, TryLater

# Any constant will do, as long as every process of recall asks for the same one.
_SCHEMA_LOCK = 7_325_2551
_BUSY_MS = 30_000
_KNOWS_SUBSECONDS = (3, 42)


@contextmanager
def answering() -> Iterator[None]:
    """Turns the database's own errors into TryLater, for whoever waits for an answer."""
    try:
        yield
    except SQLAlchemyError as error:
        raise TryLater(f"The database refused ({type(error).__name__}).") from None


class Database:
    """One SQLite file or one PostgreSQL database, opened. Raises `TellUser` if it cannot be reached or is in use.

    With `reading` nothing can be written, and it does not matter whether a server uses the same SQLite file meanwhile.
    """

    def __init__(self, url: str, *, reading: bool = False) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.url = url
        self._reading = reading
        self._lock: int | None = None
        if self.is_sqlite and not reading:
            self._lock = _hold(Path(make_url(url).database or "recall.db"))
        self.engine = _sqlite(url, reading=reading) if self.is_sqlite else _postgres(url, reading=reading)
        try:
            self.ping()
        except OperationalError as error:
            self.close()
            reason = str(error.orig).strip().partition("\n")[0]
            raise TellUser(f"The database of RECALL_DATABASE_URL cannot be reached: {reason}") from None

    def ping(self) -> None:
        """Raises `sqlalchemy.exc.OperationalError` unless the database answers."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is kept if the block ends well and dropped if not. On SQLite it is the only writer at once."""
        with Session(self.engine) as session, session.begin():
            if self.is_sqlite:
                # pysqlite would begin at the first write, and what was read before that could be out of date.
                session.connection().exec_driver_sql("BEGIN" if self._reading else "BEGIN IMMEDIATE")
            yield session

    def now(self, session: Session) -> float:
        """Seconds since 1970 by the clock that all processes share: the server's, or on SQLite this machine's."""
        if self.is_sqlite:
            return time.time()
        return float(session.connection().scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While the block runs, no other process of recall is in such a block on this database."""
        if self.is_sqlite:  # the lock file already sees to that
            yield
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _SCHEMA_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _SCHEMA_LOCK})

    def migrate(self) -> None:
        """Brings the schema up to date; safe while other processes do the same."""
        with self.alone(), self.engine.begin() as connection:
            command.upgrade(alembic(connection), "head")

    def close(self) -> None:
        """Closes every connection and lets go of the SQLite file."""
        self.engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def alembic(connection: Connection) -> Config:
    """Alembic's configuration for our migrations on that connection."""
    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _hold(database: Path) -> int:
    """Keeps every other process off the SQLite file, until closed or until this process is gone."""
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise TellUser(
            f"{database.parent} cannot be written to ({error.strerror}). Set RECALL_DATA_DIR to a folder that can."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise TellUser(
            f"Another recall uses {database}. Stop it, or set RECALL_DATABASE_URL to a PostgreSQL database, which many can share."
        ) from None
    return lock


def _sqlite(url: str, *, reading: bool) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"  # two writers queue up, instead of one failing halfway
        mode = "query_only=ON" if reading else "journal_mode=WAL"
        for pragma in (mode, "synchronous=FULL", f"busy_timeout={_BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if sqlite3.sqlite_version_info < _KNOWS_SUBSECONDS:
            connection.create_function("unixepoch", 1, _unixepoch)

    return engine


def _unixepoch(_subsec: str) -> float:
    """What `unixepoch('subsec')` gives from SQLite 3.42 on, in seconds since 1970, to the millisecond.

    dbos takes it for granted with Python 3.12, which however uses the SQLite of the system (3.40 on Debian 12), where the
    answer is NULL. Nothing else asks for `unixepoch` with one argument.
    """
    return round(time.time(), 3)


def _postgres(url: str, *, reading: bool) -> Engine:
    arguments: dict[str, Any] = {"connect_timeout": 10, "application_name": "recall"}
    if reading:
        arguments["options"] = "-c default_transaction_read_only=on"
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, connect_args=arguments)
