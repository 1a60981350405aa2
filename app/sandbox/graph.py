"""The sandbox's objects as GraphQL nodes: dictionaries whose values are either plain or computed when they are asked for."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from app.sandbox.auth import Caller
from app.sandbox.gitfolder import Person
from app.sandbox.hub import Hub
from app.sandbox.issue_shapes import page
from app.sandbox.pull_shapes import known
from app.sandbox.refusals import Refused
from app.sandbox.state import Account, Comment, Issue, Label, Repository, stamp

Node = dict[str, Any]
Info = GraphQLResolveInfo
LARGEST = 100


@dataclass(frozen=True)
class View:
    """Who looks at what. `pull_node` and `repository_node` show what commits lead to and what leads to commits."""

    hub: Hub
    caller: Caller
    pull_node: Callable[["View", Issue], Node]
    repository_node: Callable[["View", Repository], Node]

    def need(self, repository: Repository, permission: str, level: str = "read") -> None:
        """Refuses as GraphQL does what the token may not read."""
        if not self.caller.may(repository, permission, level):
            raise told("FORBIDDEN", "Resource not accessible by integration")

    def find(self, full_name: str) -> Repository:
        """A repository that the caller may know of."""
        found = self.hub.repositories.get(full_name.casefold()) or self.hub.renamed.get(full_name.casefold())
        if found is None or not self.caller.sees(found):
            raise told("NOT_FOUND", f"Could not resolve to a Repository with the name '{full_name}'.")
        return found


def told(kind: str, message: str) -> GraphQLError:
    """An error as GitHub's GraphQL words it: its type stands beside the message."""
    return GraphQLError(message, extensions={"type": kind})


def from_refusal(error: Refused) -> GraphQLError:
    """The GraphQL form of a refusal that REST would give."""
    return told({403: "FORBIDDEN", 404: "NOT_FOUND"}.get(error.status, "UNPROCESSABLE"), error.message)


def connection(items: Sequence[Any], shape: Callable[[Any], Node], *, info: Info | None = None, **bounds: Any) -> Node:
    """A page of a list as `first`/`after` or `last`/`before` ask for; a list without bounds is refused."""
    first, last = bounds.get("first"), bounds.get("last")
    name = info.field_name if info else "items"
    if first is None and last is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise told("MISSING_PAGINATION_BOUNDARIES", message)
    if not 0 <= (first if first is not None else last or 0) <= LARGEST:
        message = f"Requesting {first or last} records on the `{name}` connection exceeds the `first` limit of {LARGEST} records."
        raise told("EXCESSIVE_PAGINATION", message)
    start = _position(bounds.get("after"), -1) + 1
    end = min(_position(bounds.get("before"), len(items)), len(items))
    if first is not None:
        end = min(end, start + first)
    elif last is not None:
        start = max(start, end - last)
    cursors = [_cursor(at) for at in range(start, end)]
    return {
        "totalCount": len(items),
        "nodes": [shape(item) for item in items[start:end]],
        "pageInfo": {
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _cursor(at: int) -> str:
    return base64.b64encode(f"cursor:v2:{at}".encode()).decode()


def _position(cursor: str | None, default: int) -> int:
    if cursor is None:
        return default
    try:
        return int(base64.b64decode(cursor, validate=True).decode().rpartition(":")[2])
    except ValueError:
        raise told("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from None


def actor(view: View, of: Account | None) -> Node | None:
    """An `Actor`; bots lose the `[bot]` of their login, as on GitHub."""
    if of is None:
        return None
    login = of.login.removesuffix("[bot]")
    url = f"{view.hub.web_url}/{'apps/' if of.type == 'Bot' else ''}{login}"
    facts = {"id": f"{of.type}_{of.id}", "databaseId": of.id, "login": login, "url": url, "name": login}
    return {"__typename": of.type, **facts}


def git_actor(view: View, of: Person) -> Node:
    """A `GitActor`."""
    found = known(view.hub, of)
    return {"name": of.name, "email": of.email, "date": stamp(of.date), "user": actor(view, found)}


def label(of: Label) -> Node:
    """A `Label`."""
    return {"__typename": "Label", "id": f"LA_{of.id}", "name": of.name, "color": of.color, "description": of.description}


def comment(view: View, of: Comment, on: Issue) -> Node:
    """An `IssueComment`."""
    return {
        "__typename": "IssueComment",
        "id": f"IC_{of.id}",
        "databaseId": of.id,
        "body": of.body,
        "author": actor(view, of.author),
        "createdAt": stamp(of.created_at),
        "isMinimized": of.hidden is not None,
        "minimizedReason": of.hidden,
        "updatedAt": stamp(of.updated_at),
        "url": f"{page(view.hub, on)}#issuecomment-{of.id}",
    }
