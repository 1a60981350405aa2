"""Reads how commits descend from one another: which of many are there, a bounded walk of the history, a count between two,
and what brought one to a branch.
"""

import re
import time
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from app.git.repository import Repository
from app.git.run import GitFailed, GitTooSlow, run

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def known_commits(repository: Repository, shas: Iterable[str]) -> frozenset[str]:
    """Those of the full shas that are commits of this clone, by one process."""
    asked = [sha for sha in shas if _SHA.fullmatch(sha)]
    if not asked:
        return frozenset()
    told = run(
        repository.path,
        "cat-file",
        "--batch-check=%(objectname) %(objecttype)",
        stdin="".join(f"{sha}\n" for sha in asked).encode(),
    )
    return frozenset(line.removesuffix(" commit") for line in told.decode().splitlines() if line.endswith(" commit"))


def walk(
    repository: Repository, starts: Sequence[str], without: Sequence[str] = (), *, most: int, seconds: float = 10.0
) -> dict[str, tuple[str, ...]]:
    """The last `most` commits that lead to `starts`, each with its parents, less what leads to `without`; newest first.

    Raises GitTooSlow after `seconds`.
    """
    revisions = "".join([*(f"{sha}\n" for sha in starts), *(f"^{sha}\n" for sha in without)])
    arguments = ("rev-list", "--parents", f"--max-count={most}", "--stdin")
    told = run(repository.path, *arguments, stdin=revisions.encode(), seconds=seconds)
    lines = (line.split(" ") for line in told.decode().splitlines())
    return {commit: tuple(parents) for commit, *parents in lines}


def is_ancestor(repository: Repository, older: str, newer: str, seconds: float = 10.0) -> bool:
    """Whether `older` leads to `newer`, or is it; False also where either is not in this clone. Raises GitTooSlow."""
    try:
        run(repository.path, "merge-base", "--is-ancestor", older, newer, seconds=seconds)
    except GitFailed:
        return False
    return True


def landing(repository: Repository, commit: str, tip: str, seconds: float = 10.0) -> str | None:
    """The commit on the line of first parents to `tip` that brought `commit`: itself if it stands there, else a merge.

    None where `tip` does not have it. Raises GitTooSlow.
    """
    if not is_ancestor(repository, commit, tip, seconds):
        return None
    ends = time.monotonic() + seconds
    arguments = ("rev-list", "--first-parent", "--parents", tip, f"^{commit}", "--")
    line = [told.split(" ") for told in run(repository.path, *arguments, seconds=seconds).decode().splitlines()]
    if not line or commit in line[-1][1:2]:
        return commit

    def brings(place: int) -> bool:
        left = ends - time.monotonic()
        if left <= 0:
            raise GitTooSlow(f"What brought {commit[:10]} was not found within {seconds:.0f} seconds.")
        return is_ancestor(repository, commit, line[place][0], left)

    # Whatever has the commit, everything newer on the line has it too, so the oldest that has it is found by halving.
    return line[bisect_left(range(len(line)), True, key=lambda place: not brings(place)) - 1][0]


def count_between(repository: Repository, older: str, newer: str, seconds: float = 10.0) -> int:
    """How many commits lead to `newer` and not to `older`. Raises GitTooSlow after `seconds`."""
    return int(run(repository.path, "rev-list", "--count", newer, f"^{older}", "--", seconds=seconds))
