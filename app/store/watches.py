"""What is remembered of repositories as a whole: the database's side of the workflows' `Watches`."""

import json

from sqlmodel import col, select

from app.domain.delivery import Repository
from app.domain.watch import Watched
from app.store.database import Database
from app.store.tables import WatchRow


class Watches:
    """Implements `app.workflows.ports.Watches`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def watched(self, repository_id: int) -> Watched | None:
        """What is known of that repository."""
        with self._database.transaction() as session:
            row = session.get(WatchRow, repository_id)
            return _watched(row) if row else None

    def watch(self, watched: Watched) -> None:
        """Remembers, replacing what was known."""
        home = watched.repository
        row = WatchRow(
            repository_id=home.id,
            installation=watched.installation,
            repository=home.full_name,
            visibility=home.visibility,
            default_branch=home.default_branch,
            labels=json.dumps(watched.labels),
            due=watched.due,
            read=watched.read,
        )
        with self._database.transaction() as session:
            session.merge(row)

    def due(self, now: float) -> tuple[Watched, ...]:
        """The repositories whose digest was due by then, the longest overdue first."""
        rows = select(WatchRow).where(col(WatchRow.due) <= now).order_by(col(WatchRow.due))
        with self._database.transaction() as session:
            return tuple(_watched(row) for row in session.exec(rows))


def _watched(row: WatchRow) -> Watched:
    home = Repository(row.repository_id, row.repository, row.visibility, row.default_branch)
    return Watched(home, row.installation, tuple(json.loads(row.labels)), row.due, row.read)
