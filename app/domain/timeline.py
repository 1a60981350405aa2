"""What GitHub knows of an issue's past, before it is judged: pull requests, commits and happenings, by `app.github.linked`.

`app.analysis.links` ranks candidate fixes from these.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.delivery import Repository
from app.domain.escape import FixState


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request. `merged_at` is ISO 8601 in UTC, None unless merged; `merge_sha` the commit that landed on the base
    branch, with its `merge_parents` (2: a merge commit; 1: squashed, or the last rebased commit, or unknown); `commits` is how
    many it has, 0 if unknown.
    """

    repository: str
    number: int
    state: FixState
    head_sha: str
    base_sha: str
    title: str = ""
    url: str = ""
    visibility: str = "public"
    merged_at: str | None = None
    merge_sha: str | None = None
    merge_parents: int = 1
    commits: int = 1


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. `pull` is the merged pull request that brought it to the base branch; `on_default` whether it is known to
    have reached the default branch.
    """

    repository: str
    sha: str
    title: str = ""
    url: str = ""
    visibility: str = "public"
    on_default: bool = False
    pull: Pull | None = None


class Event(StrEnum):
    """The kinds of happenings that can tell of a fix."""

    CLOSED = "closed"
    REOPENED = "reopened"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    CROSS_REFERENCED = "cross-referenced"
    REFERENCED = "referenced"


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of an issue's timeline. `at` is ISO 8601 in UTC; `completed` is False for a close as not planned or as a
    duplicate; `will_close` and `direct` are GitHub's own words for a cross-reference and a commit's reference.
    """

    event: Event
    at: str
    pull: Pull | None = None
    commit: Commit | None = None
    completed: bool = True
    will_close: bool = False
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything GitHub itself links to one issue; `closing` are the pull requests it lists as closing the issue."""

    repository: Repository
    closing: tuple[Pull, ...] = ()
    happenings: tuple[Happening, ...] = ()
