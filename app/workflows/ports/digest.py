"""What writing a digest needs, and following the boxes that are ticked in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.configuration import Settled
from app.domain.delivery import Repository
from app.domain.digest import Digest, Trouble
from app.domain.job import Recall
from app.domain.rolling import RollingIssue
from app.workflows.ports.forge import Forge
from app.workflows.ports.records import Records


class Digests(Protocol):
    """The one issue that a repository's digest is written to. Raises what `Forge` raises; never repeats a write."""

    def found(self, mark: str) -> RollingIssue | None:
        """Our issue whose body begins so: an open one, else the newest."""

    def open(self, title: str, body: str, mark: str) -> RollingIssue:
        """Opens it, or gives the one of ours that turns out to be there already."""

    def edit(self, number: int, body: str) -> None:
        """Replaces the body, which notifies nobody."""


class Counting(Protocol):
    """The numbers of a digest (`app.analysis.digest`)."""

    def __call__(
        self,
        recalls: Iterable[Recall],
        *,
        repository: Repository,
        now: datetime,
        since: datetime,
        troubles: Iterable[Trouble] = (),
    ) -> Digest:
        """The digest as of `now`; `since` is from when on things are new."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Everything that writing a digest may reach. `home` is the repository as it stands now, `digests` opens its issues.

    `schedule` remembers when the next one is due and which repository collects it, `collector` is the repository of that name in
    the same installation, `collected` are the ids of those whose digests a repository collects, as far as its readers may know of
    them. `troubles` are what recall could not do in a repository since then. `count` and `render` make the digest, `title` names
    its issue.
    """

    records: Records
    settled: Callable[[], Settled]
    home: Callable[[], Repository]
    digests: Callable[[Repository], Digests]
    schedule: Callable[[Repository, datetime, str], None]
    collector: Callable[[str], Repository]
    collected: Callable[[Repository], Iterable[int]]
    troubles: Callable[[int, datetime], tuple[Trouble, ...]]
    count: Counting
    render: Callable[[Digest], str]
    title: Callable[[], str]
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Ticking:
    """Everything that ticking boxes of a digest may reach. `unlabel` takes the label of an escape off an issue, `settled` gives
    the configuration in force.
    """

    forge: Forge
    digests: Callable[[Repository], Digests]
    records: Records
    unlabel: Callable[[int], None]
    settled: Callable[[], Settled] = Settled
