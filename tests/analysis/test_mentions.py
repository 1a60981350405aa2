"""What a text names, and what it says of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.mentions import MOST, Mention, Says, issues_named, mentions

SHOP = "acme/shop"
SHA = "1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b"


def only(text: str, web_url: str = "https://github.com") -> Mention:
    (mention,) = mentions(text, SHOP, web_url)
    return mention


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("see #12", Mention(SHOP, number=12)),
        ("see GH-12.", Mention(SHOP, number=12)),
        ("(#12)", Mention(SHOP, number=12)),
        ("see acme/other#3", Mention("acme/other", number=3)),
        (f"at acme/other@{SHA}", Mention("acme/other", sha=SHA)),
        ("https://github.com/acme/shop/pull/7", Mention(SHOP, number=7)),
        ("https://github.com/acme/shop/pull/7/files#diff-1", Mention(SHOP, number=7)),
        ("[it](https://github.com/acme/shop/pull/7)", Mention(SHOP, number=7)),
        ("https://github.com/acme/shop/issues/7#issuecomment-99", Mention(SHOP, number=7)),
        (f"https://github.com/acme/shop/commit/{SHA}", Mention(SHOP, sha=SHA)),
        (f"https://github.com/acme/shop/pull/7/commits/{SHA}", Mention(SHOP, sha=SHA)),
        ("https://github.com/acme/shop/compare/v1.0...v1.1", Mention(SHOP, base="v1.0", head="v1.1")),
        ("https://github.com/acme/shop/compare/a/b..fix/x.", Mention(SHOP, base="a/b", head="fix/x")),
        (f"at {SHA}", Mention(SHOP, sha=SHA)),
        ("at `1a2b3c4`.", Mention(SHOP, sha="1a2b3c4")),
    ],
)
def test_each_way_to_name_something_is_read(text: str, mention: Mention) -> None:
    assert only(text) == mention


@pytest.mark.parametrize(
    "text",
    [
        "",
        "order 1234567 for 1,000",
        "the wall was defaced",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "sha256:" + "ab12" * 16,
        "ab12" * 16,
        "item#12",
        "&#39;quoted&#39;",
        "color #fff1234",
        "https://example.test/acme/shop/pull/7",
        "https://example.test/1a2b3c4",
        "a.b/1a2b3c4d",
        "```\nfixed by #12 at 1a2b3c4\n```",
        "~~~ text\n#12\n~~~",
        "> fixed by #12",
        "<!-- e.g. #12 -->",
        "#0",
        "#12345678901",
    ],
)
def test_what_only_looks_like_a_name_is_passed_over(text: str) -> None:
    assert mentions(text, SHOP) == ()


@pytest.mark.parametrize(
    "text",
    [
        "fixed by #12",
        "Fixed in https://github.com/acme/shop/pull/12",
        "Fix: #12",
        "**Fix PR:** #12",
        "The regression was fixed in #12.",
        "#12 fixes this",
        "### Which pull request fixed it?\n\n#12\n",
        "### Fix\r\n\r\n#12\r\n\r\n### Version\r\n\r\n1.2",
    ],
)
def test_a_text_can_call_it_the_fix(text: str) -> None:
    assert only(text).says is Says.FIX


@pytest.mark.parametrize(
    "text",
    [
        "introduced by #12",
        "broken since #12",
        "the fix for the regression introduced in #12",
        "#12 caused this",
        "Not reported before; after #12 totals are wrong",
        "### Introduced in\n\n#12",
    ],
)
def test_a_text_can_call_it_the_cause(text: str) -> None:
    assert only(text).says is Says.CAUSE


@pytest.mark.parametrize("text", ["see #12", "this is not fixed by #12", "It doesn't get fixed by #12", "Fixed. See #12"])
def test_a_text_can_say_nothing_of_it(text: str) -> None:
    assert only(text).says is Says.NOTHING


def test_a_claim_reaches_all_that_follows_until_the_text_turns_aside() -> None:
    told = mentions("Fixed by #1 and #2, see #3", SHOP)
    assert [(m.number, m.says) for m in told] == [(1, Says.FIX), (2, Says.FIX), (3, Says.NOTHING)]


def test_the_host_is_the_one_that_was_configured() -> None:
    text = "https://git.acme.test/acme/shop/pull/7 https://github.com/acme/shop/pull/8"
    assert only(text, "https://git.acme.test/").number == 7


def test_a_name_comes_once_and_keeps_what_was_claimed_of_it() -> None:
    assert only("see #12 and again ACME/shop#12, which fixed it").says is Says.FIX


def test_numbers_of_this_repository_are_told_from_those_of_others() -> None:
    assert issues_named("Fixes #4, ACME/Shop#5, acme/other#6", SHOP) == {4, 5}


def test_a_text_full_of_names_is_read_up_to_a_limit() -> None:
    assert len(mentions(" ".join(f"#{n}" for n in range(1, 5000)), SHOP)) == MOST


@pytest.mark.parametrize(
    "text", ["`" * 60_000, "<!--" * 15_000, "#1 " * 20_000, "a/" * 30_000, "fix " * 15_000 + "#1", "1a" * 30_000]
)
def test_hostile_texts_are_read_in_time(text: str) -> None:
    start = time.perf_counter()
    mentions(text, SHOP)
    assert time.perf_counter() - start < 2


TOKENS = [
    "#12",
    "fixed",
    "not",
    " ",
    "\n",
    "```",
    ">",
    "### ",
    "https://github.com/",
    "acme/shop",
    "/pull/",
    "...",
    "1a2b3c4d",
    "@",
    "<!--",
    ".",
]
tokens = st.sampled_from(TOKENS)


@given(st.text() | st.lists(tokens).map("".join))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    for mention in mentions(text, SHOP):
        assert mention.repository.count("/") == 1
        assert [mention.number, mention.sha, mention.head].count(None) == 2
        assert mention.sha is None or 7 <= len(mention.sha) <= 40


@given(
    before=st.text(alphabet="abc ,.\n", max_size=20),
    number=st.integers(1, 999_999_999),
    name=st.from_regex(r"[a-z][a-z0-9]{0,8}/[a-z][a-z0-9._-]{0,8}[a-z]", fullmatch=True),
)
def test_what_is_written_is_found_again(before: str, number: int, name: str) -> None:
    assert Mention(name, number=number) in mentions(f"{before} {name}#{number} ", SHOP)
    assert Mention(name, number=number) in mentions(f"{before} https://github.com/{name}/pull/{number} ", SHOP)
