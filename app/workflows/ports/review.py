"""What reviewing a pull request needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.domain.configuration import Settled
from app.domain.delivery import Repository
from app.domain.review import KnownEscape, Remark, RemarkFacts, Review, ReviewedPull
from app.domain.testmap import Maps
from app.workflows.ports.checks import Checks
from app.workflows.ports.forge import Forge, Mirrors
from app.workflows.ports.records import Records


class Remarks(Protocol):
    """The pull requests of one repository as they are reviewed, and how its comments are folded away."""

    def pull(self, number: int) -> ReviewedPull:
        """The pull request as it stands now; GiveUp where it is gone."""

    def hide(self, comment_id: int) -> None:
        """Minimises a comment as resolved; one that is hidden already stays as it is."""

    def show(self, comment_id: int) -> None:
        """Takes that back; one that is shown already stays as it is."""


class ReviewChange(Protocol):
    """The review of a change (`app.engine`)."""

    def __call__(
        self,
        mirror: Path,
        *,
        base: str,
        head: str,
        escapes: Sequence[KnownEscape],
        ignore: Iterable[str] = (),
        seams: bool = True,
        maps: Maps | None = None,
    ) -> Review:
        """What the change does to past escapes and their guards. TellUser where a commit is not there."""


class RemarkWords(Protocol):
    """The words of a remark (`app.render`)."""

    def __call__(self, facts: RemarkFacts) -> Remark:
        """The comment, the title and summary of the check run, and its annotations."""


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Everything that reviewing a pull request may reach. `home` and `settled` are asked when they are needed."""

    home: Callable[[], Repository]
    forge: Forge
    remarks: Remarks
    checks: Checks
    mirrors: Mirrors
    records: Records
    review: ReviewChange
    render: RemarkWords
    settled: Callable[[], Settled] = Settled
    web_url: str = "https://github.com"
    maps: Maps | None = None
