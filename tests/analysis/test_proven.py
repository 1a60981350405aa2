"""The verdict over runs: what is proved, what is not, what is flaky, what could not be run, and whether it guards today."""

import pytest

from app.analysis.proven import guards_today, is_sound, judge, proved
from app.domain.proof import Ending, Receipt, Run, Side, Verdict
from app.domain.suite import TestId

A, B = TestId("test_a.py", "a"), TestId("test_a.py", "b")
GREEN, RED, WRONG, DARK = ("passed", ""), ("failed", "assertion"), ("failed", "elsewhere"), ("broken", "import")


def runs(side: Side, *lights: tuple[str, str], test: TestId = A) -> list[Run]:
    return [Run(side, number, test, Ending(ending), reason=why) for number, (ending, why) in enumerate(lights, 1)]


def both(parent: tuple[str, str], fix: tuple[str, str], test: TestId = A) -> list[Run]:
    return [*runs(Side.PARENT, *[parent] * 3, test=test), *runs(Side.FIX, *[fix] * 3, test=test)]


@pytest.mark.parametrize(
    ("parent", "fix", "verdict"),
    [
        (RED, GREEN, ("proved", "assertion")),
        (GREEN, GREEN, ("not-proved", "green-without-fix")),
        (RED, RED, ("not-proved", "red-with-fix")),
        (GREEN, RED, ("not-proved", "red-with-fix")),
        (WRONG, GREEN, ("not-proved", "elsewhere")),
        (DARK, GREEN, ("could-not-run", "import")),
        (RED, DARK, ("could-not-run", "import")),
        (("skipped", "skipped"), GREEN, ("could-not-run", "skipped")),
        (("failed", "new-name"), GREEN, ("could-not-run", "new-name")),
        (("failed", "unfinished"), ("failed", "unfinished"), ("not-proved", "unfinished")),
        (("failed", "a slug of a later recall"), GREEN, ("could-not-run", "a slug of a later recall")),
    ],
)
def test_both_sides_together_make_the_verdict(parent: tuple[str, str], fix: tuple[str, str], verdict: tuple[str, str]) -> None:
    found, reason = judge(both(parent, fix), [A])
    assert (found.value, reason) == verdict


@pytest.mark.parametrize("odd", [0, 1, 2])
@pytest.mark.parametrize("other", [GREEN, DARK])
def test_one_of_three_that_differs_is_flaky_on_either_side(odd: int, other: tuple[str, str]) -> None:
    mixed = [RED, RED, RED]
    mixed[odd] = other
    assert judge([*runs(Side.PARENT, *mixed), *runs(Side.FIX, GREEN, GREEN, GREEN)], [A])[0] is Verdict.FLAKY
    assert judge([*runs(Side.PARENT, RED, RED, RED), *runs(Side.FIX, *mixed)], [A])[0] is Verdict.FLAKY


def test_where_the_fix_side_came_to_nothing_the_parent_need_not_run() -> None:
    assert judge(runs(Side.FIX, DARK), [A])[0] is Verdict.COULD_NOT_RUN
    assert judge(runs(Side.FIX, RED, RED, RED), [A])[0] is Verdict.NOT_PROVED


@pytest.mark.parametrize(
    ("now", "verdict"), [(RED, "red-now"), (GREEN, "not-proved"), (DARK, "could-not-run"), (WRONG, "not-proved")]
)
def test_without_a_fix_only_now_counts(now: tuple[str, str], verdict: str) -> None:
    assert judge(runs(Side.PARENT, now, now, now), [A], fixed=False)[0].value == verdict


def test_of_several_tests_those_that_guard_count() -> None:
    told = [*both(RED, GREEN), *both(GREEN, GREEN, test=B)]
    assert judge(told, [A, B])[0] is Verdict.PROVED
    assert proved(told, [A, B]) == (A,)


def test_where_none_is_proved_one_that_could_not_run_may_have_been_it() -> None:
    told = [*both(DARK, GREEN), *both(GREEN, GREEN, test=B)]
    assert judge(told, [A, B])[0] is Verdict.COULD_NOT_RUN


def test_no_tests_prove_nothing() -> None:
    assert judge([], [])[0] is Verdict.COULD_NOT_RUN


@pytest.mark.parametrize(
    ("tip", "undone", "told"),
    [
        (GREEN, RED, (True, "guards")),
        (GREEN, GREEN, (False, "green-without-fix")),
        (RED, RED, (None, "red-before")),
        (GREEN, DARK, (None, "could-not-run")),
        (GREEN, WRONG, (None, "elsewhere")),
    ],
)
def test_today_is_told_by_the_tip_with_the_fix_undone(
    tip: tuple[str, str], undone: tuple[str, str], told: tuple[bool | None, str]
) -> None:
    assert guards_today([*runs(Side.TIP, *[tip] * 3), *runs(Side.REVERTED, *[undone] * 3)], [A]) == told


def test_a_guard_that_sometimes_misses_the_bug_does_not_say_anything_of_today() -> None:
    told = [*runs(Side.TIP, GREEN, GREEN, GREEN), *runs(Side.REVERTED, RED, GREEN, RED)]
    assert guards_today(told, [A]) == (None, "differs")


@pytest.mark.parametrize(("verdict", "sound"), [(Verdict.PROVED, False), (Verdict.NOT_PROVED, True)])
def test_a_receipt_that_claims_more_than_its_runs_is_not_sound(verdict: Verdict, sound: bool) -> None:
    receipt = Receipt(verdict, "", (A,), "a" * 40, "b" * 40, runs=tuple(both(GREEN, GREEN)))
    assert is_sound(receipt) is sound


def test_a_receipt_without_runs_can_only_say_that_nothing_could_run() -> None:
    assert not is_sound(Receipt(Verdict.PROVED, "", (A,), "a" * 40, "b" * 40))
    assert is_sound(Receipt(Verdict.COULD_NOT_RUN, "", (A,), "a" * 40, "b" * 40))
