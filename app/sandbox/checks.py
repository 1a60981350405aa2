"""What people do to check runs, press a button or ask for them again, and how they are shown; only their App is told."""

from app.sandbox import shapes
from app.sandbox.auth import Caller
from app.sandbox.hub import Hub
from app.sandbox.issues import actor
from app.sandbox.refusals import not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import CheckRun, Repository, stamp
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


def _tell(hub: Hub, action: str, on: Repository, of: CheckRun, by: Caller, **facts: object) -> None:
    hub.webhooks.tell_one(of.app, "check_run", action, on, actor(by), check_run=shape(hub, on, of), **facts)


def shape(world: World, on: Repository, of: CheckRun) -> Shape:
    """A `check-run`. Its buttons are shown to people alone, so no answer tells of them."""
    own = f"{world.api_url}/repos/{on.full_name}/check-runs/{of.id}"
    web = f"{world.web_url}/{on.full_name}/runs/{of.id}"
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
        "check_suite": {"id": of.id},
        "app": shapes.app(world, of.app),
        "pull_requests": [],
    }
