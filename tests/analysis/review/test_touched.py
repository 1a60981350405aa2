"""What a change touches of a past fix, in lines: carried, told apart from what only moved, and bounded on any input."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.diffs import read_hunks
from app.analysis.review.touched import PastFile, carried_by, fixed_lines, past_file, touches
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.lines import lines_of
from app.domain.review import Touch

TEXT = b"def total():\n    a = 1\n    b = 2\n    return a + b\n"


def change(patch: str, status: Status = Status.MODIFIED, **known: object) -> FileChange:
    hunks = read_hunks(f"diff --git a/x b/x\n{patch}".encode()) or ()
    return FileChange("cart.py", "cart.py", status, Role.CODE, "python", hunks, **known)  # type: ignore[arg-type]


def test_a_fix_wrote_the_lines_that_it_added() -> None:
    assert fixed_lines(change("@@ -1,1 +1,3 @@\n-a\n+a = 1\n+\n+b = 2\n")) == lines_of([1, 3])


def test_a_fix_that_only_took_lines_away_stands_between_the_two_beside() -> None:
    assert fixed_lines(change("@@ -3,2 +2,0 @@\n-a\n-b\n")) == lines_of([2, 3])


def test_the_functions_that_a_fix_changed_are_kept_and_classes_are_not() -> None:
    symbols = (Symbol("total", "Cart.total", "method", Span(1, 2)), Symbol("Cart", "Cart", "class", Span(1, 9)))
    carry = carried_by(())
    assert carry is not None
    assert past_file("cart.py", change("", symbols=symbols), carry).functions == {"Cart.total"}


def test_a_changed_line_of_the_fix_is_touched() -> None:
    found = touches(PastFile("cart.py", lines_of([3])), change("@@ -3 +3 @@\n-    b = 2\n+    b = 3\n"), TEXT)
    assert found == (Touch("cart.py", (Span(3, 3),)),)


def test_a_line_taken_away_is_shown_at_the_line_before_it() -> None:
    found = touches(PastFile("cart.py", lines_of([3])), change("@@ -3 +2,0 @@\n-    b = 2\n"), TEXT)
    assert found == (Touch("cart.py", (Span(2, 2),)),)


def test_a_line_that_only_moved_is_not_touched() -> None:
    moved = change("@@ -2 +1,0 @@\n-    a = 1\n@@ -3,0 +3 @@\n+    a = 1\n")
    assert touches(PastFile("cart.py", lines_of([2])), moved, TEXT) == ()


def test_a_line_put_beside_the_fix_is_not_touched() -> None:
    beside = change("@@ -3,0 +4 @@\n+    c = 3\n")
    assert touches(PastFile("cart.py", lines_of([3])), beside, TEXT) == ()


def test_another_line_of_the_function_is_a_touch_of_the_function_alone() -> None:
    past = PastFile("cart.py", lines_of([2]), frozenset({"total"}))
    found = touches(past, change("@@ -4 +4 @@\n-    return a + b\n+    return a - b\n"), TEXT)
    assert found == (Touch("cart.py", (Span(4, 4),), "total"),)


def test_a_function_that_goes_away_takes_its_past_along() -> None:
    gone = change("@@ -1,4 +0,0 @@\n-def total():\n-    a = 1\n-    b = 2\n-    return a + b\n")
    assert touches(PastFile("cart.py", lines_of([3]), frozenset({"total"})), gone, TEXT) == ()


def test_a_function_that_is_written_anew_is_touched() -> None:
    anew = change("@@ -1,4 +1,2 @@\n-def total():\n-    a = 1\n-    b = 2\n-    return a + b\n+def total():\n+    return 3\n")
    assert touches(PastFile("cart.py", lines_of([3])), anew, TEXT) == (Touch("cart.py", (Span(1, 2),)),)


TEXTS = st.lists(st.text(max_size=20), max_size=3).map(tuple)


def hunk(at: int, removed: tuple[str, ...], added: tuple[str, ...]) -> Hunk:
    old, new = (Span(at, at + len(lines) - 1) if lines else None for lines in (removed, added))
    return Hunk(old, new, at - 1 if old else at, removed, added)


@given(st.lists(st.builds(hunk, st.integers(1, 1_000_003), TEXTS, TEXTS), max_size=5), st.sets(st.integers(1, 60)))
def test_no_hunks_make_it_fail(hunks: list[Hunk], lines: set[int]) -> None:
    file = FileChange("cart.py", "cart.py", Status.MODIFIED, Role.CODE, "python", tuple(hunks))
    assert fixed_lines(file) >= 0
    touches(PastFile("cart.py", lines_of(lines), frozenset({"total"})), file, TEXT)
