"""`minimizeComment` and `unminimizeComment`: by whom they may be used, and what they leave."""

from typing import Any

import httpx
import pytest

from app.sandbox.state import Comment
from tests.shop import SHOP, Shop

HIDE = """mutation($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OFF_TOPIC }) {
  minimizedComment { isMinimized minimizedReason }
} }"""
SHOW = """mutation($id: ID!) { unminimizeComment(input: { subjectId: $id }) {
  unminimizedComment { isMinimized minimizedReason }
} }"""
SEE = "query($id: ID!) { node(id: $id) { ... on IssueComment { isMinimized minimizedReason } } }"


@pytest.fixture
def said(shop: Shop) -> Comment:
    return shop.mona.comment(shop.mona.open_issue(SHOP, "Wrong"), "Hello")


def ask(shop: Shop, client: httpx.Client, query: str, said: str) -> dict[str, Any]:
    return dict(client.post(f"{shop.sandbox.url}/api/graphql", json={"query": query, "variables": {"id": said}}).json())


def test_a_comment_is_folded_away_and_shown_again(shop: Shop, said: Comment) -> None:
    name, bot = f"IC_{said.id}", shop.as_bot()
    hidden = {"isMinimized": True, "minimizedReason": "off-topic"}
    for _ in range(2):
        assert ask(shop, bot, HIDE, name)["data"]["minimizeComment"]["minimizedComment"] == hidden
    assert ask(shop, bot, SEE, name)["data"]["node"] == hidden
    shown = {"isMinimized": False, "minimizedReason": None}
    assert ask(shop, bot, SHOW, name)["data"]["unminimizeComment"]["unminimizedComment"] == shown
    assert said.hidden is None


def test_the_page_shows_that_it_is_folded_away(shop: Shop, said: Comment) -> None:
    ask(shop, shop.as_bot(), HIDE, f"IC_{said.id}")
    assert "This comment was marked as off-topic." in httpx.get(f"{shop.sandbox.url}/{SHOP}/issues/1").text


def test_reading_is_not_enough(shop: Shop, said: Comment) -> None:
    answer = ask(shop, shop.as_bot(issues="read"), HIDE, f"IC_{said.id}")
    assert (answer["errors"][0]["type"], said.hidden) == ("FORBIDDEN", None)


def test_an_unknown_comment_is_not_found(shop: Shop) -> None:
    assert ask(shop, shop.as_bot(), HIDE, "IC_1")["errors"][0]["type"] == "NOT_FOUND"
