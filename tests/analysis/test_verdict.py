"""The verdict's rules, in their order."""

import pytest

from app.analysis.verdict import is_sure, judge
from app.domain.change import ChangeSet, FileChange, Role, Status
from app.domain.evidence import ONE_HOP, Evidence, Kind, RankedTest, Source, TestFile
from app.domain.report import VerdictCode


def change(role: Role = Role.CODE) -> ChangeSet:
    return ChangeSet("b" * 40, "a" * 40, "Fix it", (FileChange("shop/cart.py", "shop/cart.py", Status.MODIFIED, role, "python"),))


def ranked(kind: Kind = Kind.UNIT, source: Source = Source.IMPORTS, score: float = 0.9, reason: str = "imports") -> RankedTest:
    return RankedTest(TestFile("tests/test_cart.py", "python", kind, "default"), score, (Evidence(source, reason),))


def through(kind: Kind = Kind.UNIT) -> RankedTest:
    return ranked(kind, reason=ONE_HOP)


@pytest.mark.parametrize(
    ("tests", "searched", "code"),
    [
        ([], 0, VerdictCode.NO_TESTS),
        ([], 5, VerdictCode.UNTOUCHED),
        ([ranked(source=Source.HISTORY)], 5, VerdictCode.UNTOUCHED),
        ([ranked()], 5, VerdictCode.UNIT_ONLY),
        ([ranked(), ranked(Kind.INTEGRATION)], 5, VerdictCode.INTEGRATION_TOUCHES),
        ([ranked(Kind.E2E)], 5, VerdictCode.INTEGRATION_TOUCHES),
        ([ranked(), through(Kind.INTEGRATION)], 5, VerdictCode.INTEGRATION_THROUGH),
        ([through(Kind.INTEGRATION)], 5, VerdictCode.INTEGRATION_THROUGH),
        ([ranked(), through()], 5, VerdictCode.UNIT_ONLY),
        ([through()], 5, VerdictCode.INDIRECT),
    ],
)
def test_the_verdict_follows_what_touches(tests: list[RankedTest], searched: int, code: VerdictCode) -> None:
    assert judge(change(), (), tests, searched, can_tell=True).code is code


def test_a_change_of_documents_alone_needs_no_test() -> None:
    assert judge(change(Role.DOCS), (), [ranked()], 5, can_tell=True).code is VerdictCode.NO_CODE


def test_nothing_named_nothing_said() -> None:
    assert judge(None, (), [], 5, can_tell=True).code is VerdictCode.NOTHING_NAMED


def test_a_language_that_is_not_read_is_not_called_untouched() -> None:
    assert judge(change(), (), [ranked(source=Source.NAME)], 5, can_tell=False).code is VerdictCode.CANNOT_TELL


def test_the_numbers_count_what_touches_and_what_is_more_than_unit() -> None:
    verdict = judge(change(), (), [ranked(), ranked(Kind.INTEGRATION), ranked(source=Source.NAME)], 5, can_tell=True)
    assert (verdict.touching, verdict.integration) == (2, 1)


def test_what_comes_through_another_file_is_counted_apart() -> None:
    verdict = judge(change(), (), [ranked(), through(), through(Kind.INTEGRATION)], 5, can_tell=True)
    assert (verdict.touching, verdict.integration, verdict.through, verdict.through_integration) == (1, 0, 2, 1)


@pytest.mark.parametrize(("score", "sure"), [(0.31, True), (0.29, False)])
def test_below_thirty_percent_it_is_not_sure(score: float, sure: bool) -> None:
    assert is_sure([ranked(score=score)]) is sure
