"""What recall could not do, for the digest to tell of: counted from the jobs of a repository."""

from datetime import datetime

from app.domain.digest import Trouble
from app.store import jobs
from app.store.database import Database


class Troubles:
    """Counts them in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, repository_id: int, since: datetime) -> tuple[Trouble, ...]:
        """What jobs of that repository ended in since then, the most often first."""
        with self._database.transaction() as session:
            return tuple(jobs.troubles(session, repository_id, since.timestamp()))
