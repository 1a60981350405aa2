"""Commands and boxes without a server, by the very steps of action.yml: what stands on issues and pull requests afterwards."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from app.domain.digest import Box, box_marker
from app.sandbox.people import Person
from app.sandbox.state import Comment, Issue
from app.sandbox.webhooks import WebhookDelivery
from tests.action import READING, Actions, Ran, actions
from tests.end_to_end.conftest import LABEL
from tests.end_to_end.test_action import drafts, escaped
from tests.end_to_end.test_review import CODE, FIXED, TOUCHED
from tests.shop import SHOP

BOT = "github-actions[bot]"
DONE = [f"{BOT} eyes", f"{BOT} +1"]
NOT_DONE = [f"{BOT} eyes", f"{BOT} confused"]
REFUSED = [f"{BOT} confused"]


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Actions]:
    with actions(tmp_path) as made:
        yield made


def acted(runner: Actions, mode: str, event: str, action: str) -> Ran:
    """Runs the step on the newest of those events; it went well."""
    ran = runner.act(mode, runner.last(event, action))
    assert ran.code == 0, ran.log
    return ran


def ask(runner: Actions, on: Issue, text: str, by: Person | None = None) -> list[str]:
    """What a comment was reacted to with."""
    said = (by or runner.shop.mona).comment(on, text)
    acted(runner, "recall", "issue_comment", "created")
    return reactions(said)


def reactions(comment: Comment) -> list[str]:
    return [f"{one.account.login} {one.content}" for one in comment.reactions]


def reported(runner: Actions) -> Issue:
    """A labelled issue with its merged fix, a comment and a draft."""
    issue = escaped(runner.shop)
    acted(runner, "recall", "issues", "labeled")
    return issue


def report(runner: Actions, issue: Issue) -> str:
    """The one report on the issue."""
    (body,) = [one.body for one in runner.comments(issue) if one.body.startswith("<!-- recall:v1 issue=")]
    return body


def answer(runner: Actions, on: Issue) -> str:
    """The one answer there."""
    (body,) = [one.body for one in runner.comments(on) if one.body.startswith("<!-- recall:v1 answer ")]
    return body


def test_recall_on_an_issue_without_the_label_sets_it_and_reports(runner: Actions) -> None:
    mona = runner.shop.mona
    issue = mona.open_issue(SHOP, "Total is wrong", "The total is wrong, see `shop/pricing.py`.")
    mona.push(SHOP, {CODE: FIXED}, "Fix the total", branch="fix")
    mona.merge(mona.open_pull(SHOP, "fix", "Fix the total", f"Fixes #{issue.number}"))
    assert ask(runner, issue, "/recall") == DONE
    assert [label.name for label in issue.labels] == [LABEL]
    assert "Fix [#" in report(runner, issue)
    assert len(drafts(runner.shop)) == 1, "a label that recall set for somebody with rights is trusted"


def test_the_fix_that_people_name_wins_and_is_remembered(runner: Actions) -> None:
    issue, mona = reported(runner), runner.shop.mona
    mona.push(SHOP, {CODE: FIXED}, "Fix the total", branch="other")
    right = mona.open_pull(SHOP, "other", "Fix the total")
    mona.merge(right)
    assert ask(runner, issue, f"/recall fix #{right.number}") == DONE
    assert f"Fix [#{right.number}]" in report(runner, issue)
    mona.comment(issue, "Thanks.")
    acted(runner, "recall", "issue_comment", "created")
    assert f"Fix [#{right.number}]" in report(runner, issue)


def test_quiet_leaves_the_issue_as_it_is(runner: Actions) -> None:
    issue, mona = reported(runner), runner.shop.mona
    before = report(runner, issue)
    assert ask(runner, issue, "/recall quiet") == DONE
    mona.edit(issue, body="It is something else, see `shop/other.py`.")
    acted(runner, "recall", "issues", "edited")
    assert report(runner, issue) == before


def test_quiet_on_a_pull_request_folds_the_remark_away_for_good(runner: Actions) -> None:
    issue, mona = reported(runner), runner.shop.mona
    mona.push(SHOP, {CODE: TOUCHED}, "Change", branch="touches")
    pull = mona.open_pull(SHOP, "touches", "Change")
    acted(runner, "review", "pull_request", "opened")
    (remark,) = runner.comments(pull)
    assert f"#{issue.number}" in remark.body
    assert ask(runner, pull, "/recall quiet") == DONE
    acted(runner, "review", "pull_request", "opened")
    assert (runner.comments(pull), remark.hidden) == ([remark], "resolved")


def test_help_is_answered_a_stranger_is_not_and_what_cannot_be_followed_is_told_why(runner: Actions) -> None:
    issue = reported(runner)
    before = [one.body for one in runner.comments(issue)]
    eve = runner.shop.sandbox.person("eve", SHOP, role="read")
    assert ask(runner, issue, "/recall fix #1\n\n/recall quiet\n\n/recall withdraw\n\n/recall help", eve) == REFUSED
    assert [one.body for one in runner.comments(issue)] == before
    assert [label.name for label in issue.labels] == [LABEL]
    assert ask(runner, issue, "/recall help") == DONE
    assert "What recall can be asked for" in answer(runner, issue)
    assert ask(runner, issue, "/recall darft") == NOT_DONE
    assert "Did you mean `/recall draft`?" in answer(runner, issue)


def test_a_command_that_was_followed_is_not_followed_again(runner: Actions) -> None:
    issue = runner.shop.mona.open_issue(SHOP, "Total is wrong")
    asked = runner.shop.mona.comment(issue, "/recall help")
    happened = runner.last("issue_comment", "created")
    assert runner.act("recall", happened).code == 0
    (said,) = runner.comments(issue)
    runner.shop.mona.delete_comment(issue, said)
    again = runner.act("recall", happened)
    assert "was done already" in again.summary, again.log
    assert (runner.comments(issue), reactions(asked)) == ([], DONE)


def tick(runner: Actions, box: Box, issue: Issue) -> str:
    """Ticks a box of the digest, and gives its text after the run."""
    (digest,) = [one for one in runner.shop.repository.issues.values() if one.body.startswith("<!-- recall:v1 digest ")]
    empty = f"- [ ] {box_marker(box, issue.number)}"
    assert empty in digest.body
    runner.shop.mona.edit(digest, body=digest.body.replace(empty, empty.replace("[ ]", "[x]")))
    acted(runner, "recall", "issues", "edited")
    return digest.body


def test_a_ticked_box_of_the_digest_is_done_for_people_with_rights_and_empty_again(runner: Actions) -> None:
    issue, sandbox = reported(runner), runner.shop.sandbox
    assert runner.act("digest").code == 0
    sandbox.person("mona", SHOP, role="read")
    assert "[x]" not in tick(runner, Box.WITHDRAW, issue)
    assert [label.name for label in issue.labels] == [LABEL]
    sandbox.person("mona", SHOP, role="write")
    assert "[x]" not in tick(runner, Box.WITHDRAW, issue)
    assert issue.labels == []
    assert "Withdrawn" in report(runner, issue)


def read_only(runner: Actions, mode: str, happened: WebhookDelivery | None = None) -> str:
    """Runs the step with a token that may only read: nothing is written. The summary of what would be, as people read it."""
    before = {issue.number: issue.body for issue in runner.shop.repository.issues.values()}
    ran = runner.act(mode, happened, READING)
    assert ran.code == 0, ran.log
    assert {issue.number: issue.body for issue in runner.shop.repository.issues.values()} == before
    assert "Nothing more was written" in ran.summary
    return re.sub("</?code>", "`", unescape(ran.summary).replace("\u200b", ""))


def test_what_may_not_be_written_stands_in_the_summary_whole(runner: Actions) -> None:
    issue, mona = reported(runner), runner.shop.mona
    before = [one.body for one in runner.comments(issue)]
    digest = read_only(runner, "digest")
    assert f"New issue in `{SHOP}`" in digest
    assert "**The one escape has no proved guard**" in digest and f"issues/{issue.number}" in digest
    asked = mona.comment(issue, "/recall help")
    told = read_only(runner, "recall", runner.last("issue_comment", "created"))
    assert "What recall can be asked for" in told
    other = mona.open_issue(SHOP, "Total is wrong", "The total is wrong, see `shop/pricing.py`.")
    mona.comment(other, "/recall")
    reported_then = read_only(runner, "recall", runner.last("issue_comment", "created"))
    assert f"Label `{LABEL}` on `{SHOP}#{other.number}`" in reported_then
    assert f"Comment on `{SHOP}#{other.number}`" in reported_then
    assert ([one.body for one in runner.comments(issue)], reactions(asked), other.comments[1:]) == (before, [], [])


def test_a_box_that_may_not_be_followed_is_told_in_the_summary(runner: Actions) -> None:
    issue, mona = reported(runner), runner.shop.mona
    assert runner.act("digest").code == 0
    (digest,) = [one for one in runner.shop.repository.issues.values() if one.body.startswith("<!-- recall:v1 digest ")]
    empty = f"- [ ] {box_marker(Box.WITHDRAW, issue.number)}"
    mona.edit(digest, body=digest.body.replace(empty, empty.replace("[ ]", "[x]")))
    told = read_only(runner, "recall", runner.last("issues", "edited"))
    assert f"Label `{LABEL}` taken off `{SHOP}#{issue.number}`" in told
    assert f"Issue `{SHOP}#{digest.number}`, edited" in told
    assert [label.name for label in issue.labels] == [LABEL]
