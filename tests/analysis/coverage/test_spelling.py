"""However a tool writes a path, it comes to one form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.spelling import MAX_BYTES, spellings


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("src/a.py", "src/a.py"),
        ("./src//b/../a.py", "src/a.py"),
        ("../../src/a.py", "../../src/a.py"),
        ("/app/./a.ts", "/app/a.ts"),
        (r"D:\a\x\x\src\A.cs", "D:/a/x/x/src/A.cs"),
        (r"D:\a\x\x\src/A.cs", "D:/a/x/x/src/A.cs"),
        (r"\\?\C:\x\A.cs", "C:/x/A.cs"),
        (r"src\A.cs", "src/A.cs"),
        (r"src/a\b.py", r"src/a\b.py"),
        ("file:///home/x/a%20b.js", "/home/x/a b.js"),
        ("file:///D:/x/a.js", "D:/x/a.js"),
        ("src/cafe\u0301.py", "src/caf\u00e9.py"),
    ],
)
def test_a_path_has_one_form(written: str, meant: str) -> None:
    assert spellings(written) == (meant,)


@pytest.mark.parametrize("path", ["", "/", ".", "a/..", "a\0b", "a\nb", "\ud800", "x" * (MAX_BYTES + 1), "é" * MAX_BYTES])
def test_what_cannot_be_a_path_has_no_spelling(path: str) -> None:
    assert spellings(path) == ()


def test_a_relative_path_stands_below_each_root() -> None:
    assert spellings("pkg/a.py", ["/work/src", "/work/lib/"]) == ("/work/src/pkg/a.py", "/work/lib/pkg/a.py")


def test_roots_do_not_move_an_absolute_path() -> None:
    assert spellings("/app/a.py", ["/work/src"]) == ("/app/a.py",)


def test_roots_that_cannot_be_are_passed_over() -> None:
    assert spellings("a.py", ["", "a\0b"]) == ("a.py",)


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_every_spelling_is_in_the_one_form(path: str, roots: list[str]) -> None:
    for name in spellings(path, roots):
        assert spellings(name) == (name,) or name.startswith("file:")
        assert "" not in name.removeprefix("/").split("/") and "." not in name.split("/")
