"""The first line of the answer as an ordered list of named rules; the sentences are `templates/words/`'s.

The order follows what the reader asks after an escape: why was everything green? So what was executed comes before everything
that is only likely, and before the fix's own test, which says what is guarded from now on and not what was missed; the sentence
names it all the same. Among what was executed, the rule that says more is tried first: skipped tests explain why nobody ran the
lines. Where nothing was executed that counts, the fix's own test is the one fact; below it stand the reasons for knowing no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.change import ChangeSet
from app.domain.evidence import Kind, RankedTest
from app.domain.report import Blind, Lead, Ran, Verdict, VerdictCode
from app.domain.strength import Says

# Below this probability even the best test is only named, not claimed (docs/accuracy.md, calibration).
SURE = 0.3

# What keeps "no test ran it" from being said: something may have, where the map cannot see.
_HIDES_RUNS = frozenset({Blind.SHARDS, Blind.RAN_OUTSIDE, Blind.OTHER_PROCESS, Blind.NO_INTEGRATION})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at. `tests` are ranked; `searched` is how many test files the repository has.

    `can_tell` is False where no changed code is in a language whose imports can be read, so that silence of the imports means
    nothing. `brought` is whether the fix brings a test. Without a map `mapped` is False; `trusted` is False for one that is only
    a hint. `ran` is what the map knows of the change, None where it knows nothing; `blind` says why not. `say` is what all tests
    that ran the changed lines assert of them together, None where one of them asserts about them, or may.
    """

    change: ChangeSet | None
    places: Sequence[str]
    tests: Sequence[RankedTest]
    searched: int
    can_tell: bool
    brought: bool = False
    mapped: bool = False
    trusted: bool = True
    ran: Ran | None = None
    blind: tuple[Blind, ...] = ()
    say: Says | None = None


def judge(facts: Facts) -> Verdict:
    """What the evidence amounts to: the first rule that holds names the verdict."""
    touching = [test for test in facts.tests if test.touches]
    through = [test for test in facts.tests if test.passes_through]
    integration, through_integration = _beyond_unit(touching), _beyond_unit(through)
    lead = _lead(facts, bool(touching), bool(through), integration, through_integration)
    ran = facts.ran if facts.mapped else None
    return Verdict(_code(facts, lead), lead, len(touching), integration, len(through), through_integration, ran, facts.blind)


def _code(facts: Facts, lead: Lead) -> VerdictCode:
    ran = facts.ran if facts.mapped and facts.trusted else None
    by_any = ran is not None and ran.lines > 0
    unseen = ran is not None and not by_any and _HIDES_RUNS.isdisjoint(facts.blind)
    rules = (
        (VerdictCode.NOTHING_NAMED, lead is Lead.NOTHING_NAMED),
        (VerdictCode.NO_CODE, lead is Lead.NO_CODE),
        (VerdictCode.SKIPPED, unseen and ran is not None and bool(ran.skipped)),
        (VerdictCode.NEVER_RUN, unseen),
        # Tests that hold the change to nothing explain its escape better than their kind does.
        (VerdictCode.RAN_BUT_ASSERTS_NOTHING, by_any and facts.say is Says.NOTHING),
        (VerdictCode.RAN_BUT_ASSERTS_ELSEWHERE, by_any and facts.say is Says.ELSEWHERE),
        (VerdictCode.BLIND, by_any and ran is not None and ran.integration > 0),
        # Of a suite's tests nobody knows which ran it: neither that they were unit tests alone, nor that others were among them.
        (VerdictCode.SUITE_RAN, by_any and ran is not None and bool(ran.suites)),
        (VerdictCode.UNIT_ONLY, by_any),
        (VerdictCode.FIX_HAS_TEST, facts.brought),
        (VerdictCode.NO_TESTS, lead is Lead.NO_TESTS),
        (VerdictCode.STALE, facts.mapped and not facts.trusted),
        (VerdictCode.UNMAPPED, facts.mapped),
    )
    return next((code for code, holds in rules if holds), VerdictCode.STATIC_ONLY)


def _lead(facts: Facts, touching: bool, through: bool, integration: int, through_integration: int) -> Lead:
    """What imports tell, whatever was executed."""
    change = facts.change
    rules = (
        (Lead.NOTHING_NAMED, change is None and not facts.places),
        (Lead.NO_CODE, change is not None and not change.code),
        (Lead.NO_TESTS, facts.searched == 0),
        (Lead.INTEGRATION_TOUCHES, integration > 0),
        (Lead.INTEGRATION_THROUGH, through_integration > 0),
        (Lead.UNIT_ONLY, touching),
        (Lead.INDIRECT, through),
        (Lead.CANNOT_TELL, not facts.can_tell),
    )
    return next((lead for lead, holds in rules if holds), Lead.UNTOUCHED)


def _beyond_unit(tests: Sequence[RankedTest]) -> int:
    return sum(test.test.kind is not Kind.UNIT for test in tests)


def is_sure(tests: Sequence[RankedTest]) -> bool:
    """Whether the best test is likely enough to be claimed."""
    return bool(tests) and tests[0].score >= SURE
