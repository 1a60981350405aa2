"""What is remembered of repositories as a whole: the database's side of the workflows' `Watches`, and of whoever keeps the time.

Whose digest is due is told within the caller's transaction, because that and its job in the queue have to be kept together.
"""

import json
from collections.abc import Callable

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, func, select, update

from app.domain.delivery import Repository
from app.domain.watch import Watched
from app.store.database import Database
from app.store.tables import RecallRow, WatchRow


class Watches:
    """Implements `app.workflows.ports.Watches`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def watched(self, repository_id: int) -> Watched | None:
        """What is known of that repository."""
        with self._database.transaction() as session:
            row = session.get(WatchRow, repository_id)
            return _watched(row) if row else None

    def keep(self, repository_id: int, change: Callable[[Watched | None], Watched | None]) -> None:
        """Changes what is known of that repository, which nobody else can change meanwhile; None changes nothing."""
        with self._database.transaction() as session:
            row = session.get(WatchRow, repository_id, with_for_update=True)
            changed = change(_watched(row) if row else None)
            # A row that is not there cannot be locked: where another process made it meanwhile, it is that one that is changed.
            if row is None and changed and not _inserted(session, changed):
                row = session.get_one(WatchRow, repository_id, with_for_update=True)
                changed = change(_watched(row))
            if row is not None and changed:
                session.merge(_row(changed))

    def stale(self, installation: int) -> None:
        """Makes the configuration of all its repositories one that was never read."""
        with self._database.transaction() as session:
            session.exec(update(WatchRow).where(col(WatchRow.installation) == installation).values(read=0.0))

    def due(self, now: float) -> tuple[Watched, ...]:
        """The repositories whose digest was due by then, the longest overdue first."""
        with self._database.transaction() as session:
            return tuple(due_by(session, now))

    def collected(self, home: Repository, installation: int | None) -> tuple[Watched, ...]:
        """The repositories of that installation whose digest is collected in another one, by id."""
        rows = (
            select(WatchRow)
            .where(WatchRow.installation == installation, func.lower(WatchRow.collector) == home.full_name.lower())
            .where(WatchRow.repository_id != home.id)
            .order_by(col(WatchRow.repository_id))
        )
        with self._database.transaction() as session:
            return tuple(_watched(row) for row in session.exec(rows))


def due_by(session: Session, now: float) -> list[Watched]:
    """The repositories whose digest was due by then, the longest overdue first."""
    rows = select(WatchRow).where(col(WatchRow.due) <= now).order_by(col(WatchRow.due))
    return [_watched(row) for row in session.exec(rows)]


def unscheduled(session: Session) -> list[Watched]:
    """The repositories that have recalls and no time for a digest, by id; they are watched from now on."""
    timed = select(WatchRow.repository_id).where(
        WatchRow.repository_id == RecallRow.repository_id, col(WatchRow.due).is_not(None)
    )
    rows = (
        select(RecallRow.repository_id, RecallRow.repository, RecallRow.installation)
        .where(~timed.exists())
        .order_by(col(RecallRow.repository_id), col(RecallRow.updated))
    )
    last = {number: Watched(Repository(number, name), installation) for number, name, installation in session.exec(rows)}
    return [_seen(session, watched) for watched in last.values()]


def set_due(session: Session, repository_id: int, due: float | None) -> None:
    """Sets when the next digest of a watched repository is due."""
    session.exec(update(WatchRow).where(col(WatchRow.repository_id) == repository_id).values(due=due))


def _seen(session: Session, watched: Watched) -> Watched:
    """What is known of it; remembers it where nothing is, unless another process is doing so right now."""
    known = session.get(WatchRow, watched.repository.id)
    if known is not None:
        return _watched(known)
    _inserted(session, watched)
    return watched


def _inserted(session: Session, watched: Watched) -> bool:
    """Remembers it, unless something is known of it already; whether it did."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(WatchRow).values(_row(watched).model_dump()).on_conflict_do_nothing()
    return session.connection().execute(row, execution_options={"preserve_rowcount": True}).rowcount > 0


def _row(watched: Watched) -> WatchRow:
    home = watched.repository
    return WatchRow(
        repository_id=home.id,
        installation=watched.installation,
        repository=home.full_name,
        visibility=home.visibility,
        default_branch=home.default_branch,
        labels=json.dumps(watched.labels),
        due=watched.due,
        read=watched.read,
        collector=watched.collector,
        broken=watched.broken,
    )


def _watched(row: WatchRow) -> Watched:
    home = Repository(row.repository_id, row.repository, row.visibility, row.default_branch)
    return Watched(home, row.installation, tuple(json.loads(row.labels)), row.due, row.read, row.collector, row.broken)
