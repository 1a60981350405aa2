"""What becomes of a draft: each rule alone, and that people's doings come first."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.draft import Act, Decision, Standing, decide, fall_back, may_write
from app.domain.configuration import Configuration, Fallback
from app.domain.correction import Corrections
from app.domain.delivery import Actor
from app.domain.draft import Branch, DraftPull, DraftState, ProofState, PullState, Rights
from app.domain.escape import Dropped, FixState
from app.domain.report import Lead, Placement
from tests.render import build

ME, MONA = Actor("recall[bot]", "Bot"), Actor("mona")
OURS = Branch("a" * 40, "b" * 40)
THEIRS = replace(OURS, ours=False)
OPEN = DraftPull(7, PullState.OPEN, True, "test: guard #1 (x)", "<!-- recall:v1 draft issue=1/1 ...")
PLAIN = replace(OPEN, draft=False, title="Draft: test: guard #1 (x)")
CLOSED = replace(OPEN, state=PullState.CLOSED, closed_by=MONA)
CLOSED_BY_US = replace(CLOSED, closed_by=ME)
MERGED = replace(OPEN, state=PullState.MERGED)


ASKED = Corrections(draft=True)
QUIET = Corrections(quiet=True)


def standing(**changed: Any) -> Standing:
    return replace(Standing(ME, build.escape(), build.report(tests_in_fix=())), **changed)


@pytest.mark.parametrize(
    ("changed", "decision"),
    [
        ({}, (Act.CREATE, "open", "")),
        ({"branch": OURS}, (Act.CREATE, "open", "")),
        ({"branch": OURS, "pull": OPEN}, (Act.UPDATE, "open", "")),
        ({"branch": OURS, "pull": PLAIN}, (Act.UPDATE, "open", "no-drafts")),
        ({"branch": THEIRS, "pull": OPEN}, (Act.LEAVE, "theirs", "")),
        ({"branch": None, "pull": OPEN}, (Act.LEAVE, "theirs", "")),
        ({"branch": OURS, "pull": replace(OPEN, draft=False)}, (Act.LEAVE, "theirs", "")),
        ({"branch": OURS, "pull": MERGED}, (Act.LEAVE, "merged", "")),
        ({"branch": None, "pull": CLOSED}, (Act.LEAVE, "closed", "closed")),
        ({"branch": OURS, "pull": CLOSED_BY_US}, (Act.REOPEN, "open", "")),
        ({"branch": None, "pull": CLOSED_BY_US}, (Act.LEAVE, "closed", "closed")),
        ({"branch": THEIRS, "pull": CLOSED_BY_US}, (Act.LEAVE, "closed", "closed")),
        ({"escape": None}, (Act.LEAVE, "none", "withdrawn")),
        ({"escape": None, "branch": OURS, "pull": OPEN}, (Act.CLOSE, "closed", "withdrawn")),
        ({"escape": None, "branch": THEIRS, "pull": OPEN}, (Act.TELL, "theirs", "withdrawn")),
        ({"escape": None, "branch": OURS, "pull": CLOSED_BY_US}, (Act.LEAVE, "closed", "withdrawn")),
        ({"escape": None, "pull": MERGED}, (Act.LEAVE, "merged", "")),
        ({"escape": None, "branch": OURS, "known": DraftState.BRANCH}, (Act.CLOSE, "none", "withdrawn")),
        ({"branch": THEIRS, "known": DraftState.BRANCH}, (Act.LEAVE, "branch", "")),
        ({"branch": THEIRS}, (Act.PATCH, "patch", "branch-taken")),
        ({"landed": False}, (Act.LEAVE, "none", "not-landed")),
        ({"trusted": False}, (Act.PATCH, "patch", "not-right-enough")),
        ({"trusted": False, "branch": OURS, "pull": OPEN}, (Act.UPDATE, "open", "")),
        ({"said": QUIET}, (Act.LEAVE, "none", "quiet")),
        ({"said": QUIET, "branch": OURS, "pull": OPEN}, (Act.LEAVE, "open", "quiet")),
        ({"said": ASKED, "trusted": False}, (Act.CREATE, "open", "")),
        ({"said": ASKED, "opened": 99}, (Act.CREATE, "open", "")),
        ({"said": ASKED, "report": build.report()}, (Act.CREATE, "open", "")),
        ({"said": ASKED, "escape": replace(build.escape(), trusted=False)}, (Act.CREATE, "open", "")),
        ({"said": ASKED, "branch": OURS, "pull": CLOSED}, (Act.REOPEN, "open", "")),
        ({"said": ASKED, "branch": None, "pull": CLOSED}, (Act.CREATE, "open", "")),
        ({"said": ASKED, "branch": THEIRS, "pull": CLOSED}, (Act.LEAVE, "closed", "closed")),
        ({"said": ASKED, "branch": OURS, "pull": MERGED}, (Act.LEAVE, "merged", "")),
        ({"said": ASKED, "escape": None, "branch": OURS, "pull": CLOSED}, (Act.LEAVE, "closed", "closed")),
        ({"said": ASKED, "configuration": Configuration(drafts=False)}, (Act.PATCH, "patch", "off")),
        ({"said": ASKED, "rights": Rights(contents_write=False)}, (Act.PATCH, "patch", "no-permission")),
        ({"said": ASKED, "landed": False}, (Act.LEAVE, "none", "not-landed")),
        ({"report": None}, (Act.LEAVE, "none", "no-place")),
        ({"report": None, "branch": OURS, "pull": OPEN}, (Act.LEAVE, "open", "no-place")),
        ({"report": build.report(tests_in_fix=(), placement=None)}, (Act.LEAVE, "none", "no-place")),
        ({"report": build.report()}, (Act.LEAVE, "none", "fix-has-test")),
        ({"report": build.report(), "proof": ProofState.PROVED}, (Act.LEAVE, "none", "fix-has-test")),
        ({"report": build.report(), "proof": ProofState.NOT_PROVED}, (Act.CREATE, "open", "")),
        ({"escape": replace(build.escape(), trusted=False)}, (Act.LEAVE, "none", "untrusted")),
        ({"escape": build.escape(build.link(state=FixState.OPEN))}, (Act.LEAVE, "none", "not-merged")),
        ({"escape": build.escape(build.link(repository="acme/other"))}, (Act.LEAVE, "none", "fix-elsewhere")),
        ({"escape": replace(build.escape(), links=())}, (Act.LEAVE, "none", "no-fix")),
        (
            {"escape": replace(build.escape(), links=(), dropped=(Dropped("other-repository"),))},
            (Act.LEAVE, "none", "fix-elsewhere"),
        ),
        ({"configuration": Configuration(drafts=False)}, (Act.PATCH, "patch", "off")),
        ({"configuration": Configuration(drafts_per_day=0)}, (Act.PATCH, "patch", "off")),
        ({"rights": Rights(contents_write=False)}, (Act.PATCH, "patch", "no-permission")),
        ({"rights": Rights(pulls_write=False)}, (Act.PATCH, "patch", "no-permission")),
        ({"opened": 5}, (Act.PATCH, "patch", "cap")),
        ({"opened": 5, "branch": OURS, "pull": OPEN}, (Act.UPDATE, "open", "")),
    ],
)
def test_each_rule(changed: dict[str, Any], decision: tuple[Act, str, str]) -> None:
    made = decide(standing(**changed))
    assert (made.act, made.state.value, made.why) == decision


def test_a_fix_of_no_code_leads_to_no_draft() -> None:
    report = build.report(tests_in_fix=(), placement=Placement("a.py", new=False, reason="nearest"))
    idle = replace(report, verdict=replace(report.verdict, leads=Lead.NO_CODE))
    assert decide(standing(report=idle)).why == "no-place"


@pytest.mark.parametrize(
    ("fallback", "decision"),
    [
        (Fallback.PULL_REQUEST, Decision(Act.CREATE, DraftState.OPEN, "no-drafts")),
        (Fallback.BRANCH, Decision(Act.BRANCH, DraftState.BRANCH, "no-drafts")),
        (Fallback.PATCH, Decision(Act.PATCH, DraftState.PATCH, "no-drafts")),
    ],
)
def test_the_fall_backs(fallback: Fallback, decision: Decision) -> None:
    assert fall_back(fallback) == decision


@given(
    branch=st.sampled_from([None, OURS, THEIRS]),
    pull=st.sampled_from([None, OPEN, PLAIN, CLOSED, CLOSED_BY_US, MERGED]),
    labelled=st.booleans(),
    trusted=st.booleans(),
    known=st.sampled_from(DraftState),
    rights=st.builds(Rights, st.booleans(), st.booleans()),
    opened=st.integers(0, 9),
)
def test_nothing_of_people_is_ever_written_to(**facts: Any) -> None:
    labelled, trusted = facts.pop("labelled"), facts.pop("trusted")
    made = decide(standing(escape=replace(build.escape(), trusted=trusted) if labelled else None, **facts))
    branch, pull = facts["branch"], facts["pull"]
    writes = made.act in (Act.CREATE, Act.UPDATE, Act.REOPEN, Act.BRANCH)
    assert not writes or (labelled and trusted and (branch is None or branch.ours))
    assert not writes or pull is None or (pull.state is PullState.OPEN or pull.closed_by == ME)
    assert made.act is not Act.CLOSE or branch is None or branch.ours


@pytest.mark.parametrize(
    "path", [".github/workflows/x.yml", ".GitHub/a", ".git/hooks/x", "../a", "a/../b", "/etc/passwd", "", "a//b", "a/./b", "a\0b"]
)
def test_places_that_are_off_limits(path: str) -> None:
    assert may_write(path, "x") == "place-off-limits"


@pytest.mark.parametrize(("path", "text", "why"), [("tests/test_a.py", "x", ""), ("a", "x" * 1_000_001, "too-large")])
def test_places_that_are_not(path: str, text: str, why: str) -> None:
    assert may_write(path, text) == why
