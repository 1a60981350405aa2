"""The life of a bug as dates: when it was written, landed, released, reported and fixed, read from commits and release tags."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from app.analysis.releases import version_of
from app.domain.green import Life, Release
from app.domain.unchecked import Unchecked
from app.git.ancestry import landing
from app.git.log import author_time, commit_time
from app.git.repository import Repository
from app.git.run import GitFailed, GitTooSlow
from app.git.tags import Tag, tags_containing

_DAY = 86_400
_SECONDS = 6.0  # for each of the three things that a walk of the history tells

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Facts:
    """What git cannot tell of a life (ISO 8601, "" where unknown): when the pull request was merged, and the bug reported."""

    merged: str = ""
    reported: str = ""


def read_life(
    repository: Repository, culprit: str, base: str, fix: str | None, facts: Facts
) -> tuple[Life, tuple[Unchecked, ...]]:
    """The life of the bug that `culprit` brought, up to the landed commit `fix` (None where it is not fixed yet).

    `base` is the state before the fix. When it landed is GitHub's word where there is one, else the date of the commit on the
    first-parent line to `base` that brought it. What git could not tell in time is unknown, and said.
    """
    unchecked: list[Unchecked] = []

    def tell(reason: str, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except (GitFailed, GitTooSlow):
            unchecked.append(Unchecked(reason, (culprit,)))
            return None

    written = tell("life-dates", lambda: author_time(repository, culprit)) or None
    fixed = tell("life-dates", lambda: commit_time(repository, fix)) or None if fix else None
    merged = _seconds(facts.merged)
    if merged is None:
        merged = tell("life-landed", lambda: _landed(repository, culprit, base))
    released = tell("life-released", lambda: first_release(tags_containing(repository, culprit, _SECONDS)))
    fix_released = tell("life-released", lambda: first_release(tags_containing(repository, fix, _SECONDS))) if fix else None
    began = merged if merged is not None else written
    life = Life(
        introduced=_iso(written),
        merged=_iso(merged),
        released=released,
        reported=_iso(_seconds(facts.reported)),
        fixed=_iso(fixed),
        fix_released=fix_released,
        days=(fixed - began) // _DAY if fixed is not None and began is not None and fixed >= began else None,
    )
    return life, tuple(dict.fromkeys(unchecked))


def first_release(tags: tuple[Tag, ...]) -> Release | None:
    """The first release among tags, by the commits that they name and then by their versions; what comes before a release
    counts only where there is no release.
    """
    versions = ((tag, version) for tag in tags if (version := version_of(tag.name)) is not None)
    found = min(versions, key=lambda pair: (not pair[1].final, pair[0].committed, pair[1]), default=None)
    return Release(found[0].name, _iso(found[0].made), found[1].final) if found else None


def _landed(repository: Repository, culprit: str, base: str) -> int | None:
    brought = landing(repository, culprit, base, _SECONDS)
    return commit_time(repository, brought) or None if brought else None


def _seconds(iso: str) -> int | None:
    try:
        return int(datetime.fromisoformat(iso).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def _iso(seconds: int | None) -> str:
    """In UTC; "" also for what no calendar has, since anybody can write any date into a commit."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds is not None else ""
    except (ValueError, OverflowError, OSError):
        return ""
