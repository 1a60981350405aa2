"""GraphQL, run by graphql-core against the part of GitHub's schema in `schema.graphql`; partial data comes with its errors."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync

from app.sandbox import graph_issues
from app.sandbox.api import CallerOf, HubOf, Json
from app.sandbox.auth import Caller
from app.sandbox.faults import HOURLY
from app.sandbox.graph import Node, View, actor, comment, told
from app.sandbox.graph_commit import create_commit_on_branch
from app.sandbox.graph_hidden import find_comment, minimize_comment, unminimize_comment
from app.sandbox.hub import Hub
from app.sandbox.refusals import Refused
from app.sandbox.state import stamp

router = APIRouter()
SCHEMA = Path(__file__).with_name("schema.graphql")


@cache
def schema() -> GraphQLSchema:
    """The part of GitHub's schema that the sandbox answers."""
    return build_schema(SCHEMA.read_text())


@router.post("/api/graphql")
@router.post("/api/v3/graphql", include_in_schema=False)
def graphql(hub: HubOf, caller: CallerOf, body: Json) -> dict[str, Any]:
    """Answers a query or a mutation, with status 200 whatever it says."""
    if caller.account is None:
        raise Refused(401, "This endpoint requires you to be authenticated.")
    if not isinstance(body.get("query"), str):
        return {"errors": [{"message": "A query attribute must be specified and must be a string."}]}
    view = View(hub, caller, graph_issues.pull, graph_issues.repository)
    result = graphql_sync(
        schema(),
        body["query"],
        root_value=_root(view),
        variable_values=body.get("variables") or {},
        operation_name=body.get("operationName"),
        middleware=[_out_of_reach(hub)],
    )
    answer: dict[str, Any] = {"data": result.data} if result.data is not None or not result.errors else {}
    return {**answer, "errors": [_error(one) for one in result.errors]} if result.errors else answer


def _root(view: View) -> Node:
    return {
        "repository": lambda _, owner, name, **__: graph_issues.repository(view, view.find(f"{owner}/{name}")),
        "rateLimit": lambda _, **__: _rate_limit(view.hub, view.caller),
        "viewer": lambda _: actor(view, view.caller.account),
        "node": lambda _, id: _node(view, id),  # noqa: A006
        "minimizeComment": lambda _, input: minimize_comment(view, input),  # noqa: A006
        "unminimizeComment": lambda _, input: unminimize_comment(view, input),  # noqa: A006
        "createCommitOnBranch": lambda _, input: create_commit_on_branch(view, input),  # noqa: A006
    }


def _node(view: View, name: str) -> Node:
    for repository in list(view.hub.repositories.values()):
        if name == f"R_{repository.id}" and view.caller.sees(repository):
            return graph_issues.repository(view, repository)
        for issue in list(repository.issues.values()):
            if name in (f"I_{issue.id}", f"PR_{issue.id}") and view.caller.sees(repository) and not issue.gone:
                return graph_issues.either(view, issue)
    if found := find_comment(view, name):
        return comment(view, *found)
    raise told("NOT_FOUND", f"Could not resolve to a node with the global id of '{name}'")


def _rate_limit(hub: Hub, caller: Caller) -> Node:
    used = hub.faults.used(caller.token.value if caller.token else "")
    left = {"limit": HOURLY, "used": used, "remaining": max(0, HOURLY - used), "resetAt": stamp(hub.faults.reset())}
    return {"cost": 1, "nodeCount": 1, **left}


def _out_of_reach(hub: Hub) -> Any:
    """Fields that a fault has put out of reach answer null with FORBIDDEN, the rest of the data stays good."""

    def resolve(next_: Any, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if hub.faults.out_of_reach(f"{info.parent_type.name}.{info.field_name}"):
            raise told("FORBIDDEN", "Resource not accessible by integration")
        return next_(source, info, **arguments)

    return resolve


def _error(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub shows it: the type beside the message."""
    shown = dict(error.formatted)
    extensions = shown.pop("extensions", None) or {}
    kind = extensions.get("type") if isinstance(extensions, dict) else None
    return {**({"type": kind} if kind else {}), **shown}
