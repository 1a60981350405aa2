"""Signs of life of the workers, so that the jobs of a dead one can be taken over."""

from sqlmodel import col, delete, select

from app.store.database import Database
from app.store.tables import WorkerRow


class Workers:
    """The heartbeats, timed by the database's clock, so that no machine's own clock matters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def join(self, worker: str) -> None:
        """Enters a worker, alive as of now."""
        with self._database.transaction() as session:
            session.merge(WorkerRow(id=worker, beat=self._database.now(session)))

    def beat(self, worker: str) -> bool:
        """Says that this worker is alive; False if the others have taken it for dead and taken over its jobs."""
        with self._database.transaction() as session:
            row = session.get(WorkerRow, worker, with_for_update=True)
            if row:
                row.beat = self._database.now(session)
            return row is not None

    def alive(self, within: float) -> frozenset[str]:
        """The workers that gave a sign of life within that many seconds."""
        with self._database.transaction() as session:
            since = self._database.now(session) - within
            return frozenset(session.exec(select(WorkerRow.id).where(col(WorkerRow.beat) >= since)))

    def leave(self, worker: str) -> None:
        """Forgets a worker: it has ended, or it is dead and its jobs are taken over."""
        with self._database.transaction() as session:
            session.exec(delete(WorkerRow).where(col(WorkerRow.id) == worker))
