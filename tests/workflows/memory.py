"""The `Records` of one process without a database: a dict."""

from dataclasses import dataclass, field

from app.domain.job import Recall, State

FINAL = (State.WITHDRAWN, State.LOCKED, State.DELETED, State.TRANSFERRED, State.ARCHIVED, State.SUSPENDED, State.FORBIDDEN)


@dataclass
class Memory:
    """What is remembered between jobs, for tests."""

    kept: dict[tuple[int, int], Recall] = field(default_factory=dict)

    def recall(self, repository_id: int, number: int) -> Recall | None:
        return self.kept.get((repository_id, number))

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        return tuple(r for r in self.kept.values() if r.repository_id == repository_id and r.state not in FINAL)

    def save(self, recall: Recall) -> None:
        self.kept[(recall.repository_id, recall.number)] = recall

    def end_installation(self, installation: int) -> int:
        gone = [key for key, recall in self.kept.items() if recall.installation == installation]
        for key in gone:
            del self.kept[key]
        return len(gone)
