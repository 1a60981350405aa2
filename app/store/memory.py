"""What is remembered where there is no database: dicts, for as long as the process lives."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from app.analysis.course import kept, moved_on
from app.domain.correction import Corrections
from app.domain.draft import Guard
from app.domain.job import Recall
from app.domain.watch import Watched


def _now() -> datetime:
    return datetime.now(UTC)


class Memory:
    """Implements `app.workflows.ports.Records`."""

    def __init__(self, now: Callable[[], datetime] = _now) -> None:
        self._now = now
        self._kept: dict[tuple[int, int], Recall] = {}
        self._followed: set[tuple[int, str]] = set()

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""
        return self._kept.get((repository_id, number))

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state, by issue number."""
        return tuple(recall for recall in self.history(repository_id) if not recall.state.final)

    def history(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository, by issue number, those in a final state included."""
        return tuple(self._kept[key] for key in sorted(self._kept) if key[0] == repository_id)

    def save(self, recall: Recall) -> None:
        """Remembers, replacing what was known but for the guard and what people said; the course goes on."""
        key = (recall.repository_id, recall.number)
        self._kept[key] = kept(self._kept.get(key), recall, self._moment())

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """Changes what is known of the guard, which nobody else can change meanwhile; the guard as it is now."""
        changed = self._change(repository_id, number, lambda recall: replace(recall, guard=change(recall.guard)))
        return changed.guard if changed else Guard()

    def keep_said(self, repository_id: int, number: int, change: Callable[[Corrections], Corrections]) -> Corrections:
        """The same for what people said of the recall."""
        changed = self._change(repository_id, number, lambda recall: replace(recall, said=change(recall.said)))
        return changed.said if changed else Corrections()

    def _change(self, repository_id: int, number: int, change: Callable[[Recall], Recall]) -> Recall | None:
        known = self._kept.get((repository_id, number))
        if known is None:
            return None
        self._kept[repository_id, number] = moved_on(known, change(known), self._moment())
        return self._kept[repository_id, number]

    def followed(self, repository_id: int, key: str) -> bool:
        """Whether the command of that key was followed already."""
        return (repository_id, key) in self._followed

    def follow(self, repository_id: int, key: str) -> None:
        """Remembers that the command of that key was followed."""
        self._followed.add((repository_id, key))

    def _moment(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def end_installation(self, installation: int) -> int:
        """Forgets everything of an installation that was deleted; how many recalls that were."""
        gone = [key for key, recall in self._kept.items() if recall.installation == installation]
        for key in gone:
            del self._kept[key]
        return len(gone)


@dataclass(frozen=True, slots=True)
class MemoryWatches:
    """Implements `app.workflows.ports.Watches`."""

    known: dict[int, Watched] = field(default_factory=dict)

    def watched(self, repository_id: int) -> Watched | None:
        """What is known of that repository."""
        return self.known.get(repository_id)

    def keep(self, repository_id: int, change: Callable[[Watched | None], Watched | None]) -> None:
        """Changes what is known of that repository; None changes nothing."""
        if changed := change(self.known.get(repository_id)):
            self.known[repository_id] = changed

    def stale(self, installation: int) -> None:
        """The configurations of that installation's repositories have to be read anew."""
        for number, one in self.known.items():
            if one.installation == installation:
                self.known[number] = replace(one, read=0.0)

    def due(self, now: float) -> tuple[Watched, ...]:
        """The repositories whose digest was due by then."""
        return tuple(one for one in self.known.values() if one.due is not None and one.due <= now)
