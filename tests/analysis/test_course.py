"""What becomes of a recall when it is kept, on plain values."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.course import kept, moved_on, read_recall, recall_json, stages
from app.domain.correction import Corrections, Part, Verdict
from app.domain.course import Course, Moment, Stage
from app.domain.draft import DraftState, Guard, ProofState
from app.domain.job import Recall, State

NEW = Recall(9, 42, 5, "acme/shop", State.WAITING)
TOLD = replace(NEW, state=State.REPORTED, fix_head="f" * 40, comment_id=7)
PROVED = replace(TOLD, guard=Guard(DraftState.OPEN, proof=ProofState.PROVED))


def course(*recalls: Recall) -> list[str]:
    """The stages of a recall that was kept as these, one a day."""
    known = None
    for day, recall in enumerate(recalls, 1):
        known = moved_on(known, replace(recall, course=known.course if known else Course()), f"2026-01-{day:02}")
    return [f"{moment.stage} {moment.when[-1]}" for moment in known.course.moments] if known else []


def test_every_stage_that_was_passed_has_its_moment() -> None:
    assert course(NEW, TOLD) == ["labelled 1", "linked 2", "commented 2"]


def test_what_stays_as_it_was_adds_nothing() -> None:
    assert course(TOLD, TOLD) == ["labelled 1", "linked 1", "commented 1"]


def test_a_proof_that_is_lost_falls_back_to_the_stage_before() -> None:
    lost = replace(PROVED, guard=Guard(DraftState.OPEN))
    assert course(TOLD, PROVED, lost)[3:] == ["drafted 2", "red 2", "proved 2", "drafted 3"]


def test_a_guard_that_rots_and_is_mended_is_told_twice() -> None:
    rotten = replace(PROVED, guard=Guard(DraftState.OPEN, proof=ProofState.ROTTEN))
    assert course(PROVED, rotten, PROVED)[-3:] == ["proved 1", "rotten 2", "proved 3"]


def test_a_label_that_is_taken_off_and_set_anew_begins_anew() -> None:
    assert course(NEW, replace(NEW, state=State.WITHDRAWN), NEW) == ["labelled 1", "withdrawn 2", "labelled 3"]


def test_the_moment_of_the_label_is_the_one_that_is_known() -> None:
    known = Course((Moment(Stage.LABELLED, "2025-12-24"),))
    assert kept(None, replace(NEW, course=known), "2026-01-01").course == known


def test_the_guard_and_what_people_said_are_others_to_change() -> None:
    known = replace(PROVED, said=Corrections(quiet=True))
    now = kept(known, TOLD, "2026-01-01")
    assert (now.guard, now.said) == (known.guard, known.said)


SAID = st.builds(
    Corrections,
    fix=st.text(max_size=10),
    not_culprits=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    quiet=st.booleans(),
    verdicts=st.lists(st.builds(Verdict, st.sampled_from(Part), st.booleans(), st.text(max_size=5)), max_size=3).map(tuple),
)
RECALLS = st.builds(
    Recall,
    st.integers(1, 2**60),
    st.integers(1, 10**6),
    st.none() | st.integers(1),
    st.text(max_size=20),
    st.sampled_from(State),
    comment_id=st.none() | st.integers(1),
    report=st.none() | st.text(max_size=20),
    guard=st.builds(Guard, st.sampled_from(DraftState), proof=st.sampled_from(ProofState), tests=st.just(("a.py::b",))),
    title=st.text(max_size=20),
    said=SAID,
    course=st.lists(st.builds(Moment, st.sampled_from(Stage), st.text(max_size=5)), max_size=4).map(tuple).map(Course),
)


@given(RECALLS)
def test_a_recall_comes_back_from_its_plain_values(recall: Recall) -> None:
    assert read_recall(json.loads(json.dumps(recall_json(recall)))) == recall


@given(RECALLS)
def test_a_recall_stands_in_some_stage(recall: Recall) -> None:
    assert stages(recall)
