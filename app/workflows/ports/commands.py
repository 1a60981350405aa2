"""What following commands needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.analysis.mentions import Mention
from app.domain.check import PullHead
from app.domain.configuration import Settled
from app.domain.draft import Rights
from app.domain.escape import Fix
from app.domain.slash import AnswerFacts, Place, Reaction
from app.workflows.ports.forge import Forge
from app.workflows.ports.records import Records


class Talk(Protocol):
    """What recall does where people speak to it, and what it looks up of what they name. Raises what `Forge` raises."""

    def place(self, number: int) -> Place:
        """The issue or pull request of that number; GiveUp where it is gone."""

    def react(self, comment: int, reaction: Reaction) -> None:
        """Reacts to a comment, once; to one that is gone or locked, not at all."""

    def label(self, number: int, name: str) -> None:
        """Puts a label on an issue; one that is there already is no error."""

    def unlabel(self, number: int, name: str) -> None:
        """Takes a label off an issue; one that is gone already is no error."""

    def fix(self, mention: Mention) -> Fix | None:
        """The pull request or commit of this repository that is meant; None where there is none."""

    def rights(self) -> Rights:
        """What recall was given here."""

    def receipts(self, head: str) -> int | None:
        """The newest run on that commit that left receipts behind."""

    def challenges(self) -> int | None:
        """The newest run that challenged the guards."""

    def start(self, workflow: str) -> bool:
        """Starts a workflow on the default branch; whether recall may, and there is one that can be started by hand."""


@dataclass(frozen=True, slots=True)
class Commanding:
    """Everything that following commands may reach. `label` is the one that recall is set to, `settled` gives the configuration
    in force, read once and when it is needed; `pull` a pull request as it stands now.
    """

    forge: Forge
    talk: Talk
    pull: Callable[[int], PullHead]
    records: Records
    answer: Callable[[AnswerFacts], str]
    now: Callable[[], datetime]
    settled: Callable[[], Settled]
    label: str = "escaped-bug"
    web_url: str = "https://github.com"
