"""The configuration in force, read from the sandbox in one request."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import parse, validate

from app.analysis.settings.keys import PATH
from app.domain.configuration import Configuration, Settled
from app.domain.delivery import Repository
from app.domain.errors import GiveUp
from app.domain.job import State
from app.github.auth import App, Given, Host
from app.github.configured import QUERY, RepositoryConfigured
from app.github.reader import ReadersConfigured
from app.sandbox.graphql import schema
from tests.shop import SHOP, Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path) as opened:
        yield opened


def configured(shop: Shop, repository_id: int | None = None) -> RepositoryConfigured:
    app = App(Host(shop.sandbox.api_url, shop.sandbox.url), shop.app.id, shop.app.private_key)
    known = repository_id or shop.repository.id
    return RepositoryConfigured(app.host, app.on(shop.installation.id, shop.repository.id), Repository(known, SHOP))


def shared(shop: Shop, text: str, visibility: str = "public") -> None:
    shop.sandbox.create_repository("octo/.github", visibility=visibility)
    shop.sandbox.person("ann", "octo/.github", role="write").push("octo/.github", {PATH: text}, "Settle for all")


def test_the_query_is_valid() -> None:
    assert validate(schema(), parse(QUERY)) == []


def test_without_files_everything_has_its_default(shop: Shop) -> None:
    assert configured(shop).settled() == Settled(commit=shop.repository.git.ref("refs/heads/main") or "")


def test_the_file_on_the_default_branch_counts_and_no_other(shop: Shop) -> None:
    shop.mona.push(SHOP, {PATH: "drafts: false\n"}, "Settle")
    shop.mona.push(SHOP, {PATH: "drafts: true\ndry_run: true\n"}, "Settle elsewhere", branch="fix")
    settled = configured(shop).settled()
    assert settled.configuration == Configuration(drafts=False)
    assert settled.commit == shop.repository.git.ref("refs/heads/main")


def test_it_is_read_once(shop: Shop) -> None:
    reading = configured(shop)
    reading.settled()
    shop.mona.push(SHOP, {PATH: "drafts: false\n"}, "Settle")
    assert reading.settled().configuration == Configuration()


def test_the_owners_repository_fills_what_is_left_open(shop: Shop) -> None:
    shop.mona.push(SHOP, {PATH: "drafts_per_day: 1\n"}, "Settle")
    shared(shop, "drafts_per_day: 2\nchecks: false\n")
    settled = configured(shop).settled()
    assert settled.configuration == Configuration(drafts_per_day=1, checks=False)
    assert settled.sources == {"drafts_per_day": f"{PATH}, line 1", "checks": f"{PATH} of octo/.github, line 2"}


def test_a_private_repository_of_the_owner_that_the_token_cannot_read_is_none(shop: Shop) -> None:
    shared(shop, "checks: false\n", visibility="private")
    assert configured(shop).settled().configuration == Configuration()


@pytest.mark.parametrize("text", ["drafts: true # \0", "#" * 70_000])
def test_a_file_that_is_no_configuration_is_told(shop: Shop, text: str) -> None:
    shop.mona.push(SHOP, {PATH: text}, "Settle")
    settled = configured(shop).settled()
    assert (settled.configuration, len(settled.problems)) == (Configuration(), 1)


def test_another_repository_under_the_name_is_not_asked(shop: Shop) -> None:
    with pytest.raises(GiveUp) as raised:
        configured(shop, repository_id=1).settled()
    assert raised.value.state == State.FORBIDDEN


def test_without_a_token_public_files_are_read_the_other_way(tmp_path: Path) -> None:
    with open_shop(tmp_path, visibility="public") as shop:
        shop.mona.push(SHOP, {PATH: "drafts_per_day: 1\n"}, "Settle")
        shared(shop, "drafts_per_day: 2\nchecks: false\n")
        host, home = Host(shop.sandbox.api_url, shop.sandbox.url), Repository(shop.repository.id, SHOP)
        settled = ReadersConfigured(host, Given("", "recall[bot]"), home).settled()
        assert settled.configuration == Configuration(drafts_per_day=1, checks=False)
