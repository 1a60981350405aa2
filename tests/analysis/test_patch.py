"""Patches, as git itself applies them."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analysis.patch import patch


def applied(folder: Path, path: str, before: str | None, after: str) -> str:
    """What `git apply` makes of the patch, in a folder of its own."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    if before is not None:
        file.write_bytes(before.encode())
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=patch(path, before, after).encode(), check=True
    )
    return file.read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "def test_a():\n    pass\n"),
        (None, "no newline"),
        ("", "x\n"),
        ("x\n", ""),
        ("x", "x\ny"),
        ("a\n" * 50, "a\n" * 50 + "b\n"),
        ("one\r\ntwo\r\n", "one\r\ntwo\r\nthree\r\n"),
        ("a\x0cb\u2028c\x85d\n", "a\x0cb\u2028c\x85d\ne\x0c\n"),
    ],
)
def test_git_applies_it(tmp_path: Path, before: str | None, after: str) -> None:
    assert applied(tmp_path, "tests/test_a.py", before, after) == after


@pytest.mark.parametrize("path", ["a b/test c.py", 'te"st.py', "tést.py", "a\\b.py", "x\ty.py", "-n.py", "é b.py"])
@pytest.mark.parametrize("before", [None, "x\n"])
def test_any_name_survives(tmp_path: Path, path: str, before: str | None) -> None:
    assert applied(tmp_path, path, before, "x\ny\n") == "x\ny\n"


def test_no_change_is_no_patch() -> None:
    assert patch("a.py", "x\n", "x\n") == ""


_TEXT = st.text(st.sampled_from("ab \t\r\n\\-+@\u2028é"), max_size=40)


@given(st.none() | _TEXT, _TEXT)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_what_git_makes_of_it(tmp_path: Path, before: str | None, after: str) -> None:
    if before != after and (before is not None or after):
        assert applied(tmp_path, "a.py", before, after) == after
