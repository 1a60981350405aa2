"""Whom recall names as the cause on real histories where something became of the bug's lines before they were mended."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from app.domain.culprit import Origin, Suspect
from app.engine.culprit import trace
from tests import histories
from tests.histories import Story


def asked(story: Story) -> Origin:
    return trace(story.path, "HEAD")


def subjects(story: Story, origin: Origin) -> list[str]:
    names = {sha: name for name, sha in story.told.items()}
    return [names.get(one.sha, one.subject) for one in origin.suspects]


def first(origin: Origin) -> Suspect:
    assert origin.suspects
    return origin.suspects[0]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(histories.plain, id="nothing became of it"),
        pytest.param(histories.renamed, id="the file was renamed and edited"),
        pytest.param(histories.split, id="the file was split"),
        pytest.param(partial(histories.reformatted, ignored=True), id="a formatter that is listed as one went over it"),
        pytest.param(partial(histories.reformatted, ignored=False), id="a formatter went over it"),
        pytest.param(histories.reapplied, id="it was taken back and made again"),
        pytest.param(histories.restored, id="it was rewritten, and the rewriting taken back"),
        pytest.param(partial(histories.picked, merged=True), id="it was picked to a branch that was merged back"),
        pytest.param(histories.octopus, id="it came by a merge of three branches"),
        pytest.param(histories.badly_merged, id="a merge itself made it"),
        pytest.param(histories.merged_pull, id="it came by a merged pull request"),
        pytest.param(histories.squashed, id="it came squashed with other things"),
        pytest.param(histories.as_old_as_the_root, id="it is as old as the first commit"),
        pytest.param(histories.only_added, id="the fix only adds lines"),
    ],
)
def test_the_commit_that_brought_the_bug_is_named(tmp_path: Path, told: Callable[[Path], Story]) -> None:
    story = told(tmp_path / "shop")
    origin = asked(story)
    assert origin.culprit == story.told["bug"], subjects(story, origin)


def test_a_fix_of_a_fix_names_the_first_fix(tmp_path: Path) -> None:
    story = histories.mended_badly(tmp_path / "shop")
    assert asked(story).culprit == story.told["first fix"]


def test_a_bug_mended_in_a_file_and_its_copy_has_its_commit_among_the_first_two(tmp_path: Path) -> None:
    story = histories.copied(tmp_path / "shop", both=True)
    assert story.told["bug"] in [suspect.sha for suspect in asked(story).suspects[:2]]


def test_a_bug_mended_in_a_copy_alone_is_laid_to_whoever_copied_it_there(tmp_path: Path) -> None:
    story = histories.copied(tmp_path / "shop", both=False)
    assert asked(story).culprit == story.told["copy"]


def test_on_the_branch_it_was_picked_to_the_pick_is_named(tmp_path: Path) -> None:
    story = histories.picked(tmp_path / "shop", merged=False)
    assert asked(story).culprit == story.told["pick"]


def test_who_made_a_change_again_is_told_with_the_original(tmp_path: Path) -> None:
    story = histories.reapplied(tmp_path / "shop")
    origin = asked(story)
    told = next(ground for ground in first(origin).grounds if ground.reason == "copied-by")
    assert told.names == (story.told["again"],)
    assert not {story.told["again"], story.told["revert"]} & {one.sha for one in origin.suspects}


def test_a_formatter_is_no_suspect(tmp_path: Path) -> None:
    story = histories.reformatted(tmp_path / "shop", ignored=False)
    assert "sweep" not in subjects(story, asked(story))


def test_whoever_took_back_an_earlier_fix_is_among_the_first_two(tmp_path: Path) -> None:
    story = histories.unmended(tmp_path / "shop")
    origin = asked(story)
    assert story.told["revert"] in {one.sha for one in origin.suspects[:2]}, subjects(story, origin)


def test_the_lines_of_a_file_that_was_split_are_followed_into_the_one_they_came_from(tmp_path: Path) -> None:
    story = histories.split(tmp_path / "shop")
    told = first(asked(story)).grounds[0]
    assert (told.reason, told.count, told.of, told.path) == ("blame-removed", 2, 2, "shop/sums.py")


def test_a_squashed_pull_request_is_told_by_its_number(tmp_path: Path) -> None:
    assert first(asked(histories.squashed(tmp_path / "shop"))).pull_request == 12
