"""The sandbox as a whole: what it is made from, and who may reach in."""

from pathlib import Path

import httpx
import pytest

from app.domain.errors import TellUser
from app.sandbox import Sandbox
from tests.build import working_copy
from tests.shop import SHOP, Shop, open_shop


def test_a_repository_can_begin_as_a_clone(tmp_path: Path) -> None:
    source = working_copy(tmp_path / "source")
    sha = source.commit("Begin", {"a": "1\n"})
    repository = Sandbox(tmp_path / "sandbox").create_repository("octo/copy", source.path)
    assert (repository.default_branch, repository.git.ref("refs/heads/main")) == ("main", sha)


def test_a_clone_of_a_detached_head_gets_a_default_branch(tmp_path: Path) -> None:
    source = working_copy(tmp_path / "source")
    sha = source.commit("Begin", {"a": "1\n"})
    source.git("checkout", "--quiet", "--detach")
    source.git("branch", "--delete", "--force", "main")
    repository = Sandbox(tmp_path / "sandbox").create_repository("octo/copy", source.path)
    assert (repository.default_branch, repository.git.ref("refs/heads/main")) == ("main", sha)


@pytest.mark.parametrize("name", ["shop", "octo/", "/shop", SHOP.upper()])
def test_a_repository_needs_a_free_name(shop: Shop, name: str) -> None:
    with pytest.raises(TellUser):
        shop.sandbox.create_repository(name)


def test_two_sandboxes_share_no_number(tmp_path: Path) -> None:
    with open_shop(tmp_path / "one") as one, open_shop(tmp_path / "two") as two:
        assert one.app.id != two.app.id
        assert one.installation.id != two.installation.id


def test_a_taken_port_is_told(shop: Shop, tmp_path: Path) -> None:
    port = int(shop.sandbox.url.rpartition(":")[2])
    with pytest.raises(TellUser, match=str(port)):
        Sandbox(tmp_path / "other").start(port)


def test_a_form_of_a_web_page_cannot_ask_for_faults(shop: Shop) -> None:
    body = '{"trouble": "server-error"}'
    answer = httpx.post(f"{shop.sandbox.url}/_sandbox/faults", content=body, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 400
    assert shop.sandbox.faults.listed() == []
