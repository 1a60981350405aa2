"""People's word on the cause: how they put it, where it is no claim, and that no text is too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.culprit.said import FIX, ISSUE, MOST, Claim, claims

SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
OTHER = "9b8a7c6d"


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ('Round once\n\nFixes: 1a2b3c4 ("Round twice")', "fixes-trailer"),
        ("This fixes commit 1a2b3c4.", "fixes-trailer"),
        ("fixup 1a2b3c4", "fixes-trailer"),
        ("Fix a regression in 1a2b3c4", "regression"),
        ("A regression since commit `1a2b3c4`", "regression"),
        ("It regressed with 1a2b3c4.", "regression"),
        ("The bug was introduced in\n1a2b3c4", "introduced"),
        ("Introduced by [1a2b3c4](https://github.com/acme/shop/commit/1a2b3c4)", "introduced"),
        ("Commit 1a2b3c4 (Round twice) accidentally introduced an error.", "introduced"),
        ("This was caused by the merge of 1a2b3c4", "caused"),
        ("Broken since 1a2b3c4", "caused"),
        ("1a2b3c4 broke the discount", "caused"),
        ("1a2b3c4 is to blame", "caused"),
        ("Fix typo in 1a2b3c4", "caused"),
        ("I bisected it to 1a2b3c4", "bisect"),
        ("git bisect points at 1a2b3c4", "bisect"),
        ("1a2b3c4 is the first bad commit", "bisect"),
        ('Revert "Round twice"\n\nThis reverts commit 1a2b3c4.', "revert"),
    ],
)
def test_a_commit_is_named_as_the_cause(text: str, manner: str) -> None:
    assert claims(text, FIX) == (Claim(manner, FIX, sha="1a2b3c4"),)


@pytest.mark.parametrize(
    "text",
    [
        "The discount was not introduced in 1a2b3c4",
        "This isn't a regression from 1a2b3c4",
        "I do not think that it was caused by 1a2b3c4",
        "Introduced in another place than 1a2b3c4",
        "Maybe this was introduced by 1a2b3c4",
        "Was this introduced in 1a2b3c4?",
        "It worked before 1a2b3c4",
        "See 1a2b3c4",
        "Keep the option that was added in 1a2b3c4",
        "> This was introduced in 1a2b3c4",
        "```\nThis was introduced in 1a2b3c4\n```",
        "<!-- introduced in 1a2b3c4 -->",
        "~~This was introduced in 1a2b3c4~~",
        "This regression was fixed in 1a2b3c4",
        "The regression is gone since 1a2b3c4",
        "It was broken for long and fixed in 1a2b3c4",
        "Regression test added in 1a2b3c4",
        "1a2b3c4 introduced a regression test",
        "1a2b3c4 introduced the fix for this crash",
        "1a2b3c4 broke nothing",
        "1a2b3c4 introduced no regression",
        "I doubt that it is caused by 1a2b3c4",
        "We ruled out that it was caused by 1a2b3c4",
        "It was thought to be caused by 1a2b3c4, which is not so",
        "Fix #479, introduced by nobody knows what",
        'Rewrite the cart\n\n* Revert "Try it"\n\nThis reverts commit 1a2b3c4.',
    ],
)
def test_what_is_denied_doubted_quoted_or_beside_the_point_is_no_claim(text: str) -> None:
    assert claims(text, FIX) == ()


def test_on_an_issue_fixes_and_typos_name_no_cause() -> None:
    assert claims("Fixes: 1a2b3c4\n\nThere is a typo in 1a2b3c4\n\nThis reverts commit 1a2b3c4.", ISSUE) == ()


@pytest.mark.parametrize("text", ["It breaks on 1a2b3c4", "I ran main: broken at 1a2b3c4", "This is still broken in 1a2b3c4"])
def test_what_somebody_ran_on_an_issue_is_not_what_broke_it(text: str) -> None:
    assert claims(text, ISSUE) == ()


def test_a_bisect_that_nobody_sees_on_the_page_is_no_claim() -> None:
    assert claims(f"It crashes.\n<!--\n{SHA} is the first bad commit\n-->", ISSUE) == ()


def test_a_bisect_is_read_in_the_code_it_was_pasted_as() -> None:
    assert claims(f"```\n{SHA} is the first bad commit\n```", ISSUE) == (Claim("bisect", ISSUE, sha=SHA),)


def test_the_last_line_of_a_bisect_log_names_the_commit() -> None:
    assert claims(f"# first bad commit: [{SHA}] Round twice", ISSUE) == (Claim("bisect", ISSUE, sha=SHA),)


def test_a_pull_request_of_the_repository_is_named_by_its_number() -> None:
    assert claims("Regression from #431.", ISSUE, "acme/shop") == (Claim("regression", ISSUE, number=431),)


def test_a_pull_request_is_named_by_its_address() -> None:
    text = "It broke in https://github.com/acme/shop/pull/431"
    assert claims(text, ISSUE, "acme/shop") == (Claim("caused", ISSUE, number=431),)


def test_a_number_of_another_repository_names_nothing_here() -> None:
    assert claims("Regression from acme/other#431", ISSUE, "acme/shop") == ()


def test_a_number_that_was_itself_introduced_by_something_is_the_bugs() -> None:
    assert claims("Fix #829 introduced by 1a2b3c4", FIX) == (Claim("introduced", FIX, sha="1a2b3c4"),)


def test_several_are_named_in_one_sentence() -> None:
    said = claims(f"Fix bugs introduced by 1a2b3c4 and {OTHER}", FIX)
    assert [claim.sha for claim in said] == ["1a2b3c4", OTHER]


def test_each_commit_is_named_once() -> None:
    assert len(claims("Broken by 1a2b3c4.\n\nIntroduced in 1a2b3c4.", FIX)) == 1


def test_what_was_introduced_must_be_a_bug() -> None:
    assert claims("#431 introduced a cache that this reads from", ISSUE, "acme/shop") == ()


def test_a_text_full_of_names_is_cut() -> None:
    text = "\n\n".join(f"Broken by {number:07x}a" for number in range(1 << 24, (1 << 24) + 50))
    assert len(claims(text, FIX)) == MOST


PARTS = (
    "introduced in ",
    "regression ",
    "caused by",
    "not ",
    "\n",
    "\n\n",
    " and ",
    "Fixes: ",
    SHA,
    "1a2b3c4",
    "#12",
    "`",
    "[",
    "](",
)
MORE = ("https://github.com/acme/shop/commit/", "bisect", "(", ")", "?", ". ", "- ", "> ", "```\n", "This reverts commit ")
words = st.sampled_from((*PARTS, *MORE))


@given(st.lists(words | st.text(max_size=8), max_size=60).map("".join), st.sampled_from([FIX, ISSUE]))
def test_no_text_is_too_strange(text: str, where: str) -> None:
    for claim in claims(text, where, "acme/shop"):
        assert claim.where == where
        assert bool(claim.sha) != (claim.number is not None)
        assert claim.sha in text.casefold()
