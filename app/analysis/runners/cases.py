"""One test as a results file tells of it, before it is known which of the tests that were asked for it is."""

import re
from dataclasses import dataclass

from app.domain.proof import Ending, Failure

MAX_MESSAGE = 4_000
MAX_TRACE = 16_000
MAX_NAME = 2_000


@dataclass(frozen=True, slots=True)
class Case:
    """One test's ending. `path` is its file as far as the runner says, perhaps without its extension or first folders. `rooted`
    paths are told from the worktree's root on.

    `name` is nested by `.` or ` > `. An empty name is an ending of the whole file, which could not be collected, and one with
    a `.` at its end that of a class, which could not be set up.
    """

    path: str
    name: str
    ending: Ending
    seconds: float = 0.0
    failure: Failure | None = None
    rooted: bool = False


def clipped(text: str, most: int = MAX_TRACE) -> str:
    """The text without terminal codes, its middle left out where it is longer: both ends of a trace tell most."""
    text = _CODES.sub("", text).replace("\0", "").strip()
    if len(text) <= most:
        return text
    return f"{text[: most // 4]}\n[...]\n{text[-(most - most // 4) :]}"


_CODES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)|[\x01-\x08\x0b\x0c\x0e-\x1f]")
