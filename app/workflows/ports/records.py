"""What is remembered of issues and of repositories between jobs."""

from collections.abc import Callable
from typing import Protocol

from app.domain.correction import Corrections
from app.domain.draft import Guard
from app.domain.job import Recall
from app.domain.watch import Watched


class Records(Protocol):
    """What is remembered between jobs; in one process without a database, nothing but a dict."""

    def recall(self, repository_id: int, number: int) -> Recall | None:
        """What is known of that issue."""

    def recalls(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository that are not in a final state."""

    def history(self, repository_id: int) -> tuple[Recall, ...]:
        """All recalls of a repository, by issue number, those in a final state included."""

    def save(self, recall: Recall) -> None:
        """Remembers, replacing what was known but for the guard and what people said, which `keep_guard` and `keep_said` alone
        change; the moments of the course are added to.
        """

    def keep_guard(self, repository_id: int, number: int, change: Callable[[Guard], Guard]) -> Guard:
        """Changes what is known of the guard, which nobody else can change meanwhile; the guard as it is now.

        Nothing is kept of an issue of which nothing is known.
        """

    def keep_said(self, repository_id: int, number: int, change: Callable[[Corrections], Corrections]) -> Corrections:
        """The same for what people said of the recall."""

    def followed(self, repository_id: int, key: str) -> bool:
        """Whether the command of that key was followed already."""

    def follow(self, repository_id: int, key: str) -> None:
        """Remembers that the command of that key was followed."""

    def end_installation(self, installation: int) -> int:
        """Forgets everything of an installation that was deleted; how many recalls that were."""


class Watches(Protocol):
    """What is remembered of repositories as a whole."""

    def watched(self, repository_id: int) -> Watched | None:
        """What is known of that repository."""

    def keep(self, repository_id: int, change: Callable[[Watched | None], Watched | None]) -> None:
        """Changes what is known of that repository, which nobody else can change meanwhile; None changes nothing."""

    def stale(self, installation: int) -> None:
        """Makes the configuration of all its repositories one that was never read."""

    def due(self, now: float) -> tuple[Watched, ...]:
        """The repositories whose digest was due by then (seconds since 1970)."""
