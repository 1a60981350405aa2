"""Workflow runs, their artifacts and their OIDC tokens."""

import httpx
import jwt
import pytest

from app.sandbox.state import Issue
from tests.shop import SHOP, Shop

REPO = f"/repos/{SHOP}"
AUDIENCE = "https://recall.example"


def proposed(shop: Shop, fork: bool) -> Issue:
    if fork:
        shop.sandbox.create_repository("ada/shop", fork_of=SHOP)
    ada = shop.sandbox.person("ada", *(["ada/shop"] if fork else []))
    (ada if fork else shop.mona).push("ada/shop" if fork else SHOP, {"a.py": "A = 1\n"}, "Add", branch="more")
    return ada.open_pull(SHOP, "ada:more" if fork else "more", "More")


def asked(environment: dict[str, str], audience: str = AUDIENCE) -> str:
    url = f"{environment['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience={audience}"
    headers = {"Authorization": f"bearer {environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    return str(httpx.get(url, headers=headers, trust_env=False).raise_for_status().json()["value"])


def test_a_job_is_given_a_token_that_the_published_keys_verify(shop: Shop) -> None:
    run = shop.sandbox.start_run(SHOP)
    token = asked(shop.sandbox.environment(run))
    found = httpx.get(f"{shop.sandbox.issuer.url}/.well-known/openid-configuration", trust_env=False).json()
    keys = jwt.PyJWKSet.from_dict(httpx.get(found["jwks_uri"], trust_env=False).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=AUDIENCE, issuer=found["issuer"])
    assert (claims["repository_id"], claims["sha"], claims["ref"]) == (str(shop.repository.id), run.sha, "refs/heads/main")
    assert (claims["run_id"], claims["run_attempt"], claims["event_name"]) == (str(run.id), "1", "push")


def test_a_token_needs_the_secret_of_the_run(shop: Shop) -> None:
    environment = shop.sandbox.environment(shop.sandbox.start_run(SHOP))
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        asked({**environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "no"})


def test_a_pull_request_sees_its_merge_commit_and_the_api_its_head(shop: Shop) -> None:
    pull = proposed(shop, fork=False)
    run = shop.sandbox.start_run_on(pull)
    environment = shop.sandbox.environment(run)
    assert environment["GITHUB_REF"] == f"refs/pull/{pull.number}/merge"
    assert pull.pull
    assert environment["GITHUB_SHA"] == shop.repository.git.ref(environment["GITHUB_REF"]) != pull.pull.head_sha
    with shop.as_bot() as client:
        told = client.get(f"{REPO}/actions/runs/{run.id}").json()
    assert (told["head_sha"], told["head_branch"], told["event"]) == (pull.pull.head_sha, "more", "pull_request")


def test_a_fork_is_given_no_token(shop: Shop) -> None:
    run = shop.sandbox.start_run_on(proposed(shop, fork=True))
    assert "ACTIONS_ID_TOKEN_REQUEST_URL" not in shop.sandbox.environment(run)
    with shop.as_bot() as client:
        told = client.get(f"{REPO}/actions/runs/{run.id}").json()
    assert told["head_repository"]["full_name"] == "ada/shop"
    assert told["repository"]["full_name"] == SHOP


def test_a_run_lists_its_own_artifacts_alone(shop: Shop) -> None:
    run, other = shop.sandbox.start_run(SHOP), shop.sandbox.start_run(SHOP, "schedule")
    shop.sandbox.add_artifact_of(run, "recall-map", b"zip")
    shop.sandbox.add_artifact_of(other, "recall-map", b"zip")
    with shop.as_bot() as client:
        told = client.get(f"{REPO}/actions/runs/{run.id}/artifacts").json()
    assert [one["workflow_run"]["id"] for one in told["artifacts"]] == [run.id]


def test_the_end_of_a_run_is_told_to_apps_that_may_read_actions(shop: Shop) -> None:
    run = shop.sandbox.start_run(SHOP)
    shop.sandbox.complete_run(run)
    (told,) = [one for one in shop.sandbox.deliveries if one.event == "workflow_run"]
    assert told.action == "completed"
    shop.installation.permissions.pop("actions")
    shop.sandbox.complete_run(run)
    assert len([one for one in shop.sandbox.deliveries if one.event == "workflow_run"]) == 1


def test_a_run_again_is_another_attempt(shop: Shop) -> None:
    run = shop.sandbox.start_run(SHOP)
    shop.sandbox.complete_run(run, "failure")
    shop.sandbox.rerun(run)
    with shop.as_bot() as client:
        told = client.get(f"{REPO}/actions/runs/{run.id}").json()
    assert (told["run_attempt"], told["status"]) == (2, "in_progress")
