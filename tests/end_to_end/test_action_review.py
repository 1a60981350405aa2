"""Reviews without a server, by the very steps of action.yml: a remark, silence, and the two stages of a fork's pull request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sandbox.state import Issue
from tests.action import READING, Actions, actions
from tests.end_to_end.conftest import LABEL
from tests.end_to_end.test_review import CODE, FIXED, GUARD, TEST, TOUCHED
from tests.shop import SHOP


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Actions]:
    """One escape that was fixed, labelled and remembered."""
    with actions(tmp_path) as made:
        mona = made.shop.mona
        issue = mona.open_issue(SHOP, "Total is wrong", "The total is wrong, see `shop/pricing.py`.")
        mona.push(SHOP, {CODE: FIXED, TEST: GUARD}, "Fix the total", branch="fix")
        mona.merge(mona.open_pull(SHOP, "fix", "Fix the total", f"Fixes #{issue.number}"))
        mona.label(issue, LABEL)
        ran = made.act("recall", made.last("issues", "labeled"))
        assert ran.code == 0, ran.log
        yield made


def opened(runner: Actions, branch: str, files: dict[str, str]) -> Issue:
    runner.shop.mona.push(SHOP, files, f"Change {branch}", branch=branch)
    return runner.shop.mona.open_pull(SHOP, branch, f"Change {branch}")


def test_a_change_of_a_past_fix_gets_one_remark_and_a_clean_one_none(runner: Actions) -> None:
    touching = opened(runner, "touches", {CODE: TOUCHED})
    for _ in range(2):
        ran = runner.act("review", runner.last("pull_request", "opened"))
        assert ran.code == 0, ran.log
    (comment,) = runner.comments(touching)
    assert "touches the code of the escape" in comment.body
    clean = opened(runner, "clean", {"README.md": "More.\n"})
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
    opened(runner, "touches", {CODE: TOUCHED})
    sandbox = runner.shop.sandbox
    sandbox.create_repository("eve/shop", fork_of=SHOP)
    eve = sandbox.person("eve")
    eve.push("eve/shop", {CODE: TOUCHED}, "Change", branch="theirs")
    eve.open_pull(SHOP, "eve:theirs", "From afar")
    ran = runner.act("review", runner.last("pull_request", "opened"), READING)
    assert ran.code == 0, ran.log
    assert "touches the code of the escape" in ran.summary
