"""The remark in words: the gravest first, the rest in a table, and nothing of a repository does anything in Markdown."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from app.domain.change import Span
from app.domain.comment import MARKER_PREFIX
from app.domain.draft import ProofState
from app.domain.review import (
    Disarmed,
    Finding,
    How,
    KnownEscape,
    Missing,
    RemarkFacts,
    Review,
    ReviewedPull,
    SeamSides,
    Touch,
    Unread,
)
from app.domain.seam import SeamKind
from app.domain.suite import TestId
from app.render.remark import LIMIT, MOST_NOTES, remark
from tests.render.build import words_of
from tests.render.hostile import hostile
from tests.render.page import ALIVE, OURS, Page

FIX, PARENT = "9b8a7c6d5e4f30211203f4e5d6c7b8a990817263", "3f2a9c1d5e6f708192a3b4c5d6e7f8091a2b3c4d"
BASE, HEAD = "c0ffee1234567890abcdef1234567890abcdef12", "deadbee1234567890abcdef1234567890abcdef1"
GUARD = TestId("tests/integration/test_checkout.py", "test_issue_479")
RUN = "python -m pytest tests/integration/test_checkout.py::test_issue_479"
RECEIPT = "https://github.com/acme/shop/actions/runs/7"
PROVED = KnownEscape(
    479,
    "Bulk discount is lost over quantity 100",
    FIX,
    PARENT,
    482,
    (GUARD,),
    ProofState.PROVED,
    labelled="2026-05-14T09:12:00+00:00",
    receipt=RECEIPT,
)
BARE = replace(PROVED, tests=(), proof=ProofState.UNKNOWN, receipt="")
TOUCHES = (Touch("shop/pricing.py", (Span(88, 91), Span(97, 97))), Touch("shop/checkout.py", (Span(12, 14),), "Checkout.total"))
DELETED = Disarmed(GUARD, How.DELETED, GUARD.path)
SEAM = SeamSides("shop/checkout.py", "payments/client.py", SeamKind.MODULE)
FINDINGS = {
    Missing.GUARD_DISARMED: Finding(PROVED, Missing.GUARD_DISARMED, disarmed=(DELETED,), run=RUN),
    Missing.GUARD_ROTTEN: Finding(replace(PROVED, proof=ProofState.ROTTEN), Missing.GUARD_ROTTEN, TOUCHES, run=RUN),
    Missing.NO_GUARD: Finding(BARE, Missing.NO_GUARD, TOUCHES, tests=("tests/test_pricing.py", "tests/test_cart.py")),
    Missing.NOT_PROVED: Finding(replace(PROVED, proof=ProofState.UNKNOWN, receipt=""), Missing.NOT_PROVED, TOUCHES, run=RUN),
    Missing.SEAM_UNTESTED: Finding(BARE, Missing.SEAM_UNTESTED, seams=(SEAM,), tests=("tests/test_checkout.py",)),
}
HOWS = {
    How.DELETED: DELETED,
    How.SKIPPED: Disarmed(GUARD, How.SKIPPED, GUARD.path, 31, after="pytest.mark.skip"),
    How.EXPECTED_TO_FAIL: Disarmed(GUARD, How.EXPECTED_TO_FAIL, GUARD.path, 31, after="pytest.mark.xfail"),
    How.FEWER_ASSERTIONS: Disarmed(GUARD, How.FEWER_ASSERTIONS, GUARD.path, 31, "4", "2"),
    How.LOOSER_ASSERTIONS: Disarmed(GUARD, How.LOOSER_ASSERTIONS, GUARD.path, 31, "assertEqual", "assertTrue"),
    How.MOCKED_AWAY: Disarmed(GUARD, How.MOCKED_AWAY, GUARD.path, 31, after="shop.pricing.apply_discount"),
}


class Markdown(SingleFileSnapshotExtension):
    file_extension = "md"
    _write_mode = WriteMode.TEXT


@pytest.fixture
def markdown(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Markdown)


def facts(*findings: Finding, **changed: Any) -> RemarkFacts:
    pull = ReviewedPull(42, BASE, HEAD, own=True, open=True)
    made = RemarkFacts("acme/shop", "https://github.com", pull, Review(BASE, HEAD, findings, looked=11), repository_id=7)
    return replace(made, **changed)


def whole(said: RemarkFacts) -> str:
    """Everything that one remark is: the check's title, the comment, the annotations."""
    made = remark(said)
    notes = [f"{note.path}:{note.start}-{note.end} {note.message}" for note in made.annotations]
    return "\n".join((f"{made.title}\n", made.comment, *([""] if notes else []), *notes))


@pytest.mark.parametrize("missing", Missing)
def test_each_kind_of_finding(missing: Missing, markdown: SnapshotAssertion) -> None:
    assert whole(facts(FINDINGS[missing])) == markdown


@pytest.mark.parametrize("how", How)
def test_each_way_in_which_a_guard_loses_its_force(how: How, markdown: SnapshotAssertion) -> None:
    assert whole(facts(replace(FINDINGS[Missing.GUARD_DISARMED], disarmed=(HOWS[how],)))) == markdown


def test_several_findings_stand_in_a_table(markdown: SnapshotAssertion) -> None:
    others = [replace(one, escape=replace(one.escape, issue=500 + at)) for at, one in enumerate(FINDINGS.values())]
    fixed = replace(PROVED, issue=600, proof=ProofState.NOT_PROVED)
    assert whole(facts(*others, fixes=(fixed,))) == markdown


def test_more_than_a_screen_is_folded(markdown: SnapshotAssertion) -> None:
    many = [replace(FINDINGS[Missing.NO_GUARD], escape=replace(BARE, issue=500 + at)) for at in range(12)]
    unread = tuple(Unread(f"vendor/{at}.js", "too-large") for at in range(30))
    said = facts(*many, problems=(".github/recall.yml, line 3, column 1: `tets` is no key; `tests` is.",))
    assert whole(replace(said, review=replace(said.review, unread=unread))) == markdown


def test_of_several_guards_the_one_that_is_gone_is_not_called_the_only_one() -> None:
    two = replace(PROVED, tests=(GUARD, TestId("tests/test_b.py", "test_b")))
    said = remark(facts(Finding(two, Missing.GUARD_DISARMED, disarmed=(DELETED,), run=RUN))).comment
    assert "**This change removes a test that guards the escape" in said


def test_a_guard_that_was_never_proved_is_not_said_to_guard() -> None:
    never = replace(PROVED, proof=ProofState.UNKNOWN)
    said = remark(facts(Finding(never, Missing.GUARD_DISARMED, disarmed=(DELETED,), run=RUN))).comment
    assert "the only test known for the escape" in said
    assert "guards the escape" not in said


@pytest.mark.parametrize("proof", [ProofState.NOT_PROVED, ProofState.FLAKY])
def test_a_fix_whose_test_does_not_prove_it(proof: ProofState, markdown: SnapshotAssertion) -> None:
    assert whole(facts(fixes=(replace(PROVED, proof=proof),))) == markdown


def test_once_the_cause_is_gone_one_line_is_left(markdown: SnapshotAssertion) -> None:
    assert whole(facts(gone=True)) == markdown


def test_the_comment_opens_with_its_marker() -> None:
    assert remark(facts(FINDINGS[Missing.NO_GUARD])).comment.startswith("<!-- recall:v1 review pull=7/42 -->\n**This change ")
    assert remark(facts(gone=True)).comment.startswith("<!-- recall:v1 review pull=7/42 gone -->\nNothing is missing")


def test_annotations_are_bounded() -> None:
    touch = Touch("shop/pricing.py", tuple(Span(at, at) for at in range(1, 400, 2)))
    many = [replace(FINDINGS[Missing.NO_GUARD], escape=replace(BARE, issue=at), touches=(touch,)) for at in range(1, 100)]
    made = remark(facts(*many))
    assert len(made.annotations) == MOST_NOTES
    assert len(made.comment) <= LIMIT


def test_lines_of_a_fix_in_a_function_of_it_are_one_place() -> None:
    span = (Span(5, 5),)
    both = (Touch("shop/pricing.py", span), Touch("shop/pricing.py", span, "total"))
    made = remark(facts(replace(FINDINGS[Missing.NO_GUARD], touches=both)))
    assert "**Touched:** [`shop/pricing.py` 5](" in made.comment
    assert made.comment.count("shop/pricing.py` 5]") == 1 and "in `total`." in made.comment
    assert len(made.annotations) == 1 and "more past escape" not in made.annotations[0].message


def test_without_a_line_there_is_no_annotation() -> None:
    assert remark(facts(FINDINGS[Missing.GUARD_DISARMED])).annotations == ()


@pytest.mark.parametrize(
    "slug",
    [
        *(f"{kind}-{missing}" for missing in Missing for kind in ("headline", "ask", "title", "missing", "note")),
        *(f"{kind}-{how}" for how in How for kind in ("does", "what")),
    ],
)
def test_every_slug_has_words(slug: str) -> None:
    assert slug in words_of("remark")


def findings_of_strangers() -> st.SearchStrategy[Finding]:
    escape = st.builds(
        KnownEscape,
        issue=st.integers(1, 9_999),
        title=hostile(),
        fix=st.just(FIX),
        parent=st.just(PARENT),
        fix_pull=st.none() | st.integers(1, 9_999),
        tests=st.lists(st.builds(TestId, hostile(), hostile()), max_size=6).map(tuple),
        proof=st.sampled_from(ProofState),
        labelled=st.sampled_from(["", "2026-05-14T09:12:00+00:00"]),
    )
    span = st.integers(1, 50).map(lambda start: Span(start, start + 2))
    return st.builds(
        Finding,
        escape=escape,
        missing=st.sampled_from(Missing),
        touches=st.lists(
            st.builds(Touch, hostile(), st.lists(span, max_size=3).map(tuple), st.none() | hostile()), max_size=3
        ).map(tuple),
        disarmed=st.lists(
            st.builds(
                Disarmed,
                st.builds(TestId, hostile(), hostile()),
                st.sampled_from(How),
                hostile(),
                st.none() | st.integers(1, 99),
                hostile(),
                hostile(),
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
        seams=st.lists(st.builds(SeamSides, hostile(), hostile(), st.sampled_from(SeamKind)), max_size=3).map(tuple),
        tests=st.lists(hostile(), max_size=6).map(tuple),
        run=hostile(),
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(findings_of_strangers(), min_size=1, max_size=12), st.lists(hostile(), max_size=3))
def test_nothing_of_a_repository_does_anything(findings: list[Finding], problems: list[str]) -> None:
    unread = tuple(Unread(problem, "binary") for problem in problems)
    made = facts(*findings, problems=tuple(problems))
    said = remark(replace(made, review=replace(made.review, unread=unread)))
    assert said.comment.count(MARKER_PREFIX) == 1 and len(said.comment) <= LIMIT
    page = Page(said.comment)
    assert page.tags <= OURS | {"pre"}
    assert page.attributes <= {("code", "class")}
    assert all(link.startswith("https://github.com/acme/shop/") for link in page.links)
    assert not ALIVE.search(page.text), page.text
    assert len(page.comments) == 1
    assert all(len(set(table)) == 1 for table in page.tables)
    assert len(said.title) <= 255 and "\n" not in said.title
    assert all(note.message.isprintable() for note in said.annotations)
