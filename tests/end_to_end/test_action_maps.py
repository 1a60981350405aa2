"""Test maps without a server: the newest that a run on the default branch left behind, by the very steps of action.yml."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sandbox.sandbox import WRITING
from app.sandbox.state import WorkflowRun
from tests.action import Actions, actions
from tests.end_to_end.conftest import Bot
from tests.end_to_end.test_action import escaped
from tests.end_to_end.test_maps import build
from tests.gate import zipped
from tests.shop import SHOP


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Actions]:
    with actions(tmp_path) as made:
        yield made


def mapped(runner: Actions, run: WorkflowRun) -> None:
    """Has the run build its map and leave it as an artifact."""
    folder = runner.folder / f"map-{run.id}"
    folder.mkdir()
    made = build(Bot(runner.shop, 0, "", folder), run, folder, COMMIT=run.sha)
    runner.shop.sandbox.add_artifact_of(run, made["name"], zipped(map_recall=Path(made["map"]).read_bytes()))
    runner.shop.sandbox.complete_run(run)


def test_the_newest_map_of_the_default_branch_is_answered_from(runner: Actions) -> None:
    sandbox, mona = runner.shop.sandbox, runner.shop.mona
    run = sandbox.start_run(SHOP)
    mapped(runner, run)
    mona.push(SHOP, {"notes.md": "Later.\n"}, "Note", branch="other")
    mapped(runner, sandbox.start_run(SHOP, branch="other"))
    issue = escaped(runner.shop)
    ran = runner.act("recall", runner.last("issues", "labeled"))
    assert ran.code == 0, ran.log
    (comment,) = runner.comments(issue)
    assert f"Test map of [`{run.sha[:7]}`]" in comment.body
    assert f"brought 1 maps of {run.sha[:10]}" in ran.log


def test_where_runs_may_not_be_read_it_answers_without_and_says_so(runner: Actions) -> None:
    mapped(runner, runner.shop.sandbox.start_run(SHOP))
    issue = escaped(runner.shop)
    permissions = {name: level for name, level in WRITING.items() if name != "actions"}
    ran = runner.act("recall", runner.last("issues", "labeled"), permissions)
    assert ran.code == 0, ran.log
    (comment,) = runner.comments(issue)
    assert "Test map of" not in comment.body
    assert "(403) while listing the artifacts" in ran.log
