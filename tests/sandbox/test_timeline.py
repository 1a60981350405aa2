"""What texts, merges and pushes leave on an issue, in REST and in GraphQL."""

from typing import Any

import pytest

from tests.shop import SHOP, Shop

QUERY = """
query($number: Int!, $all: Boolean = true) {
  repository(owner: "octo", name: "shop") {
    issue(number: $number) {
      state
      closedByPullRequestsReferences(first: 10, includeClosedPrs: $all) { nodes { number merged } }
      timelineItems(first: 50) {
        nodes {
          __typename
          ... on CrossReferencedEvent { willCloseTarget source { ... on PullRequest { number } ... on Issue { number } } }
          ... on ClosedEvent { closer { __typename ... on PullRequest { number } ... on Commit { oid } } }
          ... on ConnectedEvent { source { ... on PullRequest { number } } subject { ... on PullRequest { number } } }
          ... on ReferencedEvent { commit { oid } }
        }
      }
    }
  }
}
"""


def asked(shop: Shop, number: int, **variables: object) -> dict[str, Any]:
    with shop.as_bot() as client:
        url = f"{shop.sandbox.url}/api/graphql"
        answer = client.post(url, json={"query": QUERY, "variables": {"number": number, **variables}}).json()
    assert "errors" not in answer, answer
    return dict(answer["data"]["repository"]["issue"])


def kinds(shop: Shop, number: int) -> list[str]:
    with shop.as_bot() as client:
        return [one["event"] for one in client.get(f"/repos/{SHOP}/issues/{number}/timeline").json()]


def branch(shop: Shop, message: str = "Repair", name: str = "fix") -> str:
    return shop.mona.push(SHOP, {name: "1\n"}, message, branch=name)


def test_a_merged_pull_request_closes_what_its_description_names(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    branch(shop)
    pull = shop.mona.open_pull(SHOP, "fix", "Repair", f"This fixes: #{issue.number}.")
    shop.mona.merge(pull, "squash")
    told = asked(shop, issue.number)
    assert told["state"] == "CLOSED"
    assert told["closedByPullRequestsReferences"]["nodes"] == [{"number": pull.number, "merged": True}]
    assert {"__typename": "ClosedEvent", "closer": {"__typename": "PullRequest", "number": pull.number}} in told["timelineItems"][
        "nodes"
    ]


def test_rest_does_not_tell_that_a_pull_request_closed_it(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    branch(shop)
    shop.mona.merge(shop.mona.open_pull(SHOP, "fix", "Repair", f"Fixes #{issue.number}"))
    with shop.as_bot() as client:
        closed = [one for one in client.get(f"/repos/{SHOP}/issues/1/timeline").json() if one["event"] == "closed"]
    assert [one["commit_id"] for one in closed] == [None]


def test_only_open_pull_requests_are_listed_unless_asked_for_all(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    branch(shop)
    shop.mona.merge(shop.mona.open_pull(SHOP, "fix", "Repair", f"Fixes #{issue.number}"))
    assert asked(shop, issue.number, all=False)["closedByPullRequestsReferences"]["nodes"] == []


def test_a_keyword_into_another_branch_neither_links_nor_closes(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.mona.push(SHOP, {"x": "1"}, "Release", branch="release")
    branch(shop)
    pull = shop.mona.open_pull(SHOP, "fix", "Repair", f"Fixes #{issue.number}", base="release")
    shop.mona.merge(pull)
    told = asked(shop, issue.number)
    assert (told["state"], told["closedByPullRequestsReferences"]["nodes"]) == ("OPEN", [])
    assert told["timelineItems"]["nodes"] == [
        {"__typename": "CrossReferencedEvent", "willCloseTarget": False, "source": {"number": pull.number}}
    ]


def test_a_keyword_in_a_commit_closes_without_linking_the_pull_request(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    sha = branch(shop, message="Repair\n\nFixes #1")
    pull = shop.mona.open_pull(SHOP, "fix", "Repair")
    assert issue.state == "open"
    shop.mona.merge(pull, "merge")
    told = asked(shop, issue.number)
    assert told["closedByPullRequestsReferences"]["nodes"] == []
    assert told["timelineItems"]["nodes"] == [
        {"__typename": "ReferencedEvent", "commit": {"oid": sha}},
        {"__typename": "ClosedEvent", "closer": {"__typename": "Commit", "oid": sha}},
    ]


def test_a_commit_on_another_branch_is_only_referenced(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    branch(shop, message="Fixes #1")
    assert (kinds(shop, issue.number), issue.state) == (["referenced"], "open")


def test_a_mention_leaves_one_cross_reference_for_each_source(shop: Shop) -> None:
    first = shop.mona.open_issue(SHOP, "One")
    second = shop.mona.open_issue(SHOP, "Two", "See #1 and #1")
    shop.mona.comment(second, f"again {shop.sandbox.url}/octo/shop/issues/1")
    shop.mona.comment(first, "`#2` is code")
    assert kinds(shop, 1) == ["cross-referenced", "commented"]
    assert kinds(shop, 2) == ["commented"]


def test_a_connection_by_hand_is_told_by_graphql_alone(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    branch(shop)
    pull = shop.mona.open_pull(SHOP, "fix", "Repair")
    shop.mona.connect(issue, pull)
    told = asked(shop, issue.number)
    assert told["closedByPullRequestsReferences"]["nodes"] == [{"number": pull.number, "merged": False}]
    assert told["timelineItems"]["nodes"][0]["source"] == {"number": pull.number}
    with shop.as_bot() as client:
        rest = client.get(f"/repos/{SHOP}/issues/{issue.number}/timeline").json()[0]
    assert (rest["event"], "source" in rest) == ("connected", False)
    shop.mona.disconnect(issue, pull)
    assert asked(shop, issue.number)["closedByPullRequestsReferences"]["nodes"] == []


def test_a_connected_pull_request_closes_the_issue_when_it_is_merged(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    branch(shop)
    pull = shop.mona.open_pull(SHOP, "fix", "Repair")
    shop.mona.connect(issue, pull)
    shop.mona.merge(pull)
    assert issue.state == "closed"


def test_a_keyword_added_later_links(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    branch(shop)
    pull = shop.mona.open_pull(SHOP, "fix", "Repair")
    assert asked(shop, issue.number)["closedByPullRequestsReferences"]["nodes"] == []
    shop.mona.edit(pull, body="Resolves octo/shop#1")
    assert asked(shop, issue.number)["closedByPullRequestsReferences"]["nodes"] == [{"number": pull.number, "merged": False}]


def test_what_happens_in_an_unseen_repository_is_not_told(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.sandbox.create_repository("octo/secret", visibility="private")
    ada = shop.sandbox.person("ada", "octo/secret", SHOP)
    ada.open_issue("octo/secret", "Hidden", f"{SHOP}#{issue.number}")
    assert [event.kind for event in issue.events] == ["cross-referenced"]
    assert kinds(shop, issue.number) == []
    assert asked(shop, issue.number)["timelineItems"]["nodes"] == []


def test_a_transferred_issue_keeps_its_history(shop: Shop) -> None:
    shop.sandbox.create_repository("octo/old")
    issue = shop.mona.open_issue("octo/old", "Totals are wrong", labels=["escaped-bug"])
    moved = shop.mona.transfer(issue, SHOP)
    assert kinds(shop, moved.number) == ["labeled", "transferred"]


@pytest.mark.parametrize("first", ["", "(first: 101)"])
def test_a_list_without_good_bounds_is_an_error(shop: Shop, first: str) -> None:
    shop.mona.open_issue(SHOP, "Totals are wrong")
    query = '{ repository(owner: "octo", name: "shop") { name issue(number: 1) { labels BOUNDS { totalCount } } } }'.replace(
        "BOUNDS", first
    )
    with shop.as_bot() as client:
        answer = client.post(f"{shop.sandbox.url}/api/graphql", json={"query": query}).json()
    assert answer["errors"][0]["type"] in ("MISSING_PAGINATION_BOUNDARIES", "EXCESSIVE_PAGINATION")
    assert answer["data"]["repository"]["name"] == "shop"
