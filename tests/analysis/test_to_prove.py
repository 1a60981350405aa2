"""What the event of a run asks to be proved: GitHub's own form, and whatever people write into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.to_prove import MOST_TESTS, ToProve, to_prove
from app.domain.draft import DraftMarker
from app.domain.escape import IssueRef
from app.domain.suite import TestId

HEAD, BASE, FIX, PARENT = (sign * 40 for sign in "abcd")
GUARD = TestId("tests/test_a.py", "test_issue_1")


def event(body: object = None, head: object = HEAD, base: object = BASE) -> dict[str, object]:
    return {"action": "synchronize", "pull_request": {"body": body, "head": {"sha": head}, "base": {"sha": base}}}


def marked(*tests: TestId) -> str:
    return f"{DraftMarker(IssueRef(7, 42), FIX, PARENT, tests)}\nmore"


def test_a_draft_names_its_tests_and_both_commits() -> None:
    assert to_prove(event(marked(GUARD))) == ToProve(PARENT, FIX, HEAD, BASE, (GUARD,), 42, draft=True)


@pytest.mark.parametrize("body", [None, "", "Fixes #42", "x\n" + marked(GUARD), 7])
def test_any_other_pull_request_is_a_fix_with_tests_of_its_own(body: object) -> None:
    assert to_prove(event(body)) == ToProve(BASE, HEAD, HEAD, BASE)


@pytest.mark.parametrize("odd", [TestId("../x.py", "t"), TestId("/etc/x.py"), TestId("a.py", "t\n::error::x"), TestId("-x/../y")])
def test_a_test_that_no_repository_can_hold_is_not_asked_for(odd: TestId) -> None:
    found = to_prove(event(marked(odd, GUARD)))
    assert found is not None
    assert found.tests == (GUARD,)


def test_no_more_tests_are_asked_for_than_make_a_guard() -> None:
    found = to_prove(event(marked(*(TestId("a.py", f"t{n}") for n in range(3 * MOST_TESTS)))))
    assert found is not None
    assert len(found.tests) == MOST_TESTS


@pytest.mark.parametrize("sha", ["HEAD", "--upload-pack=x", "$(touch pwned)", "", None, 7, "a" * 39, "A" * 40])
def test_what_is_no_commit_is_no_pull_request(sha: object) -> None:
    assert to_prove(event(head=sha)) is None
    assert to_prove(event(base=sha)) is None


@pytest.mark.parametrize("other", [{}, {"ref": "refs/heads/main"}, {"pull_request": []}, {"pull_request": {"head": 1}}])
def test_other_events_ask_for_nothing(other: dict[str, object]) -> None:
    assert to_prove(other) is None


@given(st.text())
def test_no_body_breaks_it(body: str) -> None:
    assert to_prove(event(body)) is not None
    assert to_prove(event(f"<!-- recall:v1 draft issue=7/42 fix={FIX} parent={PARENT} tests={body} -->")) is not None
