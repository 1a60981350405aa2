"""What is remembered of each issue where there is no database: a dict, for as long as the process lives."""

from collections.abc import Callable
from dataclasses import replace

from app.domain.draft import Guard
from app.domain.job import Recall


class Memory:
    """Implements `app.workflows.ports.Records`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], Recall] = {}

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""
        return self._kept.get((repository_id, number))

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state, by issue number."""
        here = (self._kept[key] for key in sorted(self._kept) if key[0] == repository_id)
        return tuple(recall for recall in here if not recall.state.final)

    def save(self, recall: Recall) -> None:
        """Remembers, replacing what was known but for the guard."""
        key = (recall.repository_id, recall.number)
        known = self._kept.get(key)
        self._kept[key] = replace(recall, guard=known.guard) if known else recall

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """Changes what is known of the guard, which nobody else can change meanwhile; the guard as it is now."""
        known = self._kept.get((repository_id, number))
        if known is None:
            return Guard()
        self._kept[repository_id, number] = replace(known, guard=change(known.guard))
        return self._kept[repository_id, number].guard

    def end_installation(self, installation: int) -> int:
        """Forgets everything of an installation that was deleted; how many recalls that were."""
        gone = [key for key, recall in self._kept.items() if recall.installation == installation]
        for key in gone:
            del self._kept[key]
        return len(gone)
