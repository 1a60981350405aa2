"""How GitHub's REST answers show issues, labels, comments and timeline events."""

from collections.abc import Sequence
from typing import Any

from app.sandbox.shapes import Shape, account, repository, via
from app.sandbox.state import ROLES, Account, Comment, Event, Issue, Label, Reaction, Repository, enough, stamp
from app.sandbox.world import World

REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
_STATE_EVENTS = ("closed", "reopened")


def label(world: World, of: Label, repository: Repository) -> Shape:
    """A `label`."""
    return {
        "id": of.id,
        "node_id": f"LA_{of.id}",
        "url": f"{world.api_url}/repos/{repository.full_name}/labels/{of.name.replace(' ', '%20')}",
        "name": of.name,
        "color": of.color,
        "default": False,
        "description": of.description,
    }


def association(repository: Repository, author: Account) -> str:
    """The `author_association` of an account in a repository."""
    if author is repository.owner:
        return "OWNER"
    return "COLLABORATOR" if enough(ROLES, repository.collaborators.get(author.login.casefold(), "none"), "read") else "NONE"


def page(world: World, of: Issue) -> str:
    """The address where people read an issue or pull request."""
    return f"{world.web_url}/{of.repository.full_name}/{'pull' if of.pull else 'issues'}/{of.number}"


def issue(world: World, of: Issue) -> Shape:
    """An `issue`; a pull request shown as one has the key `pull_request`."""
    api = f"{world.api_url}/repos/{of.repository.full_name}"
    own = f"{api}/issues/{of.number}"
    shape: Shape = {
        "id": of.id,
        "node_id": f"{'PR' if of.pull else 'I'}_{of.id}",
        "url": own,
        "repository_url": api,
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "timeline_url": f"{own}/timeline",
        "html_url": page(world, of),
        "number": of.number,
        "state": of.state,
        "state_reason": of.state_reason,
        "title": of.title,
        "body": of.body or None,
        "user": account(world, of.author),
        "labels": [label(world, one, of.repository) for one in of.labels],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": of.locked,
        "active_lock_reason": of.lock_reason,
        "comments": len(of.comments),
        "closed_at": stamp(of.closed_at),
        "closed_by": account(world, of.closed_by) if of.closed_by else None,
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.updated_at),
        "author_association": association(of.repository, of.author),
        "performed_via_github_app": via(world, of.via),
        "reactions": _reactions(own, ()),
    }
    if of.pull:
        shape["draft"] = of.pull.draft
        shape["pull_request"] = {
            "url": f"{api}/pulls/{of.number}",
            "html_url": page(world, of),
            "diff_url": f"{page(world, of)}.diff",
            "patch_url": f"{page(world, of)}.patch",
            "merged_at": stamp(of.pull.merged_at),
        }
    return shape


def comment(world: World, of: Comment, on: Issue) -> Shape:
    """An `issue-comment`."""
    api = f"{world.api_url}/repos/{on.repository.full_name}/issues"
    return {
        "id": of.id,
        "node_id": f"IC_{of.id}",
        "url": f"{api}/comments/{of.id}",
        "html_url": f"{page(world, on)}#issuecomment-{of.id}",
        "issue_url": f"{api}/{on.number}",
        "user": account(world, of.author),
        "body": of.body,
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.updated_at),
        "author_association": association(on.repository, of.author),
        "performed_via_github_app": via(world, of.via),
        "reactions": _reactions(f"{api}/comments/{of.id}", of.reactions),
    }


def reaction(world: World, of: Reaction) -> Shape:
    """A `reaction`."""
    own = {"id": of.id, "node_id": f"REA_{of.id}", "content": of.content, "created_at": stamp(of.created_at)}
    return {**own, "user": account(world, of.account)}


def event(world: World, of: Event, on: Issue) -> Shape:
    """One entry of the REST timeline. Connected events do not say what was connected, as on GitHub."""
    if of.comment:
        told = comment(world, of.comment, on)
        return {**told, "event": "commented", "actor": told["user"]}
    who = account(world, of.actor) if of.actor else None
    if of.kind == "cross-referenced" and of.source:
        shown = {**issue(world, of.source), "repository": repository(world, of.source.repository)}
        when = {"created_at": stamp(of.created_at), "updated_at": stamp(of.created_at)}
        return {"actor": who, **when, "source": {"type": "issue", "issue": shown}, "event": of.kind}
    api = f"{world.api_url}/repos/{on.repository.full_name}"
    commits = f"{world.api_url}/repos/{(of.commit_repository or on.repository).full_name}/commits"
    return {
        "id": of.id,
        "node_id": f"EV_{of.id}",
        "url": f"{api}/issues/events/{of.id}",
        "actor": who,
        "event": of.kind,
        "commit_id": of.commit,
        "commit_url": f"{commits}/{of.commit}" if of.commit else None,
        "created_at": stamp(of.created_at),
        **_details(of, on),
        "performed_via_github_app": via(world, of.via),
    }


def _details(of: Event, on: Issue) -> Shape:
    if of.label:
        return {"label": {"name": of.label.name, "color": of.label.color}}
    if of.kind in _STATE_EVENTS:
        return {"state_reason": of.state_reason}
    if of.kind in ("locked", "unlocked"):
        return {"lock_reason": on.lock_reason}
    if of.renamed:
        return {"rename": {"from": of.renamed[0], "to": of.renamed[1]}}
    return {}


def _reactions(of: str, reactions: Sequence[Reaction]) -> dict[str, Any]:
    counts = {name: sum(one.content == name for one in reactions) for name in REACTIONS}
    return {"url": f"{of}/reactions", "total_count": len(reactions), **counts}
