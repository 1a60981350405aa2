"""The weekly digest of a repository's escapes, as numbers and lists; words and charts are `app.render.digest`'s."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.correction import Part
from app.domain.course import Stage

DIGEST_MARKER = "<!-- recall:v1 digest "
"""What the body of every digest issue begins with."""


def digest_marker(repository_id: int) -> str:
    """The first line of a repository's digest issue; found again together with the author."""
    return f"{DIGEST_MARKER}repository={repository_id} -->"


class Box(StrEnum):
    """What ticking a line of the digest does."""

    DRAFT = "draft"
    WITHDRAW = "withdraw"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Item:
    """One open escape: where it stands, since when (ISO 8601), what comes next as a slug, and the boxes offered on it."""

    repository: str
    issue: int
    title: str
    stage: Stage
    since: str
    next: str
    pull: int | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """How it stood at the end of a week: the Monday it began (ISO date), escapes still uncaught, all escapes."""

    monday: str
    uncaught: int
    all: int


@dataclass(frozen=True, slots=True)
class Count:
    """A named number of a ranking, with the issues behind it."""

    name: str
    number: int
    issues: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rightness:
    """How often recall was right about one part, by people's own verdict."""

    part: Part
    right: int
    of: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that recall could not do: why as a slug, how often, and one sentence that names the thing."""

    reason: str
    times: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one digest says, as of `when` (ISO 8601). Durations are seconds, None where nothing was measured.

    `fresh` are the escapes labelled since `since`, `open` those not proved yet, oldest first, `rotten` those whose guard guards
    no more. `funnel` counts how many ever reached each stage; `slowest` is the stage that the open ones wait for longest.
    `quiet` says that nothing has happened since.
    """

    repository: str
    repository_id: int
    when: str
    since: str
    uncaught: int
    all: int
    weeks: tuple[Week, ...] = ()
    fresh: tuple[Item, ...] = ()
    open: tuple[Item, ...] = ()
    rotten: tuple[Item, ...] = ()
    funnel: tuple[tuple[Stage, int], ...] = ()
    slowest: Stage | None = None
    seams: tuple[Count, ...] = ()
    whys: tuple[Count, ...] = ()
    paths: tuple[Count, ...] = ()
    to_red: float | None = None
    to_green: float | None = None
    rightness: tuple[Rightness, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    quiet: bool = False
