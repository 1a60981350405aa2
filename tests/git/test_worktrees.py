"""Worktrees hold a commit's files, take files laid over them, undo a fix, leave nothing behind and the repository untouched."""

import os
from pathlib import Path

import pytest

from app.domain.errors import TellUser
from app.git.diff import read_changes
from app.git.objects import Entry, read_tree
from app.git.repository import FixCommits, Repository, find_fix, open_repository
from app.git.worktrees import (
    apply,
    blob_id,
    changed_files,
    default_tip,
    is_ancestor,
    keep,
    lay_over,
    merge_undone,
    read_reverse,
    top_of,
    untracked,
    worktree,
)
from tests.build import WorkingCopy, working_copy

BODY = "".join(f"line {number}\n" for number in range(20))


@pytest.fixture
def shop(tmp_path: Path) -> WorkingCopy:
    shop = working_copy(tmp_path / "shop")
    shop.commit("first", {"cart.py": BODY + "total = 1\n", "test_cart.py": "old\n", "link": "x"})
    shop.commit("fix", {"cart.py": BODY + "total = 2\n", "test_cart.py": "new\n", "rounding.py": "up\n"})
    return shop


def opened(copy: WorkingCopy) -> Repository:
    return open_repository(copy.path)


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its size and time of change."""
    return {os.fspath(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in folder.rglob("*") if not path.is_dir()}


def the_fix(repository: Repository, revision: str = "HEAD") -> FixCommits:
    return find_fix(repository, revision)


def undone_in(shop: WorkingCopy, folder: Path, by_merge: bool) -> bool:
    repository = opened(shop)
    fix = the_fix(repository, "HEAD~1")
    changes = [change for change in read_changes(repository, fix.base, fix.head) if change.path != "test_cart.py"]
    return merge_undone(folder, fix, changes) if by_merge else apply(folder, read_reverse(repository, fix, changes))


def test_it_holds_the_files_of_the_commit(shop: WorkingCopy, tmp_path: Path) -> None:
    with worktree(opened(shop), shop.git("rev-parse", "HEAD~1"), tmp_path / "old" / "shop") as folder:
        assert (folder / "test_cart.py").read_text() == "old\n"
        assert not (folder / "rounding.py").exists()


def test_nothing_of_it_is_left_and_nothing_in_the_repository_changes(shop: WorkingCopy, tmp_path: Path) -> None:
    before = state(shop.path)
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        (folder / "made").mkdir()
        (folder / "made" / "file").write_text("x")
        (folder / "made").chmod(0o500)
        keep(folder, b"a blob of its own")
    assert not folder.exists()
    assert state(shop.path) == before


def test_it_is_gone_after_an_interrupt(shop: WorkingCopy, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        raise KeyboardInterrupt
    assert not folder.exists()


def test_what_tests_do_to_their_repository_does_not_reach_the_one_that_was_named(shop: WorkingCopy, tmp_path: Path) -> None:
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        WorkingCopy(folder).git("tag", "theirs")
        WorkingCopy(folder).git("branch", "theirs")
    assert shop.git("tag", "--list") == ""
    assert shop.git("branch", "--list", "theirs") == ""


def test_tags_can_be_seen_in_it(shop: WorkingCopy, tmp_path: Path) -> None:
    shop.git("tag", "v1.2")
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        assert WorkingCopy(folder).git("describe", "--tags") == "v1.2"


def test_a_bare_and_a_shallow_clone_do_as_well(shop: WorkingCopy, tmp_path: Path) -> None:
    shop.git("clone", "--quiet", "--bare", "--depth=2", f"file://{shop.path}", str(tmp_path / "bare"))
    with worktree(open_repository(tmp_path / "bare"), "HEAD~1", tmp_path / "w") as folder:
        assert (folder / "test_cart.py").read_text() == "old\n"


def test_a_commit_that_is_not_all_there_is_told(shop: WorkingCopy, tmp_path: Path) -> None:
    oid = shop.git("rev-parse", "HEAD:rounding.py")
    (shop.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(TellUser, match="not all in this clone"), worktree(opened(shop), "HEAD", tmp_path / "w"):
        pass
    assert not (tmp_path / "w").exists()


def test_files_are_laid_over_and_taken_away(shop: WorkingCopy, tmp_path: Path) -> None:
    tree = read_tree(opened(shop), "HEAD")
    with worktree(opened(shop), "HEAD~1", tmp_path / "w") as folder:
        mine = Entry("100644", keep(folder, b"mine\n"))
        lay_over(folder, {"test_cart.py": tree["test_cart.py"], "new/deep.py": mine, "cart.py": None, "never.py": None})
        assert (folder / "test_cart.py").read_text() == "new\n"
        assert (folder / "new/deep.py").read_text() == "mine\n"
        assert not (folder / "cart.py").exists()


def test_a_symbolic_link_leads_no_file_out_of_it(shop: WorkingCopy, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop.path / "link").unlink()
    (shop.path / "link").symlink_to(outside)
    shop.commit("a link to elsewhere")
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        lay_over(folder, {"link/file": Entry("100644", keep(folder, b"x"))})
        assert list(outside.iterdir()) == []
        assert (folder / "link" / "file").read_text() == "x"


def test_a_blob_has_the_id_that_git_gives_it(shop: WorkingCopy) -> None:
    assert blob_id(opened(shop), b"new\n") == shop.git("rev-parse", "HEAD:test_cart.py")


@pytest.mark.parametrize("by_merge", [False, True])
def test_a_fix_is_undone_and_its_test_stays(shop: WorkingCopy, tmp_path: Path, by_merge: bool) -> None:
    shop.commit("go on", {"cart.py": "# a head line\n" + BODY + "total = 2\n"})
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        assert undone_in(shop, folder, by_merge)
        assert (folder / "cart.py").read_text() == "# a head line\n" + BODY + "total = 1\n"
        assert (folder / "test_cart.py").read_text() == "new\n"
        assert not (folder / "rounding.py").exists()


def test_only_the_merge_follows_a_file_that_was_renamed_since(shop: WorkingCopy, tmp_path: Path) -> None:
    shop.git("mv", "cart.py", "basket.py")
    shop.commit("rename")
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        assert not undone_in(shop, folder, by_merge=False)
        assert undone_in(shop, folder, by_merge=True)
        assert (folder / "basket.py").read_text() == BODY + "total = 1\n"


@pytest.mark.parametrize("by_merge", [False, True])
def test_where_the_code_moved_on_nothing_is_undone(shop: WorkingCopy, tmp_path: Path, by_merge: bool) -> None:
    shop.commit("rewrite", {"cart.py": BODY + "total = 3\n"})
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        assert not undone_in(shop, folder, by_merge)
        assert (folder / "cart.py").read_text() == BODY + "total = 3\n"
        assert (folder / "rounding.py").exists()


def test_where_what_the_fix_did_is_gone_already_nothing_is_undone(shop: WorkingCopy, tmp_path: Path) -> None:
    shop.commit("take it back", {"cart.py": BODY + "total = 1\n", "rounding.py": None})
    with worktree(opened(shop), "HEAD", tmp_path / "w") as folder:
        assert not undone_in(shop, folder, by_merge=True)


def test_the_tip_is_the_remotes_default_branch_before_the_own_one(shop: WorkingCopy, tmp_path: Path) -> None:
    shop.git("clone", "--quiet", str(shop.path), str(tmp_path / "clone"))
    clone = WorkingCopy(tmp_path / "clone")
    clone.git("checkout", "--quiet", "-b", "mine", "HEAD~1")
    assert default_tip(opened(clone)) == shop.git("rev-parse", "main")


def test_ancestry(shop: WorkingCopy) -> None:
    assert is_ancestor(opened(shop), "HEAD~1", "HEAD")
    assert not is_ancestor(opened(shop), "HEAD", "HEAD~1")


def test_what_is_untracked_and_what_differs_is_listed(shop: WorkingCopy) -> None:
    shop.commit("ignore", {".gitignore": "vendor/\n"})
    shop.write({"vendor/a/b.php": "x", "pkg/node_modules/c.js": "x", "cart.py": "changed", "test_new.py": "x"})
    shop.git("add", "test_new.py")
    assert sorted(untracked(shop.path)) == ["pkg/", "vendor/"]
    assert sorted(changed_files(shop.path)) == ["cart.py", "pkg/node_modules/c.js", "test_new.py"]


def test_a_checkout_has_a_top_and_a_bare_repository_has_none(shop: WorkingCopy, tmp_path: Path) -> None:
    shop.write({"deep/er/x": ""})
    shop.git("clone", "--quiet", "--bare", str(shop.path), str(tmp_path / "bare"))
    assert top_of(shop.path / "deep") == shop.path
    assert top_of(tmp_path / "bare") is None
