"""Ten weeks of digests by the real server, with two weeks in which it is down; asserted on the one issue that there is."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.analysis.calendar import next_due
from app.domain.configuration import Weekly
from app.domain.digest import Box, box_marker
from app.sandbox.state import Issue, stamp
from tests.end_to_end.conftest import LABEL, Bot, serving
from tests.jobs.build import until
from tests.shop import SHOP

BERLIN = Weekly(day=2, hour=8, minute=30, zone="Europe/Berlin")
SETTINGS = "digest:\n  day: wednesday\n  time: '08:30'\n  zone: Europe/Berlin\n"


@dataclass
class Weeks:
    """A served recall whose digest is due on Wednesdays at half past eight in Berlin."""

    bot: Bot
    due: datetime

    @property
    def issue(self) -> Issue:
        """The digest's issue, the only one that recall ever opened."""
        (found,) = self.ours()
        return found

    def ours(self) -> list[Issue]:
        return [each for each in self.bot.shop.repository.issues.values() if each.author.login == "recall[bot]" and not each.pull]

    @property
    def edits(self) -> int:
        """How often recall edited its issue."""
        log = self.bot.shop.sandbox.hub.webhooks.log
        told = [json.loads(each.payload) for each in log if (each.event, each.action) == ("issues", "edited")]
        return sum(each["issue"]["number"] == self.issue.number and each["sender"]["type"] == "Bot" for each in told)

    def days(self, number: float) -> None:
        """Lets days pass in which nothing is due."""
        self.bot.travel(self.bot.now + timedelta(days=number))

    def next(self, weeks: int = 1) -> None:
        """Lets time pass until the next digest was due, and a minute more."""
        for _ in range(weeks):
            self.due = next_due(BERLIN, self.due)
        self.bot.travel(self.due + timedelta(minutes=1))

    def told(self) -> None:
        """Waits until the next time is set, which is what ends the last digest's wait."""
        until(lambda: self.planned() == [stamp(next_due(BERLIN, self.bot.now))], 30)
        self.bot.settle()

    def week(self) -> None:
        self.next()
        self.told()

    def planned(self) -> list[str | None]:
        home = self.bot.shop.repository.id
        times = self.bot.ask("SELECT due FROM recall_watch WHERE due IS NOT NULL AND repository_id = :home", home=home)
        return [stamp(datetime.fromtimestamp(float(due), UTC)) for due in times]

    def escape(self, title: str) -> Issue:
        issue = self.bot.issue(title)
        self.bot.shop.mona.label(issue, LABEL)
        return issue

    def fix(self, issue: Issue) -> None:
        mona, branch = self.bot.shop.mona, f"fix-{issue.number}"
        mona.push(SHOP, {"shop/pricing.py": f"RATE = {issue.number}\n"}, "Fix it", branch=branch)
        mona.merge(mona.open_pull(SHOP, branch, "Fix it", f"Fixes #{issue.number}"))

    def course(self, issue: Issue) -> dict[str, datetime]:
        """When each stage was reached first."""
        (course,) = self.bot.ask("SELECT course FROM recall_recall WHERE number = :number", number=issue.number)
        moments = reversed(json.loads(course)["moments"])
        return {each["stage"]: datetime.fromisoformat(each["when"]) for each in moments}

    @property
    def headline(self) -> str:
        return next(line for line in self.issue.body.splitlines() if line.startswith("**"))


@pytest.fixture
def weeks(request: pytest.FixtureRequest) -> Iterator[Weeks]:
    with serving("sqlite", request) as bot:
        bot.shop.mona.push(SHOP, {".github/recall.yml": SETTINGS}, "Settle the digest")
        due = next_due(BERLIN, bot.now)
        bot.travel(due - timedelta(days=3))
        yield Weeks(bot, due - timedelta(weeks=1))


def test_ten_weeks_with_an_outage_of_two_keep_one_issue_right(weeks: Weeks) -> None:
    bot = weeks.bot
    first = weeks.escape("Total is wrong")
    labelled = bot.now
    bot.settle()
    weeks.told()
    assert weeks.ours() == []

    weeks.week()  # 1: it is opened
    assert weeks.headline.startswith("**The one escape has no proved guard**")
    assert f"#{first.number}" in weeks.issue.body
    assert (weeks.issue.labels, weeks.edits) == ([], 0)
    weeks.week()  # 2: a quiet week changes the text and tells nobody
    assert (weeks.edits, weeks.issue.comments) == (1, [])

    weeks.days(2)
    weeks.fix(first)
    fixed = bot.now
    bot.settle()
    second = weeks.escape("Discount is lost")
    bot.settle()
    weeks.week()  # 3
    assert weeks.headline.startswith("**2 of 2 ")
    assert weeks.edits == 2
    down_for_two_weeks(weeks)  # 4 to 6
    closed_for_a_week(weeks, second)  # 7 to 10
    assert (weeks.issue.comments, len(weeks.ours())) == ([], 1)
    told = weeks.course(first)
    assert set(told) >= {"labelled", "commented", "linked"}
    assert abs(told["labelled"] - labelled) < timedelta(minutes=1)
    assert timedelta() <= told["commented"] - told["labelled"] < timedelta(minutes=1)
    assert abs(told["linked"] - fixed) < timedelta(minutes=1)


def down_for_two_weeks(weeks: Weeks) -> None:
    """The server is killed, an escape happens, two digests are due; once it is back, one is written."""
    bot, edits = weeks.bot, weeks.edits
    assert bot.service is not None
    bot.service.kill()
    weeks.next()
    missed = weeks.escape("Receipt is empty")
    labelled = bot.now
    weeks.next()
    weeks.days(5)
    bot.start("")
    weeks.told()
    assert weeks.edits == edits + 1
    assert len(bot.comments(missed)) == 1
    weeks.week()
    assert weeks.headline.startswith("**3 of 3 ")
    assert f"#{missed.number}" in weeks.issue.body
    assert weeks.edits == edits + 2
    assert abs(weeks.course(missed)["labelled"] - labelled) < timedelta(minutes=1)


def closed_for_a_week(weeks: Weeks, withdrawn: Issue) -> None:
    """A person closes the digest, opens it again, and takes back an escape."""
    bot, mona, edits = weeks.bot, weeks.bot.shop.mona, weeks.edits
    mona.close(weeks.issue)
    bot.settle()
    weeks.week()
    assert (weeks.edits, weeks.issue.state) == (edits, "closed")
    mona.reopen(weeks.issue)
    bot.settle()
    weeks.week()
    assert weeks.edits == edits + 1
    mona.unlabel(withdrawn, LABEL)
    bot.settle()
    weeks.week()
    assert weeks.headline.startswith("**2 of 2 ")
    weeks.week()
    assert weeks.edits == edits + 3


def test_one_repository_collects_the_digests_of_an_owner_and_tells_no_more_than_its_readers_may_know(weeks: Weeks) -> None:
    bot, sandbox = weeks.bot, weeks.bot.shop.sandbox
    home, wall = (
        sandbox.create_repository(f"octo/{name}", visibility=how) for name, how in (("home", "private"), ("wall", "public"))
    )
    sandbox.add_repositories(bot.shop.installation, "octo/home", "octo/wall")
    bot.shop.mona.push(SHOP, {".github/recall.yml": SETTINGS + "  repository: octo/home\n"}, "Collect the digests")
    escape = weeks.escape("Total is wrong")
    bot.settle()
    weeks.told()
    weeks.week()
    (collected,) = home.issues.values()
    assert f"octo/shop#{escape.number}" in collected.body
    assert weeks.ours() == []
    bot.shop.mona.push(SHOP, {".github/recall.yml": SETTINGS + "  repository: octo/wall\n"}, "Collect them in the open")
    bot.settle()
    weeks.week()
    assert wall.issues == {}
    assert len(home.issues) == 1


def tick(weeks: Weeks, box: Box, issue: Issue) -> None:
    empty, body = f"- [ ] {box_marker(box, issue.number)}", weeks.issue.body
    assert empty in body
    weeks.bot.shop.mona.edit(weeks.issue, body=body.replace(empty, empty.replace("[ ]", "[x]")))
    weeks.bot.settle()


def test_ticked_boxes_are_done_and_empty_again(weeks: Weeks) -> None:
    bot = weeks.bot
    escape = weeks.escape("Total is wrong")
    bot.settle()
    weeks.told()
    weeks.week()
    (comment,) = bot.comments(escape)
    bot.shop.mona.comment(escape, "It is fixed.")
    tick(weeks, Box.AGAIN, escape)
    assert "[x]" not in weeks.issue.body
    assert [each.id for each in bot.comments(escape)] == [comment.id]
    tick(weeks, Box.WITHDRAW, escape)
    assert escape.labels == []
    assert "Withdrawn" in bot.comments(escape)[0].body
    assert "[x]" not in weeks.issue.body


def test_boxes_ticked_by_people_without_rights_do_nothing(weeks: Weeks) -> None:
    bot = weeks.bot
    escape = weeks.escape("Total is wrong")
    bot.settle()
    weeks.told()
    weeks.week()
    bot.shop.sandbox.person("mona", SHOP, role="read")
    tick(weeks, Box.WITHDRAW, escape)
    assert [label.name for label in escape.labels] == [LABEL]
    assert "[x]" not in weeks.issue.body
