"""Trouble on demand, from Python and over HTTP."""

import json

import httpx
import pytest

from tests.shop import SHOP, Shop

ISSUES = f"/repos/{SHOP}/issues"
COMMENTS = "*/issues/1/comments"


@pytest.fixture
def bot(shop: Shop) -> httpx.Client:
    shop.mona.open_issue(SHOP, "Totals are wrong")
    return shop.as_bot()


def test_a_server_error_can_come_after_the_comment_was_written(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("server-error-after", method="POST", path=COMMENTS)
    answer = bot.post(f"{ISSUES}/1/comments", json={"body": "hello"})
    assert answer.status_code == 502
    assert [one["body"] for one in bot.get(f"{ISSUES}/1/comments").json()] == ["hello"]


def test_a_server_error_before_leaves_nothing(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("server-error", method="POST", status=500)
    assert bot.post(f"{ISSUES}/1/comments", json={"body": "hello"}).status_code == 500
    assert bot.get(f"{ISSUES}/1/comments").json() == []


def test_a_fault_strikes_as_often_as_it_was_asked_to(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("server-error", times=2)
    assert [bot.get(ISSUES).status_code for _ in range(3)] == [502, 502, 200]


def test_a_lasting_fault_ends_when_it_is_cleared(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("server-error", times=None)
    assert [bot.get(ISSUES).status_code for _ in range(2)] == [502, 502]
    shop.sandbox.faults.clear()
    assert bot.get(ISSUES).status_code == 200


def test_a_secondary_limit_comes_without_a_moment(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("secondary-limit")
    answer = bot.get(ISSUES)
    assert (answer.status_code, "retry-after" in answer.headers) == (403, False)
    assert "secondary rate limit" in answer.json()["message"]
    assert int(answer.headers["x-ratelimit-remaining"]) > 0


def test_a_secondary_limit_can_name_a_moment(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("secondary-limit", retry_after=7)
    assert bot.get(ISSUES).headers["retry-after"] == "7"


def test_a_primary_limit_names_its_end(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("primary-limit", seconds=90)
    answer = bot.get(ISSUES)
    assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (403, "0")
    assert 80 < int(answer.headers["x-ratelimit-reset"]) - shop.sandbox.hub.now().timestamp() <= 90


@pytest.mark.parametrize("trouble", ["primary-limit", "secondary-limit"])
def test_graphql_tells_of_a_limit_with_status_200(shop: Shop, bot: httpx.Client, trouble: str) -> None:
    shop.sandbox.faults.add(trouble)
    answer = bot.post(f"{shop.sandbox.url}/api/graphql", json={"query": "{ viewer { login } }"})
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (200, "RATE_LIMITED")


def test_a_cut_answer_is_not_json(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("truncated")
    with pytest.raises(json.JSONDecodeError):
        bot.get(ISSUES).json()


def test_short_pages_still_lead_to_everything(shop: Shop, bot: httpx.Client) -> None:
    for number in range(5):
        shop.mona.comment(shop.repository.issues[1], str(number))
    shop.sandbox.faults.add("short-pages", path=COMMENTS, times=None)
    url, sizes = f"{ISSUES}/1/comments?per_page=4", []
    while url:
        page = bot.get(url)
        sizes.append(len(page.json()))
        url = page.links.get("next", {}).get("url", "")
    assert sizes == [2, 2, 1]


def test_a_slow_answer_outlasts_a_short_patience(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("slow", seconds=2)
    with pytest.raises(httpx.ReadTimeout):
        bot.get(ISSUES, timeout=0.2)


def test_a_token_can_be_revoked_in_the_middle(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("revoked")
    assert (bot.get(ISSUES).status_code, bot.get(ISSUES).status_code) == (401, 200)
    shop.sandbox.revoke_tokens()
    assert bot.get(ISSUES).status_code == 401


def test_a_graphql_field_out_of_reach_leaves_the_rest_good(shop: Shop, bot: httpx.Client) -> None:
    shop.sandbox.faults.add("forbidden-field", field="Issue.closedByPullRequestsReferences")
    query = """{ repository(owner: "octo", name: "shop") { issue(number: 1) {
        title author { login }
      } other: issue(number: 1) { author { login } closedByPullRequestsReferences(first: 1) { totalCount } } } }"""
    answer = bot.post(f"{shop.sandbox.url}/api/graphql", json={"query": query}).json()
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert answer["errors"][0]["path"] == ["repository", "other", "closedByPullRequestsReferences"]
    assert answer["data"]["repository"]["issue"]["title"] == "Totals are wrong"


def test_faults_are_put_in_force_over_http(shop: Shop, bot: httpx.Client) -> None:
    control = f"{shop.sandbox.url}/_sandbox/faults"
    assert bot.post(control, json={"trouble": "server-error", "path": "*/issues"}).status_code == 201
    assert [one["trouble"] for one in bot.get(control).json()] == ["server-error"]
    assert bot.get(ISSUES).status_code == 502
    assert bot.post(control, json={"trouble": "earthquake"}).status_code == 422
    assert bot.delete(control).status_code == 204


def test_requests_are_counted_for_each_token(shop: Shop, bot: httpx.Client) -> None:
    first = int(bot.get(ISSUES).headers["x-ratelimit-remaining"])
    assert int(bot.get(ISSUES).headers["x-ratelimit-remaining"]) == first - 1
    assert bot.get("/rate_limit").json()["resources"]["core"]["remaining"] == first - 1
    shop.sandbox.advance(minutes=59)
    shop.sandbox.advance(minutes=2)
    with shop.as_mona() as other:
        assert other.get(ISSUES).headers["x-ratelimit-remaining"] == "4999"
