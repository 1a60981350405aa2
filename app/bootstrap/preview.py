"""What recall would write about one issue, for whoever may read it: the same jobs in a rehearsal, without a server."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.analysis.testmap.mapfile import MapFile
from app.bootstrap.github import Kept, Terms
from app.bootstrap.perform import performing, run_inline
from app.bootstrap.rehearse import RehearsingGitHub
from app.domain.ci import Home
from app.domain.configuration import Settled
from app.domain.deed import Deed
from app.domain.delivery import Repository
from app.domain.errors import GiveUp, TellUser
from app.domain.job import Job, Outcome, Task
from app.domain.testmap import Maps
from app.engine.map_files import FilesMaps
from app.github.auth import Given, Host, Tokens
from app.github.configured import RepositoryConfigured
from app.github.forge import RepositoryForge
from app.github.reader import ME, ReadersConfigured, ReadersForge, find_repository
from app.jobs import Perform
from app.store.memory import Memory, MemoryWatches
from app.workflows.ports import Step
from app.workflows.rehearsal import Rehearsal

_ISSUE = re.compile(r"/(?P<name>[\w.-]+/[\w.-]+)/issues/(?P<number>[1-9]\d{0,9})/?", re.ASCII)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Address:
    """An issue by its address: the host with its scheme, `owner/name`, and the number."""

    web_url: str
    name: str
    number: int

    @property
    def host(self) -> str:
        """The host's name alone."""
        return urlsplit(self.web_url).hostname or ""

    @property
    def api_url(self) -> str:
        """Where that GitHub's API is. Source: docs.github.com, "Getting started with the REST API", of both products."""
        return "https://api.github.com" if self.host == "github.com" else f"{self.web_url}/api/v3"


def read_address(url: str) -> Address:
    """`https://github.com/acme/shop/issues/42` -> its parts. Raises TellUser for anything else."""
    parts = urlsplit(url)
    found = _ISSUE.fullmatch(parts.path)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if found is None or not parts.hostname or not secure or "@" in parts.netloc:
        raise TellUser(f"{url[:200]} is no address of an issue: give one such as https://github.com/acme/shop/issues/42.")
    host = "github.com" if parts.hostname in ("github.com", "www.github.com") else parts.netloc
    return Address(f"{parts.scheme}://{host}", found["name"], int(found["number"]))


@dataclass(frozen=True, slots=True)
class Previewed:
    """What would be written, in order, and how each job ended, in one sentence each."""

    deeds: tuple[Deed, ...]
    sentences: tuple[str, ...]


def preview(address: Address, secret: str, folder: Path, *, label: str, maps: Maps | None = None) -> Previewed:
    """Everything that the label would lead to on that issue, computed now. `secret` is a token that may read it, "" for none;
    `folder` takes the clone.

    Raises TellUser where the repository or the issue cannot be seen, TryLater where GitHub cannot answer now.
    """
    host, tokens = Host(address.api_url, address.web_url), Given(secret, ME.login)
    repository = find_repository(host, secret, address.name)
    rehearsal = Rehearsal(Memory())
    kept = Kept(Memory(), MemoryWatches(), HandedMaps(repository.id, maps or FilesMaps(())))
    github = _Seen(host, lambda _: tokens, kept, Terms(folder, label), rehearsal)
    job = Job(Task.REPORT_ESCAPE, "preview", None, repository, number=address.number)
    outcomes = run_inline([job], _to_the_end(performing(github)))
    return Previewed(rehearsal.deeds, tuple(dict.fromkeys(outcome.sentence for outcome in outcomes)))


def settled_there(web_url: str, name: str, secret: str) -> Settled:
    """The configuration in force in a repository of that name. `secret` is a token that may read it, "" for none.

    Raises TellUser where the repository cannot be seen, TryLater where GitHub cannot answer now.
    """
    address = Address(web_url, name, 0)
    host = Host(address.api_url, web_url)
    repository = find_repository(host, secret, name)
    with closing(ReadersConfigured(host, Given(secret, ME.login), repository)) as configured:
        return configured.settled()


def _to_the_end(perform: Perform) -> Perform:
    """Has a job that is given up end in its sentence: the others go on."""

    def tolerant(job: Job, step: Step) -> Outcome:
        try:
            return perform(job, step)
        except GiveUp as end:
            return Outcome(end.state, str(end))

    return tolerant


class _Seen(RehearsingGitHub):
    """GitHub as somebody sees it who only looks."""

    def _forge(self, tokens: Tokens, repository: Repository, settled: Callable[[], Settled]) -> RepositoryForge:
        return ReadersForge(self._host, tokens, repository, lambda: self._labels(settled()))

    def _configured(self, tokens: Tokens, repository: Repository) -> RepositoryConfigured:
        return ReadersConfigured(self._host, tokens, repository)


@dataclass(frozen=True, slots=True)
class HandedMaps:
    """A `Shelf` with the maps that were handed over for one repository, and no room for more."""

    home: int
    given: Maps

    def put(self, home: Home, map_file: MapFile, *, baseline: bool) -> None:
        """Keeps nothing."""

    def maps(self, repository_id: int) -> Maps:
        """The maps that were handed over."""
        return self.given if repository_id == self.home else FilesMaps(())
