"""Workflow runs: how they begin, end and are told of; no workflow is ever run, what a job would do is up to the caller."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app.sandbox import pull_shapes, shapes
from app.sandbox.history import trial_merge
from app.sandbox.hub import Hub
from app.sandbox.refusals import not_found
from app.sandbox.shapes import Shape
from app.sandbox.state import Issue, Repository, WorkflowRun, stamp
from app.sandbox.world import World, verb


@verb
def start(hub: Hub, on: Repository, event: str, branch: str, id_token: bool) -> WorkflowRun:
    """A run for the tip of a branch (`push`, `schedule`, `workflow_dispatch`); `id_token` is what its workflow asks for."""
    tip = on.git.ref(f"refs/heads/{branch}")
    if tip is None:
        raise not_found()
    run = WorkflowRun(hub.new_id(), on, on.owner, event, f"refs/heads/{branch}", tip, branch, tip, on, hub.now())
    return _begun(hub, run, id_token)


@verb
def start_at(hub: Hub, on: Repository, event: str, sha: str, workflow: str) -> WorkflowRun:
    """A run of a workflow on any commit, as there were before the sandbox knew of it."""
    if on.git.resolve(sha) != sha:
        raise not_found()
    branch = on.default_branch
    run = WorkflowRun(hub.new_id(), on, on.owner, event, f"refs/heads/{branch}", sha, branch, sha, on, hub.now())
    run.workflow = workflow
    return _begun(hub, run, id_token=False)


@verb
def start_on_pull(hub: Hub, pull: Issue, id_token: bool) -> WorkflowRun:
    """A `pull_request` run: its jobs see the test merge commit, and those of a fork's pull request are given no token."""
    facts, on = pull.pull, pull.repository
    if facts is None:
        raise not_found()
    ref, sha = f"refs/pull/{pull.number}/merge", trial_merge(pull) or facts.head_sha
    head = (facts.head_ref, facts.head_sha, facts.head_repository)
    run = WorkflowRun(hub.new_id(), on, pull.author, "pull_request", ref, sha, *head, hub.now(), pull=pull)
    return _begun(hub, run, id_token and facts.head_repository is on)


@verb
def complete(hub: Hub, run: WorkflowRun, conclusion: str) -> None:
    """Ends the run, and tells the Apps."""
    run.conclusion = conclusion
    on = run.repository
    hub.webhooks.tell(
        "workflow_run", "completed", on, run.actor, workflow_run=shape(hub, run), workflow=_workflow(hub, on, run.workflow)
    )


@verb
def rerun(_world: World, run: WorkflowRun) -> None:
    """Begins the next attempt of a run."""
    run.attempt += 1
    run.conclusion = None


def environment(hub: Hub, run: WorkflowRun, folder: Path) -> dict[str, str]:
    """The variables that a job of the run sees; the event's payload is written into `folder`."""
    on = run.repository
    event = folder / f"event-{run.id}-{run.attempt}.json"
    event.write_text(json.dumps(_payload(hub, run)))
    told = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": hub.api_url,
        "GITHUB_SERVER_URL": hub.web_url,
        "GITHUB_REPOSITORY": on.full_name,
        "GITHUB_REPOSITORY_ID": str(on.id),
        "GITHUB_EVENT_NAME": run.event,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_ACTOR": run.actor.login,
        "GITHUB_REF": run.ref,
        "GITHUB_REF_NAME": run.ref.removeprefix("refs/heads/").removeprefix("refs/pull/"),
        "GITHUB_SHA": run.sha,
        "GITHUB_RUN_ID": str(run.id),
        "GITHUB_RUN_NUMBER": str(run.number),
        "GITHUB_RUN_ATTEMPT": str(run.attempt),
        "GITHUB_WORKFLOW": run.workflow,
        "GITHUB_JOB": "test",
    }
    if run.secret:
        told["ACTIONS_ID_TOKEN_REQUEST_URL"] = f"{hub.web_url}/_services/runner/{run.id}/token?api-version=2.0"
        told["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = run.secret
    return told


def shape(world: World, of: WorkflowRun) -> Shape:
    """A `workflow-run`."""
    on = of.repository
    api = f"{world.api_url}/repos/{on.full_name}"
    own, web = f"{api}/actions/runs/{of.id}", f"{world.web_url}/{on.full_name}/actions/runs/{of.id}"
    commit = of.head_repository.git.commit(of.head_sha)
    author = pull_shapes.git_person(commit.author)
    workflow = _workflow(world, on, of.workflow)
    return {
        "id": of.id,
        "node_id": f"WFR_{of.id}",
        "name": workflow["name"],
        "path": workflow["path"],
        "workflow_id": workflow["id"],
        "workflow_url": workflow["url"],
        "run_number": of.number,
        "run_attempt": of.attempt,
        "event": of.event,
        "display_title": commit.message.partition("\n")[0],
        "status": "completed" if of.conclusion else "in_progress",
        "conclusion": of.conclusion,
        "head_branch": of.head_branch,
        "head_sha": of.head_sha,
        "head_commit": {
            "id": of.head_sha,
            "tree_id": commit.tree,
            "message": commit.message,
            "timestamp": stamp(commit.committer.date),
            "author": {name: author[name] for name in ("name", "email")},
            "committer": {name: author[name] for name in ("name", "email")},
        },
        "head_repository": shapes.repository(world, of.head_repository),
        "repository": shapes.repository(world, on),
        "actor": shapes.account(world, of.actor),
        "triggering_actor": shapes.account(world, of.actor),
        "pull_requests": [],
        "referenced_workflows": [],
        "check_suite_id": of.id,
        "check_suite_node_id": f"CS_{of.id}",
        "previous_attempt_url": f"{own}/attempts/{of.attempt - 1}" if of.attempt > 1 else None,
        "created_at": stamp(of.created_at),
        "updated_at": stamp(of.created_at),
        "run_started_at": stamp(of.created_at),
        "url": own,
        "html_url": web,
        "check_suite_url": f"{api}/check-suites/{of.id}",
        **{f"{name}_url": f"{own}/{name}" for name in ("jobs", "logs", "artifacts", "cancel", "rerun")},
    }


def _begun(hub: Hub, run: WorkflowRun, id_token: bool) -> WorkflowRun:
    run.number = len(run.repository.runs) + 1
    run.secret = hub.new_token("", 64) if id_token else ""
    run.repository.runs[run.id] = run
    return run


def _workflow(world: World, on: Repository, name: str) -> Shape:
    api = f"{world.api_url}/repos/{on.full_name}"
    path = f".github/workflows/{quote(name)}.yml"
    return {
        "id": on.id,
        "node_id": f"W_{on.id}",
        "name": name,
        "path": path,
        "state": "active",
        "created_at": stamp(on.created_at),
        "updated_at": stamp(on.created_at),
        "url": f"{api}/actions/workflows/{on.id}",
        "html_url": f"{world.web_url}/{on.full_name}/blob/{on.default_branch}/{path}",
        "badge_url": f"{world.web_url}/{on.full_name}/workflows/{quote(name)}/badge.svg",
    }


def _payload(hub: Hub, run: WorkflowRun) -> dict[str, Any]:
    told: dict[str, Any] = {"repository": shapes.repository(hub, run.repository), "sender": shapes.account(hub, run.actor)}
    if run.pull:
        told |= {"action": "synchronize", "number": run.pull.number, "pull_request": pull_shapes.pull(hub, run.pull)}
    return told
