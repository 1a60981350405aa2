"""The verdict's rules, in their order."""

import pytest

from app.analysis.verdict import Facts, is_sure, judge
from app.domain.change import ChangeSet, FileChange, Role, Status
from app.domain.evidence import ONE_HOP, Evidence, Kind, RankedTest, Source, TestFile
from app.domain.report import Blind, Lead, Ran, VerdictCode
from app.domain.strength import Says


def change(role: Role = Role.CODE) -> ChangeSet:
    return ChangeSet("b" * 40, "a" * 40, "Fix it", (FileChange("shop/cart.py", "shop/cart.py", Status.MODIFIED, role, "python"),))


def ranked(kind: Kind = Kind.UNIT, source: Source = Source.IMPORTS, score: float = 0.9, reason: str = "imports") -> RankedTest:
    return RankedTest(TestFile("tests/test_cart.py", "python", kind, "default"), score, (Evidence(source, reason),))


def through(kind: Kind = Kind.UNIT) -> RankedTest:
    return ranked(kind, reason=ONE_HOP)


@pytest.mark.parametrize(
    ("tests", "searched", "lead"),
    [
        ([], 0, Lead.NO_TESTS),
        ([], 5, Lead.UNTOUCHED),
        ([ranked(source=Source.HISTORY)], 5, Lead.UNTOUCHED),
        ([ranked()], 5, Lead.UNIT_ONLY),
        ([ranked(), ranked(Kind.INTEGRATION)], 5, Lead.INTEGRATION_TOUCHES),
        ([ranked(Kind.E2E)], 5, Lead.INTEGRATION_TOUCHES),
        ([ranked(), through(Kind.INTEGRATION)], 5, Lead.INTEGRATION_THROUGH),
        ([through(Kind.INTEGRATION)], 5, Lead.INTEGRATION_THROUGH),
        ([ranked(), through()], 5, Lead.UNIT_ONLY),
        ([through()], 5, Lead.INDIRECT),
    ],
)
def test_the_verdict_follows_what_touches(tests: list[RankedTest], searched: int, lead: Lead) -> None:
    assert judge(Facts(change(), (), tests, searched, can_tell=True)).leads is lead


def test_a_change_of_documents_alone_needs_no_test() -> None:
    assert judge(Facts(change(Role.DOCS), (), [ranked()], 5, can_tell=True)).leads is Lead.NO_CODE


def test_nothing_named_nothing_said() -> None:
    assert judge(Facts(None, (), [], 5, can_tell=True)).leads is Lead.NOTHING_NAMED


def test_a_language_that_is_not_read_is_not_called_untouched() -> None:
    assert judge(Facts(change(), (), [ranked(source=Source.NAME)], 5, can_tell=False)).leads is Lead.CANNOT_TELL


def test_the_numbers_count_what_touches_and_what_is_more_than_unit() -> None:
    verdict = judge(Facts(change(), (), [ranked(), ranked(Kind.INTEGRATION), ranked(source=Source.NAME)], 5, can_tell=True))
    assert (verdict.touching, verdict.integration) == (2, 1)


def test_what_comes_through_another_file_is_counted_apart() -> None:
    verdict = judge(Facts(change(), (), [ranked(), through(), through(Kind.INTEGRATION)], 5, can_tell=True))
    assert (verdict.touching, verdict.integration, verdict.through, verdict.through_integration) == (1, 0, 2, 1)


@pytest.mark.parametrize(("score", "sure"), [(0.31, True), (0.29, False)])
def test_below_thirty_percent_it_is_not_sure(score: float, sure: bool) -> None:
    assert is_sure([ranked(score=score)]) is sure


RAN = Ran("changed", lines=3, of=4, tests=2)


def code(ran: Ran | None, *, role: Role = Role.CODE, **more: object) -> VerdictCode:
    facts = Facts(change(role), (), [ranked()], 5, can_tell=True, mapped=True, ran=ran, **more)  # type: ignore[arg-type]
    return judge(facts).code


@pytest.mark.parametrize(
    ("ran", "expected"),
    [
        (RAN, VerdictCode.UNIT_ONLY),
        (Ran("changed", lines=3, of=4, tests=2, integration=1), VerdictCode.BLIND),
        (Ran("changed", lines=3, of=4, integration=1, suites=("integration",)), VerdictCode.BLIND),
        (Ran("changed", lines=3, of=4, tests=2, suites=("ci",)), VerdictCode.SUITE_RAN),
        (Ran("changed", lines=0, of=4), VerdictCode.NEVER_RUN),
        (Ran("changed", lines=0, of=4, skipped=("test_a",)), VerdictCode.SKIPPED),
        (None, VerdictCode.UNMAPPED),
    ],
)
def test_what_was_executed_decides_before_all_that_is_likely(ran: Ran | None, expected: VerdictCode) -> None:
    assert code(ran) is expected


@pytest.mark.parametrize("integration", [0, 1])
@pytest.mark.parametrize(
    ("say", "expected"),
    [(Says.NOTHING, VerdictCode.RAN_BUT_ASSERTS_NOTHING), (Says.ELSEWHERE, VerdictCode.RAN_BUT_ASSERTS_ELSEWHERE)],
)
def test_that_nobody_asserts_about_it_is_said_before_the_kind_of_the_tests(
    say: Says, expected: VerdictCode, integration: int
) -> None:
    assert code(Ran("changed", lines=3, of=4, tests=2, integration=integration), say=say) is expected


def test_of_lines_that_nobody_ran_nothing_is_said_of_assertions() -> None:
    assert code(Ran("changed", lines=0, of=4), say=Says.NOTHING) is VerdictCode.NEVER_RUN


@pytest.mark.parametrize("blind", [Blind.SHARDS, Blind.RAN_OUTSIDE, Blind.OTHER_PROCESS, Blind.NO_INTEGRATION])
def test_where_something_may_have_run_it_nobody_is_said_not_to(blind: Blind) -> None:
    assert code(Ran("changed", lines=0, of=4), blind=(blind,)) is VerdictCode.UNMAPPED
    assert code(RAN, blind=(blind,)) is VerdictCode.UNIT_ONLY


@pytest.mark.parametrize("kind", [Kind.UNIT, Kind.INTEGRATION])
def test_of_a_suite_nobody_claims_which_tests_ran_it_whatever_imports_tell(kind: Kind) -> None:
    ran = Ran("changed", lines=3, of=4, suites=("ci",))
    assert judge(Facts(change(), (), [ranked(kind)], 5, can_tell=True, mapped=True, ran=ran)).code is VerdictCode.SUITE_RAN


def test_the_fixs_own_test_does_not_hide_that_nobody_ran_it_before() -> None:
    assert code(Ran("changed", lines=0, of=4), brought=True) is VerdictCode.NEVER_RUN
    assert code(None, brought=True) is VerdictCode.FIX_HAS_TEST


def test_beyond_the_limits_a_map_is_stale_whatever_it_says() -> None:
    assert code(RAN, trusted=False) is VerdictCode.STALE


def test_a_change_that_is_no_code_needs_no_map() -> None:
    assert code(RAN, role=Role.DOCS) is VerdictCode.NO_CODE


def test_without_a_map_imports_are_all_there_is() -> None:
    verdict = judge(Facts(change(), (), [ranked()], 5, can_tell=True))
    assert (verdict.code, verdict.leads) == (VerdictCode.STATIC_ONLY, Lead.UNIT_ONLY)
