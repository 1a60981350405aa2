"""Reads what GitHub links to one issue, page by page, out of the answers to `issue.graphql`; ranking is `app.analysis.links`'s.

Nodes that the token may not see come as null, and are passed over.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import resources

from app.analysis.labels import is_escape_label
from app.domain.delivery import Actor, Repository
from app.domain.escape import FixState
from app.domain.timeline import Commit, Event, Happening, Pull, Timeline
from app.github.fields import Fields, at, each, flag, number, text

QUERY = resources.files("app.github").joinpath("issue.graphql").read_text(encoding="utf-8")
MOST_PAGES = 20

Query = Callable[[Mapping[str, object]], Fields]

_EVENTS = {
    "ClosedEvent": Event.CLOSED,
    "ReopenedEvent": Event.REOPENED,
    "ConnectedEvent": Event.CONNECTED,
    "DisconnectedEvent": Event.DISCONNECTED,
    "CrossReferencedEvent": Event.CROSS_REFERENCED,
    "ReferencedEvent": Event.REFERENCED,
}
_STATES = {"MERGED": FixState.MERGED, "OPEN": FixState.OPEN}


@dataclass(frozen=True, slots=True)
class Linked:
    """What was read: the timeline, who set the label last (None if nobody known did) and when (as GitHub writes it, "" if nobody
    did), and whether pages were left unread.
    """

    timeline: Timeline
    labelled_by: Actor | None
    labelled_at: str
    cut: bool


def read_linked(query: Query, home: Repository, issue: int, labels: Collection[str]) -> Linked:
    """All pages of what is linked to the issue. `query` answers `issue.graphql` for the given variables with its `data`."""
    closing: list[Fields] = []
    nodes: list[Fields] = []
    cursors: dict[str, object] = {}
    unread = {"prCursor": ("closedByPullRequestsReferences", closing), "timelineCursor": ("timelineItems", nodes)}
    for _ in range(MOST_PAGES):
        answer = query({"owner": home.owner, "name": home.name, "number": issue, **cursors})
        for cursor, (connection, into) in tuple(unread.items()):
            page = at(answer, "repository", "issue", connection)
            into.extend(each(page, "nodes"))
            following = at(page, "pageInfo")
            cursors[cursor] = text(following, "endCursor", 1000) or cursors.get(cursor)
            if not flag(following, "hasNextPage"):
                del unread[cursor]
        if not unread:
            break
    happenings = tuple(happening for node in nodes if (happening := _happening(node)))
    timeline = Timeline(home, tuple(pull for node in closing if (pull := _pull(node))), happenings)
    labelled = _labelled(nodes, labels)
    return Linked(timeline, _actor(at(labelled, "actor")), text(labelled, "createdAt"), cut=bool(unread))


def _happening(node: Fields) -> Happening | None:
    event = _EVENTS.get(text(node, "__typename"))
    if event is None:
        return None
    closer = at(node, "closer")
    ends = (closer, at(node, "source"), at(node, "subject"))
    return Happening(
        event=event,
        at=text(node, "createdAt"),
        pull=next((pull for end in ends if (pull := _pull(end))), None),
        commit=_commit(at(node, "commit")) or _commit(closer),
        completed=text(node, "stateReason") in ("", "COMPLETED"),
        will_close=flag(node, "willCloseTarget"),
        direct=event is not Event.REFERENCED or flag(node, "isDirectReference"),
    )


def _pull(node: Fields) -> Pull | None:
    """A pull request; None for an issue, which has no head, and for what is hidden."""
    numeric, head = number(node, "number"), text(node, "headRefOid")
    if numeric is None or not head:
        return None
    landed = at(node, "mergeCommit")
    return Pull(
        repository=text(at(node, "repository"), "nameWithOwner"),
        number=numeric,
        state=_STATES.get(text(node, "state"), FixState.CLOSED),
        head_sha=head,
        base_sha=text(node, "baseRefOid"),
        title=text(node, "title", 1000),
        url=text(node, "url", 1000),
        visibility=text(at(node, "repository"), "visibility").lower(),
        merged_at=text(node, "mergedAt") or None,
        merge_sha=text(landed, "oid") or None,
        merge_parents=number(at(landed, "parents"), "totalCount") or 1,
        commits=number(at(node, "commits"), "totalCount") or 1,
    )


def _commit(node: Fields) -> Commit | None:
    sha = text(node, "oid")
    if not sha:
        return None
    repository = text(at(node, "repository"), "nameWithOwner")
    brought = (_pull(entry) for entry in each(at(node, "associatedPullRequests"), "nodes"))
    return Commit(
        repository=repository,
        sha=sha,
        title=text(node, "messageHeadline", 1000),
        url=text(node, "url", 1000),
        visibility=text(at(node, "repository"), "visibility").lower(),
        pull=next((p for p in brought if p and p.state is FixState.MERGED and p.repository == repository), None),
    )


def _labelled(nodes: list[Fields], labels: Collection[str]) -> Fields:
    """The event that set the label last; of one second the one listed last."""
    setting = [
        node
        for node in nodes
        if text(node, "__typename") == "LabeledEvent" and is_escape_label(text(at(node, "label"), "name"), labels)
    ]
    return max(reversed(setting), key=lambda node: text(node, "createdAt"), default={})


def _actor(fields: Fields) -> Actor | None:
    login = text(fields, "login")
    bot = text(fields, "__typename") == "Bot"
    return Actor(f"{login}[bot]" if bot else login, "Bot" if bot else "User") if login else None
