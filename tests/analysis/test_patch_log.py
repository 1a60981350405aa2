"""Past commits with their patches, from the text that git prints."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.patch_log import CUT, MAX_LINES, read_counts, read_patch_log
from app.analysis.quoting import unquoted
from app.domain.change import Span

A, B = "a" * 40, "b" * 40
ONE = f"""\x01{A} 1600000000 {B}\x02Price the cart

diff --git a/cart.py b/cart.py
index 1111111..2222222 100644
--- a/cart.py
+++ b/cart.py
@@ -3 +3,2 @@ def total(self):
-    return 1
+    rate = 2
+    return rate
@@ -9,0 +11 @@ def count(self):
+    return 0
""".encode()


def test_a_commit_is_read_with_its_date_subject_and_parents() -> None:
    (one,) = read_patch_log(ONE)
    assert (one.sha, one.when, one.subject, one.parents) == (A, 1600000000, "Price the cart", 1)


def test_hunks_carry_their_lines_and_the_heading_of_the_definition() -> None:
    (file,) = read_patch_log(ONE)[0].patch
    first, second = file.hunks
    assert (file.old_path, file.path) == ("cart.py", "cart.py")
    assert (first.old, first.new, first.removed) == (Span(3, 3), Span(3, 4), ("    return 1",))
    assert first.added == ("    rate = 2", "    return rate")
    assert (second.old, second.after, second.new) == (None, 9, Span(11, 11))
    assert file.headings == ("def total(self):", "def count(self):")


def test_a_line_that_looks_like_one_of_git_s_is_content() -> None:
    told = ONE + b"diff --git a/x.sql b/x.sql\n--- a/x.sql\n+++ b/x.sql\n@@ -1 +1 @@\n--- old\n+++ new\n"
    file = read_patch_log(told)[0].patch[1]
    assert (file.path, file.hunks[0].removed, file.hunks[0].added) == ("x.sql", ("-- old",), ("++ new",))


def test_a_rename_without_a_changed_line_carries_both_names() -> None:
    told = ONE + b"diff --git a/old name.py b/new.py\nsimilarity index 100%\nrename from old name.py\nrename to new.py\n"
    file = read_patch_log(told)[0].patch[1]
    assert (file.old_path, file.path, file.hunks) == ("old name.py", "new.py", ())


def test_made_and_deleted_files_have_one_name() -> None:
    told = ONE + (
        b"diff --git a/e.py b/e.py\nnew file mode 100644\nindex 0000000..e69de29\n"
        b"diff --git a/g.py b/g.py\ndeleted file mode 100644\n--- a/g.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    )
    files = read_patch_log(told)[0].patch[1:]
    assert [(file.old_path, file.path) for file in files] == [(None, "e.py"), ("g.py", None)]


def test_a_name_with_blanks_loses_the_tab_that_git_puts_behind_it() -> None:
    told = ONE + b"diff --git a/a b.py b/a b.py\n--- a/a b.py\t\n+++ b/a b.py\t\n@@ -1 +1 @@\n-x\n+y\n"
    assert read_patch_log(told)[0].patch[1].path == "a b.py"


def test_a_binary_file_has_its_name_and_no_hunks() -> None:
    told = ONE + b"diff --git a/p.png b/p.png\nindex 1..2 100644\nBinary files a/p.png and b/p.png differ\n"
    file = read_patch_log(told)[0].patch[1]
    assert (file.path, file.hunks) == ("p.png", ())


def test_the_commit_that_was_cut_off_is_left_out() -> None:
    told = ONE + b"\n" + ONE.replace(A.encode(), B.encode())
    assert [one.sha for one in read_patch_log(told)] == [A, B]
    assert [one.sha for one in read_patch_log(told[:-30], whole=False)] == [A]


def test_a_very_long_patch_keeps_only_the_beginning_of_its_later_hunks() -> None:
    long = b"".join(b"+line\n" for _ in range(MAX_LINES + 1))
    told = ONE + b"@@ -20,0 +30,%d @@\n" % (MAX_LINES + 1) + long + b"@@ -30,0 +9000,40 @@\n" + b"+more\n" * 40
    third, fourth = read_patch_log(told)[0].patch[0].hunks[2:]
    assert (len(third.added), len(fourth.added)) == (MAX_LINES, CUT)
    assert fourth.new == Span(9000, 9039)


def test_the_lines_of_a_commit_are_counted_though_they_are_cut() -> None:
    told = ONE + b"@@ -20,0 +30,%d @@\n" % (MAX_LINES + 1) + b"+line\n" * (MAX_LINES + 1)
    (one,) = read_patch_log(told)
    assert (one.inserted, one.deleted) == (MAX_LINES + 4, 1)


def test_the_files_of_commits_are_counted_by_their_sha() -> None:
    two = f"\x01{A} 16 {B}\x02a\n\n:100644 100644 1 2 M\ta\n:100644 100644 1 2 M\tb\n"
    none = f"\x01{B} 15 \x02b\n"
    assert read_counts((two + none).encode()) == {A: 2, B: 0}


def test_a_subject_cannot_pass_for_a_commit_or_a_patch() -> None:
    told = f"\x01{A} 16 {B}\x02diff --git a/x b/x \x01{B} 15 \x02y\n".encode()
    (one,) = read_patch_log(told)
    assert one.patch == ()


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_break_the_reading(noise: bytes, whole: bool) -> None:
    read_patch_log(noise, whole=whole)
    read_patch_log(ONE + noise, whole=whole)
    read_counts(ONE + noise)


LINES = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=30)


@given(st.lists(LINES, max_size=5), st.lists(LINES, max_size=5))
def test_whatever_the_lines_say_they_come_back_as_they_were(removed: list[str], added: list[str]) -> None:
    body = "".join(f"-{line}\n" for line in removed) + "".join(f"+{line}\n" for line in added)
    told = f"\x01{A} 1 {B}\x02s\n\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,{len(removed)} +1,{len(added)} @@\n{body}".encode()
    (hunk,) = read_patch_log(told)[0].patch[0].hunks
    assert (list(hunk.removed), list(hunk.added)) == (removed, added)


@given(st.binary(min_size=1, max_size=20))
def test_a_quoted_name_comes_back_as_it_was(name: bytes) -> None:
    quoted = b'"' + b"".join(b"\\%03o" % byte for byte in name) + b'"'
    assert unquoted(quoted) == name.decode(errors="surrogateescape")


def test_the_short_escapes_of_names_are_understood() -> None:
    assert unquoted(rb'"a\tb\"c\\d"') == 'a\tb"c\\d'
    assert unquoted(b"plain.py") == "plain.py"
