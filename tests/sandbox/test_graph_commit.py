"""`createCommitOnBranch`: several files at once, only from the head that was expected."""

import base64
from typing import Any

import httpx
import pytest

from tests.shop import SHOP, Shop

MUTATION = """
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) {
    commit { oid url message signature { isValid state wasSignedByGitHub } }
    ref { name }
  }
}
"""


@pytest.fixture
def writer(shop: Shop) -> httpx.Client:
    shop.installation.permissions["contents"] = "write"
    return shop.as_bot()


def commit(shop: Shop, client: httpx.Client, head: str | None = None, **changes: Any) -> dict[str, Any]:
    encoded = {path: base64.b64encode(content.encode()).decode() for path, content in changes.get("write", {}).items()}
    wish = {
        "branch": {"repositoryNameWithOwner": SHOP, "branchName": changes.get("branch", "main")},
        "message": {"headline": "test: guard it", "body": "Because."},
        "expectedHeadOid": head or shop.repository.git.ref("refs/heads/main"),
        "fileChanges": {
            "additions": [{"path": path, "contents": content} for path, content in {**encoded, **changes.get("raw", {})}.items()],
            "deletions": [{"path": path} for path in changes.get("remove", [])],
        },
    }
    answer = client.post(f"{shop.sandbox.url}/api/graphql", json={"query": MUTATION, "variables": {"input": wish}})
    return dict(answer.json())


def test_files_are_written_and_removed_in_one_signed_commit(shop: Shop, writer: httpx.Client) -> None:
    made = commit(shop, writer, write={"tests/test_new.py": "é\n", "a": "1"}, remove=["shop/pricing.py"])["data"]
    told = made["createCommitOnBranch"]["commit"]
    assert told["signature"] == {"isValid": True, "state": "VALID", "wasSignedByGitHub": True}
    assert (told["message"], made["createCommitOnBranch"]["ref"]["name"]) == ("test: guard it\n\nBecause.", "main")
    git = shop.repository.git
    assert git.ref("refs/heads/main") == told["oid"]
    assert git.file("main", "tests/test_new.py") == "é\n".encode()
    assert git.file("main", "shop/pricing.py") is None


def test_a_moved_head_is_refused(shop: Shop, writer: httpx.Client) -> None:
    old = shop.repository.git.ref("refs/heads/main")
    shop.mona.push(SHOP, {"a": "1"}, "one")
    answer = commit(shop, writer, head=old, write={"b": "1"})
    assert answer["errors"][0]["type"] == "STALE_DATA"
    assert str(old) in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "changes",
    [
        {"remove": ["none"]},
        {"raw": {"a": "not base64"}},
        {"write": {"shop/pricing.py": "1"}, "remove": ["shop/pricing.py"]},
        {"write": {".github/workflows/ci.yml": "on: push"}},
        {"write": {"a": "1"}, "branch": "none"},
    ],
    ids=["removes what is not there", "bad base64", "one path twice", "workflow", "no such branch"],
)
def test_a_bad_change_fails_as_a_whole(shop: Shop, writer: httpx.Client, changes: dict[str, Any]) -> None:
    before = shop.repository.git.ref("refs/heads/main")
    assert commit(shop, writer, **changes)["errors"]
    assert shop.repository.git.ref("refs/heads/main") == before


def test_a_token_that_only_reads_writes_nothing(shop: Shop) -> None:
    with shop.as_bot() as reader:
        assert commit(shop, reader, write={"a": "1"})["errors"][0]["type"] == "FORBIDDEN"
