"""One digest issue per repository, written in time, once, and never where nobody wants it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.configuration import Configuration, Weekly
from app.domain.errors import GiveUp, TryLater
from app.domain.job import Job, Outcome, State, Task
from app.domain.rolling import Occasion, RollingIssue, Told, read_told
from app.workflows.ports import Step, inline
from app.workflows.send_digest import send_digest
from tests.workflows.checkpoints import Checkpoints, Killed
from tests.workflows.digests import MARK, MONDAY, SHOP, Board

DUE = Job(Task.SEND_DIGEST, "digest-9", installation=5, repository=SHOP)
PLAN = replace(DUE, text=Occasion.PLAN.value)
AGAIN = replace(DUE, text=Occasion.AGAIN.value)


def send(board: Board, job: Job = DUE, step: Step = inline) -> Outcome:
    return send_digest(job, board.sending(), step)


def escaped() -> Board:
    """A repository with an escape of last week, on Monday at nine."""
    board = Board(now=MONDAY - timedelta(days=2))
    board.escape(42)
    board.now = MONDAY
    return board


def test_the_first_digest_opens_the_issue_and_sets_the_next_time() -> None:
    board = escaped()
    assert send(board).state == "sent"
    assert board.writes == ["open Escapes"]
    assert board.issues[0].body.startswith(f"{MARK}\n")
    assert board.body == "fresh=42 open=42 quiet=False since=2025-12-29 troubles=1"
    assert board.due == MONDAY + timedelta(weeks=1)


def test_every_further_week_edits_the_same_issue() -> None:
    board = escaped()
    for _ in range(4):
        send(board)
        board.later(weeks=1)
    assert [issue.number for issue in board.issues] == [1]
    assert board.writes[0] == "open Escapes"
    assert set(board.writes[1:]) == {"edit 1"}


def test_where_nothing_was_ever_recalled_nothing_is_asked_of_github() -> None:
    board = Board()
    for job in (DUE, PLAN, AGAIN):
        assert send(board, job).state == "ignored"
    assert (board.asked, board.writes, board.due) == (0, [], None)


def test_only_to_plan_writes_nothing() -> None:
    board = escaped()
    board.later(days=2)
    assert send(board, PLAN).state == "planned"
    assert (board.writes, board.due) == ([], MONDAY + timedelta(weeks=1))


def test_escapes_that_were_all_withdrawn_open_no_issue() -> None:
    board = Board()
    board.escape(42)
    known = board.records.recall(SHOP.id, 42)
    assert known is not None
    board.records.save(replace(known, state=State.WITHDRAWN))
    assert send(board).state == "ignored"
    assert board.writes == []


def test_after_an_outage_one_digest_tells_all_that_was_missed() -> None:
    board = escaped()
    send(board)
    board.later(days=3)
    board.escape(43)
    board.later(days=12)
    board.escape(44)
    board.later(days=1)
    send(board)
    assert board.body.startswith("fresh=43,44 open=42,43,44 quiet=False since=2026-01-05")
    assert board.due == MONDAY + timedelta(weeks=3)
    assert board.writes == ["open Escapes", "edit 1"]


def test_the_same_week_is_never_told_twice() -> None:
    board = escaped()
    send(board)
    first = board.issues[0].body
    for _ in range(3):
        send(board)
    assert (board.writes, board.issues[0].body) == (["open Escapes"], first)


def test_what_is_new_stays_new_until_the_week_is_over() -> None:
    board = escaped()
    send(board)
    board.later(days=2)
    board.escape(43)
    board.later(days=1)
    send(board, AGAIN)
    assert board.body.startswith("fresh=42,43 ")
    board.now = MONDAY + timedelta(weeks=1)
    send(board)
    assert board.body.startswith("fresh=43 open=42,43 quiet=False since=2026-01-05")


def test_a_quiet_week_says_so_by_an_edit_alone() -> None:
    board = escaped()
    send(board)
    board.later(weeks=1)
    send(board)
    assert board.body.startswith("fresh= open=42 quiet=True")
    assert board.writes == ["open Escapes", "edit 1"]


def test_a_closed_issue_gets_no_digest_until_it_is_open_again() -> None:
    board = escaped()
    send(board)
    board.issues[0] = replace(board.issues[0], open=False)
    board.later(weeks=1)
    assert send(board).state == "closed"
    assert (len(board.issues), board.writes, board.due) == (1, ["open Escapes"], MONDAY + timedelta(weeks=2))
    board.issues[0] = replace(board.issues[0], open=True)
    board.later(weeks=1)
    send(board)
    assert board.writes == ["open Escapes", "edit 1"]


def test_a_deleted_issue_is_opened_anew() -> None:
    board = escaped()
    send(board)
    board.issues.clear()
    board.later(weeks=1)
    send(board)
    assert board.writes == ["open Escapes", "open Escapes"]


@pytest.mark.parametrize(
    ("configuration", "state"),
    [
        (Configuration(digest=Weekly(enabled=False)), "off"),
        (Configuration(dry_run=True), "rehearsed"),
        (Configuration(digest=Weekly(repository="acme/home")), "handed-on"),
    ],
)
def test_what_is_switched_off_writes_nothing_and_looks_again_next_week(configuration: Configuration, state: str) -> None:
    board = escaped()
    board.configuration = configuration
    assert send(board).state == state
    assert (board.writes, board.due) == ([], MONDAY + timedelta(weeks=1))


def test_the_zone_and_time_of_the_configuration_decide() -> None:
    board = escaped()
    board.configuration = Configuration(digest=Weekly(day=4, hour=17, minute=30, zone="Europe/Berlin"))
    send(board, PLAN)
    assert board.due is not None
    assert board.due.isoformat() == "2026-01-09T16:30:00+00:00"


def test_a_repository_that_collects_is_asked_to_write() -> None:
    board = escaped()
    board.configuration = Configuration(digest=Weekly(repository="acme/home"))
    (following,) = send(board).next
    assert (following.task, following.repository and following.repository.id, following.text) == (Task.SEND_DIGEST, 77, "again")
    assert board.collects == "acme/home"


def test_the_own_name_collects_nothing() -> None:
    board = escaped()
    board.configuration = Configuration(digest=Weekly(repository="Acme/Shop"))
    assert send(board).state == "sent"
    assert len(board.issues) == 1


def test_what_is_collected_is_told_beside_the_own() -> None:
    board = escaped()
    board.escape(7, repository=1234)
    board.escape(8, repository=999)
    board.collected = (1234,)
    send(board)
    assert "open=7,42" in board.body or "open=42,7" in board.body


def test_an_archived_repository_is_given_up_on() -> None:
    board = escaped()
    board.home = replace(SHOP, archived=True)
    with pytest.raises(GiveUp):
        send(board)
    assert board.writes == []


@pytest.mark.parametrize("lose", ["open", "edit"])
def test_an_answer_that_was_lost_leads_to_one_right_issue(lose: str) -> None:
    board = escaped()
    if lose == "edit":
        send(board)
        board.later(weeks=1)
    board.lose = True
    with pytest.raises(TryLater):
        send(board)
    board.later(minutes=3)
    send(board)
    assert len(board.issues) == 1
    assert read_told(board.issues[0].body) is not None


@pytest.mark.parametrize("boundary", range(1, 15))
def test_killed_at_any_boundary_and_run_again_there_is_one_issue(boundary: int) -> None:
    board, steps = escaped(), Checkpoints(boundary)
    try:
        send(board, step=steps)
    except Killed:
        send(board, step=steps)
    assert [issue.number for issue in board.issues] == [1]
    assert board.body.startswith("fresh=42 ")


def test_a_body_that_came_back_with_other_line_ends_is_left_alone() -> None:
    board = escaped()
    send(board)
    board.issues[0] = replace(board.issues[0], body=board.issues[0].body.replace("\n", "\r\n") + "\n")
    send(board)
    assert board.writes == ["open Escapes"]


def test_what_people_made_of_the_hidden_line_stops_nothing() -> None:
    board = escaped()
    board.issues.append(RollingIssue(1, True, f"{MARK}\n<!-- recall:v1 told since=2026-99-01T00 week=never12345 -->\nmine"))
    send(board)
    assert board.body.startswith("fresh=42 ")


@given(st.integers(0, 2_000_000_000), st.integers(0, 2_000_000_000))
def test_what_was_told_is_read_back_from_the_body(one: int, other: int) -> None:
    since, week = sorted((MONDAY + timedelta(seconds=one), MONDAY + timedelta(seconds=other)))
    told = Told(since, week)
    assert read_told(told.within(f"{MARK}\n**3 of 11**\n")) == told


@given(st.text(), st.text())
def test_no_body_makes_the_reader_raise(one: str, other: str) -> None:
    read_told(f"{one}<!-- recall:v1 told since={one or '2026-01-01'} week={other or '2026-01-02'} -->")


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "2026-01-05T09:00:00", "2027-01-01T00:00:00+00:00"])
def test_a_stretch_that_somebody_made_up_is_none(since: str) -> None:
    assert read_told(f"<!-- recall:v1 told since={since} week=2026-01-05T09:00:00+00:00 -->") is None
