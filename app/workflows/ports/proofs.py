"""What reading the proofs of a test needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.check import Check, CheckFacts, Refused
from app.domain.configuration import Settled
from app.domain.delivery import Repository
from app.domain.job import Recall
from app.workflows.ports.checks import Checks, Runs
from app.workflows.ports.forge import Forge
from app.workflows.ports.records import Records


class CheckWords(Protocol):
    """The words of a check run (`app.render`)."""

    def __call__(self, facts: CheckFacts) -> Check:
        """The whole check run."""


class RottenWords(Protocol):
    """The words of the comment on a guard that no longer guards, and of the same comment once it guards again."""

    def __call__(self, recall: Recall, web_url: str) -> str:
        """The whole comment in Markdown, its marker on the first line."""


@dataclass(frozen=True, slots=True)
class Proving:
    """Everything that reading proofs may reach. `home` is asked when it is needed, for the repository as it stands now."""

    home: Callable[[], Repository]
    runs: Callable[[], Runs]
    checks: Checks
    forge: Forge
    records: Records
    check: CheckWords
    rotten: RottenWords
    refused: Callable[[Refused], str]
    now: Callable[[], datetime]
    web_url: str = "https://github.com"
    settled: Callable[[], Settled] = Settled
