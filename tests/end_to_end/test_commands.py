"""Commands in comments, given to the real server on the sandbox: what stands on the issues and pull requests afterwards."""

import itertools
import json
from collections.abc import Iterator

import pytest

from app.domain.slash import Verb
from app.sandbox.people import Person
from app.sandbox.sandbox import WRITING
from app.sandbox.state import Comment, Issue
from tests.end_to_end.conftest import LABEL, Bot, serving
from tests.shop import SHOP

_fixes = itertools.count(1)
MAY = {**WRITING, "actions": "write"}


@pytest.fixture(scope="module")
def bot(request: pytest.FixtureRequest) -> Iterator[Bot]:
    with serving("sqlite", request, permissions=MAY) as made:
        settings = "drafts_per_day: 50\nleast_right: 0\n"  # so that no test is in another's way
        made.shop.mona.push(SHOP, {".github/recall.yml": settings}, "Settle")
        yield made


@pytest.fixture
def mona(bot: Bot) -> Person:
    return bot.shop.mona


def reactions(comment: Comment) -> list[str]:
    return [f"{one.account.login} {one.content}" for one in comment.reactions]


DONE = ["recall[bot] eyes", "recall[bot] +1"]
NOT_DONE = ["recall[bot] eyes", "recall[bot] confused"]


def ask(bot: Bot, on: Issue, text: str, by: Person | None = None) -> Comment:
    said = (by or bot.shop.mona).comment(on, text)
    bot.settle()
    return said


def report(bot: Bot, issue: Issue) -> str:
    """The one report on the issue."""
    (body,) = [one.body for one in bot.comments(issue) if one.body.startswith("<!-- recall:v1 issue=")]
    return body


def answer(bot: Bot, on: Issue) -> str:
    """The one answer there."""
    (body,) = [one.body for one in bot.comments(on) if one.body.startswith("<!-- recall:v1 answer ")]
    return body


def mended(bot: Bot, closes: Issue | None = None) -> Issue:
    """A merged pull request that mends something, and says what it closes."""
    number, mona = next(_fixes), bot.shop.mona
    code = f"RATE = 2\n\n\ndef total(n):\n    return n * RATE + {number}\n"
    mona.push(SHOP, {"shop/pricing.py": code}, f"Count it right, take {number}", branch=f"mend-{number}")
    pull = mona.open_pull(SHOP, f"mend-{number}", "Count it right", f"Fixes #{closes.number}" if closes else "")
    mona.merge(pull)
    return pull


@pytest.fixture(scope="module")
def escapes(bot: Bot) -> list[tuple[Issue, Issue]]:
    """Labelled issues with their merged fixes, recalled: the first for all, each of the others for one test."""
    issues = [bot.issue() for _ in range(7)]
    made = [(issue, mended(bot, issue)) for issue in issues]
    for issue in issues:
        bot.shop.mona.label(issue, LABEL)
    bot.settle(120)
    return made


@pytest.fixture(scope="module")
def escape(escapes: list[tuple[Issue, Issue]]) -> tuple[Issue, Issue]:
    """For tests that leave its label and its draft as they are."""
    return escapes[0]


@pytest.fixture
def own(escapes: list[tuple[Issue, Issue]]) -> tuple[Issue, Issue]:
    """For one test alone."""
    return escapes.pop()


def drafts(bot: Bot, issue: Issue) -> list[Issue]:
    branch = f"recall/issue-{issue.number}"
    return [pull for pull in bot.shop.repository.pulls() if pull.pull and pull.pull.head_ref == branch]


def said(bot: Bot, issue: Issue) -> dict[str, object]:
    """What is kept of people's words."""
    (kept,) = bot.ask("SELECT said FROM recall_recall WHERE number = :number", number=issue.number)
    return dict(json.loads(kept)) if kept != "None" else {}


def test_recall_by_somebody_with_rights_sets_the_label_and_reports(bot: Bot) -> None:
    issue = bot.issue()
    mended(bot, issue)
    asked = ask(bot, issue, "Please.\n\n/recall")
    assert reactions(asked) == DONE
    assert [label.name for label in issue.labels] == [LABEL]
    assert "Fix [#" in report(bot, issue)
    assert len(drafts(bot, issue)) == 1, "a label that recall set for somebody with rights is trusted"


def test_nobody_without_rights_is_followed(bot: Bot, escape: tuple[Issue, Issue]) -> None:
    issue, _ = escape
    eve = bot.shop.sandbox.person("eve", SHOP, role="read")
    before = [one.body for one in bot.comments(issue)], said(bot, issue)
    asked = [eve.comment(issue, f"/recall {verb} #1 because") for verb in Verb]
    bot.settle()
    assert [reactions(one) for one in asked] == [["recall[bot] confused"]] * len(asked)
    assert ([one.body for one in bot.comments(issue)], said(bot, issue)) == before
    assert [label.name for label in issue.labels] == [LABEL]


def test_somebody_with_rights_who_edits_a_strangers_comment_is_followed(bot: Bot, mona: Person) -> None:
    issue = bot.issue()
    asked = ask(bot, issue, "recall?", bot.shop.sandbox.person("eve", SHOP, role="read"))
    mona.edit_comment(issue, asked, "/recall help")
    bot.settle()
    assert reactions(asked) == DONE


def test_what_is_quoted_is_not_followed(bot: Bot) -> None:
    issue = bot.issue()
    jobs = bot.ask("SELECT id FROM recall_job")
    quoted = (
        "> /recall help",
        "> So he said\n/recall help",
        "```\n/recall help\n```",
        "`/recall help`",
        "<!--\n/recall help\n-->",
    )
    asked = [bot.shop.mona.comment(issue, text) for text in quoted]
    bot.settle()
    assert [reactions(one) for one in asked] == [[]] * len(asked)
    assert bot.ask("SELECT id FROM recall_job") == jobs


def test_a_command_that_an_edit_brings_is_followed_once(bot: Bot, mona: Person, escape: tuple[Issue, Issue]) -> None:
    issue, _ = escape
    asked = ask(bot, issue, "Hm.")
    for text in ("Hm.\n\n/recall wrong tests they only look", "So.\n\n/recall wrong tests they only look", "So."):
        mona.edit_comment(issue, asked, text)
        bot.settle()
    mona.edit_comment(issue, asked, "/recall wrong tests they only look")
    bot.settle()
    assert reactions(asked) == DONE
    verdicts = said(bot, issue)["verdicts"]
    assert isinstance(verdicts, list)
    assert [verdict["part"] for verdict in verdicts if verdict["why"] == "they only look"] == ["tests"]
    assert 'Called wrong here:** the tests ("they only look").' in report(bot, issue)


def test_the_fix_that_people_name_wins_and_counts_against_the_guess(bot: Bot, own: tuple[Issue, Issue]) -> None:
    issue, guessed = own
    right = mended(bot)
    asked = ask(bot, issue, f"/recall fix #{right.number}")
    assert reactions(asked) == DONE
    assert f"Fix [#{right.number}]" in report(bot, issue)
    (verdict,) = said(bot, issue)["verdicts"]
    assert (verdict["part"], verdict["right"]) == ("link", False)
    ask(bot, issue, f"It was not #{guessed.number}.")
    assert f"Fix [#{right.number}]" in report(bot, issue)


def test_a_fix_may_be_a_commit(bot: Bot, mona: Person, escape: tuple[Issue, Issue]) -> None:
    issue, _ = escape
    sha = mona.push(SHOP, {"shop/pricing.py": "RATE = 3\n"}, "Straight to main")
    ask(bot, issue, f"/recall fix {sha[:9]}")
    assert said(bot, issue)["fix"] == sha
    assert sha[:7] in report(bot, issue)


def test_what_cannot_be_followed_is_answered_with_the_reason(bot: Bot, escape: tuple[Issue, Issue]) -> None:
    issue, _ = escape
    before = report(bot, issue)
    for command, why in (
        ("fix #99999", "99999</code> is no pull request and no commit of this repository."),
        (f"fix #{issue.number}", f"{issue.number}</code> is no pull request and no commit of this repository."),
        ("prove", "left a receipt at the head of"),
        ("darft", "Did you mean `/recall draft`?"),
    ):
        asked = ask(bot, issue, f"/recall {command}")
        assert reactions(asked) == NOT_DONE, command
        assert why in answer(bot, issue)
        assert f"issuecomment-{asked.id}" in answer(bot, issue)
    assert report(bot, issue) == before


def test_there_is_one_answer_however_much_is_asked(bot: Bot) -> None:
    issue = bot.issue()
    ask(bot, issue, "/recall draft")
    assert "does not carry the label `escaped-bug`" in answer(bot, issue)
    ask(bot, issue, "/recall help")
    assert "What recall can be asked for" in answer(bot, issue)
    assert len(bot.comments(issue)) == 1


def test_a_culprit_is_kept_by_its_full_name_and_taken_back(bot: Bot, mona: Person, escape: tuple[Issue, Issue]) -> None:
    issue, _ = escape
    sha = mona.push(SHOP, {"notes.md": f"{issue.number}\n"}, "Note it")
    assert reactions(ask(bot, issue, f"/recall culprit {sha[:8]}")) == DONE
    assert said(bot, issue)["culprit"] == sha
    ask(bot, issue, f"/recall not-culprit {sha}")
    kept = said(bot, issue)
    assert (kept["culprit"], kept["not_culprits"]) == ("", [sha])


def test_withdraw_takes_the_label_off_and_the_draft_back(bot: Bot, own: tuple[Issue, Issue]) -> None:
    issue, _ = own
    (pull,) = drafts(bot, issue)
    assert reactions(ask(bot, issue, "/recall withdraw")) == DONE
    assert issue.labels == []
    assert pull.state == "closed"
    assert "Fix [#" not in report(bot, issue)


def test_a_draft_that_somebody_closed_is_opened_again_when_it_is_asked_for(
    bot: Bot, mona: Person, own: tuple[Issue, Issue]
) -> None:
    issue, _ = own
    (pull,) = drafts(bot, issue)
    mona.close(pull)
    ask(bot, issue, "Why?")
    assert pull.state == "closed"
    assert reactions(ask(bot, issue, "/recall draft")) == DONE
    assert pull.state == "open"
    mona.close(pull)
    ask(bot, issue, "No.")
    assert pull.state == "closed", "what was asked for once is given once"


def test_a_draft_whose_branch_went_with_it_is_made_anew_when_it_is_asked_for(
    bot: Bot, mona: Person, own: tuple[Issue, Issue]
) -> None:
    issue, _ = own
    (pull,) = drafts(bot, issue)
    mona.close(pull)
    mona.delete_branch(SHOP, f"recall/issue-{issue.number}")
    ask(bot, issue, "/recall draft")
    assert [one.state for one in drafts(bot, issue)] == ["closed", "open"]


def test_quiet_leaves_the_issue_as_it_is(bot: Bot, mona: Person) -> None:
    issue = bot.issue()
    mona.label(issue, LABEL)
    bot.settle()
    before = report(bot, issue)
    assert reactions(ask(bot, issue, "/recall quiet")) == DONE
    mended(bot, issue)
    bot.settle()
    assert report(bot, issue) == before
    assert drafts(bot, issue) == []
    ask(bot, issue, "/recall")
    assert "Fix [#" in report(bot, issue)


def test_a_comment_that_was_deleted_comes_back_when_it_is_asked_for(bot: Bot, mona: Person, own: tuple[Issue, Issue]) -> None:
    issue, _ = own
    (comment,) = bot.comments(issue)
    issue.comments.remove(comment)
    ask(bot, issue, "Hm.")
    assert bot.comments(issue) == []
    ask(bot, issue, "/recall")
    assert "Fix [#" in report(bot, issue)


def test_a_challenge_is_started_where_recall_may(bot: Bot, mona: Person, escape: tuple[Issue, Issue]) -> None:
    issue, _ = escape
    mona.push(SHOP, {".github/workflows/recall-challenge.yml": "on: [workflow_dispatch]\n"}, "Challenge by hand")
    assert reactions(ask(bot, issue, "/recall challenge")) == DONE
    assert [run.event for run in bot.shop.repository.runs.values()][-1] == "workflow_dispatch"
    mona.push(SHOP, {".github/workflows/recall-challenge.yml": None}, "Not by hand")


def test_on_a_pull_request_what_is_about_issues_is_refused(bot: Bot, escape: tuple[Issue, Issue]) -> None:
    _, fix = escape
    assert reactions(ask(bot, fix, "/recall fix #1")) == NOT_DONE
    assert "this is asked for on the issue" in answer(bot, fix)


def test_wrong_on_a_draft_is_about_the_draft(bot: Bot, own: tuple[Issue, Issue]) -> None:
    issue, _ = own
    (pull,) = drafts(bot, issue)
    assert reactions(ask(bot, pull, "/recall wrong it tests nothing")) == DONE
    (verdict,) = said(bot, issue)["verdicts"]
    assert (verdict["part"], verdict["right"], verdict["why"]) == ("draft", False, "it tests nothing")


def test_a_locked_conversation_gets_no_answer_and_nothing_breaks(bot: Bot, mona: Person) -> None:
    issue = bot.issue()
    mona.lock(issue)
    asked = ask(bot, issue, "/recall help")
    assert reactions(asked) == DONE


def test_a_button_does_what_its_command_does_for_whoever_may(bot: Bot, mona: Person, escape: tuple[Issue, Issue]) -> None:
    issue, _ = escape
    (pull,) = drafts(bot, issue)
    home = bot.shop.repository
    check = [one for one in home.checks if one.external_id == f"recall:v1 proof {pull.number}"][-1]
    bot.shop.sandbox.person("eve", SHOP, role="read").press(home, check, "prove")
    bot.settle()
    assert bot.comments(pull) == []
    mona.press(home, check, "prove")
    bot.settle()
    assert "left a receipt at the head of" in answer(bot, pull)
