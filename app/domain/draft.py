"""The draft pull request that brings a regression test: what recall remembers of it, and what it is about to do."""

from dataclasses import dataclass
from enum import StrEnum


class DraftState(StrEnum):
    """Where the draft stands. `THEIRS` has commits of a person, so recall writes to it no more; `CLOSED` is never opened again.

    `PATCH` is the same change as text in the comment, where nothing may be written or drafts are not offered.
    """

    NONE = "none"
    OPEN = "open"
    THEIRS = "theirs"
    MERGED = "merged"
    CLOSED = "closed"
    PATCH = "patch"


class ProofState(StrEnum):
    """What is known of the guard of one escape, in the order in which it gets better; `ROTTEN` went green without the fix."""

    UNKNOWN = "unknown"
    COULD_NOT_RUN = "could-not-run"
    NOT_PROVED = "not-proved"
    FLAKY = "flaky"
    RED = "red"
    PROVED = "proved"
    GUARDED = "guarded"
    ROTTEN = "rotten"


@dataclass(frozen=True, slots=True)
class Guard:
    """What is remembered of an escape's regression test: the draft, the proof, the last challenge. Kept as one value.

    `pull` and `branch` are the draft's; `digest` is of what recall last wrote there; `patch` the change where it is only text;
    `why` the slug for why there is no draft. `receipt` is the JSON of the last receipt that counted, `run_url` the CI run it is
    from. `tests` are the proved guards (`PATH::NAME`). `challenged` is when the bug was last put back (ISO 8601).
    """

    draft: DraftState = DraftState.NONE
    pull: int | None = None
    branch: str = ""
    digest: str = ""
    patch: str = ""
    why: str = ""
    proof: ProofState = ProofState.UNKNOWN
    receipt: str = ""
    run_url: str = ""
    tests: tuple[str, ...] = ()
    challenged: str = ""
