"""What is remembered of each issue between jobs: the database's side of the workflows' `Records`."""

import dataclasses
import json
import time
from collections.abc import Callable

from sqlmodel import col, delete, select

from app.domain.draft import DraftState, Guard, ProofState
from app.domain.job import Recall, State
from app.store import jobs, maps
from app.store.database import Database
from app.store.tables import RecallRow

_FINAL = [state.value for state in State if state.final]


class Recalls:
    """Implements `app.workflows.ports.Records`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""
        with self._database.transaction() as session:
            row = session.get(RecallRow, (repository_id, number))
            return _recall(row) if row else None

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state, by issue number."""
        rows = (
            select(RecallRow)
            .where(RecallRow.repository_id == repository_id, col(RecallRow.state).notin_(_FINAL))
            .order_by(col(RecallRow.number))
        )
        with self._database.transaction() as session:
            return tuple(_recall(row) for row in session.exec(rows))

    def save(self, recall: Recall) -> None:
        """Remembers, replacing what was known but for the guard."""
        fields = dataclasses.asdict(recall) | {"state": recall.state.value, "updated": time.time()}
        with self._database.transaction() as session:
            known = session.get(RecallRow, (recall.repository_id, recall.number))
            session.merge(RecallRow(**fields | {"guard": known.guard if known else _text(recall.guard)}))

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """Changes what is known of the guard, which nobody else can change meanwhile; the guard as it is now."""
        with self._database.transaction() as session:
            row = session.get(RecallRow, (repository_id, number), with_for_update=True)
            if row is None:
                return Guard()
            guard = change(_guard(row.guard))
            row.guard = _text(guard)
            session.add(row)
            return guard

    def end_installation(self, installation: int) -> int:
        """Forgets everything of an installation that was deleted; how many recalls that were."""
        with self._database.transaction() as session:
            jobs.forget(session, installation)
            maps.forget(session, installation)
            return session.exec(delete(RecallRow).where(col(RecallRow.installation) == installation)).rowcount


def _recall(row: RecallRow) -> Recall:
    fields = row.model_dump(exclude={"updated"})
    return Recall(**fields | {"state": State(row.state), "guard": _guard(row.guard)})


def _text(guard: Guard) -> str | None:
    """JSON, None for a guard of which nothing is known."""
    return None if guard == Guard() else json.dumps(dataclasses.asdict(guard))


def _guard(text: str | None) -> Guard:
    if text is None:
        return Guard()
    kept = json.loads(text)
    told = {"draft": DraftState(kept["draft"]), "proof": ProofState(kept["proof"]), "tests": tuple(kept["tests"])}
    return Guard(**kept | told)
