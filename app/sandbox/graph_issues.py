"""Repositories, issues, pull requests and their timelines as GraphQL nodes."""

from typing import Any

from app.sandbox import graph_git
from app.sandbox.gitdiff import ChangedFile
from app.sandbox.graph import Info, Node, View, actor, comment, connection, label, told
from app.sandbox.issue_shapes import page
from app.sandbox.pull_shapes import pull_commits, pull_files
from app.sandbox.state import Event, Issue, Pull, Repository, newest_first, stamp
from app.sandbox.timeline import closes, closing_pulls, connected

ITEM_TYPES = {
    "connected": "ConnectedEvent",
    "disconnected": "DisconnectedEvent",
    "cross-referenced": "CrossReferencedEvent",
    "closed": "ClosedEvent",
    "reopened": "ReopenedEvent",
    "referenced": "ReferencedEvent",
    "labeled": "LabeledEvent",
    "unlabeled": "UnlabeledEvent",
    "transferred": "TransferredEvent",
    "marked_as_duplicate": "MarkedAsDuplicateEvent",
    "locked": "LockedEvent",
    "unlocked": "UnlockedEvent",
    "renamed": "RenamedTitleEvent",
    "merged": "MergedEvent",
    "commented": "IssueComment",
}
_CHANGE_TYPES = {"removed": "DELETED"}


def repository(view: View, of: Repository) -> Node:
    """A `Repository`."""
    return {
        "__typename": "Repository",
        "id": f"R_{of.id}",
        "databaseId": of.id,
        "name": of.name,
        "nameWithOwner": of.full_name,
        "owner": actor(view, of.owner),
        "url": f"{view.hub.web_url}/{of.full_name}",
        "visibility": of.visibility.upper(),
        "isPrivate": of.visibility != "public",
        "isArchived": of.archived,
        "isFork": of.fork_of is not None,
        "hasIssuesEnabled": of.has_issues,
        "viewerPermission": of.role(view.caller.account).upper(),
        "defaultBranchRef": lambda _: graph_git.ref(view, of, f"refs/heads/{of.default_branch}"),
        "ref": lambda _, **how: graph_git.ref(view, of, _full_ref(how["qualifiedName"])),
        "object": lambda _, oid=None, expression=None: graph_git.git_object(view, of, oid or expression or "HEAD"),
        "issue": lambda _, number: issue(view, numbered(of, number, "Issue")),
        "pullRequest": lambda _, number: pull(view, numbered(of, number, "PullRequest")),
        "issueOrPullRequest": lambda _, number: either(view, numbered(of, number, "Issue or PullRequest")),
        "issues": lambda info, **how: _listed(view, of, info, False, how),
        "pullRequests": lambda info, **how: _listed(view, of, info, True, how),
    }


def issue(view: View, of: Issue) -> Node:
    """An `Issue`."""
    view.need(of.repository, "issues")
    return {
        **_common(view, of, "Issue"),
        "state": of.state.upper(),
        "stateReason": of.state_reason.upper() if of.state_reason else None,
        "closedByPullRequestsReferences": lambda info, **how: _closing(view, of, info, how),
    }


def pull(view: View, of: Issue) -> Node:
    """A `PullRequest`."""
    view.need(of.repository, "pull_requests")
    facts = of.pull
    if facts is None:
        raise told("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {of.number}.")
    return {
        **_common(view, of, "PullRequest"),
        "state": "MERGED" if facts.merged_at else of.state.upper(),
        "merged": facts.merged_at is not None,
        "mergedAt": stamp(facts.merged_at),
        "mergeCommit": lambda _: graph_git.commit(view, of.repository, facts.merge_commit) if facts.merge_commit else None,
        "isDraft": facts.draft,
        "baseRef": lambda _: graph_git.ref(view, of.repository, f"refs/heads/{facts.base_ref}"),
        "baseRefName": facts.base_ref,
        "baseRefOid": facts.base_sha,
        "headRefName": facts.head_ref,
        "headRefOid": facts.head_sha,
        "headRepository": lambda _: repository(view, facts.head_repository),
        "isCrossRepository": facts.head_repository is not of.repository,
        **_contents(view, of, facts),
        "closingIssuesReferences": lambda info, **how: connection(
            [one for one in [*closes(view.hub, of), *connected(of)] if view.caller.sees(one.repository)],
            lambda one: issue(view, one),
            info=info,
            **how,
        ),
    }


def either(view: View, of: Issue) -> Node:
    """An `Issue` or a `PullRequest`."""
    return pull(view, of) if of.pull else issue(view, of)


def numbered(of: Repository, number: int, what: str) -> Issue:
    """The issue or pull request of that number; raises the error of an unknown one."""
    found = of.issues.get(number)
    fits = found and not found.gone and ("Pull" not in what or found.pull) and ("Issue" in what or found.pull)
    if found is None or not fits or (what == "Issue" and found.pull):
        raise told("NOT_FOUND", f"Could not resolve to {'an' if what[0] == 'I' else 'a'} {what} with the number of {number}.")
    return found


def _full_ref(name: str) -> str:
    return name if name.startswith("refs/") else f"refs/heads/{name}"


def _listed(view: View, of: Repository, info: Info, pulls: bool, how: dict[str, Any]) -> Node:
    states = {state.lower() for state in how.get("states") or ()}
    found = [one for one in newest_first(of.issues.values()) if not one.gone and bool(one.pull) is pulls]
    if pulls and how.get("headRefName"):
        found = [one for one in found if one.pull and one.pull.head_ref == how["headRefName"]]
    kept = [one for one in found if not states or ("merged" if one.pull and one.pull.merged_at else one.state) in states]
    return connection(kept, lambda one: either(view, one), info=info, **how)


def _common(view: View, of: Issue, kind: str) -> Node:
    return {
        "__typename": kind,
        "id": f"{'PR' if of.pull else 'I'}_{of.id}",
        "databaseId": of.id,
        "number": of.number,
        "title": of.title,
        "body": of.body,
        "closed": of.state == "closed",
        "closedAt": stamp(of.closed_at),
        "createdAt": stamp(of.created_at),
        "updatedAt": stamp(of.updated_at),
        "locked": of.locked,
        "url": page(view.hub, of),
        "author": actor(view, of.author),
        "labels": lambda info, **how: connection(of.labels, label, info=info, **how),
        "comments": lambda info, **how: connection(of.comments, lambda one: comment(view, one, of), info=info, **how),
        "timelineItems": lambda info, **how: _timeline(view, of, info, how),
        "repository": lambda _: repository(view, of.repository),
    }


def _closing(view: View, of: Issue, info: Info, how: dict[str, Any]) -> Node:
    pulls = connected(of) if how.get("userLinkedOnly") else closing_pulls(view.hub, of)
    shown = [one for one in pulls if view.caller.sees(one.repository) and (how.get("includeClosedPrs") or one.state == "open")]
    return connection(shown, lambda one: pull(view, one), info=info, **how)


def _contents(view: View, of: Issue, facts: Pull) -> Node:
    def files() -> list[ChangedFile]:
        return pull_files(facts, of.repository)

    return {
        "changedFiles": lambda _: len(files()),
        "additions": lambda _: sum(one.additions for one in files()),
        "deletions": lambda _: sum(one.deletions for one in files()),
        "files": lambda info, **how: connection(files(), _changed_file, info=info, **how),
        "commits": lambda info, **how: connection(
            pull_commits(facts, of.repository),
            lambda one: {"id": f"PRC_{one.sha}", "commit": lambda _: graph_git.commit(view, of.repository, one.sha)},
            info=info,
            **how,
        ),
    }


def _changed_file(of: ChangedFile) -> Node:
    kind = _CHANGE_TYPES.get(of.status, of.status.upper())
    counts = {"additions": of.additions, "deletions": of.deletions}
    return {"path": of.path, "changeType": kind, **counts, "viewerViewedState": "UNVIEWED"}


def _timeline(view: View, of: Issue, info: Info, how: dict[str, Any]) -> Node:
    wanted = {name.replace("_", "").casefold() for name in how.get("itemTypes") or ()}
    known = [event for event in list(of.events) if event.kind in ITEM_TYPES and _visible(view, event)]
    shown = [event for event in known if not wanted or ITEM_TYPES[event.kind].casefold() in wanted]
    made = connection(shown, lambda event: _event(view, event, of), info=info, **how)
    return {**made, "totalCount": len(known), "filteredCount": len(shown), "pageCount": len(made["nodes"])}


def _visible(view: View, event: Event) -> bool:
    ends = [event.source, event.subject, event.closer if isinstance(event.closer, Issue) else None]
    repositories = [end.repository for end in ends if end] + ([event.commit_repository] if event.commit_repository else [])
    return all(view.caller.sees(one) for one in repositories)


def _event(view: View, of: Event, on: Issue) -> Node:
    if of.comment:
        return comment(view, of.comment, on)
    return {
        "__typename": ITEM_TYPES[of.kind],
        "id": f"EV_{of.id}",
        "createdAt": stamp(of.created_at),
        "actor": actor(view, of.actor),
        **(_DETAILS[of.kind](view, of, on) if of.kind in _DETAILS else {}),
    }


def _linked(view: View, of: Event, on: Issue) -> Node:
    end = of.subject
    far = end is not None and end.repository is not on.repository
    return {
        "isCrossRepository": far,
        "source": lambda _: either(view, end) if end else None,
        "subject": lambda _: either(view, on),
    }


def _crossed(view: View, of: Event, on: Issue) -> Node:
    source = of.source
    if source is None:
        return {}
    return {
        "isCrossRepository": source.repository is not on.repository,
        "referencedAt": stamp(of.created_at),
        "willCloseTarget": source.pull is not None and on in closes(view.hub, source),
        "source": lambda _: either(view, source),
        "target": lambda _: either(view, on),
        "url": page(view.hub, source),
    }


def _closed(view: View, of: Event, on: Issue) -> Node:
    def closer(_: Info) -> Node | None:
        if isinstance(of.closer, Issue):
            return pull(view, of.closer)
        return graph_git.commit(view, of.commit_repository or on.repository, of.closer) if of.closer else None

    return {**_state(view, of, on), "closer": closer, "url": page(view.hub, on)}


def _state(_: View, of: Event, __: Issue) -> Node:
    return {"stateReason": of.state_reason.upper() if of.state_reason else None}


def _referenced(view: View, of: Event, on: Issue) -> Node:
    home = of.commit_repository or on.repository
    return {
        "isCrossRepository": home is not on.repository,
        "isDirectReference": True,
        "commitRepository": lambda _: repository(view, home),
        "commit": lambda _: graph_git.commit(view, home, of.commit) if of.commit else None,
        "subject": lambda _: either(view, on),
    }


def _labeled(_: View, of: Event, __: Issue) -> Node:
    return {"label": label(of.label) if of.label else None}


def _transferred(view: View, of: Event, _: Issue) -> Node:
    found = view.hub.repositories.get((of.from_repository or "").casefold())
    return {"fromRepository": lambda _: repository(view, found) if found and view.caller.sees(found) else None}


def _duplicate(view: View, of: Event, on: Issue) -> Node:
    canonical = of.subject
    far = canonical is not None and canonical.repository is not on.repository
    return {"canonical": lambda _: either(view, canonical) if canonical else None, "isCrossRepository": far}


def _merged(view: View, of: Event, on: Issue) -> Node:
    named = on.pull.base_ref if on.pull else ""
    return {"mergeRefName": named, "commit": lambda _: graph_git.commit(view, on.repository, of.commit) if of.commit else None}


def _renamed(_: View, of: Event, __: Issue) -> Node:
    before, after = of.renamed or ("", "")
    return {"previousTitle": before, "currentTitle": after}


_DETAILS = {
    "connected": _linked,
    "disconnected": _linked,
    "cross-referenced": _crossed,
    "closed": _closed,
    "reopened": _state,
    "referenced": _referenced,
    "labeled": _labeled,
    "unlabeled": _labeled,
    "transferred": _transferred,
    "marked_as_duplicate": _duplicate,
    "merged": _merged,
    "renamed": _renamed,
}
