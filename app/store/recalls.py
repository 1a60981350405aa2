"""What is remembered of each issue between jobs: the database's side of the workflows' `Records`."""

import dataclasses
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from app.analysis.course import kept, moved_on, read_recall
from app.domain.correction import Corrections
from app.domain.course import Course
from app.domain.delivery import Repository
from app.domain.draft import Guard
from app.domain.job import Recall, State
from app.store import jobs, maps
from app.store.database import Database
from app.store.tables import FollowedRow, RecallRow, WatchRow

_FINAL = [state.value for state in State if state.final]
_PACKED = ("guard", "said", "course")


def _now() -> datetime:
    return datetime.now(UTC)


class Recalls:
    """Implements `app.workflows.ports.Records`."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database, self._now = database, now

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""
        with self._database.transaction() as session:
            row = session.get(RecallRow, (repository_id, number))
            return _recall(row) if row else None

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state, by issue number."""
        return tuple(recall for recall in self.history(repository_id) if recall.state.value not in _FINAL)

    def history(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository, by issue number, those in a final state included."""
        rows = select(RecallRow).where(RecallRow.repository_id == repository_id).order_by(col(RecallRow.number))
        with self._database.transaction() as session:
            return tuple(_recall(row) for row in session.exec(rows))

    def repository(self, full_name: str) -> Repository | None:
        """The repository of that name, as it was last heard of; None where nothing is remembered of it."""
        wanted = full_name.lower()
        watched = select(WatchRow).where(func.lower(WatchRow.repository) == wanted).limit(1)
        recalled = select(RecallRow).where(func.lower(RecallRow.repository) == wanted).order_by(col(RecallRow.updated).desc())
        with self._database.transaction() as session:
            row = session.exec(watched).first() or session.exec(recalled.limit(1)).first()
            return Repository(row.repository_id, row.repository) if row else None

    def save(self, recall: Recall) -> None:
        """Remembers, replacing what was known but for the guard and what people said; the course goes on."""
        with self._database.transaction() as session:
            row = session.get(RecallRow, (recall.repository_id, recall.number), with_for_update=True)
            session.merge(_row(kept(_recall(row) if row else None, recall, self._moment())))

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """Changes what is known of the guard, which nobody else can change meanwhile; the guard as it is now."""
        changed = self._change(repository_id, number, lambda recall: dataclasses.replace(recall, guard=change(recall.guard)))
        return changed.guard if changed else Guard()

    def keep_said(self, repository_id: int, number: int, change: Callable[[Corrections], Corrections]) -> Corrections:
        """The same for what people said of the recall."""
        changed = self._change(repository_id, number, lambda recall: dataclasses.replace(recall, said=change(recall.said)))
        return changed.said if changed else Corrections()

    def _change(self, repository_id: int, number: int, change: Callable[[Recall], Recall]) -> Recall | None:
        with self._database.transaction() as session:
            row = session.get(RecallRow, (repository_id, number), with_for_update=True)
            if row is None:
                return None
            known = _recall(row)
            changed = moved_on(known, change(known), self._moment())
            session.merge(_row(changed))
            return changed

    def followed(self, repository_id: int, key: str) -> bool:
        """Whether the command of that key was followed already."""
        with self._database.transaction() as session:
            return session.get(FollowedRow, (repository_id, key)) is not None

    def follow(self, repository_id: int, key: str) -> None:
        """Remembers that the command of that key was followed."""
        with self._database.transaction() as session:
            row = {"repository_id": repository_id, "key": key, "when": time.time(), "installation": _home(session, repository_id)}
            insert = sqlite.insert if self._database.is_sqlite else postgresql.insert
            session.connection().execute(insert(FollowedRow).values(row).on_conflict_do_nothing())

    def _moment(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def end_installation(self, installation: int) -> int:
        """Forgets everything of an installation that was deleted; how many recalls that were."""
        with self._database.transaction() as session:
            jobs.forget(session, installation)
            maps.forget(session, installation)
            session.exec(delete(FollowedRow).where(col(FollowedRow.installation) == installation))
            session.exec(delete(WatchRow).where(col(WatchRow.installation) == installation))
            return session.exec(delete(RecallRow).where(col(RecallRow.installation) == installation)).rowcount


def _home(session: Session, repository_id: int) -> int | None:
    """The installation that what is kept of a repository goes with."""
    known = select(RecallRow.installation).where(RecallRow.repository_id == repository_id).limit(1)
    watched = session.get(WatchRow, repository_id)
    return watched.installation if watched else session.exec(known).first()


def _row(recall: Recall) -> RecallRow:
    fields = dataclasses.asdict(recall) | {"state": recall.state.value, "updated": time.time()}
    return RecallRow(**fields | {name: _text(getattr(recall, name)) for name in _PACKED})


def _recall(row: RecallRow) -> Recall:
    fields = row.model_dump(exclude={"updated"})
    return read_recall(fields | {name: json.loads(fields[name]) for name in _PACKED if fields[name]})


def _text(value: Guard | Corrections | Course) -> str | None:
    """JSON, None for a value of which nothing is known."""
    return None if value == type(value)() else json.dumps(dataclasses.asdict(value))
