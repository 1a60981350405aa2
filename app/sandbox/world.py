"""Everything there is in a sandbox, behind one lock, and the clock by which it lives."""

import itertools
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from app.sandbox.refusals import not_found
from app.sandbox.state import Account, App, Artifact, Installation, Issue, Repository, Token

_IDS = itertools.count(1001)


class World:
    """Everything there is. Whoever changes it holds `lock` (see `verb`); `web_url` is where the sandbox is served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.web_url = "http://sandbox.invalid"
        self.lock = threading.RLock()
        self.offset = self.skipped = timedelta()
        self.started = self.now()
        self.accounts: dict[str, Account] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, Token] = {}
        self.repositories: dict[str, Repository] = {}
        self.renamed: dict[str, Repository] = {}
        self.downloads: dict[str, tuple[Artifact, datetime]] = {}

    @property
    def api_url(self) -> str:
        """The base of REST, as on an Enterprise Server; GraphQL is beside it under `/api/graphql`."""
        return f"{self.web_url}/api/v3"

    def new_id(self) -> int:
        """A number that nothing else has, in any sandbox of this process: clients keep tokens under such numbers."""
        return next(_IDS)

    def now(self) -> datetime:
        """The sandbox's time in whole seconds, as GitHub tells it."""
        return (self.clock() + self.skipped).replace(microsecond=0)

    def clock(self) -> datetime:
        """The time by which tokens and signatures end, which does not pass when weeks are skipped."""
        return datetime.now(UTC) + self.offset

    def account(self, login: str, kind: str = "User") -> Account:
        """The account of that login, made when it is new."""
        with self.lock:
            return self.accounts.setdefault(login.casefold(), Account(self.new_id(), login, kind))

    def repository(self, full_name: str) -> Repository:
        """The repository of that full name; raises the 404 of an unknown one."""
        found = self.repositories.get(full_name.casefold())
        if found is None:
            raise not_found()
        return found

    def issue(self, full_name: str, number: int) -> Issue:
        """That issue or pull request; raises the 404 of an unknown, deleted or transferred one."""
        found = self.repository(full_name).issues.get(number)
        if found is None or found.gone:
            raise not_found()
        return found

    def by_id(self, repository_id: int) -> Repository:
        """The repository with that numeric id; raises the 404 of an unknown one."""
        for repository in list(self.repositories.values()):
            if repository.id == repository_id:
                return repository
        raise not_found()

    def installations_on(self, repository: Repository) -> list[Installation]:
        """The installations that cover a repository."""
        return [found for found in list(self.installations.values()) if found.covers(repository)]

    def new_token(self, prefix: str, length: int = 36) -> str:
        """A secret of GitHub's classic form."""
        return prefix + secrets.token_hex(length)[:length]


Arguments = ParamSpec("Arguments")
Given = TypeVar("Given")
AnyWorld = TypeVar("AnyWorld", bound=World)


def verb(
    act: Callable[Concatenate[AnyWorld, Arguments], Given],
) -> Callable[Concatenate[AnyWorld, Arguments], Given]:
    """Marks a function that changes the world: it runs alone, and what it does is seen whole or not at all."""

    @wraps(act)
    def alone(world: AnyWorld, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Given:
        with world.lock:
            return act(world, *arguments, **named)

    return alone
