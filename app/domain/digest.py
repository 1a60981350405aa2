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


def box_marker(box: Box, issue: int) -> str:
    """What stands hidden behind a check box of a digest, so that ticking it can be told apart from all others."""
    return f"<!-- recall:v1 do={box} issue={issue} -->"


@dataclass(frozen=True, slots=True)
class Item:
    """One escape: where it stands and since when, when it was labelled (ISO 8601, "" where nobody kept it), what comes next as a
    slug ("" for nothing), its draft, and the boxes offered on it.
    """

    repository: str
    issue: int
    title: str
    stage: Stage
    since: str
    next: str
    pull: int | None = None
    boxes: tuple[Box, ...] = ()
    labelled: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """How it stood when a week ended: the day (ISO date), escapes still uncaught, all escapes."""

    day: str
    uncaught: int
    all: int


@dataclass(frozen=True, slots=True)
class Count:
    """A named number of a ranking, with the issues behind it, each as the repository's name and its number."""

    name: str
    number: int
    issues: tuple[tuple[str, int], ...] = ()


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

    An escape is caught once its test is proved, and until that test rots; `uncaught` of `all` are not. `weeks` ends with now,
    each seven days after the one before. `fresh` are the escapes labelled since `since`, `open` the uncaught, oldest first,
    `rotten` those of them whose guard no longer guards. `funnel` counts how many ever reached each stage; `slowest` is the stage
    that open ones have waited for longest, `waits` their median so far. `seams` name both sides, apart by ` → `; `whys` are
    slugs. `to_red` and `to_green` are medians from the label to a red test, and to a proved one. `quiet` says that nothing has
    happened since `since`; `last` is when something last did, "" for never.
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
    waits: float | None = None
    seams: tuple[Count, ...] = ()
    whys: tuple[Count, ...] = ()
    paths: tuple[Count, ...] = ()
    to_red: float | None = None
    to_green: float | None = None
    rightness: tuple[Rightness, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    quiet: bool = False
    last: str = ""
