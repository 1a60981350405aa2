"""Workflow runs and what they left behind, as GitHub's API tells of them: the port `Runs` of the workflows."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx
from githubkit.auth import TokenAuthStrategy
from githubkit_schemas.v2022_11_28.rest import RestNamespace

from app.domain.ci import Artifact, CiRun
from app.domain.delivery import Repository
from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.job import State
from app.github.archive import BOUNDS, Bounds, members
from app.github.auth import ACTIONS, CODE, Host, Permissions, Tokens
from app.github.failures import Answer, Special, ask
from app.github.fields import Fields, at, each, flag, number, record, text
from app.github.lookups import Verb

MAP_PREFIX = "recall-map"
"""What the names of artifacts that hold maps begin with; the rest tells shards and jobs apart."""

PROOF_PREFIXES = ("recall-receipt-", "recall-challenge-")
"""What the names of artifacts that hold receipts and challenges begin with."""

_PAGE = 100
_MOST_PAGES = 10
_MOST_RECENT = 3


@dataclass(frozen=True, slots=True)
class Left:
    """A run that left an artifact behind, with its branch and the whole id of its commit."""

    run: int
    branch: str
    commit: str


class RepositoryRuns:
    """The runs of one repository, for the time of one job."""

    def __init__(self, host: Host, tokens: Tokens, home: Repository, bounds: Bounds = BOUNDS) -> None:
        """`home` under its present name."""
        self._host, self._tokens, self._home = host, tokens, home
        self._bounds = bounds

    def run(self, run_id: int) -> CiRun:
        """The run as of its latest attempt. `own` is False for the code of a fork, and where GitHub does not tell whose it is.

        Raises GiveUp where it was deleted.
        """
        home = self._home
        gone = GiveUp(f"Run {run_id} of {home.full_name} is gone.", State.DELETED)
        found = self._read(
            f"reading run {run_id} of {home.full_name}",
            lambda rest: rest.actions.get_workflow_run(home.owner, home.name, run_id),
            {404: lambda _: gone},
        )
        attempt, branch, commit = number(found, "run_attempt"), text(found, "head_branch"), text(found, "head_sha")
        if number(at(found, "repository"), "id") != home.id or number(found, "id") != run_id or not attempt or not commit:
            raise gone
        return CiRun(
            repository_id=home.id,
            owner_id=number(at(found, "repository", "owner"), "id") or 0,
            repository=home.full_name,
            id=run_id,
            attempt=attempt,
            event=text(found, "event"),
            ref=f"refs/heads/{branch}",
            commit=commit,
            own=number(at(found, "head_repository"), "id") == home.id,
        )

    def on_default_branch(self, commit: str) -> bool:
        """Whether the default branch contains that commit; a run's branch name alone may be that of a tag."""
        home = self._home
        between = f"{home.default_branch}...{commit}"
        answer = self._read(
            f"asking whether {commit[:10]} is on {home.default_branch}",
            lambda rest: rest.repos.compare_commits(home.owner, home.name, between, per_page=1),
            {404: lambda _: GiveUp(f"{commit[:10]} is not in {home.full_name}.", State.DELETED)},
            permissions=CODE,
        )
        return text(answer, "status") in ("behind", "identical")

    def maps(self, run_id: int) -> tuple[Artifact, ...]:
        """The artifacts of a run that are named as maps are; of one name the newest alone."""
        return self._named(run_id, (MAP_PREFIX,))

    def proofs(self, run_id: int) -> tuple[Artifact, ...]:
        """The artifacts of a run that are named as receipts and challenges are; of one name the newest alone."""
        return self._named(run_id, PROOF_PREFIXES)

    def left(self, prefix: str) -> Iterator[Left]:
        """The runs of the repository's own code with artifacts so named, newest first, among its newest 300 artifacts."""
        home = self._home
        for page in range(1, _MOST_RECENT + 1):
            listed = list(each(self._newest(page), "artifacts"))
            for entry in listed:
                run = at(entry, "workflow_run")
                own = number(run, "head_repository_id") == home.id and not flag(entry, "expired")
                if own and text(entry, "name").startswith(prefix) and (numeric := number(run, "id")):
                    yield Left(numeric, text(run, "head_branch"), text(run, "head_sha"))
            if len(listed) < _PAGE:
                return

    def files(self, artifact: Artifact) -> Iterator[tuple[str, bytes]]:
        """Name and content of each file in an artifact. Raises TellUser where it has ended or breaks a bound."""
        yield from members(self._download(artifact, self._bounds.packed), self._bounds)

    def _named(self, run_id: int, prefixes: tuple[str, ...]) -> tuple[Artifact, ...]:
        found: dict[str, Artifact] = {}
        for artifact in self._listed(run_id):
            known = found.get(artifact.name)
            if artifact.name.startswith(prefixes) and (known is None or known.id < artifact.id):
                found[artifact.name] = artifact
        return tuple(sorted(found.values(), key=lambda artifact: artifact.id))

    def _listed(self, run_id: int) -> Iterator[Artifact]:
        for page in range(1, _MOST_PAGES + 1):
            listed = list(each(self._page(run_id, page), "artifacts"))
            for entry in listed:
                if numeric := number(entry, "id"):
                    size = number(entry, "size_in_bytes") or 0
                    yield Artifact(numeric, text(entry, "name"), size, flag(entry, "expired"))
            if len(listed) < _PAGE:
                return

    def _page(self, run_id: int, page: int) -> Fields:
        home = self._home
        return self._read(
            f"listing the artifacts of run {run_id} of {home.full_name}",
            lambda rest: rest.actions.list_workflow_run_artifacts(home.owner, home.name, run_id, per_page=_PAGE, page=page),
        )

    def _newest(self, page: int) -> Fields:
        home = self._home
        return self._read(
            f"listing the artifacts of {home.full_name}",
            lambda rest: rest.actions.list_artifacts_for_repo(home.owner, home.name, per_page=_PAGE, page=page),
        )

    def _download(self, artifact: Artifact, most: int) -> bytes:
        """The zip, at most `most` bytes of it. The address that GitHub gives for it is asked without our token."""
        if artifact.expired:
            raise TellUser(f"The artifact {artifact.name} has expired.")
        where = self._where(artifact)
        too_large = TellUser(f"The artifact {artifact.name} is larger than {most >> 20} MiB.")
        if artifact.size > most:
            raise too_large
        body = bytearray()
        try:
            with self._host.bare() as client, client.stream("GET", where) as answer:
                if answer.status_code != 200:
                    raise TryLater(f"The store behind GitHub answered {answer.status_code} for the artifact {artifact.name}.")
                for chunk in answer.iter_raw():
                    body += chunk
                    if len(body) > most:
                        raise too_large
        except (httpx.HTTPError, httpx.InvalidURL):
            raise TryLater(f"The artifact {artifact.name} could not be downloaded.") from None
        return bytes(body)

    def _where(self, artifact: Artifact) -> str:
        home = self._home
        ended = TellUser(f"The artifact {artifact.name} has expired.")
        answer = self._ask(
            f"asking for the artifact {artifact.name}",
            lambda rest: rest.actions.download_artifact(home.owner, home.name, artifact.id, "zip"),
            {404: lambda _: ended, 410: lambda _: ended},
            follow_redirects=False,
        )
        where: str = answer.headers.get("location", "")
        if not where.startswith(("https://", f"{self._host.api_url.partition('://')[0]}://")):
            raise TryLater(f"GitHub did not say where the artifact {artifact.name} is.")
        return where

    def _read(self, doing: str, verb: Verb, special: Special | None = None, permissions: Permissions = ACTIONS) -> Fields:
        return record(self._ask(doing, lambda rest: verb(rest).json(), special, permissions))

    def _ask(
        self,
        doing: str,
        verb: Callable[[RestNamespace], Answer],
        special: Special | None = None,
        permissions: Permissions = ACTIONS,
        follow_redirects: bool = True,
    ) -> Answer:
        client = self._host.client(TokenAuthStrategy(self._tokens.token(permissions)), follow_redirects=follow_redirects)
        with closing(client):
            return ask(doing, lambda: verb(client.verbs), {401: self._token_refused, **(special or {})})

    def _token_refused(self, _refused: object) -> None:
        self._tokens.forget()
