"""Replays the last bug fixes of a repository: finds them in its history and answers each from the state before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.analysis.bug_fixes import past_fixes
from app.analysis.rank import Weights
from app.analysis.replayed import replayed
from app.domain.errors import RecallError
from app.domain.replay import PastFix, Replay, Replayed
from app.domain.testmap import Maps
from app.engine.cache import Cache
from app.engine.explain import NO_CACHE, Asked, Progress, explain
from app.git.log import read_log
from app.git.repository import find_commit, open_repository

# Commits that are looked through, the tip of the default branch first.
HISTORY = 5000


def _silent(_doing: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Past:
    """The bug fixes found: as of `head`, among the last `commits` commits, newest first."""

    head: str
    commits: int
    fixes: tuple[PastFix, ...]


def find_fixes(path: Path, last: int, revision: str = "HEAD") -> Past:
    """The last bug fixes that lead to `revision`. Raises TellUser where there is no such repository or commit."""
    repository = open_repository(path)
    head = find_commit(repository, revision)
    history = read_log(repository, head, HISTORY)
    return Past(head, len(history), tuple(islice(past_fixes(history), last)))


def replay(
    path: Path,
    past: Past,
    weights: Weights,
    *,
    maps: Maps | None = None,
    cache: Cache = NO_CACHE,
    progress: Progress = _silent,
) -> Replay:
    """The answer on each fix. One that cannot be answered is told with its reason, and stops none of the others."""

    def answers() -> Iterator[Replayed]:
        for number, fix in enumerate(past.fixes, 1):
            progress(f"fix {number} of {len(past.fixes)}: {fix.sha[:10]}")
            try:
                yield replayed(fix, explain(path, Asked(fix.sha), weights, maps=maps, cache=cache))
            except RecallError as error:
                yield Replayed(fix, problem=str(error))

    return Replay(past.head, past.commits, tuple(answers()))
