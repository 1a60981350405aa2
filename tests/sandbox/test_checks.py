"""Check runs and artifacts."""

import httpx
import pytest

from tests.shop import SHOP, Shop

REPO = f"/repos/{SHOP}"


@pytest.fixture
def tip(shop: Shop) -> str:
    return shop.repository.git.ref("refs/heads/main") or ""


def annotations(count: int) -> list[dict[str, object]]:
    one = {"path": "a.py", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "look"}
    return [one] * count


def test_a_check_run_is_made_and_completed_with_more_annotations(shop: Shop, tip: str) -> None:
    output = {"title": "recall", "summary": "six tests", "annotations": annotations(50)}
    with shop.as_bot() as client:
        made = client.post(f"{REPO}/check-runs", json={"name": "recall", "head_sha": tip, "output": output}).json()
        output["annotations"] = annotations(3)
        done = client.patch(f"{REPO}/check-runs/{made['id']}", json={"conclusion": "neutral", "output": output}).json()
        listed = client.get(f"{REPO}/commits/main/check-runs").json()
    assert (made["status"], done["status"], done["conclusion"]) == ("queued", "completed", "neutral")
    assert done["output"]["annotations_count"] == 53
    assert [one["id"] for one in listed["check_runs"]] == [made["id"]]


@pytest.mark.parametrize(
    "wish",
    [
        {"output": {"title": "t", "summary": "s", "annotations": annotations(51)}},
        {"output": {"title": "t", "summary": "s" * 65_536}},
        {"status": "completed"},
        {"conclusion": "splendid"},
        {"actions": [{"label": "x" * 21, "description": "d", "identifier": "i"}]},
        {"head_sha": "0" * 40},
    ],
)
def test_a_bad_check_run_is_refused(shop: Shop, tip: str, wish: dict[str, object]) -> None:
    with shop.as_bot() as client:
        assert client.post(f"{REPO}/check-runs", json={"name": "recall", "head_sha": tip, **wish}).status_code == 422


def test_only_apps_make_check_runs(shop: Shop, tip: str) -> None:
    with shop.as_mona() as client:
        assert client.post(f"{REPO}/check-runs", json={"name": "recall", "head_sha": tip}).status_code == 403


def test_an_artifact_is_downloaded_by_a_redirect_that_takes_no_token(shop: Shop, tip: str) -> None:
    made = shop.sandbox.add_artifact(SHOP, "coverage", b"PK\x05\x06" + b"\0" * 18, tip)
    with shop.as_bot() as client:
        assert client.get(f"{REPO}/actions/artifacts", params={"name": "coverage"}).json()["total_count"] == 1
        moved = client.get(f"{REPO}/actions/artifacts/{made.id}/zip")
        assert moved.status_code == 302
        assert client.get(moved.headers["Location"]).status_code == 403
        assert httpx.get(moved.headers["Location"]).content == made.content
        shop.sandbox.advance(minutes=2)
        assert httpx.get(moved.headers["Location"]).status_code == 403


def test_an_expired_artifact_is_gone(shop: Shop, tip: str) -> None:
    made = shop.sandbox.add_artifact(SHOP, "coverage", b"zip", tip, days=-1)
    with shop.as_bot() as client:
        assert client.get(f"{REPO}/actions/artifacts/{made.id}").json()["expired"] is True
        assert client.get(f"{REPO}/actions/artifacts/{made.id}/zip").status_code == 410


def test_of_a_job_that_ran_twice_the_latest_is_listed_unless_all_are_asked_for(shop: Shop, tip: str) -> None:
    run = shop.sandbox.start_run_at(SHOP, tip, "ci")
    first, last = (shop.sandbox.job(run, "unit", conclusion) for conclusion in ("failure", "success"))
    with shop.as_bot() as client:
        latest = client.get(f"{REPO}/commits/{tip}/check-runs").json()["check_runs"]
        both = client.get(f"{REPO}/commits/{tip}/check-runs?filter=all").json()["check_runs"]
        (told,) = client.get(f"{REPO}/actions/runs?head_sha={tip}").json()["workflow_runs"]
    assert [one["id"] for one in latest] == [last.id]
    assert sorted(one["id"] for one in both) == [first.id, last.id]
    assert {one["check_suite"]["id"] for one in both} == {told["check_suite_id"]}
    assert told["name"] == "ci"


def test_statuses_are_listed_newest_first_and_a_bad_one_is_refused(shop: Shop, tip: str) -> None:
    with shop.as_mona() as client:
        for state in ("pending", "success"):
            client.post(f"{REPO}/statuses/{tip}", json={"state": state, "context": "travis"}).raise_for_status()
        assert client.post(f"{REPO}/statuses/{tip}", json={"state": "splendid"}).status_code == 422
        assert client.post(f"{REPO}/statuses/{'0' * 40}", json={"state": "success"}).status_code == 422
    with shop.as_bot() as client:
        assert [one["state"] for one in client.get(f"{REPO}/commits/main/statuses").json()] == ["success", "pending"]
        assert client.post(f"{REPO}/statuses/{tip}", json={"state": "success"}).status_code == 403
