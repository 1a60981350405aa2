"""Pull requests in review, played through by the served recall: what stands on them afterwards, and what does not.

One escape was fixed and labelled. What touches it, or takes away its test, is remarked on once; what does neither is left alone.
"""

from collections.abc import Iterator

import pytest

from app.sandbox.sandbox import WRITING
from app.sandbox.state import CheckRun, Comment, Issue
from tests.end_to_end.conftest import LABEL, Bot, serving
from tests.shop import SHOP

CODE, TEST = "shop/pricing.py", "tests/test_bulk.py"
FIXED = "RATE = 2\n\n\ndef total(n):\n    return n * RATE + (n > 100)\n"
TOUCHED = FIXED.replace("n > 100", "n > 50")
GUARD = "from shop.pricing import total\n\n\ndef test_bulk():\n    assert total(101) == 203\n    assert total(1) == 2\n"


@pytest.fixture(scope="module")
def bot(request: pytest.FixtureRequest) -> Iterator[Bot]:
    with serving("sqlite", request, permissions=WRITING) as made:
        mona = made.shop.mona
        issue = made.issue()
        mona.push(SHOP, {CODE: FIXED, TEST: GUARD}, "Fix the total", branch="fix")
        mona.merge(mona.open_pull(SHOP, "fix", "Fix the total", f"Fixes #{issue.number}"))
        mona.label(issue, LABEL)
        made.settle()
        yield made


def opened(bot: Bot, branch: str, files: dict[str, str | None], draft: bool = False) -> Issue:
    bot.shop.mona.push(SHOP, files, f"Change {branch}", branch=branch)
    pull = bot.shop.mona.open_pull(SHOP, branch, f"Change {branch}", draft=draft)
    bot.settle()
    return pull


def checks(bot: Bot, pull: Issue) -> list[CheckRun]:
    """The check runs of the review at the head."""
    assert pull.pull is not None
    return [one for one in bot.shop.repository.checks if (one.name, one.head_sha) == ("recall / review", pull.pull.head_sha)]


def remark(bot: Bot, pull: Issue) -> Comment:
    """The only comment on the pull request, which is our remark."""
    (comment,) = pull.comments
    assert comment.author.login == "recall[bot]"
    assert comment.body.startswith(f"<!-- recall:v1 review pull={bot.shop.repository.id}/{pull.number} ")
    return comment


def test_a_change_of_the_lines_of_a_fix_is_remarked_on_once(bot: Bot) -> None:
    pull = opened(bot, "touches", {CODE: TOUCHED})
    said = remark(bot, pull).body
    assert "**This change touches the code of the escape [#1]" in said
    assert f"`{TEST}" in said and "labelled an escape on" in said
    (check,) = checks(bot, pull)
    assert (check.conclusion, [(one["path"], one["start_line"]) for one in check.annotations]) == ("neutral", [(CODE, 5)])


def test_a_change_that_deletes_the_guard_is_remarked_on(bot: Bot) -> None:
    pull = opened(bot, "deletes", {TEST: None})
    assert "**This change removes the only test" in remark(bot, pull).body
    assert [check.conclusion for check in checks(bot, pull)] == ["neutral"]


def test_a_clean_change_is_left_alone(bot: Bot) -> None:
    pull = opened(bot, "clean", {"README.md": "More.\n", "shop/other.py": "A = 1\n"})
    assert (pull.comments, checks(bot, pull)) == ([], [])


def test_force_pushes_move_one_remark_to_and_fro(bot: Bot) -> None:
    mona, pull = bot.shop.mona, opened(bot, "wavers", {CODE: TOUCHED})
    first = remark(bot, pull).id
    mona.force_push(SHOP, {"README.md": "Only words.\n"}, "Only words", "wavers")
    bot.settle()
    assert (remark(bot, pull).id, remark(bot, pull).hidden) == (first, "resolved")
    assert [check.conclusion for check in checks(bot, pull)] == ["success"]
    for n in range(51, 54):
        mona.force_push(SHOP, {CODE: FIXED.replace("100", str(n))}, "Touch it again", "wavers")
    bot.settle()
    assert (remark(bot, pull).id, remark(bot, pull).hidden) == (first, None)
    assert [check.conclusion for check in checks(bot, pull)] == ["neutral"]


def test_a_fork_is_reviewed_like_any_other(bot: Bot) -> None:
    sandbox = bot.shop.sandbox
    sandbox.create_repository("eve/shop", fork_of=SHOP)
    eve = sandbox.person("eve")
    eve.push("eve/shop", {CODE: TOUCHED}, "Change", branch="theirs")
    pull = eve.open_pull(SHOP, "eve:theirs", "From afar")
    bot.settle()
    assert "touches the code of the escape" in remark(bot, pull).body


def test_a_draft_is_left_alone_until_it_is_ready(bot: Bot) -> None:
    pull = opened(bot, "drafted", {CODE: TOUCHED}, draft=True)
    assert pull.comments == []
    bot.shop.mona.ready(pull)
    bot.settle()
    assert "touches the code of the escape" in remark(bot, pull).body


def test_asked_for_silence_the_remark_is_folded_away_and_nothing_more_is_written(bot: Bot) -> None:
    pull = opened(bot, "quiet", {CODE: TOUCHED})
    before = remark(bot, pull).body
    bot.shop.mona.comment(pull, "/recall quiet")
    bot.settle()
    bot.shop.mona.push(SHOP, {"README.md": "More.\n"}, "More", branch="quiet")
    bot.settle()
    (ours,) = [one for one in pull.comments if one.author.login == "recall[bot]"]
    assert (ours.body, ours.hidden) == (before, "resolved")
    assert checks(bot, pull) == []


def test_a_change_of_three_thousand_files_is_reviewed_and_not_flooded(bot: Bot) -> None:
    files: dict[str, str | None] = {f"vendor/{at // 100}/{at}.py": f"A = {at}\n" for at in range(3_000)}
    pull = opened(bot, "large", {**files, CODE: TOUCHED})
    assert "touches the code of the escape" in remark(bot, pull).body
    (check,) = checks(bot, pull)
    assert len(check.annotations) <= 50
