"""A past escape as those who may prove or challenge it are told of it."""

from dataclasses import dataclass

from app.domain.draft import ProofState
from app.domain.suite import TestId


@dataclass(frozen=True, slots=True)
class PastEscape:
    """One recalled issue with its landed fix: full shas of the fix and of the state before it, and the tests that guard it.

    `proof` is what is known of them. `reverse` is the patch that puts the bug back, "" where only the commits tell it.
    """

    issue: int
    fix: str
    parent: str
    tests: tuple[TestId, ...] = ()
    proof: ProofState = ProofState.UNKNOWN
    reverse: str = ""

    @property
    def guarded(self) -> bool:
        """Whether its tests were proved once, so that putting the bug back tells something of them."""
        return self.proof in (ProofState.PROVED, ProofState.GUARDED, ProofState.ROTTEN)
