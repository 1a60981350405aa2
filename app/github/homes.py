"""Asks GitHub who may do what with a repository's maps: whether the App is installed there, and whether a token can read it;
and which repository collects its digest.
"""

import re
import threading
import time
from collections.abc import Callable
from contextlib import closing

from githubkit.auth import TokenAuthStrategy

from app.domain.ci import CiRun, Home
from app.domain.delivery import Repository
from app.domain.errors import GiveUp, NotAllowed, TryLater, Unproven
from app.domain.job import State
from app.github import shapes
from app.github.auth import App, Host
from app.github.failures import ask
from app.github.fields import record
from app.github.forge import RepositoryForge
from app.github.shapes import FULL_NAME

_TOKEN = re.compile(r"[A-Za-z0-9_.~+/=-]{20,2000}", re.ASCII)
_KNOWN_FOR = 60.0
_MOST_KNOWN = 10_000

_NOT_INSTALLED = "recall is not installed on the repository that this token is of. Install the App there first."


class Homes:
    """Where the App is installed. A refusal is remembered for a minute, since anyone on GitHub can have a good token."""

    def __init__(self, app: App, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._clock = clock
        self._refused: dict[int, float] = {}
        self._lock = threading.Lock()

    def __call__(self, run: CiRun) -> Home:
        """The repository of a run as GitHub knows it now. Raises NotAllowed, in the same words, whether the App is not installed
        there, is suspended, or the repository is another one under that name.
        """
        with self._lock:
            if self._refused.get(run.repository_id, float("-inf")) > self._clock() - _KNOWN_FOR:
                raise NotAllowed(_NOT_INSTALLED)
        try:
            return self._ask(run)
        except (GiveUp, NotAllowed):
            with self._lock:
                if len(self._refused) >= _MOST_KNOWN:
                    self._refused.clear()
                self._refused[run.repository_id] = self._clock()
            raise NotAllowed(_NOT_INSTALLED) from None

    def _ask(self, run: CiRun) -> Home:
        installation = self._app.installation(run.repository, run.owner_id)
        if installation is None:
            raise NotAllowed(_NOT_INSTALLED)
        tokens = self._app.on(installation, run.repository_id)
        with closing(RepositoryForge(self._app.host, tokens, Repository(run.repository_id, run.repository))) as forge:
            return Home(forge.repository(), installation)


class Collectors:
    """The repositories that collect the digests of others: of the same owner, and covered by the same installation."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, installation: int, home: Repository, full_name: str) -> Repository:
        """The repository of that name. Raises GiveUp where it is another owner's, or the installation does not cover it."""
        owner, _, name = full_name.partition("/")
        uncovered = GiveUp(
            f"The digest of {home.full_name} is to be collected in {full_name}, where recall is not installed.", State.FORBIDDEN
        )
        if owner.casefold() != home.owner.casefold() or not FULL_NAME.fullmatch(full_name):
            raise uncovered
        client = self._app.host.client(TokenAuthStrategy(self._app.token_to_name(installation, full_name)))
        with closing(client):
            answer = ask(f"reading {full_name}", lambda: client.verbs.repos.get(owner, name).json(), {404: lambda _: uncovered})
        found = shapes.repository(record(answer))
        if found is None:
            raise uncovered
        return found


class Readers:
    """What people's tokens can read. A token is asked with once and kept nowhere."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def __call__(self, token: str, full_name: str) -> Repository:
        """The repository, if GitHub shows it to that token. Raises Unproven for a token that GitHub does not know, NotAllowed
        for a repository that is not there or that it may not read.
        """
        hidden = NotAllowed("There is no such repository, or this token may not read it.")
        if not _TOKEN.fullmatch(token):
            raise Unproven("That is no token of GitHub.")
        if not FULL_NAME.fullmatch(full_name):
            raise hidden
        owner, _, name = full_name.partition("/")
        client = self._host.client(TokenAuthStrategy(token))
        try:
            answer = ask(
                "asking whether a token can read a repository",
                lambda: client.verbs.repos.get(owner, name).json(),
                {401: lambda _: Unproven("GitHub does not know this token."), 404: lambda _: hidden, 451: lambda _: hidden},
            )
        except GiveUp:
            raise hidden from None
        finally:
            client.close()
        found = shapes.repository(record(answer))
        if found is None:
            raise TryLater("GitHub's answer could not be read while asking whether a token can read a repository.")
        return found
