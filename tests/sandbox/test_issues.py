"""Issues, labels and comments as GitHub lets them be, and the refusals."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.shop import SHOP, Shop

ISSUES = f"/repos/{SHOP}/issues"


def test_a_comment_of_the_app_carries_its_bot_and_its_name(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    with shop.as_bot() as client:
        made = client.post(f"{ISSUES}/{issue.number}/comments", json={"body": "hello"}).json()
    assert (made["user"]["login"], made["user"]["type"]) == ("recall[bot]", "Bot")
    assert made["performed_via_github_app"]["slug"] == "recall"


def test_all_comments_are_found_by_following_the_link_header(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    for number in range(7):
        shop.mona.comment(issue, f"comment {number}")
    url, found = f"{ISSUES}/{issue.number}/comments?per_page=3", []
    with shop.as_bot() as client:
        while url:
            page = client.get(url)
            found += [one["body"] for one in page.json()]
            url = page.links.get("next", {}).get("url", "")
    assert found == [f"comment {number}" for number in range(7)]


def test_the_first_page_leads_to_the_last(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    for number in range(5):
        shop.mona.comment(issue, str(number))
    with shop.as_bot() as client:
        links = client.get(f"{ISSUES}/{issue.number}/comments?per_page=2").links
    assert set(links) == {"next", "last"}
    assert re.search(r"[?&]page=3\b", links["last"]["url"])


def test_a_comment_can_be_replaced_by_its_author_alone(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    foreign = shop.mona.comment(issue, "mine")
    with shop.as_bot() as client:
        own = client.post(f"{ISSUES}/{issue.number}/comments", json={"body": "one"}).json()
        changed = client.patch(f"{ISSUES}/comments/{own['id']}", json={"body": "two"})
        refused = client.patch(f"{ISSUES}/comments/{foreign.id}", json={"body": "stolen"})
    assert (changed.json()["body"], refused.status_code, foreign.body) == ("two", 403, "mine")


@pytest.mark.parametrize("characters", [65_536, 65_537])
def test_a_body_has_at_most_65536_characters(shop: Shop, characters: int) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    with shop.as_bot() as client:
        answer = client.post(f"{ISSUES}/{issue.number}/comments", json={"body": "é" * characters})
    assert answer.status_code == (201 if characters == 65_536 else 422)
    if answer.status_code == 422:
        assert answer.json()["errors"][0]["message"] == "body is too long (maximum is 65536 characters)"


def test_a_locked_issue_takes_no_comment_of_an_app(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.mona.lock(issue)
    with shop.as_bot() as client:
        answer = client.post(f"{ISSUES}/{issue.number}/comments", json={"body": "hello"})
    assert (answer.status_code, answer.json()["message"]) == (403, "Unable to create comment because issue is locked.")


def test_an_archived_repository_is_read_only(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.repository.archived = True
    with shop.as_bot() as client:
        answer = client.post(f"{ISSUES}/{issue.number}/comments", json={"body": "hello"})
        assert client.get(f"{ISSUES}/{issue.number}").status_code == 200
    assert (answer.status_code, answer.json()["message"]) == (403, "Repository was archived so is read-only.")


def test_a_repository_without_issues_takes_none(shop: Shop) -> None:
    shop.repository.has_issues = False
    with shop.as_bot() as client:
        assert client.post(ISSUES, json={"title": "x"}).status_code == 410


def test_a_deleted_issue_is_gone_and_an_unknown_one_not_found(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.mona.delete(issue)
    with shop.as_bot() as client:
        assert client.get(f"{ISSUES}/{issue.number}").status_code == 410
        assert client.get(f"{ISSUES}/99").status_code == 404
        assert client.get(f"{ISSUES}/latest").status_code == 404


def test_a_transferred_issue_leads_to_its_new_address(shop: Shop) -> None:
    shop.sandbox.create_repository("octo/elsewhere")
    issue = shop.mona.open_issue(SHOP, "Totals are wrong", "text")
    shop.mona.comment(issue, "kept")
    shop.mona.transfer(issue, "octo/elsewhere")
    with shop.as_bot() as client:
        moved = client.get(f"{ISSUES}/{issue.number}")
        assert moved.status_code == 301
        there = client.get(moved.headers["Location"]).json()
    assert (there["title"], there["comments"]) == ("Totals are wrong", 1)


def test_a_renamed_repository_answers_with_a_redirect(shop: Shop) -> None:
    shop.mona.open_issue(SHOP, "Totals are wrong")
    shop.sandbox.rename(shop.repository, "store")
    with shop.as_bot() as client:
        moved = client.get(f"{ISSUES}/1")
        assert moved.status_code == 301
        assert client.get(moved.headers["Location"]).json()["title"] == "Totals are wrong"


def test_labels_keep_their_case_and_are_found_in_any(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong", labels=["Escaped-Bug"])
    with shop.as_bot() as client:
        client.post(f"{ISSUES}/{issue.number}/labels", json={"labels": ["escaped-bug", "area/cart"]})
        names = [one["name"] for one in client.get(f"{ISSUES}/{issue.number}/labels").json()]
        listed = client.get(ISSUES, params={"labels": "ESCAPED-BUG"}).json()
        left = client.delete(f"{ISSUES}/{issue.number}/labels/area/cart").json()
    assert names == ["Escaped-Bug", "area/cart"]
    assert [one["number"] for one in listed] == [issue.number]
    assert [one["name"] for one in left] == ["Escaped-Bug"]


def test_a_label_that_is_not_there_cannot_be_taken_off(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    with shop.as_bot() as client:
        assert client.delete(f"{ISSUES}/{issue.number}/labels/none").status_code == 404


def test_a_label_exists_once(shop: Shop) -> None:
    with shop.as_bot() as client:
        assert client.post(f"/repos/{SHOP}/labels", json={"name": "escaped-bug"}).status_code == 201
        assert client.post(f"/repos/{SHOP}/labels", json={"name": "Escaped-Bug"}).status_code == 422


def test_an_issue_is_closed_and_opened_again_over_rest(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    with shop.as_bot() as client:
        closed = client.patch(f"{ISSUES}/{issue.number}", json={"state": "closed", "state_reason": "not_planned"}).json()
        opened = client.patch(f"{ISSUES}/{issue.number}", json={"state": "open"}).json()
    assert (closed["state"], closed["state_reason"], opened["state"]) == ("closed", "not_planned", "open")
    assert [event.kind for event in issue.events] == ["closed", "reopened"]


@pytest.mark.parametrize("body", [{}, {"title": ""}, {"title": 5}])
def test_an_issue_needs_a_title(shop: Shop, body: dict[str, object]) -> None:
    with shop.as_bot() as client:
        assert client.post(ISSUES, json=body).status_code == 422


def test_many_comments_at_once_are_all_kept(shop: Shop) -> None:
    issue = shop.mona.open_issue(SHOP, "Totals are wrong")
    token = shop.mint()["token"]

    def write(number: int) -> int:
        with shop.client(token) as client:
            return int(client.post(f"{ISSUES}/{issue.number}/comments", json={"body": str(number)}).json()["id"])

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(write, range(24)))
    assert len(made) == len(issue.comments) == 24
