"""GitHub as somebody sees it who only looks: with any token or none, with no right to write, and as if the label were set.

For `recall preview`. Nobody's rights but one's own can be asked for without rights, so that people are believed whom GitHub calls
somebody of the house; and without a token GitHub does not tell what it links to an issue.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from app.analysis.settings.keys import MAX_TEXT, PATH
from app.domain.comment import Comment
from app.domain.delivery import Actor, Remote, Repository
from app.domain.errors import GiveUp, TellUser
from app.domain.escape import Escape, Issue
from app.domain.job import State
from app.github import shapes
from app.github.auth import CODE, Host, Permissions, Tokens, bearing
from app.github.configured import SHARED, RepositoryConfigured
from app.github.failures import ask
from app.github.fields import Fields, record, text
from app.github.forge import Labels, RepositoryForge

ME = Actor("recall[bot]", "Bot")


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """`Tokens` that nothing can be written with: a request that takes more than reading is refused before it is made."""

    real: Tokens

    def me(self) -> Actor:
        """The identity that recall's own comments carry."""
        return self.real.me()

    def token(self, permissions: Permissions, /) -> str:
        """A token to read with. Raises GiveUp where it is to write."""
        wanted = sorted(name for name, level in permissions.items() if level != "read")
        if wanted:
            raise GiveUp(f"Nothing is written in a rehearsal, and this takes {wanted[0]}: write.", State.FORBIDDEN)
        return self.real.token(permissions)

    def given(self) -> Permissions | None:
        """What such tokens could be given at most."""
        return self.real.given()

    def forget(self) -> None:
        """GitHub refused a token: the next one is asked for anew."""
        self.real.forget()


def find_repository(host: Host, token: str, full_name: str) -> Repository:
    """The repository of that name. Raises TellUser where there is none that this token can see."""
    hidden = TellUser(
        f"There is no repository {full_name} that can be seen here: check the name, or set GH_TOKEN to a token that may read it."
    )
    unknown = TellUser(
        "GitHub does not know the token in GH_TOKEN or GITHUB_TOKEN: make a new one, or unset it for what is public."
    )
    owner, _, name = full_name.partition("/")
    with closing(host.client(bearing(token))) as client:
        answer = ask(
            f"reading {full_name}",
            lambda: client.verbs.repos.get(owner, name).json(),
            {401: lambda _: unknown, 404: lambda _: hidden},
        )
    found = shapes.repository(record(answer))
    if found is None:
        raise hidden
    return found


class ReadersForge(RepositoryForge):
    """A `Forge` for whoever only looks. Each issue looks as if somebody with triage rights had just set the label."""

    def __init__(self, host: Host, tokens: Tokens, repository: Repository, labels: Labels) -> None:
        super().__init__(host, tokens, repository, labels)
        self._house: set[str] = set()
        self._asks = bool(tokens.token(CODE))

    def issue(self, number: int) -> Issue:
        """The issue as it stands now, with the label."""
        found = super().issue(number)
        return replace(found, labels=(*found.labels, *self._labels()), locked=False)

    def escape(self, issue: Issue, fix: str = "") -> Escape:
        """The issue with everything it links to."""
        return replace(super().escape(issue, fix), trusted=True)

    def can_triage(self, login: str) -> bool:
        """Whether that login may triage, where one may ask for that; else whether the comments call it somebody of the house."""
        if self._asks:
            try:
                return super().can_triage(login)
            except GiveUp:
                self._asks = False
        return login.casefold() in self._house

    def remote(self) -> Remote:
        """Where the code is fetched from."""
        found = super().remote()
        return replace(found, token=found.token or None)

    def _listed(self, number: int) -> Iterator[tuple[Comment, bool]]:
        for comment, likely in super()._listed(number):
            if likely and comment.author:
                self._house.add(comment.author.login.casefold())
            yield comment, likely

    def _query(self, variables: Mapping[str, object]) -> Fields:
        return super()._query(variables) if self._tokens.token(CODE) else {}


class ReadersConfigured(RepositoryConfigured):
    """The configuration as somebody reads it who may have no token, without which GitHub answers no GraphQL."""

    def _query(self) -> Fields:
        if self._tokens.token(CODE):
            return super()._query()
        called = self._called
        own, shared = self._blob(called.owner, called.name), self._blob(called.owner, SHARED)
        return {
            "repository": {"databaseId": called.id, "object": own},
            "shared": {"nameWithOwner": f"{called.owner}/{SHARED}", "object": shared},
        }

    def _blob(self, owner: str, name: str) -> Fields:
        found = record(self._find(f"reading {PATH} of {owner}/{name}", lambda rest: rest.repos.get_content(owner, name, PATH)))
        if text(found, "type") != "file":
            return {}
        try:
            return {"text": b64decode(text(found, "content", 2 * MAX_TEXT)).decode("utf-8", "replace")}
        except ValueError:
            return {"text": None}
