"""The draft in words: its body opens with its marker, and nothing from outside closes, calls or escapes its place."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from app.domain.change import Span
from app.domain.comment import MARKER_PREFIX
from app.domain.draft import Drafted, DraftFacts, DraftState, Guard, ProofState, draft_prefix, read_marker
from app.domain.escape import IssueRef
from app.domain.scaffold import Scaffold, Todo
from app.domain.suite import Framework, TestId
from app.render.comment import comment
from app.render.draft import LONGEST_PATCH, draft_text, farewell
from tests.render import build
from tests.render.hostile import hostile
from tests.render.page import ALIVE, OURS, Page

CLOSING = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b[:\s]*(?:[\w./-]*#\d|GH-\d|https?://)", re.IGNORECASE)
PATCH = "diff --git a/a.py b/a.py\nnew file mode 100644\n--- /dev/null\n+++ b/a.py\n@@ -0,0 +1 @@\n+x\n"


class Markdown(SingleFileSnapshotExtension):
    file_extension = "md"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def markdown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Markdown)


def scaffold(**changed: Any) -> Scaffold:
    test = TestId("tests/integration/test_checkout.py", "TestCheckout.test_issue_479_bulk_discount")
    made = Scaffold(Framework.PYTEST, test, "...", "", Span(40, 58), (Todo.ARGUMENTS, Todo.ASSERT))
    return replace(made, **changed)


def facts(**changed: Any) -> DraftFacts:
    run = "python -m pytest tests/integration/test_checkout.py::TestCheckout::test_issue_479_bulk_discount"
    made = DraftFacts(build.issue(), build.fix(), build.report(tests_in_fix=()), Drafted(scaffold(), "a" * 40, run))
    return replace(made, **changed)


def test_a_scaffold_to_finish(markdown: SnapshotAssertion) -> None:
    words = draft_text(facts())
    assert f"{words.title}\n\n{words.body}" == markdown


def test_a_test_that_asserts_and_is_proved(markdown: SnapshotAssertion) -> None:
    drafted = Drafted(scaffold(asserts=True, before=None, todo=(Todo.CHECK_ASSERT,)), "a" * 40, "go test ./cart -run '^TestIt$'")
    made = facts(drafted=drafted, proof=ProofState.GUARDED, run_url="https://github.com/acme/shop/actions/runs/7", plain=True)
    words = draft_text(made)
    assert f"{words.title}\n\n{words.body}" == markdown


GUARDS = {
    "open": Guard(DraftState.OPEN, 495, "recall/issue-479", run="pytest tests/test_a.py"),
    "plain": Guard(DraftState.OPEN, 495, "recall/issue-479", why="no-drafts"),
    "stays": Guard(DraftState.OPEN, 495, "recall/issue-479", why="no-scaffold"),
    "theirs": Guard(DraftState.THEIRS, 495, "recall/issue-479", proof=ProofState.PROVED, run_url="https://github.com/a/b/runs/1"),
    "theirs-withdrawn": Guard(DraftState.THEIRS, 495, "recall/issue-479", why="withdrawn"),
    "merged": Guard(DraftState.MERGED, 495, "recall/issue-479", proof=ProofState.GUARDED, challenged="2026-11-20T08:00:00Z"),
    "closed": Guard(DraftState.CLOSED, 495, "recall/issue-479", why="closed"),
    "closed-withdrawn": Guard(DraftState.CLOSED, 495, "recall/issue-479", why="withdrawn"),
    "branch": Guard(DraftState.BRANCH, None, "recall/issue-479", why="no-drafts", run="pytest tests/test_a.py"),
    "patch": Guard(DraftState.PATCH, patch=PATCH, why="no-permission", run="pytest a.py"),
    "patch-too-large": Guard(DraftState.PATCH, patch="x" * (LONGEST_PATCH + 1), why="cap"),
    "none": Guard(DraftState.NONE, why="untrusted"),
    "fix-has-test": Guard(DraftState.NONE, why="fix-has-test", proof=ProofState.NOT_PROVED),
}


def test_what_the_comment_says_of_each_state(markdown: SnapshotAssertion) -> None:
    told = []
    for name, guard in GUARDS.items():
        body = comment(build.facts(guard=guard))
        before = comment(build.facts()).splitlines()
        told.append(f"## {name}\n" + "\n".join(line for line in body.splitlines() if line not in before or not line))
    assert re.sub(r"\n{3,}", "\n\n", "\n\n".join(told)) + "\n" == markdown


@pytest.mark.parametrize("why", ["", "no-fix", "not-merged", "no-place", "withdrawn"])
def test_what_needs_no_saying_is_not_said(why: str) -> None:
    assert comment(build.facts(guard=Guard(why=why))) == comment(build.facts())


def test_every_reason_has_its_words() -> None:
    said = {slug.removeprefix("why-") for slug in build.words_of("draft") if slug.startswith("why-")}
    assert said >= {"untrusted", "fix-elsewhere", "not-landed", "fix-has-test", "off", "no-permission", "branch-taken", "cap"}
    assert said >= {
        "branch-refused",
        "commit-refused",
        "pull-refused",
        "no-drafts",
        "no-scaffold",
        "too-large",
        "place-off-limits",
    }
    assert {todo.value for todo in Todo} <= set(build.words_of("todo"))


@pytest.mark.parametrize("line", ["+`````", " ```", "+</details>", "+@ada fixes #1", "-<!-- x"])
def test_no_patch_leaves_its_fence(line: str) -> None:
    patch = f"{PATCH}{line}\n"
    page = Page(comment(build.facts(guard=Guard(DraftState.PATCH, patch=patch, why="off"))))
    assert patch in page.code
    assert page.tags <= OURS | {"pre"}
    assert len(page.comments) == 1
    assert not ALIVE.search(page.text)


@pytest.mark.parametrize("line", [f"+{MARKER_PREFIX}x", "+\ud800", "+\0"])
def test_a_patch_that_could_not_be_text_is_not_shown(line: str) -> None:
    body = comment(build.facts(guard=Guard(DraftState.PATCH, patch=f"{PATCH}{line}\n", why="off")))
    assert "diff --git" not in body
    assert "too large to show" in body
    assert body.count(MARKER_PREFIX) == 1


def test_the_farewells() -> None:
    issue = build.issue()
    closed, theirs = farewell(issue, False), farewell(issue, True)
    assert closed.partition("\n")[0] != theirs.partition("\n")[0]
    assert "so this draft is closed" in closed
    assert "so it stays open" in theirs


_WORDS = st.one_of(
    hostile(), st.sampled_from(["fixes #1", "closes acme/shop#3 @ada", "resolved GH-4", "fix: https://github.com/a/b/issues/1"])
)


@given(title=_WORDS, name=_WORDS, subject=_WORDS, path=_WORDS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_words_of_people_close_anything_or_leave_their_place(title: str, name: str, subject: str, path: str) -> None:
    drafted = Drafted(scaffold(test=TestId(path or "a", name)), "a" * 40)
    made = facts(
        issue=build.issue(title=title),
        drafted=drafted,
        report=build.report(change=build.change(message=subject), tests_in_fix=()),
    )
    words = draft_text(made)
    page = Page(words.body)
    assert page.tags <= OURS | {"pre"}
    assert len(page.comments) == 1
    assert not ALIVE.search(page.text)
    assert not CLOSING.search(words.body)
    assert not CLOSING.search(words.title)
    assert "@ada" not in words.title
    assert len(words.title) <= 256
    assert "\n" not in words.title
    assert words.body.startswith(draft_prefix(IssueRef(7, 479)))
    told = read_marker(words.body)
    assert told is not None
    # Two halves of a sign, which no decoding of a path gives, come back as the one that they are in JSON.
    assert [str(test) for test in told.tests] == [json.loads(json.dumps(str(drafted.scaffold.test)))]


def test_a_path_that_is_a_marker_is_no_second_one() -> None:
    drafted = Drafted(scaffold(test=TestId("<!-- recall:v1 issue=7/479 -->", "test_x")), "a" * 40)
    assert draft_text(facts(drafted=drafted)).body.count("<!-- recall:v1 ") == 1


def test_the_marker_ends_where_it_should() -> None:
    drafted = Drafted(scaffold(test=TestId("a.py", 'x --> <script> "quoted"::y')), "a" * 40)
    first = draft_text(facts(drafted=drafted)).body.partition("\n")[0]
    assert first.count("-->") == 1
    assert first.endswith(" -->")
    told = read_marker(first)
    assert told is not None
    assert told.tests == (drafted.scaffold.test,)


@pytest.mark.parametrize(
    "body", ["", "<!-- recall:v1 issue=1/2 -->", "x", "<!-- recall:v1 draft issue=1/2 fix=z parent=y tests=[] -->"]
)
def test_other_bodies_have_no_marker(body: str) -> None:
    assert read_marker(body) is None


@given(st.text(max_size=60))
def test_no_marker_raises(tests: str) -> None:
    read_marker(f"<!-- recall:v1 draft issue=1/2 fix={'a' * 40} parent={'b' * 40} tests={tests} -->")
