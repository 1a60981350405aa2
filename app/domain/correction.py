"""What people said of a recall: their corrections win over every guess, and are counted."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What can be called right or wrong."""

    LINK = "link"
    CULPRIT = "culprit"
    TESTS = "tests"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's word on one part, without the person: when it was said (ISO 8601), and why where they say so."""

    part: Part
    right: bool
    when: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that people said of one issue's recall. `fix` is a pull request (`#482`) or a commit, `culprit` a full sha, "" where
    nobody said. `draft` asks for a draft where recall would open none by itself; `quiet` for nothing more to be written here.
    """

    fix: str = ""
    culprit: str = ""
    not_culprits: tuple[str, ...] = ()
    draft: bool = False
    quiet: bool = False
    verdicts: tuple[Verdict, ...] = ()
