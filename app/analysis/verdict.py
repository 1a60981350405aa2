"""The first line of the answer as an ordered list of named rules; the sentences are `templates/words/`'s."""

from collections.abc import Sequence

from app.domain.change import ChangeSet
from app.domain.evidence import Kind, RankedTest
from app.domain.report import Verdict, VerdictCode

# Below this probability even the best test is only named, not claimed (docs/accuracy.md, calibration).
SURE = 0.3


def judge(change: ChangeSet | None, places: Sequence[str], tests: Sequence[RankedTest], searched: int, can_tell: bool) -> Verdict:
    """What the evidence amounts to: the first rule that holds names the verdict.

    `searched` is how many test files the repository has; `can_tell` is False where no changed code is in a language whose
    imports can be read, so that silence of the imports means nothing.
    """
    touching = [test for test in tests if test.touches]
    through = [test for test in tests if test.passes_through]
    integration, through_integration = _beyond_unit(touching), _beyond_unit(through)
    rules = (
        (VerdictCode.NOTHING_NAMED, change is None and not places),
        (VerdictCode.NO_CODE, change is not None and not change.code),
        (VerdictCode.NO_TESTS, searched == 0),
        (VerdictCode.INTEGRATION_TOUCHES, integration > 0),
        (VerdictCode.INTEGRATION_THROUGH, through_integration > 0),
        (VerdictCode.UNIT_ONLY, bool(touching)),
        (VerdictCode.INDIRECT, bool(through)),
        (VerdictCode.CANNOT_TELL, not can_tell),
    )
    code = next((code for code, holds in rules if holds), VerdictCode.UNTOUCHED)
    return Verdict(code, len(touching), integration, len(through), through_integration)


def _beyond_unit(tests: Sequence[RankedTest]) -> int:
    return sum(test.test.kind is not Kind.UNIT for test in tests)


def is_sure(tests: Sequence[RankedTest]) -> bool:
    """Whether the best test is likely enough to be claimed."""
    return bool(tests) and tests[0].score >= SURE
