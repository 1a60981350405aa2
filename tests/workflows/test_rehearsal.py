"""A rehearsal writes nothing, and says just what would be written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.domain.comment import Comment
from app.domain.deed import Act, Deed
from app.domain.draft import DraftState
from app.domain.job import Task
from app.sandbox.state import Issue
from app.workflows.draft_test import draft_test
from app.workflows.ports import Drafting, Outside
from app.workflows.rehearsal import Rehearsal
from app.workflows.report_escape import report_escape
from tests.workflows.memory import ISSUE, LABELED, ME, SHOP, Forgery, Memory, outside
from tests.workflows.test_draft_live import Bot, escaped, file_of, opened


@dataclass
class Rehearsing(Bot):
    """The same recall, writing nothing while `rehearsal` is set."""

    rehearsal: Rehearsal | None = field(default_factory=lambda: Rehearsal(Memory()))

    def outside(self) -> Outside:
        real = super().outside()
        return self.rehearsal.outside(real) if self.rehearsal else real

    def drafting(self) -> Drafting:
        rehearsal, self.rehearsal = self.rehearsal, None
        real = super().drafting()
        self.rehearsal = rehearsal
        return rehearsal.drafting(real) if rehearsal else real

    def deeds(self) -> dict[Act, Deed]:
        assert self.rehearsal is not None
        return {deed.act: deed for deed in self.rehearsal.deeds}


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Rehearsing]:
    for real in opened(tmp_path):
        yield Rehearsing(real.shop, real.mirrors, real.app)


def written(bot: Bot, issue: Issue) -> tuple[object, ...]:
    """Everything that stands at GitHub or is remembered."""
    refs = bot.shop.repository.git.refs()
    return (refs, len(bot.shop.repository.issues), len(issue.comments), bot.records.history(bot.shop.repository.id))


def test_a_rehearsal_writes_nothing(bot: Rehearsing) -> None:
    issue = escaped(bot)
    before = written(bot, issue)
    bot.settle(issue)
    assert {Act.COMMENT, Act.BRANCH, Act.COMMIT, Act.PULL} <= bot.deeds().keys()
    assert written(bot, issue) == before


def test_a_rehearsal_says_what_is_written_for_good(bot: Rehearsing) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    deeds, bot.rehearsal = bot.deeds(), None
    bot.settle(issue)
    (pull,) = bot.drafts()
    assert (deeds[Act.PULL].title, deeds[Act.PULL].text) == (pull.title, pull.body)
    (path,) = deeds[Act.COMMIT].files
    assert deeds[Act.COMMIT].files[path] == file_of(bot, pull, path)
    link = f"[#{pull.number}]({bot.shop.sandbox.url}/octo/shop/pull/{pull.number})"
    said = bot.said(issue).replace(link, "(not opened: this is a dry run)")
    assert deeds[Act.COMMENT].text == said


def test_a_rehearsal_after_the_fact_has_nothing_to_write(bot: Rehearsing) -> None:
    issue = escaped(bot)
    bot.rehearsal = None
    bot.settle(issue)
    bot.rehearsal = Rehearsal(Memory())
    bot.settle(issue)
    assert bot.rehearsal.deeds == ()


def test_what_is_rehearsed_twice_is_told_once(bot: Rehearsing) -> None:
    issue = escaped(bot)
    bot.settle(issue)
    before = bot.deeds()
    bot.settle(issue)
    assert bot.deeds() == before


def test_a_comment_that_stands_would_be_edited() -> None:
    forge, rehearsal = (
        Forgery(written=[Comment(100, ME, f"<!-- recall:v1 issue={SHOP.id}/{ISSUE.number} -->\nold")]),
        Rehearsal(Memory()),
    )
    report_escape(LABELED, rehearsal.outside(outside(forge, Memory())))
    assert [(deed.act, deed.where) for deed in rehearsal.deeds] == [(Act.EDIT_COMMENT, SHOP.full_name)]
    assert forge.writes == 0


def test_what_is_known_is_known_in_a_rehearsal_and_stays_as_it_was(bot: Rehearsing) -> None:
    issue = escaped(bot)
    bot.rehearsal = None
    bot.settle(issue)
    known = bot.records.history(bot.shop.repository.id)
    bot.rehearsal = Rehearsal(Memory())
    bot.shop.mona.unlabel(issue, "Escaped-Bug")
    outcome = report_escape(bot.job(Task.REPORT_ESCAPE, issue), bot.outside())
    assert "withdrawn" in outcome.sentence
    assert draft_test(bot.job(Task.DRAFT_TEST, issue), bot.drafting()).state == DraftState.CLOSED
    assert Act.CLOSE in bot.deeds()
    assert bot.records.history(bot.shop.repository.id) == known
