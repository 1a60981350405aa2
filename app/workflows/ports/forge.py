"""GitHub and the code, as one installation sees one repository."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from app.domain.comment import Comment
from app.domain.delivery import Actor, Remote, Repository
from app.domain.escape import Escape, Fix, Issue


class Forge(Protocol):
    """GitHub, as one installation sees one repository. Raises `TryLater`, `GiveUp` or `TellUser`; never repeats a write."""

    def me(self) -> Actor:
        """The identity that recall's own comments carry (`slug[bot]`)."""

    def repository(self) -> Repository:
        """The repository as it stands now."""

    def issue(self, number: int) -> Issue:
        """The issue as it stands now."""

    def escape(self, issue: Issue, fix: str = "") -> Escape:
        """The issue with everything it links to, found and ranked. `fix` is what people named as its fix: it comes first."""

    def can_triage(self, login: str) -> bool:
        """Whether that login has triage rights or better here."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All comments of the issue, all pages."""

    def create_comment(self, number: int, body: str) -> Comment:
        """Posts a comment once; after a lost answer the caller has to look before it tries again."""

    def update_comment(self, comment_id: int, body: str) -> Comment:
        """Replaces the body of a comment."""

    def remote(self) -> Remote:
        """Where the code is fetched from, with a token that can only read it."""


class Mirrors(Protocol):
    """Bare mirrors of repositories, kept in a bounded cache."""

    def fetch(self, repository: Repository, remote: Remote, fix: Fix | None) -> AbstractContextManager[Path]:
        """An up-to-date bare mirror that holds the fix's commits (an open pull request's head included).

        It stays where it is, and whole, until the block ends.
        """
