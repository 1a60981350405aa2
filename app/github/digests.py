"""The one issue that a repository's digest is written to: the port `Digests` of the workflows, over githubkit.

It is found again by its marker and its author, so that neither a lost answer nor a lost memory makes a second one. Source:
docs.github.com, "Issues" (REST, 2022-11-28).
"""

from collections.abc import Iterator

from app.domain.delivery import Repository
from app.domain.errors import GiveUp, TryLater
from app.domain.job import State
from app.domain.rolling import RollingIssue
from app.github import shapes
from app.github.auth import COMMENT, Host, Tokens
from app.github.failures import Special
from app.github.fields import LONGEST_TEXT, Fields, at, number, objects, text
from app.github.line import Line
from app.github.lookups import Verb

_PAGE = 100
_MOST_PAGES = 50


class RepositoryDigests(Line):
    """One repository, for the time of one job."""

    def __init__(self, host: Host, tokens: Tokens, home: Repository) -> None:
        super().__init__(host, tokens)
        self._home = home

    def found(self, mark: str) -> RollingIssue | None:
        """Our issue whose body begins so: the first open one, else the one that was opened last. Raises GiveUp where the
        repository has its issues switched off.
        """
        closed = None
        for entry in self._opened_by_us():
            issue = _issue(entry)
            if issue.body.startswith(mark):
                if issue.open:
                    return issue
                closed = issue
        return closed

    def open(self, title: str, body: str, mark: str) -> RollingIssue:
        """Opens the issue once. An answer that was lost may hide one that was made, so it is looked for before trying again."""
        home = self._home
        try:
            answer = self._read(
                f"opening the digest of {home.full_name}",
                lambda rest: rest.issues.create(home.owner, home.name, title=title, body=body),
                self._switched_off(),
                COMMENT,
            )
        except TryLater as lost:
            there = self.found(mark) if lost.at is None else None
            if there is None or not there.open:
                raise
            return there
        return _issue(answer)

    def edit(self, number: int, body: str) -> None:
        """Replaces the body, which notifies nobody. Raises TryLater where the issue went away: the job has to look again."""
        home = self._home
        gone = TryLater(f"The digest {home.full_name}#{number} was deleted meanwhile.")
        self._answer(
            f"updating the digest {home.full_name}#{number}",
            lambda rest: rest.issues.update(home.owner, home.name, number, body=body),
            {404: lambda _: gone, 410: lambda _: gone},
            COMMENT,
        )

    def _opened_by_us(self) -> Iterator[Fields]:
        """Our issues, the oldest first, without our pull requests, which GitHub lists among them."""
        home, me = self._home, self._tokens.me()
        for page in range(1, _MOST_PAGES + 1):
            doing = f"looking for the digest of {home.full_name}"
            answer = self._answer(doing, self._page(me.login, page), self._switched_off())
            for entry in objects(answer.json()):
                if shapes.actor(at(entry, "user")) == me and not at(entry, "pull_request"):
                    yield entry
            if "next" not in answer.raw_response.links:
                return

    def _page(self, creator: str, page: int) -> Verb:
        owner, name = self._home.owner, self._home.name
        return lambda rest: rest.issues.list_for_repo(
            owner, name, state="all", creator=creator, sort="created", direction="asc", per_page=_PAGE, page=page
        )

    def _switched_off(self) -> Special:
        name = self._home.full_name
        off = GiveUp(f"{name} has its issues switched off, so there is no place for the digest.", State.FORBIDDEN)
        return {410: lambda _: off}


def _issue(fields: Fields) -> RollingIssue:
    return RollingIssue(number(fields, "number") or 0, text(fields, "state") == "open", text(fields, "body", LONGEST_TEXT))
