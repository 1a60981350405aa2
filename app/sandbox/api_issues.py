"""REST for issues, labels, comments and timelines."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from app.sandbox import issue_shapes as shapes
from app.sandbox import issues
from app.sandbox.api import Json, Reach, needed, page_of, reach, text
from app.sandbox.refusals import Refused, not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import Event, Issue, newest_first, stamp

router = APIRouter(prefix="/repos/{owner}/{repo}")
BOTH = "issues|pull_requests"
Reading = Annotated[Reach, reach(BOTH)]
Writing = Annotated[Reach, reach(BOTH, "write", "read")]
Triaging = Annotated[Reach, reach(BOTH, "write", "triage")]


@router.get("/issues")
def list_issues(request: Request, response: Response, at: Reading) -> list[Shape]:
    """Issues and pull requests, newest first, filtered by `state`, `labels` and `creator`."""
    if not at.repository.has_issues:
        raise Refused(410, "Issues has been disabled in this repository.")
    query = request.query_params
    state, creator = query.get("state", "open"), query.get("creator", "").casefold()
    labels = {name.strip().casefold() for name in query.get("labels", "").split(",") if name.strip()}
    found = [
        issue
        for issue in newest_first(list(at.repository.issues.values()))
        if not issue.gone
        and state in ("all", issue.state)
        and labels <= {label.name.casefold() for label in issue.labels}
        and creator in ("", issue.author.login.casefold())
    ]
    if query.get("direction") == "asc":
        found.reverse()
    return [shapes.issue(at.hub, issue) for issue in page_of(request, response, found)]


@router.post("/issues", status_code=201)
def create_issue(at: Annotated[Reach, reach("issues", "write", "read")], body: Json) -> Shape:
    """Opens an issue."""
    names = [_label_name(label) for label in body.get("labels") or []]
    made = issues.open_issue(at.hub, at.repository, at.caller, needed(body, "title"), text(body, "body") or "", names)
    return shapes.issue(at.hub, made)


@router.get("/issues/{number}")
def get_issue(at: Reading, number: int) -> Shape:
    """One issue or pull request."""
    return shapes.issue(at.hub, at.issue(number))


@router.patch("/issues/{number}")
def edit_issue(at: Triaging, number: int, body: Json) -> Shape:
    """Changes title, body, state and labels."""
    issue = at.issue(number)
    issues.edit(at.hub, issue, at.caller, text(body, "title"), text(body, "body"))
    state = text(body, "state")
    if state:
        issues.set_state(at.hub, issue, at.caller, state, text(body, "state_reason"))
    if body.get("labels") is not None:
        _replace_labels(at, issue, [_label_name(label) for label in body["labels"]])
    return shapes.issue(at.hub, issue)


@router.get("/issues/{number}/labels")
def issue_labels(request: Request, response: Response, at: Reading, number: int) -> list[Shape]:
    """The labels of an issue."""
    return [shapes.label(at.hub, one, at.repository) for one in page_of(request, response, at.issue(number).labels)]


@router.post("/issues/{number}/labels")
def add_labels(at: Triaging, number: int, body: Annotated[dict[str, Any] | list[Any], Body()]) -> list[Shape]:
    """Puts labels on an issue."""
    names = [_label_name(label) for label in (body.get("labels") or [] if isinstance(body, dict) else body)]
    return [shapes.label(at.hub, one, at.repository) for one in issues.add_labels(at.hub, at.issue(number), at.caller, names)]


@router.delete("/issues/{number}/labels/{name:path}")
def remove_label(at: Triaging, number: int, name: str) -> list[Shape]:
    """Takes a label off an issue."""
    left = issues.remove_label(at.hub, at.issue(number), at.caller, name)
    return [shapes.label(at.hub, one, at.repository) for one in left]


@router.put("/issues/{number}/lock", status_code=204)
def lock(at: Triaging, number: int, body: Annotated[dict[str, Any] | None, Body()] = None) -> None:
    """Locks the conversation."""
    issues.lock(at.hub, at.issue(number), at.caller, text(body or {}, "lock_reason"))


@router.delete("/issues/{number}/lock", status_code=204)
def unlock(at: Triaging, number: int) -> None:
    """Unlocks the conversation."""
    issues.unlock(at.hub, at.issue(number), at.caller)


@router.get("/issues/{number}/comments")
def list_comments(request: Request, response: Response, at: Reading, number: int) -> list[Shape]:
    """The comments of an issue, oldest first, from `since` on."""
    issue = at.issue(number)
    since = request.query_params.get("since", "")
    found = [one for one in issue.comments if not since or (stamp(one.updated_at) or "") >= since]
    return [shapes.comment(at.hub, one, issue) for one in page_of(request, response, found)]


@router.post("/issues/{number}/comments", status_code=201)
def create_comment(at: Writing, number: int, body: Json) -> Shape:
    """Comments on an issue or pull request."""
    issue = at.issue(number)
    return shapes.comment(at.hub, issues.comment(at.hub, issue, at.caller, needed(body, "body")), issue)


@router.get("/issues/comments/{comment_id}")
def get_comment(at: Reading, comment_id: int) -> Shape:
    """One comment."""
    return shapes.comment(at.hub, *issues.find_comment(at.repository, comment_id))


@router.patch("/issues/comments/{comment_id}")
def edit_comment(at: Writing, comment_id: int, body: Json) -> Shape:
    """Replaces the body of a comment."""
    made = issues.edit_comment(at.hub, at.repository, at.caller, comment_id, needed(body, "body"))
    return shapes.comment(at.hub, *made)


@router.delete("/issues/comments/{comment_id}", status_code=204)
def delete_comment(at: Triaging, comment_id: int) -> None:
    """Removes a comment."""
    issues.delete_comment(at.hub, at.repository, at.caller, comment_id)


@router.get("/issues/comments/{comment_id}/reactions")
def list_reactions(request: Request, response: Response, at: Reading, comment_id: int) -> list[Shape]:
    """The reactions to a comment, by `content` if given."""
    made, _ = issues.find_comment(at.repository, comment_id)
    wanted = request.query_params.get("content")
    found = [one for one in made.reactions if wanted in (None, one.content)]
    return [shapes.reaction(at.hub, one) for one in page_of(request, response, found)]


@router.post("/issues/comments/{comment_id}/reactions", status_code=201)
def react(response: Response, at: Writing, comment_id: int, body: Json) -> Shape:
    """Reacts to a comment; a second time answers 200 with the reaction that is there."""
    made, _ = issues.find_comment(at.repository, comment_id)
    reaction, new = issues.react(at.hub, made, at.caller, needed(body, "content"))
    response.status_code = 201 if new else 200
    return shapes.reaction(at.hub, reaction)


@router.get("/issues/{number}/timeline")
def timeline(request: Request, response: Response, at: Reading, number: int) -> list[Shape]:
    """Everything that happened to an issue, as far as the caller may know of it."""
    issue = at.issue(number)
    seen = [event for event in list(issue.events) if _visible(at, event)]
    return [shapes.event(at.hub, event, issue) for event in page_of(request, response, seen)]


@router.get("/labels")
def list_labels(request: Request, response: Response, at: Reading) -> list[Shape]:
    """The labels of the repository."""
    own = list(at.repository.labels.values())
    return [shapes.label(at.hub, one, at.repository) for one in page_of(request, response, own)]


@router.post("/labels", status_code=201)
def create_label(at: Triaging, body: Json) -> Shape:
    """Makes a label; refused when it is there in any case."""
    name = needed(body, "name")
    if name.casefold() in at.repository.labels:
        raise Refused(422, "Validation Failed", [{"resource": "Label", "code": "already_exists", "field": "name"}])
    made = issues.make_label(at.hub, at.repository, name, text(body, "color") or "ededed", text(body, "description"))
    return shapes.label(at.hub, made, at.repository)


@router.get("/labels/{name:path}")
def get_label(at: Reading, name: str) -> Shape:
    """One label of the repository."""
    found = at.repository.labels.get(name.casefold())
    if found is None:
        raise not_found()
    return shapes.label(at.hub, found, at.repository)


def _visible(at: Reach, event: Event) -> bool:
    ends = [event.source and event.source.repository, event.commit_repository]
    return all(at.caller.sees(repository) for repository in ends if repository)


def _label_name(label: object) -> str:
    return str(label.get("name", "")) if isinstance(label, dict) else str(label)


def _replace_labels(at: Reach, issue: Issue, names: list[str]) -> None:
    wanted = {name.casefold() for name in names}
    for label in list(issue.labels):
        if label.name.casefold() not in wanted:
            issues.remove_label(at.hub, issue, at.caller, label.name)
    issues.add_labels(at.hub, issue, at.caller, names)
