"""Reads the configuration in force from GitHub, in one request: the repository's own file, and the one of its owner's `.github`.

What the files mean is `app.analysis.settings`'s.
"""

from importlib import resources

from githubkit.exception import GraphQLFailed

from app.analysis.settings.keys import MAX_TEXT
from app.analysis.settings.reader import settle
from app.domain.configuration import Settled
from app.domain.delivery import Repository
from app.domain.errors import GiveUp, TryLater
from app.domain.job import State
from app.github.auth import CODE, Host, Tokens
from app.github.failures import SECONDARY, ask, soon
from app.github.fields import Fields, at, number, text
from app.github.line import Line

QUERY = resources.files("app.github").joinpath("configuration.graphql").read_text(encoding="utf-8")
SHARED = ".github"


class RepositoryConfigured(Line):
    """The configuration of one repository, for the time of one job; it is read once."""

    def __init__(self, host: Host, tokens: Tokens, repository: Repository) -> None:
        """`repository` is how the delivery called it; its numeric id decides."""
        super().__init__(host, tokens)
        self._called = repository
        self._settled: Settled | None = None

    def settled(self) -> Settled:
        """What is in force. A file that the token may not read is one that is not there.

        Raises GiveUp where the repository is gone, TryLater where GitHub could not answer now.
        """
        if self._settled is None:
            answer = self._query()
            own, shared = at(answer, "repository"), at(answer, "shared")
            if number(own, "databaseId") != self._called.id:
                raise GiveUp(f"{self._called.full_name} is gone, or recall is not installed there any more.", State.FORBIDDEN)
            apart = number(shared, "databaseId") != self._called.id
            self._settled = settle(
                _file(own),
                shared=_file(shared) if apart else None,
                shared_from=text(shared, "nameWithOwner"),
                commit=text(at(own, "defaultBranchRef", "target"), "oid"),
            )
        return self._settled

    def _query(self) -> Fields:
        """The data of `configuration.graphql`, as far as the token may see it: most owners have no such repository."""
        called = self._called
        client = self._client(CODE)

        def send() -> Fields:
            try:
                return client.graphql.request(QUERY, {"owner": called.owner, "name": called.name})
            except GraphQLFailed as error:
                return _seen(called, error)

        return ask(f"reading the configuration of {called.full_name}", send, {401: self._token_refused})


def _seen(called: Repository, error: GraphQLFailed) -> Fields:
    data, errors = error.response.data or {}, error.response.errors or []
    if any(SECONDARY.search(entry.message) for entry in errors):
        raise TryLater(
            f"GitHub's secondary rate limit was reached while reading the configuration of {called.full_name}.", soon()
        )
    if not at(data, "repository") and not {entry.type for entry in errors} & {"NOT_FOUND", "FORBIDDEN"}:
        raise TryLater(f"GitHub could not answer while reading the configuration of {called.full_name}.")
    return data


def _file(repository: Fields) -> str | None:
    """The file's text, cut only behind what is refused as too large; what is no text at all is an odd file, not a missing one."""
    blob = at(repository, "object")
    if not blob:
        return None
    return text(blob, "text", MAX_TEXT + 1) if isinstance(blob.get("text"), str) else "\0"
