"""Commits, comparisons, files and git's own objects over REST."""

import base64

import httpx
import pytest

from tests.shop import SHOP, Shop

REPO = f"/repos/{SHOP}"
GIT = f"{REPO}/git"


@pytest.fixture
def tip(shop: Shop) -> str:
    return shop.repository.git.ref("refs/heads/main") or ""


def written(client: httpx.Client, tip: str, **tree: object) -> str:
    entries = [{"path": "new.txt", "mode": "100644", "type": "blob", "content": "new\n"}]
    made = client.post(f"{GIT}/trees", json={"tree": entries, **tree}).json()
    commit = client.post(f"{GIT}/commits", json={"message": "Add", "tree": made["sha"], "parents": [tip]}).json()
    return str(commit["sha"])


def test_a_commit_over_a_base_tree_keeps_the_rest(shop: Shop, tip: str) -> None:
    with shop.as_mona() as client:
        sha = written(client, tip, base_tree=tip)
        files = {one["filename"] for one in client.get(f"{REPO}/commits/{sha}").json()["files"]}
    assert files == {"new.txt"}


def test_a_tree_without_base_leaves_everything_else_out(shop: Shop, tip: str) -> None:
    with shop.as_mona() as client:
        sha = written(client, tip)
        files = {one["filename"]: one["status"] for one in client.get(f"{REPO}/commits/{sha}").json()["files"]}
    assert files == {"new.txt": "added", "shop/pricing.py": "removed", "tests/test_pricing.py": "removed"}


def test_an_entry_without_sha_takes_a_file_out(shop: Shop, tip: str) -> None:
    with shop.as_mona() as client:
        entry = {"path": "shop/pricing.py", "mode": "100644", "type": "blob", "sha": None}
        tree = client.post(f"{GIT}/trees", json={"base_tree": tip, "tree": [entry]}).json()
        assert [one["path"] for one in tree["tree"]] == ["tests"]
        missing = {**entry, "path": "none"}
        assert client.post(f"{GIT}/trees", json={"base_tree": tip, "tree": [missing]}).status_code == 422


def test_a_branch_is_made_moved_and_removed(shop: Shop, tip: str) -> None:
    with shop.as_mona() as client:
        assert client.post(f"{GIT}/refs", json={"ref": "refs/heads/work", "sha": tip}).status_code == 201
        sha = written(client, tip, base_tree=tip)
        assert client.patch(f"{GIT}/refs/heads/work", json={"sha": sha}).json()["object"]["sha"] == sha
        assert client.get(f"{REPO}/branches/work").json()["commit"]["sha"] == sha
        back = client.patch(f"{GIT}/refs/heads/work", json={"sha": tip})
        assert (back.status_code, back.json()["message"]) == (422, "Update is not a fast forward")
        assert client.patch(f"{GIT}/refs/heads/work", json={"sha": tip, "force": True}).status_code == 200
        assert client.delete(f"{GIT}/refs/heads/work").status_code == 204
        assert client.get(f"{GIT}/ref/heads/work").status_code == 404


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"ref": "refs/heads/main"}, "Reference already exists"),
        ({"ref": "main"}, "Reference name must start with 'refs' and have at least two slashes."),
        ({"ref": "refs/heads/x", "sha": "0" * 40}, "Object does not exist"),
        ({"ref": "refs/heads/x", "sha": "main"}, "Object does not exist"),
        ({"ref": "refs/heads/a..b"}, "refs/heads/a..b is not a valid ref name."),
    ],
)
def test_a_bad_ref_is_refused(shop: Shop, tip: str, wish: dict[str, str], message: str) -> None:
    with shop.as_mona() as client:
        answer = client.post(f"{GIT}/refs", json={"sha": tip, **wish})
    assert (answer.status_code, answer.json()["message"]) == (422, message)


def test_an_empty_repository_has_no_refs_to_begin_from(shop: Shop, tip: str) -> None:
    shop.sandbox.create_repository("octo/empty")
    shop.sandbox.add_repositories(shop.installation, "octo/empty")
    ada = shop.sandbox.person("ada", "octo/empty")
    with shop.client(ada.token()) as client:
        assert client.post("/repos/octo/empty/git/refs", json={"ref": "refs/heads/x", "sha": tip}).status_code == 409
        assert client.get("/repos/octo/empty/commits").status_code == 409


def test_an_app_cannot_write_workflows_without_the_permission(shop: Shop, tip: str) -> None:
    shop.installation.permissions["contents"] = "write"
    entry = {"path": ".github/workflows/ci.yml", "mode": "100644", "type": "blob", "content": "on: push\n"}
    with shop.as_bot() as client:
        answer = client.post(f"{GIT}/trees", json={"base_tree": tip, "tree": [entry]})
    assert answer.status_code == 403


def test_a_branch_at_an_old_commit_with_other_workflows_needs_the_permission(shop: Shop) -> None:
    shop.installation.permissions["contents"] = "write"
    old = shop.mona.push(SHOP, {".github/workflows/ci.yml": "on: push\n"}, "Check")
    new = shop.mona.push(SHOP, {".github/workflows/ci.yml": "on: [push]\n"}, "Check more")
    with shop.as_bot() as client:
        assert client.post(f"{GIT}/refs", json={"ref": "refs/heads/a", "sha": old}).status_code == 403
        assert client.post(f"{GIT}/refs", json={"ref": "refs/heads/b", "sha": new}).status_code == 201


def test_an_app_commit_is_signed_unless_it_names_an_author(shop: Shop, tip: str) -> None:
    shop.installation.permissions["contents"] = "write"
    tree = shop.repository.git.commit(tip).tree
    author = {"name": "Ada", "email": "ada@example.com"}
    with shop.as_bot() as client:
        signed = client.post(f"{GIT}/commits", json={"message": "a", "tree": tree, "parents": [tip]}).json()
        plain = client.post(f"{GIT}/commits", json={"message": "b", "tree": tree, "parents": [tip], "author": author}).json()
    assert (signed["verification"]["verified"], plain["verification"]["verified"]) == (True, False)


def test_a_comparison_starts_where_the_two_parted(shop: Shop, tip: str) -> None:
    shop.mona.push(SHOP, {"a": "1"}, "one", branch="work")
    shop.mona.push(SHOP, {"b": "1"}, "two")
    with shop.as_bot() as client:
        told = client.get(f"{REPO}/compare/main...work").json()
        assert client.get(f"{REPO}/compare/main...none").status_code == 404
    assert (told["status"], told["ahead_by"], told["behind_by"]) == ("diverged", 1, 1)
    assert told["merge_base_commit"]["sha"] == tip
    assert [one["filename"] for one in told["files"]] == ["a"]


def test_a_file_is_told_in_base64_or_raw(shop: Shop) -> None:
    with shop.as_bot() as client:
        told = client.get(f"{REPO}/contents/shop/pricing.py").json()
        raw = client.get(f"{REPO}/contents/shop/pricing.py", headers={"Accept": "application/vnd.github.raw+json"})
    assert base64.b64decode(told["content"]) == raw.content
    assert raw.content.startswith(b"RATE = 2")


def test_a_folder_lists_its_entries(shop: Shop) -> None:
    with shop.as_bot() as client:
        root = client.get(f"{REPO}/contents/").json()
        inner = client.get(f"{REPO}/contents/shop").json()
    assert [(one["path"], one["type"]) for one in root] == [("shop", "dir"), ("tests", "dir")]
    assert [one["path"] for one in inner] == ["shop/pricing.py"]


@pytest.mark.parametrize("path", ["none", "shop/pricing.py/none", "shop/pricing.py?ref=none"])
def test_what_is_not_there_is_not_found(shop: Shop, path: str) -> None:
    with shop.as_bot() as client:
        assert client.get(f"{REPO}/contents/{path}").status_code == 404


def test_a_tree_is_listed_whole_on_request(shop: Shop) -> None:
    with shop.as_bot() as client:
        told = client.get(f"{GIT}/trees/main", params={"recursive": "1"}).json()
    assert [one["path"] for one in told["tree"]] == ["shop", "shop/pricing.py", "tests", "tests/test_pricing.py"]


def test_commits_are_listed_by_path(shop: Shop) -> None:
    with shop.as_bot() as client:
        told = client.get(f"{REPO}/commits", params={"path": "tests"}).json()
    assert [one["commit"]["message"] for one in told] == ["Test the prices"]
    assert told[0]["author"]["login"] == "mona"


@pytest.mark.parametrize("name", ["none", "--all", "-h", "main:shop"])
def test_an_unknown_commit_is_refused(shop: Shop, name: str) -> None:
    with shop.as_bot() as client:
        assert client.get(f"{REPO}/commits/{name}").status_code == 422
