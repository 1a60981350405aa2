"""The course of one recall from label to guard, as moments; the weekly digest is counted from these."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """The steps of the funnel, in order; `ROTTEN` and `WITHDRAWN` take a recall out of it again."""

    LABELLED = "labelled"
    LINKED = "linked"
    COMMENTED = "commented"
    DRAFTED = "drafted"
    RED = "red"
    PROVED = "proved"
    GUARDED = "guarded"
    ROTTEN = "rotten"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a stage was reached (ISO 8601, UTC)."""

    stage: Stage
    when: str


@dataclass(frozen=True, slots=True)
class Course:
    """The moments of one recall, oldest first; nothing is ever taken out, so what was true at any past time can be told."""

    moments: tuple[Moment, ...] = ()

    def first(self, stage: Stage) -> str | None:
        """When the stage was reached for the first time; None where it never was."""
        return next((moment.when for moment in self.moments if moment.stage is stage), None)
