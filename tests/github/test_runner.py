"""What a step of a job is told by its runner."""

from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from app.domain.errors import TellUser, TryLater
from app.github.runner import Runner
from tests.shop import SHOP, Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, visibility="public") as opened:
        yield opened


def test_a_push_is_given_a_token_for_the_audience_asked_for(shop: Shop) -> None:
    run = shop.sandbox.start_run(SHOP)
    token = Runner(shop.sandbox.environment(run)).token("https://recall.example/a?b=c&d")
    assert jwt.decode(token, options={"verify_signature": False})["aud"] == "https://recall.example/a?b=c&d"


def test_a_job_without_the_permission_is_told_of_it(shop: Shop) -> None:
    runner = Runner(shop.sandbox.environment(shop.sandbox.start_run(SHOP, id_token=False)))
    assert runner.cannot_have_tokens == ""
    with pytest.raises(TellUser, match="`id-token: write`"):
        runner.token("https://recall.example")


def test_a_forks_pull_request_cannot_have_tokens(shop: Shop) -> None:
    shop.sandbox.create_repository("ada/shop", fork_of=SHOP)
    ada = shop.sandbox.person("ada")
    ada.push("ada/shop", {"a.py": "A = 1\n"}, "Add", branch="more")
    run = shop.sandbox.start_run_on(ada.open_pull(SHOP, "ada:more", "More"))
    runner = Runner(shop.sandbox.environment(run))
    assert (runner.has_tokens, runner.cannot_have_tokens) == (False, "a fork")


def test_an_own_pull_request_without_the_permission_is_no_fork(shop: Shop) -> None:
    shop.mona.push(SHOP, {"a.py": "A = 1\n"}, "Add", branch="more")
    run = shop.sandbox.start_run_on(shop.mona.open_pull(SHOP, "more", "More"), id_token=False)
    assert Runner(shop.sandbox.environment(run)).cannot_have_tokens == ""


def test_dependabot_cannot_have_tokens() -> None:
    assert Runner({"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "dependabot[bot]"}).cannot_have_tokens == "Dependabot"


def test_outside_of_actions_there_is_no_token() -> None:
    with pytest.raises(TellUser, match="GitHub Actions"):
        Runner({}).token("https://recall.example")


def test_a_runner_that_fails_is_a_matter_of_time(shop: Shop) -> None:
    told = shop.sandbox.environment(shop.sandbox.start_run(SHOP))
    shop.sandbox.faults.add("server-error", path="/_services/runner/*")
    with pytest.raises(TryLater):
        Runner(told).token("https://recall.example")


@pytest.mark.parametrize("content", ["", "[]", '{"pull_request": 5}', "{" * 100_000])
def test_an_odd_event_is_no_fork(tmp_path: Path, content: str) -> None:
    (tmp_path / "event.json").write_text(content)
    assert Runner({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}).cannot_have_tokens == ""
