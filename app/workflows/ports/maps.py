"""What learning a repository's test maps needs, and the gate at which they are taken in and given out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.analysis.testmap.mapfile import LIMITS, Limits, MapFile
from app.domain.ci import CiRun, Claims, Home
from app.domain.delivery import Repository
from app.domain.job import Recall
from app.domain.testmap import Maps
from app.workflows.ports.checks import Runs


class Shelf(Protocol):
    """Where the test maps of all repositories are kept, within the limits of what is kept."""

    def put(self, home: Home, map_file: MapFile, *, baseline: bool) -> None:
        """Keeps a map, all of it or nothing; TellUser where it may not be kept, TryLater where it cannot be now."""

    def maps(self, repository_id: int) -> Maps:
        """The maps of a repository that may serve as the baseline."""


@dataclass(frozen=True, slots=True)
class Learning:
    """Everything that learning a run's maps may reach. `home` is the repository as it stands now."""

    runs: Runs
    shelf: Shelf
    home: Home
    limits: Limits = LIMITS


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that whoever sends or asks for a map may reach.

    `verify` says what the OIDC token of a run proves, `use` whether it is used for the first time (by its name, until it ends),
    `home` where the App is installed, `read` which repository a token of GitHub can read under a name, `recalls` what is known of
    a repository's escapes.
    """

    verify: Callable[[str], Claims]
    use: Callable[[str, float], bool]
    home: Callable[[CiRun], Home]
    read: Callable[[str, str], Repository]
    shelf: Shelf
    recalls: Callable[[int], tuple[Recall, ...]]
    limits: Limits = LIMITS
