"""Which commits read as fixes of bugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.bug_fixes import MOST_FILES, is_bug_fix, issue_of, past_fixes, says_fix
from app.domain.history import PastCommit, PathChange


def commit(message: str, *paths: str, sha: str = "a" * 40) -> PastCommit:
    return PastCommit(sha, 0, message, tuple(PathChange("M", path) for path in paths or ("shop/cart.py",)))


@pytest.mark.parametrize(
    "message",
    [
        "fix(cart): lose no discount",
        "Fix the total of an empty cart",
        "Fixed #12 -- Totals of carts",
        "cart: fix rounding (#12)",
        "[cart] Fixes rounding",
        "Totals of carts\n\nCloses #12",
        "Resolve acme/shop#12: totals",
        "Handle empty carts\n\nFixes https://github.com/acme/shop/issues/12",
        "hotfix: totals",
    ],
)
def test_says_that_it_fixes_a_bug(message: str) -> None:
    assert says_fix(message)


@pytest.mark.parametrize(
    "message",
    [
        "Add totals",
        "Fix typo",
        "Fix typo, closes #12",
        "fix: flaky test of totals",
        "fix(ci): the cache",
        "docs: fix #12",
        "feat: fixtures, closes #12",
        'Revert "Fix totals"',
        "Merge branch 'fix-totals'",
        "Bump fixer from 1 to 2",
        "Prefix totals with a sign",
        "Fix mypy errors",
        "",
    ],
)
def test_says_something_else(message: str) -> None:
    assert not says_fix(message)


def test_a_fix_that_changes_no_code_is_none() -> None:
    assert not is_bug_fix(commit("Fix totals", "README.md", "tests/test_cart.py"))
    assert is_bug_fix(commit("Fix totals", "README.md", "shop/cart.py"))


def test_a_sweep_over_many_files_is_no_fix_of_one_bug() -> None:
    assert not is_bug_fix(commit("Fix totals", *(f"shop/{n}.py" for n in range(MOST_FILES + 1))))


def test_the_same_fix_picked_to_a_second_branch_counts_once() -> None:
    history = [
        commit("Fix totals (#1)", sha="a" * 40),
        commit("Add carts", sha="b" * 40),
        commit("Fix totals (#1)", sha="c" * 40),
    ]
    assert [fix.sha for fix in past_fixes(history)] == ["a" * 40]


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("Fix totals (#7)\n\nCloses #12", 12),
        ("Fix totals (#7)", 7),
        ("Fix totals, see GH-9", 9),
        ("Fixes https://github.com/acme/shop/issues/31", 31),
        ("Fix totals", None),
        ("Fix #0", None),
    ],
)
def test_the_issue_that_is_closed_comes_before_one_that_is_only_named(message: str, number: int | None) -> None:
    assert issue_of(message) == number


@given(st.text(max_size=300) | st.from_regex(r"(?i)(fix(es)?|close)[ :(\[#]{0,9}\w{0,9}", fullmatch=False))
def test_any_message_is_read(message: str) -> None:
    number = issue_of(message)
    assert says_fix(message) in (True, False)
    assert number is None or 0 < number < 10**9
