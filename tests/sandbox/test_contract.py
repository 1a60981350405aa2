"""Facts about GitHub that the sandbox and an independent emulator both have to show, so that the sandbox cannot flatter us.

Left out because the emulator lacks them: unknown tokens (it takes any), second pull requests for a head and unknown heads (it
takes them too), pull requests shown as issues, timelines, files of pull requests, GraphQL, git over HTTP.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.npm import PERMISSIONS, Github, emulator
from tests.shop import SHOP, open_shop

REPO = f"/repos/{SHOP}"
numbers = count(1)


@pytest.fixture(scope="module", params=["sandbox", pytest.param("emulator", marks=pytest.mark.emulator)])
def github(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Github]:
    if request.param == "emulator":
        modules: Path = request.getfixturevalue("node_modules")
        with emulator(modules) as other:
            yield other
        return
    with open_shop(tmp_path_factory.mktemp("sandbox")) as shop:
        shop.installation.permissions.clear()
        shop.installation.permissions.update(PERMISSIONS)
        yield Github(shop.sandbox.api_url, shop.app.id, shop.app.private_key, shop.installation.id)


@pytest.fixture
def bot(github: Github) -> Iterator[httpx.Client]:
    with github.as_bot() as client:
        yield client


@pytest.fixture
def issue(bot: httpx.Client) -> str:
    made = bot.post(f"{REPO}/issues", json={"title": "Totals are wrong", "body": "text"}).json()
    return f"{REPO}/issues/{made['number']}"


@pytest.fixture
def tip(bot: httpx.Client) -> str:
    return str(bot.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"])


def commit(bot: httpx.Client, parent: str, path: str, content: str = "new\n") -> str:
    base = bot.get(f"{REPO}/git/commits/{parent}").json()["tree"]["sha"]
    entry = {"path": path, "mode": "100644", "type": "blob", "content": content}
    tree = bot.post(f"{REPO}/git/trees", json={"base_tree": base, "tree": [entry]}).json()
    made = bot.post(f"{REPO}/git/commits", json={"message": f"Add {path}", "tree": tree["sha"], "parents": [parent]})
    return str(made.json()["sha"])


def branch(bot: httpx.Client, tip: str) -> str:
    name = f"work-{next(numbers)}"
    sha = commit(bot, tip, f"{name}.txt")
    assert bot.post(f"{REPO}/git/refs", json={"ref": f"refs/heads/{name}", "sha": sha}).status_code == 201
    return name


def test_the_app_is_known_by_its_jwt(github: Github) -> None:
    with github.as_app() as client:
        told = client.get("/app").json()
    assert (told["id"], told["slug"]) == (github.app_id, "recall")


def test_an_ended_jwt_is_refused(github: Github) -> None:
    with github.as_app(ends=-30) as client:
        assert client.get("/app").status_code == 401


def test_a_token_lives_for_an_hour(github: Github) -> None:
    answer = github.token()
    left = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.now(UTC)
    assert (answer.status_code, answer.json()["token"][:4]) == (201, "ghs_")
    assert 3500 < left.total_seconds() <= 3600


def test_a_token_can_be_narrowed(github: Github) -> None:
    told = github.token(permissions={"issues": "read"}, repositories=["shop"]).json()
    assert told["permissions"]["issues"] == "read"
    assert "contents" not in told["permissions"]
    assert [one["full_name"] for one in told["repositories"]] == [SHOP]


def test_an_unknown_installation_gets_no_token(github: Github) -> None:
    with github.as_app() as client:
        assert client.post("/app/installations/999999/access_tokens").status_code == 404


def test_the_installation_of_the_repository_is_told(github: Github) -> None:
    with github.as_app() as client:
        assert client.get(f"{REPO}/installation").json()["id"] == github.installation_id


def test_the_repository_is_told(bot: httpx.Client) -> None:
    told = bot.get(REPO).json()
    assert (told["full_name"], told["private"], told["default_branch"]) == (SHOP, True, "main")


def test_an_issue_is_read_back(bot: httpx.Client, issue: str) -> None:
    told = bot.get(issue).json()
    assert (told["title"], told["body"], told["state"], told["locked"]) == ("Totals are wrong", "text", "open", False)
    assert (told["user"]["login"], told["user"]["type"]) == ("recall[bot]", "Bot")


def test_an_unknown_issue_is_not_found(bot: httpx.Client) -> None:
    assert bot.get(f"{REPO}/issues/99999").status_code == 404


def test_an_issue_without_title_is_refused(bot: httpx.Client) -> None:
    assert bot.post(f"{REPO}/issues", json={"body": "text"}).status_code == 422


def test_an_issue_is_edited_closed_and_opened(bot: httpx.Client, issue: str) -> None:
    closed = bot.patch(issue, json={"title": "New", "state": "closed", "state_reason": "not_planned"}).json()
    assert (closed["title"], closed["state"], closed["state_reason"]) == ("New", "closed", "not_planned")
    assert bot.patch(issue, json={"state": "open"}).json()["closed_at"] is None


def test_labels_come_and_go(bot: httpx.Client, issue: str) -> None:
    bot.post(f"{REPO}/labels", json={"name": "escaped-bug", "color": "ff0000"})
    assert [one["name"] for one in bot.post(f"{issue}/labels", json={"labels": ["escaped-bug"]}).json()] == ["escaped-bug"]
    assert [one["name"] for one in bot.get(f"{issue}/labels").json()] == ["escaped-bug"]
    assert bot.delete(f"{issue}/labels/escaped-bug").json() == []
    assert bot.delete(f"{issue}/labels/escaped-bug").status_code == 404


def test_a_label_is_made_once(bot: httpx.Client) -> None:
    assert bot.post(f"{REPO}/labels", json={"name": "once", "color": "00ff00"}).status_code == 201
    assert bot.post(f"{REPO}/labels", json={"name": "once", "color": "00ff00"}).status_code == 422


def test_a_comment_comes_from_the_bot_and_can_be_replaced(bot: httpx.Client, issue: str) -> None:
    made = bot.post(f"{issue}/comments", json={"body": "one"})
    assert (made.status_code, made.json()["user"]["login"]) == (201, "recall[bot]")
    own = f"{REPO}/issues/comments/{made.json()['id']}"
    assert bot.patch(own, json={"body": "two"}).json()["body"] == "two"
    assert bot.get(own).json()["body"] == "two"
    assert bot.get(issue).json()["comments"] == 1


def test_comments_are_paged_by_links(bot: httpx.Client, issue: str) -> None:
    for number in range(5):
        bot.post(f"{issue}/comments", json={"body": str(number)})
    first = bot.get(f"{issue}/comments", params={"per_page": 2})
    assert [one["body"] for one in first.json()] == ["0", "1"]
    assert {"next", "last"} <= set(first.links)
    last = bot.get(f"{issue}/comments", params={"per_page": 2, "page": 3})
    assert [one["body"] for one in last.json()] == ["4"]
    assert "next" not in last.links


def test_a_comment_on_an_unknown_issue_is_not_found(bot: httpx.Client) -> None:
    assert bot.post(f"{REPO}/issues/99999/comments", json={"body": "x"}).status_code == 404


def test_a_comment_without_body_is_refused(bot: httpx.Client, issue: str) -> None:
    assert bot.post(f"{issue}/comments", json={}).status_code == 422


def test_a_commit_over_a_base_tree_adds_to_it(bot: httpx.Client, tip: str) -> None:
    sha = commit(bot, tip, "added.txt")
    told = bot.get(f"{REPO}/compare/{tip}...{sha}").json()
    assert (told["status"], told["ahead_by"], told["behind_by"]) == ("ahead", 1, 0)
    assert [(one["filename"], one["status"], one["additions"]) for one in told["files"]] == [("added.txt", "added", 1)]


def test_a_tree_without_base_holds_nothing_else(bot: httpx.Client) -> None:
    entry = {"path": "alone.txt", "mode": "100644", "type": "blob", "content": "x"}
    told = bot.post(f"{REPO}/git/trees", json={"tree": [entry]}).json()
    assert [one["path"] for one in told["tree"]] == ["alone.txt"]


@pytest.mark.parametrize("wish", [{"ref": "refs/heads/main"}, {"ref": "main"}, {"ref": "refs/heads/x", "sha": "0" * 40}])
def test_a_bad_ref_is_refused(bot: httpx.Client, tip: str, wish: dict[str, str]) -> None:
    assert bot.post(f"{REPO}/git/refs", json={"sha": tip, **wish}).status_code == 422


def test_an_unknown_ref_is_not_found(bot: httpx.Client) -> None:
    assert bot.get(f"{REPO}/git/ref/heads/none").status_code == 404


def test_a_ref_moves_forward_only(bot: httpx.Client, tip: str) -> None:
    name = branch(bot, tip)
    back = bot.patch(f"{REPO}/git/refs/heads/{name}", json={"sha": tip})
    assert back.status_code == 422
    assert bot.patch(f"{REPO}/git/refs/heads/{name}", json={"sha": tip, "force": True}).json()["object"]["sha"] == tip


def test_a_file_is_told_in_base64(bot: httpx.Client, tip: str) -> None:
    name = branch(bot, tip)
    told = bot.get(f"{REPO}/contents/{name}.txt", params={"ref": name}).json()
    assert (told["type"], told["path"], base64.b64decode(told["content"])) == ("file", f"{name}.txt", b"new\n")
    assert bot.get(f"{REPO}/contents/none.txt").status_code == 404


def opened(bot: httpx.Client, **wish: Any) -> httpx.Response:
    return bot.post(f"{REPO}/pulls", json={"title": "Guard", "base": "main", **wish})


def test_a_draft_is_opened_and_found_by_its_head(bot: httpx.Client, tip: str) -> None:
    name = branch(bot, tip)
    made = opened(bot, head=name, draft=True, body="text")
    assert (made.status_code, made.json()["draft"], made.json()["state"]) == (201, True, "open")
    found = bot.get(f"{REPO}/pulls", params={"head": f"octo:{name}"}).json()
    assert [one["number"] for one in found] == [made.json()["number"]]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merged_pull_request_says_so(bot: httpx.Client, tip: str, method: str) -> None:
    number = opened(bot, head=branch(bot, tip)).json()["number"]
    done = bot.put(f"{REPO}/pulls/{number}/merge", json={"merge_method": method}).json()
    told = bot.get(f"{REPO}/pulls/{number}").json()
    assert (done["merged"], told["merged"], told["state"], told["merge_commit_sha"]) == (True, True, "closed", done["sha"])
    parents = bot.get(f"{REPO}/git/commits/{done['sha']}").json()["parents"]
    assert len(parents) == (2 if method == "merge" else 1)
    assert bot.get(f"{REPO}/git/ref/heads/main").json()["object"]["sha"] == done["sha"]


def test_a_merged_pull_request_is_not_merged_again(bot: httpx.Client, tip: str) -> None:
    number = opened(bot, head=branch(bot, tip)).json()["number"]
    bot.put(f"{REPO}/pulls/{number}/merge", json={})
    assert bot.put(f"{REPO}/pulls/{number}/merge", json={}).status_code in (405, 422)


def test_a_check_run_is_completed(bot: httpx.Client, tip: str) -> None:
    made = bot.post(f"{REPO}/check-runs", json={"name": "recall", "head_sha": tip, "status": "in_progress"})
    assert (made.status_code, made.json()["status"], made.json()["conclusion"]) == (201, "in_progress", None)
    wish = {"status": "completed", "conclusion": "neutral", "output": {"title": "t", "summary": "s"}}
    done = bot.patch(f"{REPO}/check-runs/{made.json()['id']}", json=wish).json()
    assert (done["status"], done["conclusion"], done["output"]["title"]) == ("completed", "neutral", "t")


def test_a_role_is_told(bot: httpx.Client) -> None:
    told = bot.get(f"{REPO}/collaborators/octo/permission").json()
    assert (told["permission"], told["role_name"]) == ("admin", "admin")
