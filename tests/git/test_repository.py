"""Finding the fix that a person named, and the sentence for what is not there."""

from pathlib import Path

import pytest

from app.domain.errors import TellUser
from app.git.repository import Repository, find_commit, find_fix, open_repository
from tests.build import WorkingCopy


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(TellUser, match="is not a git repository: name one with --repo"):
        open_repository(tmp_path)


def test_a_path_that_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(TellUser, match="is not a folder"):
        open_repository(tmp_path / "nowhere")


def test_a_bare_repository_opens(copy: WorkingCopy, tmp_path: Path) -> None:
    copy.git("clone", "--quiet", "--bare", str(copy.path), str(tmp_path / "bare.git"))
    assert open_repository(tmp_path / "bare.git").path == tmp_path / "bare.git"


def test_a_subfolder_opens_its_repository(copy: WorkingCopy) -> None:
    assert open_repository(copy.path / "b").path == copy.path / ".git"


def test_a_fix_stands_against_its_parent(copy: WorkingCopy, repository: Repository) -> None:
    base = copy.git("rev-parse", "HEAD")
    head = copy.commit("Fix the total\n\nIt was wrong.", {"a.txt": "two\n"})
    fix = find_fix(repository, head[:9])
    assert (fix.base, fix.head, fix.message) == (base, head, "Fix the total\n\nIt was wrong.")


def test_a_merge_stands_against_its_first_parent_and_speaks_with_its_commits_words(
    copy: WorkingCopy, repository: Repository
) -> None:
    copy.git("checkout", "--quiet", "-b", "topic")
    copy.commit("Round half up", {"a.txt": "two\n"})
    copy.git("checkout", "--quiet", "main")
    base = copy.commit("meanwhile", {"c.txt": "c\n"})
    copy.git("merge", "--quiet", "--no-ff", "-m", "Merge pull request #5", "topic")
    fix = find_fix(repository, "HEAD")
    assert (fix.base, fix.message) == (base, "Merge pull request #5\n\nRound half up")


def test_a_range_stands_against_the_merge_base(copy: WorkingCopy, repository: Repository) -> None:
    base = copy.git("rev-parse", "HEAD")
    copy.commit("one", {"a.txt": "2\n"})
    head = copy.commit("two", {"a.txt": "3\n"})
    fix = find_fix(repository, f"{base}..main")
    assert (fix.base, fix.head, fix.message) == (base, head, "two\n\none")


def test_an_empty_range_is_said(copy: WorkingCopy, repository: Repository) -> None:
    with pytest.raises(TellUser, match="is empty"):
        find_fix(repository, "main..main")


def test_a_first_commit_has_nothing_before_it(copy: WorkingCopy, repository: Repository) -> None:
    with pytest.raises(TellUser, match="first commit of its history"):
        find_fix(repository, "HEAD")


def test_the_end_of_a_shallow_clone_names_the_remedy(copy: WorkingCopy, tmp_path: Path) -> None:
    copy.commit("second", {"a.txt": "two\n"})
    copy.git("clone", "--quiet", "--depth=1", f"file://{copy.path}", str(tmp_path / "shallow"))
    with pytest.raises(TellUser, match="git fetch --unshallow"):
        find_fix(open_repository(tmp_path / "shallow"), "HEAD")


@pytest.mark.parametrize("revision", ["nowhere", "-n", "--all", "", " ", "a\0b", "HEAD:a.txt", "deadbeef" * 5])
def test_what_is_no_commit_is_said(repository: Repository, revision: str) -> None:
    with pytest.raises(TellUser, match=r"There is no commit|is not a commit"):
        find_commit(repository, revision)
