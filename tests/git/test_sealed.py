"""A repository behind a folder of our own: the same history, none of its settings."""

import tempfile
import time
from pathlib import Path

import pytest

from app.domain.change import Span
from app.domain.errors import TryLater
from app.git.blame import read_runs
from app.git.patches import read_last
from app.git.repository import Repository, open_repository
from app.git.run import run
from app.git.sealed import sealed
from tests.build import WorkingCopy, working_copy


def soon() -> float:
    return time.monotonic() + 20


def test_blame_does_not_ask_for_a_file_that_the_repository_configures(copy: WorkingCopy, repository: Repository) -> None:
    copy.git("config", "blame.ignoreRevsFile", "no-such-file")
    last = copy.commit("last", {"a.txt": "one\ntwo\n"})
    with sealed(repository) as opened:
        told = read_runs(opened, last, "a.txt", [Span(2, 2)], deadline=soon())
    assert [run.sha for run in told.runs] == [last]


def test_patches_are_made_as_git_makes_them_unconfigured(copy: WorkingCopy, repository: Repository) -> None:
    last = copy.commit("last", {"b/naïve name.py": "x = 2\ny = 2\nz = 4\n"})
    copy.git("config", "diff.orderFile", "no-such-file")
    copy.git("config", "diff.interHunkContext", "9")
    with sealed(repository) as opened:
        (one,) = read_last(opened, [last], ["b/naïve name.py"], 1, soon()).commits
    assert len(one.patch[0].hunks) == 2


def test_hunks_are_headed_by_the_method_they_stand_in(copy: WorkingCopy, repository: Repository) -> None:
    body = "class Cart:\n    def total(self):\n        rate = 1\n        return rate\n"
    copy.commit("first", {"cart.py": body})
    last = copy.commit("last", {"cart.py": body.replace("return rate", "return 2")})
    with sealed(repository) as opened:
        (one,) = read_last(opened, [last], ["cart.py"], 1, soon()).commits
    assert one.patch[0].headings == ("def total(self):",)


def test_nothing_is_written_to_the_repository_and_nothing_is_left(copy: WorkingCopy, repository: Repository) -> None:
    before = {path: path.stat().st_mtime_ns for path in copy.path.rglob("*")}
    with sealed(repository) as opened:
        read_last(opened, [copy.git("rev-parse", "HEAD")], ["a.txt"], 9, soon())
        folder = opened.path
    assert {path: path.stat().st_mtime_ns for path in copy.path.rglob("*")} == before
    assert not folder.exists()


def test_a_shallow_clone_stays_one(copy: WorkingCopy, tmp_path: Path) -> None:
    last = copy.commit("last", {"a.txt": "two\n"})
    copy.git("clone", "--quiet", "--depth=1", copy.path.as_uri(), str(tmp_path / "shallow"))
    with sealed(open_repository(tmp_path / "shallow")) as opened:
        assert [one.sha for one in read_last(opened, [last], ["a.txt"], 9, soon()).commits] == [last]


def test_a_linked_work_tree_leads_to_the_objects(copy: WorkingCopy, tmp_path: Path) -> None:
    copy.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    with sealed(open_repository(tmp_path / "linked")) as opened:
        assert run(opened.path, "cat-file", "-t", copy.git("rev-parse", "HEAD")) == b"commit\n"


@pytest.mark.parametrize("name", ['with "quotes"', "back\\slash", "naïve", "#hash"])
def test_objects_are_found_wherever_the_repository_lies(tmp_path: Path, name: str) -> None:
    copy = working_copy(tmp_path / name)
    last = copy.commit("first", {"a.txt": "one\n"})
    with sealed(open_repository(copy.path)) as opened:
        assert run(opened.path, "cat-file", "-t", last) == b"commit\n"


def test_a_repository_of_the_longer_ids_opens(tmp_path: Path) -> None:
    (tmp_path / "long").mkdir()
    long = WorkingCopy(tmp_path / "long")
    long.git("init", "--quiet", "--object-format=sha256")
    last = long.commit("first", {"a.txt": "one\n"})
    with sealed(open_repository(long.path)) as opened:
        assert run(opened.path, "cat-file", "-t", last) == b"commit\n"


def test_without_room_for_temporary_files_that_is_said(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(TryLater, match="make room there"), sealed(repository):
        pass
