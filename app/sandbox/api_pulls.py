"""REST for pull requests."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from app.sandbox import issues, pulls
from app.sandbox import pull_shapes as shapes
from app.sandbox.api import Json, Reach, needed, page_of, reach, text
from app.sandbox.refusals import Refused, invalid
from app.sandbox.shapes import Shape
from app.sandbox.state import Issue, newest_first

router = APIRouter(prefix="/repos/{owner}/{repo}/pulls")
FILES = 3000
Reading = Annotated[Reach, reach("pull_requests")]
Writing = Annotated[Reach, reach("pull_requests", "write")]


@router.get("")
def list_pulls(request: Request, response: Response, at: Reading) -> list[Shape]:
    """Pull requests, newest first, filtered by `state`, `head` (`owner:branch`) and `base`."""
    query = request.query_params
    state, head, base = query.get("state", "open"), query.get("head", ""), query.get("base", "")
    found = [
        pull
        for pull in newest_first(at.repository.pulls())
        if state in ("all", pull.state) and head in ("", _head(pull)) and (not base or (pull.pull and pull.pull.base_ref == base))
    ]
    if query.get("direction") == "asc":
        found.reverse()
    return [shapes.pull(at.hub, pull) for pull in page_of(request, response, found)]


@router.post("", status_code=201)
def create_pull(at: Annotated[Reach, reach("pull_requests", "write", "read")], body: Json) -> Shape:
    """Opens a pull request. Making one out of an issue is refused: it would turn that issue into it."""
    if body.get("issue") is not None:
        raise Refused(422, "The sandbox does not turn issues into pull requests.")
    wish = pulls.Proposal(
        head=needed(body, "head"),
        base=needed(body, "base"),
        title=text(body, "title") or "",
        body=text(body, "body") or "",
        draft=bool(body.get("draft")),
    )
    return shapes.pull(at.hub, pulls.open_pull(at.hub, at.repository, at.caller, wish), full=True)


@router.get("/{number}")
def get_pull(at: Reading, number: int) -> Shape:
    """One pull request with its counts."""
    return shapes.pull(at.hub, at.pull(number), full=True)


@router.patch("/{number}")
def edit_pull(at: Writing, number: int, body: Json) -> Shape:
    """Changes title and body, closes it or opens it again."""
    pull = at.pull(number)
    pulls.edit_pull(at.hub, pull, at.caller, text(body, "title"), text(body, "body"))
    state = text(body, "state")
    if state == "open" and pull.pull and pull.pull.merged_at:
        raise invalid("PullRequest", "state", "invalid")
    if state:
        issues.set_state(at.hub, pull, at.caller, state)
    return shapes.pull(at.hub, pull, full=True)


@router.get("/{number}/files")
def pull_files(request: Request, response: Response, at: Reading, number: int) -> list[Shape]:
    """The changed files with their patches, at most 3,000."""
    facts = pulls.facts(at.pull(number))
    found = shapes.pull_files(facts, at.repository)[:FILES]
    return [shapes.changed_file(at.hub, one, at.repository, facts.head_sha) for one in page_of(request, response, found)]


@router.get("/{number}/commits")
def pull_commits(request: Request, response: Response, at: Reading, number: int) -> list[Shape]:
    """The commits, oldest first, at most 250."""
    found = shapes.pull_commits(pulls.facts(at.pull(number)), at.repository)
    return [shapes.commit(at.hub, one, at.repository) for one in page_of(request, response, found)]


@router.get("/{number}/merge", status_code=204)
def is_merged(at: Reading, number: int) -> None:
    """Whether it was merged: 204, else 404."""
    if not pulls.facts(at.pull(number)).merged_at:
        raise Refused(404, "Not Found")


@router.put("/{number}/merge")
def merge(
    at: Annotated[Reach, reach("contents", "write")], number: int, body: Annotated[dict[str, Any] | None, Body()] = None
) -> Shape:
    """Merges."""
    wish, pull = body or {}, at.pull(number)
    if wish.get("sha") not in (None, pulls.facts(pull).head_sha):
        raise Refused(409, "Head branch was modified. Review and try the merge again.")
    parts = [part for part in (text(wish, "commit_title"), text(wish, "commit_message")) if part]
    landed = pulls.merge(at.hub, pull, at.caller, text(wish, "merge_method") or "merge", "\n\n".join(parts) or None)
    return {"sha": landed, "merged": True, "message": "Pull Request successfully merged"}


def _head(of: Issue) -> str:
    return f"{of.pull.head_repository.owner.login}:{of.pull.head_ref}" if of.pull else ""
