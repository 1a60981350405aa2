"""All runs of a check on one commit, as one."""

from dataclasses import replace

import pytest

from app.analysis.attempts import Attempt, retried, together
from app.domain.green import RanCheck, Verdict


def attempt(verdict: Verdict, place: int, name: str = "unit", key: str = "") -> Attempt:
    return Attempt(
        key or name, (f"2026-01-{place:02d}T00:00:00Z", place), RanCheck(name, verdict, url=f"https://ci.test/{place}")
    )


def one(*verdicts: Verdict) -> RanCheck:
    (check,) = together(attempt(verdict, place) for place, verdict in enumerate(verdicts, 1))
    return check


def test_the_last_run_says_how_it_ended() -> None:
    check = one(Verdict.FAILED, Verdict.FAILED, Verdict.PASSED)
    assert check == RanCheck("unit", Verdict.PASSED, url="https://ci.test/3", attempts=3, failed=2)


def test_the_last_run_is_the_latest_in_whatever_order_they_are_listed() -> None:
    (check,) = together([attempt(Verdict.PASSED, 2), attempt(Verdict.FAILED, 1)])
    assert (check.verdict, check.failed) == (Verdict.PASSED, 1)


@pytest.mark.parametrize("before", [Verdict.CANCELLED, Verdict.PENDING, Verdict.SKIPPED])
def test_what_never_ended_is_no_attempt(before: Verdict) -> None:
    check = one(before, Verdict.PASSED)
    assert (check.attempts, check.failed) == (1, 0)
    assert not retried(check)


def test_a_check_that_failed_and_then_passed_was_retried_to_green() -> None:
    assert retried(one(Verdict.FAILED, Verdict.PASSED))


def test_one_that_failed_in_the_end_was_not() -> None:
    assert not retried(one(Verdict.FAILED, Verdict.FAILED))
    assert not retried(one(Verdict.PASSED, Verdict.FAILED))


def test_one_name_under_two_keys_is_two_checks_in_the_order_of_their_workflows() -> None:
    first, second = attempt(Verdict.FAILED, 1, key="push"), attempt(Verdict.PASSED, 2, key="pull")
    named = replace(first, check=replace(first.check, workflow="ci"))
    assert [(check.workflow, check.failed) for check in together([named, second])] == [("", 0), ("ci", 0)]
