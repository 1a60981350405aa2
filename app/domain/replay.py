"""The replay of a repository's past bug fixes: what recall would have said of each, and what it comes to."""

from collections import Counter
from dataclasses import dataclass, replace

from app.domain.proof import Verdict
from app.domain.report import VerdictCode


@dataclass(frozen=True, slots=True)
class PastFix:
    """A commit of the history that reads as the fix of a bug; `issue` is the number its message names, if any."""

    sha: str
    subject: str
    issue: int | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past fix, answered from the state before it. `tests_in_fix` are the tests it brought, `tests` how many test files are
    seen to lead to what it changed, `integration` how many of them are integration or e2e tests.

    `seams` are the pairs of sides it stands on that no test takes together. `problem` is the sentence for why it could not be
    answered, and then nothing else is known of it. `proof` says whether the tests it brought are red before it; None if untried.
    """

    fix: PastFix
    verdict: VerdictCode | None = None
    tests_in_fix: tuple[str, ...] = ()
    tests: int = 0
    integration: int = 0
    seams: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
    proof: Verdict | None = None
    proof_reason: str = ""

    def proved(self, verdict: Verdict, reason: str) -> "Replayed":
        """The same with what came of proving the tests it brought."""
        return replace(self, proof=verdict, proof_reason=reason)


@dataclass(frozen=True, slots=True)
class Replay:
    """The last bug fixes of a repository, newest first, as of the commit `head`; `commits` is how many were looked through.

    `proved` says that the tests which the fixes brought were to be run.
    """

    head: str
    commits: int
    fixes: tuple[Replayed, ...] = ()
    proved: bool = False

    @property
    def answered(self) -> tuple[Replayed, ...]:
        """Those of which something is known."""
        return tuple(one for one in self.fixes if one.problem is None)

    @property
    def without_test(self) -> int:
        """How many brought no test."""
        return sum(not one.tests_in_fix for one in self.answered)

    @property
    def led_to(self) -> tuple[Replayed, ...]:
        """Those whose change some test is seen to lead to: where none is, one may do so in a way that nothing here shows."""
        return tuple(one for one in self.answered if one.tests)

    @property
    def without_integration(self) -> int:
        """How many of `led_to` had no integration or e2e test on what they changed."""
        return sum(not one.integration for one in self.led_to)

    @property
    def seams(self) -> tuple[tuple[tuple[str, str], int], ...]:
        """The seams that let most through, each with the number of fixes that stand on it; most first, then by name."""
        found = Counter(seam for one in self.answered for seam in set(one.seams))
        return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    @property
    def tried(self) -> tuple[Replayed, ...]:
        """Those whose own tests were run without them and with them, or were meant to be."""
        return tuple(one for one in self.answered if one.proof is not None)

    @property
    def red_before(self) -> int:
        """How many brought tests that are red before the fix and green with it."""
        return sum(one.proof is Verdict.PROVED for one in self.tried)
