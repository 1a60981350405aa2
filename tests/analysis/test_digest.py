"""The digest counts what the courses of the recalls tell, as of any moment."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.course import moved_on
from app.analysis.digest import FUNNEL, WEEKS, digest
from app.domain.course import Course, Moment, Stage
from app.domain.delivery import Repository
from app.domain.digest import Box, Count, Digest, Trouble
from app.domain.draft import DraftState, Guard, ProofState
from app.domain.job import Recall, State
from tests.analysis.test_course import RECALLS

SHOP = Repository(9, "acme/shop")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)

NEW = Recall(9, 42, 5, "acme/shop", State.WAITING, title="stale price")
TOLD = replace(
    NEW,
    state=State.REPORTED,
    fix_head="f" * 40,
    comment_id=7,
    report=json.dumps({"verdict": {"code": "never_run", "leads": "unit-only"}}),
)
DRAFTED = replace(TOLD, guard=Guard(DraftState.OPEN, 506))
PROVED = replace(TOLD, guard=Guard(DraftState.OPEN, 506, proof=ProofState.PROVED))
ROTTEN = replace(TOLD, guard=Guard(DraftState.MERGED, 506, proof=ProofState.ROTTEN))


def lived(number: int, *steps: tuple[float, Recall]) -> Recall:
    """A recall that was kept as these, each so many days before now."""
    known: Recall | None = None
    for days, step in steps:
        made = replace(step, number=number, course=known.course if known else Course())
        known = moved_on(known, made, (NOW - timedelta(days=days)).isoformat())
    assert known is not None
    return known


def counted(*recalls: Recall, now: datetime = NOW, **given: Any) -> Digest:
    return digest(recalls, repository=SHOP, now=now, since=now - WEEK, **given)


def test_an_escape_is_uncaught_until_its_test_is_proved() -> None:
    found = counted(lived(1, (20, NEW), (19, PROVED)), lived(2, (20, NEW), (19, DRAFTED)), lived(3, (20, NEW)))
    assert (found.uncaught, found.all) == (2, 3)


def test_an_escape_is_uncaught_again_once_its_guard_is_rotten() -> None:
    found = counted(lived(1, (20, PROVED), (3, ROTTEN)))
    assert (found.uncaught, found.all, [item.issue for item in found.rotten]) == (1, 1, [1])


@pytest.mark.parametrize("gone", [State.WITHDRAWN, State.DELETED, State.TRANSFERRED])
def test_what_was_withdrawn_or_is_gone_does_not_count(gone: State) -> None:
    found = counted(lived(1, (20, NEW), (3, replace(NEW, state=gone))))
    assert (found.uncaught, found.all, found.open, found.fresh) == (0, 0, (), ())


def test_the_weeks_tell_how_it_stood_then() -> None:
    found = counted(
        lived(1, (20, NEW), (10, PROVED)), lived(2, (9, NEW)), lived(3, (20, NEW), (2, replace(NEW, state=State.WITHDRAWN)))
    )
    assert [(week.day, week.uncaught, week.all) for week in found.weeks] == [
        ("2026-11-09", 2, 2),
        ("2026-11-16", 2, 3),
        ("2026-11-23", 1, 2),
    ]


def test_the_trend_ends_with_now_and_is_bounded() -> None:
    found = counted(lived(1, (400, NEW)))
    assert len(found.weeks) == WEEKS
    assert (found.weeks[-1].uncaught, found.weeks[-1].all) == (found.uncaught, found.all)


def test_a_recall_whose_course_nobody_kept_makes_no_trend() -> None:
    found = counted(replace(TOLD, number=1), lived(2, (8, NEW)))
    assert [(week.uncaught, week.all) for week in found.weeks] == [(2, 2), (2, 2)]


def test_what_was_labelled_since_the_last_digest_is_fresh() -> None:
    found = counted(lived(1, (20, NEW), (1, DRAFTED)), lived(2, (6, NEW)))
    assert [item.issue for item in found.fresh] == [2]


def test_a_label_that_is_set_again_makes_it_fresh_again() -> None:
    again = lived(1, (30, PROVED), (20, replace(PROVED, state=State.WITHDRAWN)), (2, TOLD))
    found = counted(again)
    assert [item.labelled for item in found.fresh] == [(NOW - timedelta(days=2)).isoformat()]
    assert dict(found.funnel)[Stage.PROVED] == 0


def test_the_open_ones_stand_oldest_first_with_their_stage_and_its_age() -> None:
    found = counted(lived(1, (5, NEW), (4, TOLD)), lived(2, (9, NEW), (3, DRAFTED)))
    assert [(item.issue, item.stage, item.since, item.pull) for item in found.open] == [
        (2, Stage.DRAFTED, (NOW - timedelta(days=3)).isoformat(), 506),
        (1, Stage.COMMENTED, (NOW - timedelta(days=4)).isoformat(), None),
    ]


def test_the_funnel_counts_what_was_ever_reached() -> None:
    found = counted(lived(1, (9, NEW)), lived(2, (9, NEW), (8, TOLD)), lived(3, (9, NEW), (8, PROVED), (7, ROTTEN)))
    assert [number for _, number in found.funnel] == [3, 2, 2, 1, 1, 1, 0]


def test_the_slowest_step_is_the_one_that_open_ones_wait_for_longest() -> None:
    found = counted(lived(1, (5, NEW)), lived(2, (40, NEW), (30, DRAFTED)), lived(3, (40, NEW), (20, DRAFTED)))
    assert (found.slowest, found.waits) == (Stage.PROVED, 25 * 86_400)


def test_a_fix_with_a_test_of_its_own_waits_for_the_proof() -> None:
    found = counted(lived(1, (5, replace(TOLD, guard=Guard(why="fix-has-test")))))
    assert (found.slowest, found.open[0].next) == (Stage.PROVED, "prove-fix")


def test_medians_begin_at_the_label() -> None:
    red = replace(DRAFTED, guard=Guard(DraftState.OPEN, proof=ProofState.RED))
    found = counted(lived(1, (10, NEW), (9, red), (8, PROVED)), lived(2, (10, NEW), (6, PROVED)), lived(3, (10, NEW)))
    assert (found.to_red, found.to_green) == (2.5 * 86_400, 3 * 86_400)


def test_where_nothing_was_measured_there_is_no_median() -> None:
    found = counted(lived(1, (10, NEW)))
    assert (found.to_red, found.to_green) == (None, None)


@pytest.mark.parametrize(
    ("recall", "coming", "boxes"),
    [
        (NEW, "link-fix", "again withdraw"),
        (replace(TOLD, state=State.PROVISIONAL), "merge-fix", "again withdraw"),
        (replace(TOLD, state=State.PROVISIONAL, fix_head=None), "link-fix", "again withdraw"),
        (TOLD, "open-draft", "draft again withdraw"),
        (replace(TOLD, report=None), "look-again", "draft again withdraw"),
        (DRAFTED, "finish-draft", "again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.THEIRS)), "prove-draft", "again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.MERGED)), "prove", "again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.CLOSED)), "write-test", "draft again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.PATCH)), "apply-patch", "draft again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.BRANCH)), "finish-branch", "draft again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.OPEN, proof=ProofState.NOT_PROVED)), "mend-test", "again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.OPEN, proof=ProofState.FLAKY)), "steady-test", "again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.OPEN, proof=ProofState.COULD_NOT_RUN)), "make-it-run", "again withdraw"),
        (replace(TOLD, guard=Guard(DraftState.OPEN, proof=ProofState.RED)), "merge-fix", "again withdraw"),
        (ROTTEN, "mend-guard", "again withdraw"),
        (PROVED, "merge-draft", ""),
        (replace(PROVED, guard=Guard(DraftState.MERGED, proof=ProofState.GUARDED)), "", ""),
        (replace(TOLD, state=State.LOCKED), "locked", "withdraw"),
    ],
)
def test_every_escape_has_its_next_step_and_its_boxes(recall: Recall, coming: str, boxes: str) -> None:
    (item,) = counted(lived(1, (1, recall))).fresh
    assert (item.next, " ".join(item.boxes)) == (coming, boxes)


def test_a_box_is_offered_only_where_the_digest_stands() -> None:
    other = replace(lived(1, (3, TOLD)), repository_id=10, repository="acme/api")
    assert [(item.repository, item.boxes) for item in counted(other).open] == [("acme/api", ())]


def test_a_renamed_repository_has_its_name_of_today() -> None:
    assert counted(replace(lived(1, (3, TOLD)), repository="acme/old")).open[0].repository == "acme/shop"


def test_a_week_without_anything_new_is_quiet() -> None:
    recall = lived(1, (20, NEW), (8, TOLD))
    assert counted(recall).quiet
    assert counted(recall).last == (NOW - timedelta(days=8)).isoformat()
    assert not counted(recall, now=NOW - timedelta(days=2)).quiet


def test_a_withdrawal_is_not_quiet() -> None:
    assert not counted(lived(1, (20, NEW), (2, replace(NEW, state=State.WITHDRAWN)))).quiet


def test_troubles_are_counted_from_the_recalls_before_those_that_are_told() -> None:
    locked = replace(TOLD, state=State.LOCKED, guard=Guard(why="no-permission"))
    told = Trouble("rate-limit", 3, "acme/shop had no requests left.")
    assert counted(lived(1, (3, locked)), lived(2, (3, locked)), troubles=[told]).troubles == (
        Trouble("draft-no-permission", 2),
        Trouble("locked", 2),
        Trouble("no-map", 2),
        told,
    )


def reported(number: int, **report: Any) -> Recall:
    told = {"verdict": {"code": "never_run", "leads": "unit-only"}, "map": {"commit": "a"}} | report
    return replace(lived(number, (3, TOLD)), report=json.dumps(told))


@pytest.mark.parametrize(
    "report",
    ["", "no JSON", "[]", "{}", '{"verdict": 1}', '{"verdict": {"code": "blind", "leads": ""}, "seams": [{}]}', "[" * 100_000],
)
def test_a_report_of_another_shape_counts_as_none(report: str) -> None:
    assert [count.name for count in counted(replace(reported(1), report=report)).whys] == ["not-read"]


def seam(near: str, far: str, *, apart: bool = True, both: int = 0, severed: bool = False) -> dict[str, Any]:
    return {"from": near, "to": far, "apart": apart, "counts": {"both": both}, "severed_by": [{}] if severed else []}


def test_why_they_escaped_is_what_was_executed_or_else_what_imports_tell() -> None:
    static = {"verdict": {"code": "static_only", "leads": "unit-only"}}
    found = counted(reported(1), reported(2), reported(3, **static), lived(4, (3, NEW)))
    assert found.whys == (
        Count("never_run", 2, (("acme/shop", 1), ("acme/shop", 2))),
        Count("leads-unit-only", 1, (("acme/shop", 3),)),
        Count("not-read", 1, (("acme/shop", 4),)),
    )


def test_the_seams_and_what_hides_failures_are_reasons_too() -> None:
    seams = [seam("a.py", "b.py", severed=True), seam("a.py", "c.py")]
    found = counted(reported(1, seams=seams, swallowed=[{"path": "a.py"}]))
    assert {count.name for count in found.whys} == {"never_run", "stand-in", "apart", "swallowed"}


def test_only_seams_that_no_test_crosses_let_something_through() -> None:
    crossed = [seam("a.py", "b.py", both=2, severed=True), seam("a.py", "c.py", apart=False), seam("a.py", "d.py")]
    found = counted(reported(1, seams=crossed), reported(2, seams=[seam("a.py", "d.py")]))
    assert found.seams == (Count("a.py → d.py", 2, (("acme/shop", 1), ("acme/shop", 2))),)


def test_the_paths_are_those_with_code_once_an_escape() -> None:
    changed = [{"path": "a.py", "role": "code"}, {"path": "a.py", "role": "code"}, {"path": "README.md", "role": "docs"}]
    assert [(count.name, count.number) for count in counted(reported(1, changed=changed)).paths] == [("a.py", 1)]


def test_the_same_path_in_two_repositories_is_two_paths() -> None:
    changed = [{"path": "a.py", "role": "code"}]
    other = replace(reported(2, changed=changed), repository_id=10, repository="acme/api")
    assert [count.issues for count in counted(reported(1, changed=changed), other).paths] == [
        (("acme/api", 2),),
        (("acme/shop", 1),),
    ]


TIMES = st.integers(-400 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
MOMENTS = st.lists(st.builds(Moment, st.sampled_from(Stage), TIMES.map(datetime.isoformat)), max_size=6).map(
    lambda moments: Course(tuple(sorted(moments, key=lambda moment: moment.when)))
)
KEPT = RECALLS | st.builds(lambda recall, course: replace(recall, course=course), RECALLS, MOMENTS)


@given(st.lists(KEPT, max_size=6), TIMES)
def test_whatever_is_remembered_can_be_counted(recalls: list[Recall], now: datetime) -> None:
    found = counted(*recalls, now=now)
    assert 0 <= found.uncaught <= found.all <= len(recalls)
    assert len(found.open) == found.uncaught
    assert found.weeks
    assert all(0 <= week.uncaught <= week.all for week in found.weeks)
    assert [stage for stage, _ in found.funnel] == list(FUNNEL)
    assert all(item.boxes == () or Box.WITHDRAW in item.boxes for item in found.open)


STEPS = st.lists(
    st.sampled_from([NEW, TOLD, DRAFTED, PROVED, ROTTEN, replace(NEW, state=State.WITHDRAWN)]), min_size=1, max_size=8
)


@given(STEPS)
def test_what_the_weeks_end_with_is_what_stands_now(steps: list[Recall]) -> None:
    found = counted(lived(1, *((30 - place, step) for place, step in enumerate(steps))))
    assert (found.weeks[-1].uncaught, found.weeks[-1].all) == (found.uncaught, found.all)


@given(STEPS)
def test_a_digest_of_the_past_is_the_one_that_was_written_then(steps: list[Recall]) -> None:
    """What happens later changes nothing of what an earlier week is told to have been."""
    lives = [(30 - place, step) for place, step in enumerate(steps)]
    then = counted(lived(1, *lives), now=NOW - timedelta(days=14))
    later = counted(lived(1, *lives, (3, PROVED)))
    assert then.weeks[-1] in later.weeks or not then.weeks[-1].all
