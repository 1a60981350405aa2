"""REST for check runs and commit statuses."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from app.sandbox import checks
from app.sandbox.api import Json, Reach, needed, page_of, reach, text
from app.sandbox.issues import actor
from app.sandbox.refusals import Refused, invalid, not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import CheckRun, CommitStatus
from app.sandbox.world import World

router = APIRouter(prefix="/repos/{owner}/{repo}")
Reading = Annotated[Reach, reach("checks")]
Writing = Annotated[Reach, reach("checks", "write")]
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")
STATES = ("error", "failure", "pending", "success")
ANNOTATIONS = 50
TEXT_CHARACTERS = 65_535
TITLE_CHARACTERS = 255
_ACTION_LIMITS = {"label": 20, "description": 40, "identifier": 20}


@router.post("/check-runs", status_code=201)
def create_check_run(at: Writing, body: Json) -> Shape:
    """Starts or reports a check run; only Apps may."""
    app = at.caller.via
    if app is None:
        raise Refused(403, "You must authenticate via a GitHub App.")
    sha = needed(body, "head_sha")
    if at.repository.git.resolve(sha) != sha:
        raise Refused(422, f"No commit found for SHA: {sha}")
    made = CheckRun(
        id=at.hub.new_id(),
        app=app,
        name=needed(body, "name"),
        head_sha=sha,
        status="queued",
        conclusion=None,
        started_at=at.hub.now(),
        completed_at=None,
        external_id=text(body, "external_id") or "",
        details_url=text(body, "details_url"),
        output={},
        annotations=[],
    )
    _update(at.hub, made, body)
    at.repository.checks.append(made)
    return checks.shape(at.hub, at.repository, made)


@router.patch("/check-runs/{run_id}")
def update_check_run(at: Writing, run_id: int, body: Json) -> Shape:
    """Changes a check run; annotations are added to those it has."""
    made = _find(at, run_id)
    if made.app is not at.caller.via:
        raise Refused(403, "Invalid app_id `...` - check run can only be modified by the GitHub App that created it.")
    _update(at.hub, made, body)
    return checks.shape(at.hub, at.repository, made)


@router.get("/check-runs/{run_id}")
def get_check_run(at: Reading, run_id: int) -> Shape:
    """One check run."""
    return checks.shape(at.hub, at.repository, _find(at, run_id))


@router.get("/commits/{name:path}/check-runs")
def check_runs(request: Request, response: Response, at: Reading, name: str) -> Shape:
    """The check runs of a commit."""
    sha = at.repository.git.resolve(name)
    wanted = request.query_params.get("check_name")
    found = [one for one in at.repository.checks if one.head_sha == sha and wanted in (None, one.name)]
    if request.query_params.get("filter") != "all":
        found = checks.latest(found)
    return {
        "total_count": len(found),
        "check_runs": [checks.shape(at.hub, at.repository, one) for one in page_of(request, response, found)],
    }


@router.post("/statuses/{sha}", status_code=201)
def create_status(at: Annotated[Reach, reach("statuses", "write")], sha: str, body: Json) -> Shape:
    """Reports a commit status; one of the same context is followed, not replaced."""
    state = needed(body, "state")
    if state not in STATES:
        raise invalid("Status", "state", "custom", "State is not included in the list")
    if at.repository.git.resolve(sha) != sha:
        raise Refused(422, f"No commit found for SHA: {sha}")
    made = CommitStatus(
        id=at.hub.new_id(),
        sha=sha,
        context=text(body, "context") or "default",
        state=state,
        creator=actor(at.caller),
        created_at=at.hub.now(),
        target_url=text(body, "target_url"),
        description=text(body, "description"),
    )
    at.repository.statuses.append(made)
    return checks.status(at.hub, at.repository, made)


@router.get("/commits/{name:path}/statuses")
def commit_statuses(request: Request, response: Response, at: Annotated[Reach, reach("statuses")], name: str) -> list[Shape]:
    """The commit statuses of a commit, newest first."""
    sha = at.repository.git.resolve(name)
    found = [one for one in reversed(at.repository.statuses) if one.sha == sha]
    return [checks.status(at.hub, at.repository, one) for one in page_of(request, response, found)]


def _find(at: Reach, run_id: int) -> CheckRun:
    found = next((one for one in at.repository.checks if one.id == run_id), None)
    if found is None:
        raise not_found()
    return found


def _update(world: World, run: CheckRun, body: dict[str, Any]) -> None:
    run.name = text(body, "name") or run.name
    run.details_url = text(body, "details_url") or run.details_url
    conclusion = text(body, "conclusion")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid("CheckRun", "conclusion", "invalid")
    run.status = "completed" if conclusion else text(body, "status") or run.status
    run.conclusion = conclusion or run.conclusion
    if run.status == "completed" and run.conclusion is None:
        raise invalid("CheckRun", "conclusion", "missing_field")
    if run.status == "completed" and run.completed_at is None:
        run.completed_at = world.now()
    for name in ("started_at", "completed_at"):
        if body.get(name):
            setattr(run, name, datetime.fromisoformat(str(body[name])))
    if body.get("actions") is not None:
        _check_actions(body["actions"])
        run.actions = body["actions"]
    output = body.get("output")
    if isinstance(output, dict):
        _check_output(output)
        run.annotations += output.get("annotations") or []
        run.output = {**run.output, **{name: value for name, value in output.items() if name != "annotations"}}


def _check_output(output: dict[str, Any]) -> None:
    for name, most in (("title", TITLE_CHARACTERS), ("summary", TEXT_CHARACTERS), ("text", TEXT_CHARACTERS)):
        if len(str(output.get(name) or "")) > most:
            raise invalid("CheckRun", f"output.{name}", "custom", f"{name} exceeds a maximum of {most} characters")
    if output.get("title") is None or output.get("summary") is None:
        raise invalid("CheckRun", "output", "missing_field")
    annotations = output.get("annotations") or []
    if len(annotations) > ANNOTATIONS:
        raise Refused(422, f"Invalid request.\n\nNo more than {ANNOTATIONS} items are allowed; {len(annotations)} were supplied.")
    for one in annotations:
        if any(name not in one for name in ("path", "start_line", "end_line", "annotation_level", "message")):
            raise invalid("CheckRun", "annotations", "missing_field")


def _check_actions(actions: list[dict[str, Any]]) -> None:
    too_long = any(len(str(one.get(name, ""))) > most for one in actions for name, most in _ACTION_LIMITS.items())
    if len(actions) > 3 or too_long:
        raise invalid("CheckRun", "actions", "invalid")
