"""Check runs: what people do to them, press a button or ask for them again, of which only their App is told; the jobs of workflow
runs, which Actions shows as check runs; and how they and commit statuses are shown.
"""

from datetime import datetime

from app.sandbox import shapes
from app.sandbox.auth import Caller
from app.sandbox.hub import Hub
from app.sandbox.issues import actor
from app.sandbox.refusals import not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import App, CheckRun, CommitStatus, Repository, WorkflowRun, stamp
from app.sandbox.world import World, verb


@verb
def press(hub: Hub, on: Repository, of: CheckRun, by: Caller, identifier: str) -> None:
    """Presses a button of the check run."""
    if identifier not in (action.get("identifier") for action in of.actions):
        raise not_found()
    _tell(hub, "requested_action", on, of, by, requested_action={"identifier": identifier})


@verb
def rerequest(hub: Hub, on: Repository, of: CheckRun, by: Caller) -> None:
    """Asks for the check run again."""
    _tell(hub, "rerequested", on, of, by)


@verb
def job(hub: Hub, of: WorkflowRun, by: App, name: str, conclusion: str, ended: datetime) -> CheckRun:
    """A job of a workflow run as the check run that `by`, the App of Actions, makes of it; one for each attempt."""
    made = CheckRun(
        id=hub.new_id(),
        app=by,
        name=name,
        head_sha=of.head_sha,
        status="completed",
        conclusion=conclusion,
        started_at=ended,
        completed_at=ended,
        external_id="",
        details_url=f"{hub.web_url}/{of.repository.full_name}/actions/runs/{of.id}",
        output={},
        annotations=[],
        run=of,
    )
    of.repository.checks.append(made)
    return made


def latest(runs: list[CheckRun]) -> list[CheckRun]:
    """The newest of each name in each suite, as GitHub lists them unless it is asked for all."""
    return list({(suite(one), one.name): one for one in sorted(runs, key=lambda one: one.id)}.values())


def suite(of: CheckRun) -> int:
    """The suite of a check run: one for each workflow run, and one for everything else by one App on one commit."""
    return of.run.id if of.run else of.app.id * 1_000_003 + int(of.head_sha[:8], 16)


def _tell(hub: Hub, action: str, on: Repository, of: CheckRun, by: Caller, **facts: object) -> None:
    hub.webhooks.tell_one(of.app, "check_run", action, on, actor(by), check_run=shape(hub, on, of), **facts)


def shape(world: World, on: Repository, of: CheckRun) -> Shape:
    """A `check-run`. Its buttons are shown to people alone, so no answer tells of them."""
    own = f"{world.api_url}/repos/{on.full_name}/check-runs/{of.id}"
    web = f"{world.web_url}/{on.full_name}/" + (f"actions/runs/{of.run.id}/job/{of.id}" if of.run else f"runs/{of.id}")
    return {
        "id": of.id,
        "node_id": f"CR_{of.id}",
        "head_sha": of.head_sha,
        "external_id": of.external_id,
        "name": of.name,
        "url": own,
        "html_url": web,
        "details_url": of.details_url or web,
        "status": of.status,
        "conclusion": of.conclusion,
        "started_at": stamp(of.started_at),
        "completed_at": stamp(of.completed_at),
        "output": {
            **{name: of.output.get(name) for name in ("title", "summary", "text")},
            "annotations_count": len(of.annotations),
            "annotations_url": f"{own}/annotations",
        },
        "check_suite": {"id": suite(of)},
        "app": shapes.app(world, of.app),
        "pull_requests": [],
    }


def status(world: World, on: Repository, of: CommitStatus) -> Shape:
    """A `status`."""
    return {
        "id": of.id,
        "node_id": f"SC_{of.id}",
        "url": f"{world.api_url}/repos/{on.full_name}/statuses/{of.sha}",
        "avatar_url": None,
        "state": of.state,
        "context": of.context,
        "description": of.description,
        "target_url": of.target_url,
        "creator": shapes.account(world, of.creator),
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.created_at),
    }
