"""Trees and blobs, read in bulk."""

import os
from pathlib import Path

from app.git.objects import read_blobs, read_tree
from app.git.repository import Repository, open_repository
from tests.build import WorkingCopy


def test_a_tree_lists_every_path_with_its_mode(copy: WorkingCopy, repository: Repository) -> None:
    (copy.path / "link").symlink_to("a.txt")
    tree = read_tree(repository, copy.commit("link"))
    assert {path: entry.mode for path, entry in tree.items()} == {
        "a.txt": "100644",
        "b/naïve name.py": "100644",
        "link": "120000",
    }


def test_a_path_that_is_not_utf8_keeps_its_bytes(copy: WorkingCopy, repository: Repository) -> None:
    name = b"caf\xe9.py"
    (copy.path / os.fsdecode(name)).write_text("x")
    assert name in {os.fsencode(path) for path in read_tree(repository, copy.commit("latin-1"))}


def test_blobs_come_with_their_exact_bytes(copy: WorkingCopy, repository: Repository) -> None:
    content = b"\x00 missing\n\xff\r\n no newline at the end"
    tree = read_tree(repository, copy.commit("odd", {"odd.bin": content, "empty": ""}))
    read = read_blobs(repository, [tree["odd.bin"].oid, tree["empty"].oid])
    assert [read.contents[tree[path].oid] for path in ("odd.bin", "empty")] == [content, b""]


def test_a_large_blob_is_passed_over(copy: WorkingCopy, repository: Repository) -> None:
    tree = read_tree(repository, copy.commit("large", {"large": "x" * 101}))
    read = read_blobs(repository, [entry.oid for entry in tree.values()], max_bytes=100)
    assert (read.large, len(read.contents)) == ({tree["large"].oid}, 2)


def test_a_missing_blob_is_told(repository: Repository) -> None:
    assert read_blobs(repository, ["e" * 40]).missing == {"e" * 40}


def test_a_partial_clone_gives_what_it_has(copy: WorkingCopy, tmp_path: Path) -> None:
    copy.git("config", "uploadpack.allowFilter", "true")
    copy.git("clone", "--quiet", "--filter=blob:none", "--no-checkout", f"file://{copy.path}", str(tmp_path / "partial"))
    partial = WorkingCopy(tmp_path / "partial")
    there = partial.git("hash-object", "-w", "--stdin", stdin=b"here\n")
    gone = copy.git("rev-parse", "HEAD:a.txt")
    read = read_blobs(open_repository(partial.path), [gone, there])
    assert (read.contents, read.missing) == ({there: b"here\n"}, {gone})


def test_no_question_no_answer(repository: Repository) -> None:
    assert read_blobs(repository, []).contents == {}
