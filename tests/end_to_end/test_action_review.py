"""Reviews without a server, by the very steps of action.yml: a remark, silence, and the two stages of a fork's pull request."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from app.sandbox.sandbox import WRITING
from app.sandbox.state import CheckRun, Comment, Issue
from tests.action import READING, Actions, actions
from tests.end_to_end.conftest import LABEL, serving
from tests.end_to_end.test_action import told
from tests.end_to_end.test_review import CODE, FIXED, GUARD, TEST, TOUCHED
from tests.shop import SHOP, Shop


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Actions]:
    """One escape that was fixed, labelled and remembered."""
    with actions(tmp_path) as made:
        escape(made.shop)
        ran = made.act("recall", made.last("issues", "labeled"))
        assert ran.code == 0, ran.log
        yield made


def escape(shop: Shop) -> None:
    """One escape whose fix brought its test."""
    mona = shop.mona
    issue = mona.open_issue(SHOP, "Total is wrong", "The total is wrong, see `shop/pricing.py`.")
    mona.push(SHOP, {CODE: FIXED, TEST: GUARD}, "Fix the total", branch="fix")
    mona.merge(mona.open_pull(SHOP, "fix", "Fix the total", f"Fixes #{issue.number}"))
    mona.label(issue, LABEL)


def opened(shop: Shop, branch: str, files: Mapping[str, str | None]) -> Issue:
    shop.mona.push(SHOP, files, f"Change {branch}", branch=branch)
    return shop.mona.open_pull(SHOP, branch, f"Change {branch}")


def test_a_change_of_a_past_fix_gets_one_remark_and_a_clean_one_none(runner: Actions) -> None:
    touching = opened(runner.shop, "touches", {CODE: TOUCHED})
    for _ in range(2):
        ran = runner.act("review", runner.last("pull_request", "opened"))
        assert ran.code == 0, ran.log
    (comment,) = runner.comments(touching)
    assert "touches the code of the escape" in comment.body
    clean = opened(runner.shop, "clean", {"README.md": "More.\n"})
    ran = runner.act("review", runner.last("pull_request", "opened"))
    assert ran.code == 0, ran.log
    assert runner.comments(clean) == []


def test_a_forks_remark_is_in_the_summary_first_and_posted_by_the_second_stage(runner: Actions) -> None:
    sandbox = runner.shop.sandbox
    sandbox.create_repository("eve/shop", fork_of=SHOP)
    eve = sandbox.person("eve")
    eve.push("eve/shop", {CODE: TOUCHED}, "Change", branch="theirs")
    pull = eve.open_pull(SHOP, "eve:theirs", "From afar")
    first = runner.act("review", runner.last("pull_request", "opened"), READING)
    assert first.code == 0, first.log
    assert pull.comments == []
    assert "touches the code of the escape" in first.summary
    run = sandbox.start_run_on(pull)
    sandbox.complete_run(run)
    second = runner.act("review", runner.last("workflow_run", "completed"))
    assert second.code == 0, second.log
    (comment,) = runner.comments(pull)
    assert "touches the code of the escape" in comment.body


def test_a_fork_that_moved_on_is_left_to_its_next_run(runner: Actions) -> None:
    sandbox = runner.shop.sandbox
    sandbox.create_repository("eve/shop", fork_of=SHOP)
    eve = sandbox.person("eve")
    eve.push("eve/shop", {CODE: TOUCHED}, "Change", branch="theirs")
    pull = eve.open_pull(SHOP, "eve:theirs", "From afar")
    run = sandbox.start_run_on(pull)
    eve.push("eve/shop", {"README.md": "More.\n"}, "Go on", branch="theirs")
    sandbox.complete_run(run)
    ran = runner.act("review", runner.last("workflow_run", "completed"))
    assert ran.code == 0, ran.log
    assert pull.comments == []


def test_where_nothing_is_remembered_the_labelled_issues_tell(runner: Actions) -> None:
    git = runner.shop.repository.git
    git.delete_ref("refs/heads/recall-data")
    opened(runner.shop, "touches", {CODE: TOUCHED})
    sandbox = runner.shop.sandbox
    sandbox.create_repository("eve/shop", fork_of=SHOP)
    eve = sandbox.person("eve")
    eve.push("eve/shop", {CODE: TOUCHED}, "Change", branch="theirs")
    eve.open_pull(SHOP, "eve:theirs", "From afar")
    ran = runner.act("review", runner.last("pull_request", "opened"), READING)
    assert ran.code == 0, ran.log
    assert "touches the code of the escape" in ran.summary


Written = tuple[list[tuple[str, str | None]], list[tuple[object, ...]]]


def written(shop: Shop, pull: Issue, comments: list[Comment]) -> Written:
    """The comments on a pull request with why they are folded, and the check runs of the review at its head, as they are read."""
    assert pull.pull is not None
    head = pull.pull.head_sha
    checks = [one for one in shop.repository.checks if (one.name, one.head_sha) == ("recall / review", head)]
    return [(told(shop, one.body), one.hidden) for one in comments], [shown(shop, one) for one in checks]


def shown(shop: Shop, check: CheckRun) -> tuple[object, ...]:
    return check.external_id, check.status, check.conclusion, told(shop, repr(check.output)), told(shop, repr(check.annotations))


def played(shop: Shop, login: str, review: Callable[[str], None]) -> list[Written]:
    """What is written on a change of the fix, on the same once it is taken back, on the removal of the guard, and on neither.
    `review` has the newest delivery of that action done.
    """
    seen = []

    def look(pull: Issue, action: str) -> None:
        review(action)
        seen.append(written(shop, pull, [one for one in pull.comments if one.author.login == login]))

    touching = opened(shop, "touches", {CODE: TOUCHED})
    look(touching, "opened")
    shop.mona.force_push(SHOP, {"README.md": "Only words.\n"}, "Only words", "touches")
    look(touching, "synchronize")
    look(opened(shop, "deletes", {TEST: None}), "opened")
    look(opened(shop, "clean", {"README.md": "More.\n"}), "opened")
    return seen


def test_server_and_action_write_the_same_remarks(runner: Actions, request: pytest.FixtureRequest) -> None:
    def review(action: str) -> None:
        ran = runner.act("review", runner.last("pull_request", action))
        assert ran.code == 0, ran.log

    by_action = played(runner.shop, "github-actions[bot]", review)
    assert [(len(comments), len(checks)) for comments, checks in by_action] == [(1, 1), (1, 1), (1, 1), (0, 0)]
    with serving("sqlite", request, permissions=WRITING) as bot:
        escape(bot.shop)
        bot.settle()
        assert played(bot.shop, "recall[bot]", lambda _action: bot.settle()) == by_action
