"""Ticking a box of the digest does what it says, for people who may, and every box is empty again afterwards."""

from dataclasses import dataclass, field, replace

import pytest

from app.domain.configuration import Configuration, Settled
from app.domain.digest import Box
from app.domain.errors import GiveUp
from app.domain.job import Job, Outcome, State, Task
from app.domain.rolling import RollingIssue
from app.workflows.ports import Ticking
from app.workflows.tick_boxes import tick_boxes
from tests.workflows.checkpoints import Checkpoints, Killed
from tests.workflows.digests import MARK, SHOP, Board
from tests.workflows.memory import Forgery

BOXES = "draft 42\nwithdraw 43\nagain 44"
TICKED = Job(Task.TICK_BOXES, "g", installation=5, repository=SHOP, number=1, sender="ada", text=BOXES)
ANEW = (Task.SEND_DIGEST, None, None, "again")


@dataclass
class Desk:
    """The digest's issue, three escapes, and the issues that lost their label."""

    board: Board = field(default_factory=Board)
    unlabelled: list[int] = field(default_factory=list)
    gone: bool = False

    def __post_init__(self) -> None:
        self.board.issues.append(RollingIssue(1, True, f"{MARK}\nboxes"))
        for number in (42, 43, 44):
            self.board.escape(number)

    def ticking(self) -> Ticking:
        settled = Settled(self.board.configuration)
        return Ticking(Forgery(), lambda _home: self.board, self.board.records, self._unlabel, lambda: settled)

    def tick(self, job: Job = TICKED, steps: Checkpoints | None = None) -> Outcome:
        return tick_boxes(job, self.ticking(), steps or Checkpoints())

    def drafts(self) -> list[int]:
        return [recall.number for recall in self.board.records.history(SHOP.id) if recall.said.draft]

    def _unlabel(self, number: int) -> None:
        if self.gone:
            raise GiveUp("deleted", State.DELETED)
        self.unlabelled.append(number)


def asked(outcome: Outcome) -> list[tuple[object, ...]]:
    return [(job.task, job.number, job.sender, job.text) for job in outcome.next]


def test_each_box_does_what_it_says_and_the_digest_is_written_anew() -> None:
    desk = Desk()
    outcome = desk.tick()
    assert asked(outcome) == [
        (Task.DRAFT_TEST, 42, "ada", ""),
        (Task.REPORT_ESCAPE, 43, "ada", ""),
        (Task.REPORT_ESCAPE, 44, "ada", ""),
        ANEW,
    ]
    assert (desk.drafts(), desk.unlabelled) == ([42], [43])


def test_people_without_rights_change_nothing_but_find_the_boxes_empty_again() -> None:
    desk = Desk()
    outcome = desk.tick(replace(TICKED, sender="mallory"))
    assert (outcome.state, asked(outcome)) == ("refused", [ANEW])
    assert (desk.drafts(), desk.unlabelled) == ([], [])


def test_in_a_dry_run_no_box_does_anything() -> None:
    desk = Desk()
    desk.board.configuration = Configuration(dry_run=True)
    outcome = desk.tick()
    assert (outcome.state, outcome.next) == ("ignored", ())
    assert (desk.drafts(), desk.unlabelled) == ([], [])


@pytest.mark.parametrize(
    "issue",
    [
        RollingIssue(2, True, f"{MARK}\nanother one of ours"),
        RollingIssue(1, False, f"{MARK}\nclosed"),
        RollingIssue(1, True, "<!-- recall:v1 digest repository=10 -->\nof another repository"),
    ],
)
def test_only_the_boxes_of_the_digest_itself_are_heard(issue: RollingIssue) -> None:
    desk = Desk()
    desk.board.issues[:] = [issue]
    outcome = desk.tick()
    assert (outcome.state, outcome.next) == ("ignored", ())
    assert (desk.drafts(), desk.unlabelled) == ([], [])


def test_issues_that_recall_knows_nothing_of_are_passed_over() -> None:
    desk = Desk()
    outcome = desk.tick(replace(TICKED, text="withdraw 1\ndraft 99\nagain 7"))
    assert (asked(outcome), desk.unlabelled) == ([ANEW], [])


def test_an_issue_that_is_gone_does_not_keep_the_other_boxes_from_being_done() -> None:
    desk = Desk(gone=True)
    assert len(desk.tick().next) == 4
    assert desk.drafts() == [42]


@pytest.mark.parametrize("boundary", range(1, 13))
def test_killed_at_any_boundary_and_run_again_it_ends_the_same(boundary: int) -> None:
    desk, steps = Desk(), Checkpoints(boundary)
    try:
        outcome = desk.tick(steps=steps)
    except Killed:
        outcome = desk.tick(steps=steps)
    assert len(outcome.next) == 4
    assert (desk.drafts(), set(desk.unlabelled)) == ([42], {43})


def test_every_kind_of_box_is_known() -> None:
    desk = Desk()
    for box in Box:
        assert len(desk.tick(replace(TICKED, text=f"{box} 42")).next) == 2
