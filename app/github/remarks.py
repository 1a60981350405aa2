"""Pull requests as they are reviewed, and comments folded away: the port `Remarks` of the workflows, over GraphQL.

Source: docs.github.com, the GraphQL reference of `PullRequest`, `minimizeComment` and `unminimizeComment`.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from githubkit.exception import GraphQLFailed

from app.domain.delivery import Repository
from app.domain.errors import GiveUp, TryLater
from app.domain.job import State
from app.domain.review import ReviewedPull
from app.github.auth import COMMENT, READ, Host, Permissions, Tokens
from app.github.failures import SECONDARY, ask, soon
from app.github.fields import Fields, at, each, flag, number, text
from app.github.line import Line

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MOST_CLOSED = 100

_PULL = """
query RecallPull($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      number
      state
      isDraft
      url
      author { __typename }
      baseRefOid
      baseRef { target { oid } }
      headRefOid
      headRepository { databaseId }
      closingIssuesReferences(first: 100) { nodes { number repository { databaseId } } }
    }
  }
}
"""
_HIDDEN = """
query RecallHidden($id: ID!) {
  node(id: $id) { ... on IssueComment { isMinimized } }
}
"""
_HIDE = """
mutation RecallHide($id: ID!) {
  minimizeComment(input: { subjectId: $id, classifier: RESOLVED }) { minimizedComment { isMinimized } }
}
"""
_SHOW = """
mutation RecallShow($id: ID!) {
  unminimizeComment(input: { subjectId: $id }) { unminimizedComment { isMinimized } }
}
"""


class _Unknown(GiveUp):
    """The schema of that GitHub has no such field: a GitHub Enterprise Server may be older than the mutation."""


class RepositoryRemarks(Line):
    """The pull requests of one repository, for the time of one job."""

    def __init__(self, host: Host, tokens: Tokens, home: Callable[[], Repository]) -> None:
        """`home` gives the repository under its present name; it is asked when that is needed."""
        super().__init__(host, tokens)
        self._home = home

    def pull(self, number: int) -> ReviewedPull:
        """The pull request as it stands now. Raises GiveUp where it is gone, or is none.

        What the token may not see of it, such as a fork that was deleted, reads as absent.
        """
        home = self._home()
        where = {"owner": home.owner, "name": home.name, "number": number}
        data = self._query(f"reading pull request {number} of {home.full_name}", _PULL, where)
        found = _pull(at(data, "repository", "pullRequest"), home)
        if found is None:
            raise GiveUp(f"{home.full_name}#{number} is no pull request any more.", State.DELETED)
        return found

    def hide(self, comment_id: int) -> None:
        """Minimises a comment as resolved; one that is hidden already stays as it is, as does one that is gone. Where
        GitHub knows no such thing, nothing happens: what the comment says is enough.
        """
        self._set(comment_id, True, _HIDE)

    def show(self, comment_id: int) -> None:
        """Takes that back; one that is shown already stays as it is."""
        self._set(comment_id, False, _SHOW)

    def _set(self, comment_id: int, hidden: bool, mutation: str) -> None:
        home = self._home()
        doing = f"{'hiding' if hidden else 'showing'} comment {comment_id} on {home.full_name}"
        found = self._find(doing, lambda rest: rest.issues.get_comment(home.owner, home.name, comment_id))
        name = text(found, "node_id") if isinstance(found, dict) else ""
        if not name:
            return
        with suppress(_Unknown):
            known = at(self._query(doing, _HIDDEN, {"id": name}), "node")
            if known and flag(known, "isMinimized") is not hidden:
                self._query(doing, mutation, {"id": name}, COMMENT)

    def _query(self, doing: str, query: str, variables: Mapping[str, object], permissions: Permissions = READ) -> Fields:
        """The data of the answer, as far as the token may see it."""
        client = self._client(permissions)

        def send() -> Fields:
            try:
                return client.graphql.request(query, dict(variables))
            except GraphQLFailed as error:
                return _partial(doing, error, writes=permissions is COMMENT)

        return ask(doing, send, {401: self._token_refused})


def _partial(doing: str, error: GraphQLFailed, *, writes: bool) -> Fields:
    """What can be used of an answer with errors. A write that was refused is an error; what is not there reads as absent."""
    errors = error.response.errors or []
    if any(SECONDARY.search(entry.message) for entry in errors):
        raise TryLater(f"GitHub's secondary rate limit was reached while {doing}.", soon())
    if any(str((entry.extensions or {}).get("code")).startswith("undefined") for entry in errors):
        raise _Unknown(f"This GitHub knows no way of {doing}.", State.FORBIDDEN)
    kinds = {entry.type for entry in errors}
    if "FORBIDDEN" in kinds and (writes or not at(error.response.data or {}, "repository", "pullRequest")):
        raise GiveUp(f"GitHub refused {doing}: give recall the permission Pull requests.", State.FORBIDDEN)
    if kinds <= {"NOT_FOUND", "FORBIDDEN"}:
        return error.response.data or {}
    raise TryLater(f"GitHub could not answer while {doing}.")


def _pull(fields: Mapping[str, Any], home: Repository) -> ReviewedPull | None:
    """The base is the tip of its branch: GitHub's `baseRefOid` may be older, and stands for a branch that is gone."""
    head, base = text(fields, "headRefOid"), text(at(fields, "baseRef", "target"), "oid") or text(fields, "baseRefOid")
    named = number(fields, "number")
    if named is None or not _SHA.fullmatch(head) or not _SHA.fullmatch(base):
        return None
    closes = [
        closed
        for issue in each(at(fields, "closingIssuesReferences"), "nodes", _MOST_CLOSED)
        if number(at(issue, "repository"), "databaseId") == home.id and (closed := number(issue, "number")) is not None
    ]
    return ReviewedPull(
        number=named,
        base=base,
        head=head,
        own=number(at(fields, "headRepository"), "databaseId") == home.id,
        open=text(fields, "state") == "OPEN",
        draft=flag(fields, "isDraft"),
        by_bot=text(at(fields, "author"), "__typename") == "Bot",
        closes=tuple(closes),
        url=text(fields, "url", 1_000),
    )
