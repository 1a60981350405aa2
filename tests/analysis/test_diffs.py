"""Patches become hunks."""

import subprocess
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.analysis.diffs import read_hunks, split_patch
from app.domain.change import Hunk, Span

HEAD = b"diff --git a/x.py b/x.py\nindex 1..2 100644\n--- a/x.py\n+++ b/x.py\n"


def test_a_changed_line_has_both_sides() -> None:
    assert read_hunks(HEAD + b"@@ -3 +3 @@ def f():\n-old\n+new\n") == (Hunk(Span(3, 3), Span(3, 3), 2, ("old",), ("new",)),)


def test_added_lines_follow_an_old_line() -> None:
    assert read_hunks(HEAD + b"@@ -7,0 +8,2 @@\n+a\n+b\n") == (Hunk(None, Span(8, 9), 7, (), ("a", "b")),)


def test_removed_lines_have_no_new_side() -> None:
    assert read_hunks(HEAD + b"@@ -7,2 +6,0 @@\n-a\n-b\n") == (Hunk(Span(7, 8), None, 6, ("a", "b"), ()),)


def test_the_mark_of_a_missing_newline_is_no_line() -> None:
    section = HEAD + b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    assert read_hunks(section) == (Hunk(Span(1, 1), Span(1, 1), 0, ("a",), ("b",)),)


def test_a_binary_file_has_unknown_lines() -> None:
    assert read_hunks(b"diff --git a/x b/x\nBinary files a/x and b/x differ\n") is None


def test_a_pure_rename_has_no_hunks() -> None:
    assert read_hunks(b"diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n") == ()


def test_a_damaged_section_has_unknown_lines() -> None:
    assert read_hunks(HEAD + b"@@ -1,5 +1 @@\n-a\n+b\n") is None


def test_content_that_looks_like_a_header_does_not_split_a_patch() -> None:
    patch = HEAD + b"@@ -1 +1 @@\n-diff --git a/q b/q\n+--- a/q\n" + HEAD + b"@@ -1 +1 @@\n-a\n+b\n"
    assert [len(read_hunks(section) or ()) for section in split_patch(patch)] == [1, 1]


LINES = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=12), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, LINES)
@example(["a\x0cb", "\u2028", "\r"], ["\x85", "@@ -1 +1 @@", "diff --git "])
def test_the_hunks_of_a_real_diff_turn_the_old_lines_into_the_new(tmp_path: Path, old: list[str], new: list[str]) -> None:
    for name, lines in (("old", old), ("new", new)):
        (tmp_path / name).write_bytes("".join(f"{line}\n" for line in lines).encode())
    command = ["git", "diff", "--no-index", "--text", "-U0", "old", "new"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout
    sections = split_patch(told)
    hunks = read_hunks(sections[0]) if sections else ()
    assert hunks is not None
    made = list(old)
    for hunk in reversed(hunks):
        start = hunk.old.start - 1 if hunk.old else hunk.after
        made[start : start + len(hunk.removed)] = hunk.added
    assert [line.rstrip("\r") for line in made] == [line.rstrip("\r") for line in new]
