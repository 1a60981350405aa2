"""The one issue that a repository's digest is written to, week after week; what it says is `app.domain.digest`'s."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_TOLD = re.compile(r"<!-- recall:v1 told since=(\S{10,40}) week=(\S{10,40}) -->")
_HEAD = 1000


class Occasion(StrEnum):
    """Why a digest is looked at, as the text of its job: the week is over, only the next time is to be set, or what stands there
    is to be written anew.
    """

    WEEK = ""
    PLAN = "plan"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class RollingIssue:
    """The issue as it stands now."""

    number: int
    open: bool
    body: str


@dataclass(frozen=True, slots=True)
class Told:
    """Which stretch of time a digest tells of as new: from `since` to `week`, the moment it was due. It stands in the body, so
    that the next one begins where this one ended, whatever becomes of the memory and however often a job runs.
    """

    since: datetime
    week: datetime

    def __str__(self) -> str:
        """One line, hidden from readers."""
        since, week = (moment.astimezone(UTC).isoformat(timespec="seconds") for moment in (self.since, self.week))
        return f"<!-- recall:v1 told since={since} week={week} -->"

    def within(self, body: str) -> str:
        """The body with this as its second line, behind the marker."""
        marker, _, rest = body.partition("\n")
        return f"{marker}\n{self}\n{rest}"


def read_told(body: str) -> Told | None:
    """What a body says it told of; None where it does not say so, or people changed it into something else."""
    found = _TOLD.search(body[:_HEAD])
    try:
        moments = [datetime.fromisoformat(moment) for moment in found.groups()] if found else []
        if not moments or any(moment.tzinfo is None for moment in moments) or moments[0] > moments[1]:
            return None
        return Told(*(moment.astimezone(UTC) for moment in moments))
    except (ValueError, OverflowError):
        return None
