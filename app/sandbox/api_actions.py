"""REST for Actions: workflow runs and their artifacts."""

import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.sandbox import actions
from app.sandbox.api import HubOf, Json, Reach, needed, page_of, reach
from app.sandbox.refusals import Refused, not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import Artifact, WorkflowRun, stamp

router = APIRouter(prefix="/repos/{owner}/{repo}")
downloads = APIRouter()
Collecting = Annotated[Reach, reach("actions")]
DOWNLOAD_LIFE = timedelta(minutes=1)


@router.post("/actions/workflows/{name}/dispatches", status_code=204)
def dispatch(at: Annotated[Reach, reach("actions", "write")], name: str, body: Json) -> None:
    """Starts a workflow by hand, if its file on the default branch says that this is possible."""
    content = at.repository.git.file(f"refs/heads/{at.repository.default_branch}", f".github/workflows/{name}")
    if content is None:
        raise not_found()
    if b"workflow_dispatch" not in content:
        raise Refused(422, "Workflow does not have 'workflow_dispatch' trigger")
    actions.start(at.hub, at.repository, "workflow_dispatch", needed(body, "ref").removeprefix("refs/heads/"), False)


@router.get("/actions/runs")
def runs(request: Request, response: Response, at: Collecting) -> Shape:
    """The workflow runs, newest first, on the commit `head_sha` if given."""
    wanted = request.query_params.get("head_sha")
    found = [one for one in reversed(at.repository.runs.values()) if wanted in (None, one.head_sha)]
    shown = [actions.shape(at.hub, one) for one in page_of(request, response, found)]
    return {"total_count": len(found), "workflow_runs": shown}


@router.get("/actions/runs/{run_id}")
def get_run(at: Collecting, run_id: int) -> Shape:
    """One workflow run, as of its latest attempt."""
    return actions.shape(at.hub, _run(at, run_id))


@router.get("/actions/runs/{run_id}/artifacts")
def run_artifacts(request: Request, response: Response, at: Collecting, run_id: int) -> Shape:
    """The artifacts of a run, newest first, by `name` if given."""
    run = _run(at, run_id)
    return _listed(request, response, at, [one for one in at.repository.artifacts if one.run is run])


@router.get("/actions/artifacts")
def artifacts(request: Request, response: Response, at: Collecting) -> Shape:
    """The artifacts of the repository, newest first, by `name` if given."""
    return _listed(request, response, at, at.repository.artifacts)


@router.get("/actions/artifacts/{artifact_id}")
def get_artifact(at: Collecting, artifact_id: int) -> Shape:
    """One artifact."""
    return _artifact(at, _stored(at, artifact_id))


@router.get("/actions/artifacts/{artifact_id}/zip")
def download(at: Collecting, artifact_id: int) -> Response:
    """Leads to an address that gives the zip for a minute."""
    found = _stored(at, artifact_id)
    if found.expires_at <= at.hub.now():
        raise Refused(410, "Artifact has expired")
    key = secrets.token_urlsafe(24)
    at.hub.downloads[key] = (found, at.hub.now() + DOWNLOAD_LIFE)
    return RedirectResponse(f"{at.hub.web_url}/_sandbox/artifacts/{key}", 302)


@downloads.get("/_sandbox/artifacts/{key}")
def blob(request: Request, hub: HubOf, key: str) -> Response:
    """The zip. Like the storage behind GitHub it takes no Authorization header."""
    found, ends = hub.downloads.get(key, (None, hub.now()))
    if found is None or ends <= hub.now() or "authorization" in request.headers:
        raise Refused(403, "Server failed to authenticate the request.")
    return Response(found.content, media_type="application/zip")


def _run(at: Reach, run_id: int) -> WorkflowRun:
    found = at.repository.runs.get(run_id)
    if found is None:
        raise not_found()
    return found


def _listed(request: Request, response: Response, at: Reach, artifacts: list[Artifact]) -> Shape:
    wanted = request.query_params.get("name")
    found = [one for one in reversed(artifacts) if wanted in (None, one.name)]
    return {"total_count": len(found), "artifacts": [_artifact(at, one) for one in page_of(request, response, found)]}


def _stored(at: Reach, artifact_id: int) -> Artifact:
    found = next((one for one in at.repository.artifacts if one.id == artifact_id), None)
    if found is None:
        raise not_found()
    return found


def _artifact(at: Reach, of: Artifact) -> Shape:
    own = f"{at.hub.api_url}/repos/{at.repository.full_name}/actions/artifacts/{of.id}"
    head = of.run.head_repository if of.run else at.repository
    ids = {"repository_id": at.repository.id, "head_repository_id": head.id}
    return {
        "id": of.id,
        "node_id": f"ART_{of.id}",
        "name": of.name,
        "size_in_bytes": len(of.content),
        "url": own,
        "archive_download_url": f"{own}/zip",
        "expired": of.expires_at <= at.hub.now(),
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.created_at),
        "expires_at": stamp(of.expires_at),
        "workflow_run": {"id": of.run.id if of.run else of.id, **ids, "head_branch": of.head_branch, "head_sha": of.head_sha},
    }
