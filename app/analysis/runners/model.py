"""What every family of frameworks gives: how to find it in a repository, and its commands."""

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.domain.suite import Command, Suite, TestId


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a command: its exit code, all it printed, and its results file (empty where there is none)."""

    returncode: int
    output: str = ""
    results: bytes = b""


@dataclass(frozen=True, slots=True)
class Runner:
    """The commands of one family. Each gets paths and names that are checked already, and gives no command it cannot."""

    run_tests: Callable[[Suite, Sequence[TestId], str], tuple[Command, ...]]
    run_all: Callable[[Suite, str], tuple[Command, ...]]
    collect: Callable[[Suite, TestId], tuple[Command, ...]]
    is_collected: Callable[[Suite, TestId, Run], bool]


def inside(folder: str, path: str) -> str:
    """The path as a command in `folder` writes it, both relative to the root; it never reads as an option.

    `tests/test_a.py` in `backend/` is `../tests/test_a.py`; `-a.py` is `./-a.py`; absolute paths stay as they are.
    """
    if not path or posixpath.isabs(path):
        return path
    written = posixpath.relpath(path, folder or ".")
    return f"./{written}" if written.startswith("-") else written


def numbered(results: str, number: int) -> str:
    """A results file of its own for each command: `r.xml`, `r-2.xml`, `r-3.xml`."""
    if number <= 1:
        return results
    front, dot, ending = results.rpartition(".")
    return f"{front}-{number}.{ending}" if dot and "/" not in ending else f"{results}-{number}"


def by_file(tests: Iterable[TestId]) -> dict[str, list[str]]:
    """Of each file the names asked for; empty where the whole file is."""
    found: dict[str, list[str]] = {}
    whole: set[str] = set()
    for test in tests:
        found.setdefault(test.path, []).append(test.name)
        whole |= {test.path} if not test.name else set()
    return {path: [] if path in whole else names for path, names in found.items()}
