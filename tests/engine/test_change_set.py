"""What a fix changed, with real git: renames, symbols, and files whose lines cannot be known."""

import os
from pathlib import Path

import pytest

from app.analysis.overrides import Overrides
from app.domain.change import ChangeSet, FileChange, Role, Span, Status
from app.engine.change_set import read_change_set
from app.git.repository import find_fix, open_repository
from tests.build import WorkingCopy, working_copy

CART = "class Cart:\n    def total(self):\n        return 1\n\n    def count(self):\n        return 2\n"


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "repo")
    copy.commit("first", {"shop/cart.py": CART, "README.md": "# shop\n", "tests/test_cart.py": "def test_total(): ...\n"})
    return copy


def change_set(copy: WorkingCopy) -> ChangeSet:
    repository = open_repository(copy.path)
    return read_change_set(repository, find_fix(repository, "HEAD"), Overrides())


def only(copy: WorkingCopy) -> FileChange:
    (file,) = change_set(copy).files
    return file


def test_a_changed_line_is_found_with_its_symbol(copy: WorkingCopy) -> None:
    copy.commit("Fix the total", {"shop/cart.py": CART.replace("return 1", "return 3")})
    file = only(copy)
    assert [hunk.old for hunk in file.hunks] == [Span(3, 3)]
    assert [symbol.qualified for symbol in file.symbols] == ["Cart.total"]


def test_a_symbol_that_comes_with_the_fix_is_kept_apart(copy: WorkingCopy) -> None:
    copy.commit("Add", {"shop/cart.py": CART + "\n    def tax(self):\n        return 0\n"})
    assert [symbol.qualified for symbol in only(copy).new_symbols] == ["Cart.tax"]


def test_a_renamed_file_keeps_both_paths(copy: WorkingCopy) -> None:
    copy.commit("Move", {"shop/cart.py": None, "shop/basket.py": CART + "\nX = 1\n"})
    file = only(copy)
    assert (file.status, file.old_path, file.path) == (Status.RENAMED, "shop/cart.py", "shop/basket.py")


def test_the_roles_of_files_are_told_apart(copy: WorkingCopy) -> None:
    copy.commit("All", {"shop/cart.py": CART + "#\n", "README.md": "# cart\n", "tests/test_cart.py": "def test_a(): ...\n"})
    roles = {file.path: file.role for file in change_set(copy).files}
    assert roles == {"shop/cart.py": Role.CODE, "README.md": Role.DOCS, "tests/test_cart.py": Role.TEST}


def test_a_binary_file_says_why_its_lines_are_unknown(copy: WorkingCopy) -> None:
    copy.commit("Picture", {"logo.png": b"\x89PNG\0\0"})
    assert only(copy).opaque == "binary"


def test_a_file_over_a_megabyte_is_not_compared(copy: WorkingCopy) -> None:
    copy.commit("Huge", {"huge.py": "x = 1\n" * 200_000})
    assert only(copy).opaque == "too-large"


def test_a_symbolic_link_is_not_followed(copy: WorkingCopy) -> None:
    (copy.path / "link.py").symlink_to("/etc/passwd")
    copy.commit("Link")
    assert only(copy).opaque == "symbolic-link"


def test_a_file_that_became_a_link_is_not_compared(copy: WorkingCopy) -> None:
    (copy.path / "README.md").unlink()
    (copy.path / "README.md").symlink_to("shop/cart.py")
    copy.write({"shop/cart.py": CART + "#\n"})
    copy.commit("Turn")
    files = {file.path: file for file in change_set(copy).files}
    assert (files["README.md"].opaque, len(files["shop/cart.py"].hunks)) == ("symbolic-link", 1)


def test_a_submodule_is_named_as_one(copy: WorkingCopy) -> None:
    copy.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/lib")
    copy.git("commit", "--quiet", "-m", "Pin the library")
    assert only(copy).opaque == "submodule"


def test_names_that_need_quoting_keep_their_hunks(copy: WorkingCopy) -> None:
    names = ['a "quoted" name.py', "tab\there.py", "naïve.py", "new\nline.py", ":(glob)*.py", os.fsdecode(b"latin-\xe9.py")]
    copy.commit("Names", dict.fromkeys(names, "x = 1\n"))
    assert {file.path: len(file.hunks) for file in change_set(copy).files} == dict.fromkeys(names, 1)


def test_a_mode_change_alone_has_no_hunks(copy: WorkingCopy) -> None:
    (copy.path / "shop/cart.py").chmod(0o755)
    copy.commit("Executable")
    assert (only(copy).hunks, only(copy).opaque) == ((), None)


def test_contents_that_a_partial_clone_lacks_are_said(copy: WorkingCopy, tmp_path: Path) -> None:
    copy.commit("Fix", {"shop/cart.py": CART + "#\n"})
    copy.git("config", "uploadpack.allowFilter", "true")
    partial = working_copy(tmp_path / "partial")
    partial.git("clone", "--quiet", "--bare", "--filter=blob:none", f"file://{copy.path}", str(tmp_path / "partial.git"))
    repository = open_repository(tmp_path / "partial.git")
    (file,) = read_change_set(repository, find_fix(repository, "HEAD"), Overrides()).files
    assert file.opaque == "missing-blob"
