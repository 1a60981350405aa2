"""Clone and fetch by real git, with the token in a header."""

import base64
import os
import subprocess
from pathlib import Path

from tests.shop import SHOP, Shop


def git(shop: Shop, *arguments: str, token: str | None = None, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_COUNT": "1" if token else "0",
        "GIT_CONFIG_KEY_0": "http.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {secret}",
    }
    where = ["-C", str(folder)] if folder else []
    return subprocess.run(["git", *where, *arguments], check=False, capture_output=True, text=True, env=environment, timeout=60)


def test_a_mirror_has_the_branches_and_the_heads_of_pull_requests(shop: Shop, tmp_path: Path) -> None:
    head = shop.mona.push(SHOP, {"a": "1"}, "one", branch="fix")
    pull = shop.mona.open_pull(SHOP, "fix", "Fix it")
    token = shop.mint({"permissions": {"contents": "read"}})["token"]
    mirror = tmp_path / "mirror"
    done = git(shop, "clone", "--mirror", f"{shop.sandbox.url}/{SHOP}.git", str(mirror), token=token)
    assert done.returncode == 0, done.stderr
    assert git(shop, "rev-parse", f"refs/pull/{pull.number}/head", folder=mirror).stdout.strip() == head


def test_a_partial_clone_leaves_the_blobs_out_and_fetches_one_by_its_sha(shop: Shop, tmp_path: Path) -> None:
    token = shop.mint()["token"]
    url, mirror = f"{shop.sandbox.url}/{SHOP}.git", tmp_path / "mirror"
    assert git(shop, "clone", "--bare", "--filter=blob:none", url, str(mirror), token=token).returncode == 0
    blob = git(shop, "rev-parse", "HEAD:shop/pricing.py", folder=mirror).stdout.strip()
    missing = git(shop, "rev-list", "--objects", "--missing=print", "HEAD", folder=mirror).stdout
    assert f"?{blob}" in missing
    assert git(shop, "fetch", "--quiet", url, blob, token=token, folder=mirror).returncode == 0


def test_a_shallow_clone_works(shop: Shop, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    done = git(shop, "clone", "--depth=1", f"{shop.sandbox.url}/{SHOP}.git", str(copy), token=shop.mint()["token"])
    assert done.returncode == 0, done.stderr
    assert git(shop, "rev-list", "--count", "HEAD", folder=copy).stdout.strip() == "1"


def test_a_private_repository_is_not_cloned_without_a_good_token(shop: Shop, tmp_path: Path) -> None:
    url = f"{shop.sandbox.url}/{SHOP}.git"
    for at, token in enumerate([None, "ghs_" + "0" * 36, shop.mint({"permissions": {"issues": "read"}})["token"]]):
        assert git(shop, "clone", url, str(tmp_path / str(at)), token=token).returncode != 0


def test_a_public_repository_is_cloned_by_everyone(shop: Shop, tmp_path: Path) -> None:
    shop.sandbox.create_repository("acme/open")
    shop.mona.push("acme/open", {"a": "1"}, "one")
    assert git(shop, "clone", f"{shop.sandbox.url}/acme/open", str(tmp_path / "copy")).returncode == 0


def test_nothing_can_be_pushed(shop: Shop, tmp_path: Path) -> None:
    copy, token = tmp_path / "copy", shop.mint()["token"]
    git(shop, "clone", f"{shop.sandbox.url}/{SHOP}.git", str(copy), token=token)
    assert git(shop, "push", "origin", "HEAD:refs/heads/stolen", token=token, folder=copy).returncode != 0


def test_the_repository_it_was_made_from_is_never_written_to(shop: Shop, tmp_path: Path) -> None:
    source = tmp_path / "source"
    git(shop, "clone", "--bare", f"{shop.sandbox.url}/{SHOP}.git", str(source), token=shop.mint()["token"])
    before = git(shop, "show-ref", folder=source).stdout
    shop.sandbox.create_repository("acme/copy", source)
    shop.mona.push("acme/copy", {"a": "1"}, "one", branch="fix")
    shop.mona.merge(shop.mona.open_pull("acme/copy", "fix", "Fix it"))
    assert git(shop, "show-ref", folder=source).stdout == before
