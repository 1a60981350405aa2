"""The mutations `minimizeComment` and `unminimizeComment`: comments folded away, and shown again."""

from typing import Any

from app.sandbox.auth import require
from app.sandbox.graph import Node, View, comment, from_refusal, told
from app.sandbox.refusals import Refused
from app.sandbox.state import Comment, Issue


def minimize_comment(view: View, wish: dict[str, Any]) -> Node:
    """Folds a comment away, as often as it is asked to."""
    shown = _set(view, wish, str(wish["classifier"]).lower().replace("_", "-"))
    return {"clientMutationId": wish.get("clientMutationId"), "minimizedComment": shown}


def unminimize_comment(view: View, wish: dict[str, Any]) -> Node:
    """Shows a comment again."""
    return {"clientMutationId": wish.get("clientMutationId"), "unminimizedComment": _set(view, wish, None)}


def find_comment(view: View, name: str) -> tuple[Comment, Issue] | None:
    """The comment of that global id with its issue, as far as the caller may know of it."""
    for repository in list(view.hub.repositories.values()):
        for issue in list(repository.issues.values()) if view.caller.sees(repository) else ():
            for one in issue.comments:
                if name == f"IC_{one.id}" and not issue.gone:
                    return one, issue
    return None


def _set(view: View, wish: dict[str, Any], hidden: str | None) -> Node:
    found = find_comment(view, str(wish["subjectId"]))
    if found is None:
        raise told("NOT_FOUND", f"Could not resolve to a node with the global id of '{wish['subjectId']}'")
    of, on = found
    try:
        require(view.caller, on.repository, "issues|pull_requests" if on.pull else "issues", "write")
    except Refused as refusal:
        raise from_refusal(refusal) from None
    of.hidden = hidden
    return comment(view, of, on)
