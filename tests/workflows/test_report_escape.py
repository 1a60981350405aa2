"""One right comment per labelled issue, whatever happens in between."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.comment import Comment
from app.domain.course import Stage
from app.domain.culprit import Speech
from app.domain.delivery import Actor
from app.domain.errors import GiveUp, TellUser, TryLater
from app.domain.escape import Fix, FixState, Link, LinkKind
from app.domain.job import State, Task
from app.domain.report import Report
from app.domain.testmap import Maps
from app.workflows.report_escape import report_escape
from tests.workflows.checkpoints import Checkpoints, Killed
from tests.workflows.memory import ISSUE, LABELED, ME, SHOP, Forgery, Memory, explain, outside

MERGED = Link(LinkKind.CLOSED_BY_PULL, Fix("acme/shop", head="f" * 40, pull=7), 0.95)
OPEN = Link(LinkKind.CLOSING_PULL, Fix("acme/shop", head="e" * 40, base="d" * 40, pull=8, state=FixState.OPEN), 0.9)
MENTIONED = replace(MERGED, kind=LinkKind.CROSS_REFERENCE, acted_on=False)
MARK = "<!-- recall:v1 issue=9/42 -->"
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def bodies(forge: Forgery) -> list[str]:
    return [comment.body for comment in forge.written]


def test_a_merged_fix_is_reported_in_one_comment_and_remembered() -> None:
    forge, records = Forgery(links=(MERGED,)), Memory()
    outcome = report_escape(LABELED, outside(forge, records))
    assert outcome.state == State.REPORTED
    assert bodies(forge) == [f"{MARK}\nreported {'f' * 40} question=False problem=None"]
    recall = records.recall(9, 42)
    assert recall is not None
    assert (recall.state, recall.comment_id, recall.fix_pull, recall.fix_head) == (State.REPORTED, 100, 7, "f" * 40)


def test_an_open_fix_is_provisional_and_asks() -> None:
    forge = Forgery(links=(OPEN,))
    assert report_escape(LABELED, outside(forge, Memory())).state == State.PROVISIONAL
    assert "question=True" in bodies(forge)[0]


@pytest.mark.parametrize("links", [(), (MENTIONED,)])
def test_without_a_fix_the_places_of_the_text_are_provisional_and_it_asks(links: tuple[Link, ...]) -> None:
    forge = Forgery(links=links)
    assert report_escape(LABELED, outside(forge, Memory())).state == State.PROVISIONAL
    assert bodies(forge) == [f"{MARK}\nprovisional - question=True problem=None"]


def test_without_a_fix_and_without_places_it_only_asks() -> None:
    forge = Forgery(now=replace(ISSUE, body=""))
    assert report_escape(LABELED, outside(forge, Memory())).state == State.WAITING
    assert bodies(forge) == [f"{MARK}\nwaiting-for-fix - question=True problem=None"]


def test_a_second_run_writes_nothing() -> None:
    forge, records = Forgery(links=(MERGED,)), Memory()
    for _ in range(3):
        report_escape(LABELED, outside(forge, records))
    assert forge.writes == 1


def test_a_comment_that_github_gave_back_with_other_line_ends_is_left_alone() -> None:
    forge, records = Forgery(links=(MERGED,)), Memory()
    report_escape(LABELED, outside(forge, records))
    forge.written[0] = replace(forge.written[0], body=forge.written[0].body.replace("\n", "\r\n") + "\n")
    report_escape(LABELED, outside(forge, records))
    assert forge.writes == 1


def test_when_the_fix_changes_the_same_comment_is_updated() -> None:
    forge, records = Forgery(links=(OPEN,)), Memory()
    report_escape(LABELED, outside(forge, records))
    forge.links = (MERGED,)
    assert report_escape(LABELED, outside(forge, records)).state == State.REPORTED
    assert len(forge.written) == 1
    assert "reported" in forge.written[0].body


def test_an_answer_lost_after_the_comment_was_made_does_not_double_it() -> None:
    forge, records = Forgery(links=(MERGED,), lose_answers=True), Memory()
    assert report_escape(LABELED, outside(forge, records)).state == State.REPORTED
    report_escape(LABELED, outside(forge, Memory()))
    assert len(forge.written) == 1


def test_a_refused_comment_is_tried_later() -> None:
    forge = Forgery(links=(MERGED,), refusals={"create_comment": TryLater("rate limit")})
    with pytest.raises(TryLater):
        report_escape(LABELED, outside(forge, Memory()))


def test_of_two_comments_of_ours_the_oldest_is_kept_and_the_others_point_to_it() -> None:
    forge = Forgery(links=(MERGED,), written=[Comment(12, ME, f"{MARK}\nnewer"), Comment(11, ME, f"{MARK}\nolder")])
    report_escape(LABELED, outside(forge, Memory()))
    assert {c.id: c.body.splitlines()[0] for c in forge.written} == {11: MARK, 12: "see 11"}
    writes = forge.writes
    report_escape(LABELED, outside(forge, Memory()))
    assert forge.writes == writes


@pytest.mark.parametrize("author", [Actor("mallory"), Actor("recall[bot]", "User"), Actor("other[bot]", "Bot"), None])
def test_a_marker_pasted_by_somebody_else_is_not_ours(author: Actor | None) -> None:
    forged = Comment(1, author, f"{MARK}\nforged")
    forge = Forgery(links=(MERGED,), written=[forged])
    report_escape(LABELED, outside(forge, Memory()))
    assert forged in forge.written
    assert len(forge.written) == 2


def test_a_comment_a_person_deleted_stays_deleted_until_the_label_is_set_anew() -> None:
    forge, records = Forgery(links=(MERGED,)), Memory()
    report_escape(LABELED, outside(forge, records))
    forge.written.clear()
    for _ in range(2):
        report_escape(LABELED, outside(forge, records))
        assert forge.written == []
    forge.now = replace(ISSUE, labels=())
    report_escape(LABELED, outside(forge, records))
    assert forge.written == []
    forge.now = ISSUE
    report_escape(LABELED, outside(forge, records))
    assert len(forge.written) == 1


def test_a_removed_label_withdraws_the_comment_and_a_new_one_brings_it_back() -> None:
    forge, records = Forgery(links=(MERGED,)), Memory()
    report_escape(LABELED, outside(forge, records))
    forge.now = replace(ISSUE, labels=("bug",))
    assert report_escape(LABELED, outside(forge, records)).state == State.WITHDRAWN
    assert "withdrawn" in bodies(forge)[0]
    forge.now = ISSUE
    report_escape(LABELED, outside(forge, records))
    assert len(forge.written) == 1
    assert "reported" in bodies(forge)[0]


def test_an_issue_that_lost_the_label_before_it_was_looked_at_gets_nothing() -> None:
    forge, records = Forgery(now=replace(ISSUE, labels=())), Memory()
    assert report_escape(LABELED, outside(forge, records)).state == "ignored"
    assert (forge.written, records.history(SHOP.id)) == ([], ())


@pytest.mark.parametrize(
    ("forge", "state"),
    [
        (Forgery(now=replace(ISSUE, locked=True)), State.LOCKED),
        (Forgery(now=replace(ISSUE, repository=replace(SHOP, archived=True))), State.ARCHIVED),
        (Forgery(refusals={"issue": GiveUp("deleted", State.DELETED)}), State.DELETED),
        (Forgery(refusals={"issue": GiveUp("moved", State.TRANSFERRED)}), State.TRANSFERRED),
        (Forgery(refusals={"escape": GiveUp("suspended", State.SUSPENDED)}), State.SUSPENDED),
        (Forgery(refusals={"create_comment": GiveUp("locked", State.LOCKED)}), State.LOCKED),
        (Forgery(refusals={"create_comment": GiveUp("no permission", State.FORBIDDEN)}), State.FORBIDDEN),
    ],
)
def test_final_states_are_remembered_and_told(forge: Forgery, state: State) -> None:
    records = Memory()
    assert report_escape(LABELED, outside(forge, records)).state == state
    assert [recall.state for recall in records.history(SHOP.id)] == [state]
    assert forge.written == []


def test_a_final_state_keeps_what_was_known_of_the_comment() -> None:
    forge, records = Forgery(links=(MERGED,)), Memory()
    report_escape(LABELED, outside(forge, records))
    forge.now = replace(ISSUE, locked=True)
    report_escape(LABELED, outside(forge, records))
    recall = records.recall(9, 42)
    assert recall is not None
    assert (recall.state, recall.comment_id) == (State.LOCKED, 100)


def test_why_a_fix_could_not_be_read_is_said_without_this_machines_folders() -> None:
    def fails(mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None) -> Report:
        raise TellUser(f"There is no commit 'ffff' in {mirror}.")

    forge = Forgery(links=(MERGED,))
    assert report_escape(LABELED, outside(forge, Memory(), fails)).state == State.WAITING
    assert bodies(forge)[0].endswith("question=True problem=There is no commit 'ffff' in acme/shop.")


@pytest.mark.parametrize(("author", "heard"), [("ada", True), ("mallory", False), (None, False)])
def test_who_opened_the_issue_lays_blame_only_with_triage_rights(author: str | None, heard: bool) -> None:
    speeches = list[Speech | None]()

    def listens(mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None) -> Report:
        speeches.append(speech)
        return explain(mirror, fix=fix, text=text, maps=maps, speech=speech)

    blaming = replace(ISSUE, body="Regression from 1a2b3c4", author=Actor(author, "User") if author else None)
    report_escape(LABELED, outside(Forgery(now=blaming, links=(MERGED,)), Memory(), listens))
    assert ["1a2b3c4" in speech.text for speech in speeches if speech] == [heard]


@pytest.mark.parametrize("boundary", range(1, 13))
def test_killed_at_any_boundary_and_run_again_ends_in_one_right_comment(boundary: int) -> None:
    forge, records, steps = Forgery(links=(MERGED,)), Memory(), Checkpoints(boundary)
    with pytest.raises(Killed):
        report_escape(LABELED, outside(forge, records), steps)
    assert report_escape(LABELED, outside(forge, records), steps).state == State.REPORTED
    assert bodies(forge) == [f"{MARK}\nreported {'f' * 40} question=False problem=None"]
    assert [recall.comment_id for recall in records.history(SHOP.id)] == [100]


def test_the_course_begins_when_the_label_was_set_and_not_when_recall_looked() -> None:
    forge, records = Forgery(links=(MERGED,), labelled_at="2026-01-02T09:30:00+02:00"), Memory(lambda: NOW)
    report_escape(LABELED, outside(forge, records))
    forge.labelled_at = "2026-01-03T00:00:00Z"
    report_escape(LABELED, outside(forge, records))
    (recall,) = records.history(SHOP.id)
    told = [(moment.stage, moment.when) for moment in recall.course.moments]
    later = NOW.isoformat(timespec="seconds")
    assert told == [("labelled", "2026-01-02T07:30:00+00:00"), ("linked", later), ("commented", later)]


@pytest.mark.parametrize("unknown", ["", "yesterday", "2026-13-01T00:00:00Z"])
def test_a_label_of_which_nobody_knows_when_it_was_set_counts_from_now(unknown: str) -> None:
    records = Memory(lambda: NOW)
    report_escape(LABELED, outside(Forgery(links=(MERGED,), labelled_at=unknown), records))
    (recall,) = records.history(SHOP.id)
    assert recall.course.first(Stage.LABELLED) == NOW.isoformat(timespec="seconds")


def test_the_title_is_remembered_as_it_was_read_last() -> None:
    forge, records = Forgery(links=(MERGED,)), Memory()
    report_escape(LABELED, outside(forge, records))
    forge.now = replace(ISSUE, title="Totals are wrong")
    report_escape(LABELED, outside(forge, records))
    assert [recall.title for recall in records.history(SHOP.id)] == ["Totals are wrong"]


def test_no_checkpoint_holds_the_token() -> None:
    steps = Checkpoints()
    report_escape(LABELED, outside(Forgery(links=(MERGED,)), Memory()), steps)
    assert "secret" not in repr(steps.results)


def test_a_fix_under_way_has_its_proof_checked() -> None:
    fix = Fix("acme/shop", "a" * 40, pull=7, state=FixState.OPEN)
    forge = Forgery(links=(Link(LinkKind.WILL_CLOSE, fix, 0.9),))
    told = report_escape(LABELED, outside(forge, Memory()))
    assert (Task.CHECK_PROOF, 7) in [(job.task, job.number) for job in told.next]
