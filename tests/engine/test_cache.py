"""What depends on a commit alone is kept, bounded, and never trusted beyond its digest."""

import os
from pathlib import Path

import pytest

from app.analysis.words import TestWords, read_test
from app.domain.history import PastCommit, PathChange
from app.engine.cache import Cache

HISTORY = (PastCommit("a" * 40, 5, "Fix\n\nbody", (PathChange("R", "b.py", "a.py"), PathChange("M", "c.py"))),)
WORDS = {"tests/test_cart.py": read_test(b"def test_total_of_cart():\n    assert cartTotal() == 1\n")}


def never() -> tuple[PastCommit, ...]:
    raise AssertionError("made again")


def test_a_history_comes_back_as_it_was(tmp_path: Path) -> None:
    Cache(tmp_path).history("k", lambda: HISTORY)
    assert Cache(tmp_path).history("k", never) == HISTORY


def test_words_come_back_as_they_were(tmp_path: Path) -> None:
    def make() -> dict[str, TestWords]:
        return WORDS

    assert Cache(tmp_path).words("k", make) == Cache(tmp_path).words("k", dict) == WORDS


def test_another_commit_is_another_answer(tmp_path: Path) -> None:
    Cache(tmp_path).history("k", lambda: HISTORY)
    assert Cache(tmp_path).history("other", lambda: ()) == ()


@pytest.mark.parametrize("damage", [b"", b"x" * 100, b"\0" * 32])
def test_what_was_damaged_is_made_again(tmp_path: Path, damage: bytes) -> None:
    Cache(tmp_path).history("k", lambda: ())
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert Cache(tmp_path).history("k", lambda: HISTORY) == HISTORY


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for age, key in ((300, "old"), (200, "used"), (100, "new")):
        cache.history(key, lambda: HISTORY)
        for file in tmp_path.glob(f"history-{key}-*"):
            os.utime(file, (1_600_000_000 - age, 1_600_000_000 - age))
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    cache.history("used", never)
    Cache(tmp_path, max_bytes=size - 1).history("last", lambda: ())
    assert {file.name.split("-")[1] for file in tmp_path.iterdir()} == {"used", "new", "last"}


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Cache(tmp_path / "file" / "cache").history("k", lambda: HISTORY) == HISTORY


def test_without_a_folder_nothing_is_kept() -> None:
    cache = Cache(None)
    cache.history("k", lambda: HISTORY)
    assert cache.history("k", lambda: ()) == ()
