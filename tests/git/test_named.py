"""Commits that people name, and the merges that brought them."""

from pathlib import Path

import pytest

from app.git.named import find_shas, leads_to, merge_of, read_headers
from app.git.repository import Repository, open_repository
from tests.build import WorkingCopy, working_copy


@pytest.fixture
def merged(tmp_path: Path) -> WorkingCopy:
    """A commit of a branch, one made on main meanwhile, and their merge."""
    copy = working_copy(tmp_path / "merged")
    copy.commit("first", {"a.py": "a = 1\n"})
    copy.git("switch", "--quiet", "--create", "topic")
    copy.commit("brought", {"b.py": "b = 1\n"})
    copy.git("switch", "--quiet", "main")
    copy.commit("made here", {"c.py": "c = 1\n"})
    copy.git("merge", "--quiet", "--no-ff", "-m", "Merge pull request #431 from acme/topic", "topic")
    copy.commit("last", {"a.py": "a = 2\n"})
    return copy


@pytest.fixture
def repository(merged: WorkingCopy) -> Repository:
    return open_repository(merged.path)


def test_a_commit_of_a_branch_was_brought_by_its_merge(merged: WorkingCopy, repository: Repository) -> None:
    merge = merge_of(repository, merged.git("rev-parse", "topic"), merged.git("rev-parse", "main"))
    assert merge is not None
    assert (merge.sha, merge.subject) == (merged.git("rev-parse", "main~1"), "Merge pull request #431 from acme/topic")


@pytest.mark.parametrize("name", ["main~2", "main~3", "main"])
def test_what_was_made_on_the_line_itself_was_brought_by_no_merge(merged: WorkingCopy, repository: Repository, name: str) -> None:
    assert merge_of(repository, merged.git("rev-parse", name), merged.git("rev-parse", "main")) is None


def test_what_is_not_here_was_brought_by_no_merge(merged: WorkingCopy, repository: Repository) -> None:
    assert merge_of(repository, "d" * 40, merged.git("rev-parse", "main")) is None
    assert not leads_to(repository, "d" * 40, merged.git("rev-parse", "main"))


def test_shas_are_completed_and_what_is_no_commit_is_left_out(merged: WorkingCopy, repository: Repository) -> None:
    head, tree = merged.git("rev-parse", "main"), merged.git("rev-parse", "main^{tree}")
    assert find_shas(repository, [head[:9], tree, "0000000"]) == {head[:9]: head}


def test_a_header_has_its_parents_and_its_subject(merged: WorkingCopy, repository: Repository) -> None:
    sha = merged.git("rev-parse", "main~1")
    header = read_headers(repository, [sha])[sha]
    assert (header.subject, len(header.parents)) == ("Merge pull request #431 from acme/topic", 2)
    assert header.parents[0] == merged.git("rev-parse", "main~2")
