"""What a guess of the culprit is made from, read from real histories."""

from pathlib import Path

import pytest

from app.analysis.overrides import NONE
from app.domain.change import Span
from app.domain.culprit import Trail
from app.engine.change_set import read_change_set
from app.engine.trail import Budget, read_trail
from app.git.log import commit_time
from app.git.repository import find_fix, open_repository
from tests.build import WorkingCopy, working_copy

CART = "class Cart:\n    def total(self):\n        return 1\n\n    def count(self):\n        return 2\n"


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "repo")
    copy.commit("Begin", {"shop/cart.py": CART, "README.md": "# shop\n"})
    return copy


def trail(copy: WorkingCopy, budget: Budget | None = None) -> Trail:
    repository = open_repository(copy.path)
    fix = find_fix(repository, "HEAD")
    change = read_change_set(repository, fix, NONE)
    when = commit_time(repository, fix.head)
    return read_trail(repository, fix, change, when, budget) if budget else read_trail(repository, fix, change, when)


def reasons(trail: Trail) -> set[str]:
    return {one.reason for one in trail.unchecked}


def test_the_lines_around_the_fix_are_told_with_who_wrote_them(copy: WorkingCopy) -> None:
    broke = copy.commit("Break", {"shop/cart.py": CART.replace("return 1", "return 9")})
    copy.commit("Fix", {"shop/cart.py": CART})
    traced = trail(copy).traced["shop/cart.py"]
    assert traced.enclosing == (Span(2, 3),)
    assert (traced.authored[3].sha, traced.authored[3].text) == (broke, "        return 9")


def test_the_past_commits_come_newest_first_with_what_they_did(copy: WorkingCopy) -> None:
    first = copy.git("rev-parse", "HEAD")
    broke = copy.commit("Break", {"shop/cart.py": CART.replace("return 1", "return 9"), "README.md": "# new\n"})
    copy.commit("Fix", {"shop/cart.py": CART})
    found = trail(copy)
    assert list(found.candidates) == [broke, first]
    assert [hunk.added for file in found.candidates[broke].patch for hunk in file.hunks] == [("        return 9",)]
    assert (found.candidates[broke].files, found.candidates[broke].inserted, found.candidates[broke].deleted) == (2, 1, 1)
    assert found.unchecked == ()


def test_the_fix_and_what_came_after_it_are_no_candidates(copy: WorkingCopy) -> None:
    fixed = copy.commit("Fix", {"shop/cart.py": CART.replace("1", "3")})
    copy.commit("Later", {"shop/cart.py": CART.replace("1", "4")})
    repository = open_repository(copy.path)
    fix = find_fix(repository, fixed)
    found = read_trail(repository, fix, read_change_set(repository, fix, NONE), 0)
    assert [one.subject for one in found.candidates.values()] == ["Begin"]


def test_a_blamed_commit_is_a_candidate_however_old_it_is(copy: WorkingCopy) -> None:
    for n in range(3):
        copy.commit(f"Other {n}", {"shop/cart.py": CART.replace("return 2", f"return {n}")})
    copy.commit("Fix", {"shop/cart.py": CART.replace("return 1", "return 3")})
    assert [one.subject for one in trail(copy, Budget(commits=1)).candidates.values()] == ["Other 2", "Begin"]


def test_commits_that_the_repository_lists_as_formatting_wrote_no_line(copy: WorkingCopy) -> None:
    first = copy.git("rev-parse", "HEAD")
    formatted = copy.commit("Format", {"shop/cart.py": CART.replace("return 1", "return (1)")})
    copy.commit("List", {".git-blame-ignore-revs": f"# black\n{formatted}  # format\n{'0' * 40}\n"})
    copy.commit("Fix", {"shop/cart.py": CART.replace("return 1", "return 3")})
    assert trail(copy).traced["shop/cart.py"].authored[3].sha == first


def test_a_fix_of_documents_alone_is_traced_in_them(copy: WorkingCopy) -> None:
    copy.commit("Fix", {"README.md": "# cart\n"})
    assert set(trail(copy).traced) == {"README.md"}


def test_a_fix_that_only_adds_files_has_nothing_to_trace(copy: WorkingCopy) -> None:
    copy.commit("Fix", {"new.py": "x = 1\n"})
    found = trail(copy)
    assert (found.traced, found.candidates) == ({}, {})


def test_what_there_was_no_time_for_is_said(copy: WorkingCopy) -> None:
    copy.commit("Fix", {"shop/cart.py": CART.replace("1", "3")})
    found = trail(copy, Budget(first=0.0, blamed=0.0, sizes=0.0))
    assert reasons(found) == {"culprit-blame-cut", "culprit-history-cut"}
    assert found.candidates == {}


def test_without_time_for_sizes_the_rest_stands(copy: WorkingCopy) -> None:
    copy.commit("Fix", {"shop/cart.py": CART.replace("1", "3")})
    found = trail(copy, Budget(sizes=0.0))
    assert reasons(found) == {"culprit-sizes-cut"}
    assert [one.subject for one in found.candidates.values()] == ["Begin"]


LONG = CART + "".join(f"    def more_{n}(self):\n        return {n}0\n" for n in range(20))


def test_a_file_is_followed_to_its_older_names(copy: WorkingCopy) -> None:
    copy.commit("Grow", {"shop/cart.py": LONG})
    copy.commit("Change", {"shop/cart.py": LONG.replace("return 1\n", "return 5\n")})
    copy.commit("Rename", {"shop/cart.py": None, "shop/basket.py": LONG.replace("return 1\n", "return 5\n")})
    copy.commit("Rename again", {"shop/basket.py": None, "store/basket.py": LONG.replace("return 1\n", "return 6\n")})
    copy.commit("Rewrite", {"store/basket.py": LONG.replace("return 1\n", "return 7\n")})
    copy.commit("Fix", {"store/basket.py": LONG})
    found = trail(copy).candidates.values()
    assert [one.subject for one in found] == ["Rewrite", "Rename again", "Rename", "Change", "Grow", "Begin"]


def test_the_commit_that_renamed_a_file_did_not_make_it(copy: WorkingCopy) -> None:
    copy.commit("Grow", {"shop/cart.py": LONG})
    renamed = copy.commit("Rename", {"shop/cart.py": None, "shop/basket.py": LONG.replace("return 1\n", "return 5\n")})
    copy.commit("Fix", {"shop/basket.py": LONG})
    (file,) = trail(copy).candidates[renamed].patch
    assert (file.old_path, file.path, len(file.hunks)) == ("shop/cart.py", "shop/basket.py", 1)


def test_a_name_that_another_file_had_before_is_no_older_name(copy: WorkingCopy) -> None:
    copy.commit("Other", {"shop/stock.py": "A = 1\n"})
    copy.commit("Make", {"shop/new.py": LONG})
    copy.commit("Fix", {"shop/new.py": LONG.replace("return 1\n", "return 3\n")})
    assert [one.subject for one in trail(copy).candidates.values()] == ["Make"]


def test_a_file_left_to_blame_by_the_clone_s_settings_is_traced_all_the_same(copy: WorkingCopy) -> None:
    copy.git("config", "blame.ignoreRevsFile", ".git-blame-ignore-revs")
    copy.commit("Fix", {"shop/cart.py": CART.replace("1", "3")})
    assert (trail(copy).traced["shop/cart.py"].authored[3].text, reasons(trail(copy))) == ("        return 1", set())
