"""What reporting an escape needs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.domain.comment import CommentFacts
from app.domain.configuration import Settled
from app.domain.culprit import Speech
from app.domain.escape import Fix
from app.domain.green import Ledger
from app.domain.report import Report
from app.domain.testmap import Maps
from app.workflows.ports.forge import Forge, Mirrors
from app.workflows.ports.records import Records


class Explain(Protocol):
    """The evidence engine (`app.engine`)."""

    def __call__(
        self, mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None
    ) -> Report:
        """The report on a fix, or, without one, on the places that the text names; `maps` are the repository's test maps.

        With `speech` it also says which change let the bug in, after hearing whom that tells of.
        """


class Landed(Protocol):
    """GitHub's memory of a change (`app.github.green`)."""

    def __call__(self, commit: str, pull: int | None = None, when: int | None = None) -> Ledger:
        """The pull request that brought a commit, and the checks of its head; what cannot be told is said, never raised.

        `pull` is the number that the commit itself names, `when` when it was made (seconds since 1970).
        """


class LookBack(Protocol):
    """The evidence engine, on the day on which the bug came in (`app.engine.why_green`)."""

    def __call__(self, mirror: Path, ledger: Ledger, report: Report, *, reported: str, landed: bool, maps: Maps | None) -> Ledger:
        """The ledger with what the tests of that day could not see and with the life of the bug; never raises for what is not
        there. `reported` is when people told of the bug (ISO 8601), `landed` whether the report's fix is on its branch.
        """


class Render(Protocol):
    """The words (`app.render`)."""

    def __call__(self, facts: CommentFacts) -> str:
        """The whole comment in Markdown, its marker on the first line."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything a workflow may reach, for one installation and one repository.

    `label` is the one that recall is set to, `settled` gives the configuration in force, read once and when it is needed. Without
    `landed` and `look_back` nothing is said on why the change that let the bug in was green.
    """

    forge: Forge
    mirrors: Mirrors
    explain: Explain
    render: Render
    records: Records
    label: str = "escaped-bug"
    web_url: str = "https://github.com"
    maps: Maps | None = None
    settled: Callable[[], Settled] = Settled
    landed: Landed | None = None
    look_back: LookBack | None = None
