"""The verdict over the runs of a proof as ordered rules: per test, over all tests that were asked for, and for today's tip."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from app.analysis.redness import Why
from app.domain.proof import Ending, Receipt, Run, Side, Verdict
from app.domain.suite import TestId


class _Light(StrEnum):
    """What one run shows. `WRONG` is red for a reason that says nothing of the fix, `DARK` came to no result."""

    GREEN = "green"
    RED = "red"
    WRONG = "wrong"
    DARK = "dark"


# Of several tests the best counts: what they guard is guarded. Where none is proved, one that could not be run may have been it.
_BEST_FIRST = (Verdict.PROVED, Verdict.RED_NOW, Verdict.FLAKY, Verdict.COULD_NOT_RUN, Verdict.NOT_PROVED)


def judge(runs: Sequence[Run], tests: Sequence[TestId], *, fixed: bool = True) -> tuple[Verdict, str]:
    """The verdict and the slug that says why; `fixed` is False where there is no fix yet. `proved` tells which tests it is of."""
    judged = [judge_test(runs, test, fixed=fixed) for test in tests]
    return min(judged, key=lambda each: _BEST_FIRST.index(each[0]), default=(Verdict.COULD_NOT_RUN, "no-tests"))


def proved(runs: Sequence[Run], tests: Sequence[TestId], *, fixed: bool = True) -> tuple[TestId, ...]:
    """The tests that are proved by themselves."""
    good = (Verdict.PROVED, Verdict.RED_NOW)
    return tuple(test for test in tests if judge_test(runs, test, fixed=fixed)[0] in good)


def is_sound(receipt: Receipt) -> bool:
    """Whether a receipt's verdict, and what it says of today, is what its own runs say: a server believes no other."""
    if receipt.guards_today and receipt.tip != receipt.fix and not guards_today(receipt.runs, receipt.tests)[0]:
        return False
    if not receipt.runs:
        return receipt.verdict is Verdict.COULD_NOT_RUN
    return receipt.verdict is judge(receipt.runs, receipt.tests, fixed=receipt.fix is not None)[0]


def judge_test(runs: Sequence[Run], test: TestId, *, fixed: bool = True) -> tuple[Verdict, str]:
    """The verdict on one test, by the runs of the parent and of the fix."""
    before, after = _of(runs, test, Side.PARENT), _of(runs, test, Side.FIX)
    lights = [_lights(before), _lights(after)]
    if any(len({light is _Light.GREEN for light in side}) > 1 or _sometimes_dark(side) for side in lights):
        return Verdict.FLAKY, "differs"
    if fixed and (found := _with_fix(after)):
        return found
    return _without_fix(before, Verdict.PROVED if fixed else Verdict.RED_NOW)


def guards_today(runs: Sequence[Run], tests: Sequence[TestId]) -> tuple[bool | None, str]:
    """Whether some test is green on the tip and red where the fix is undone there, and the slug for it."""
    known: list[tuple[bool | None, str]] = []
    for test in tests:
        tip, undone = _of(runs, test, Side.TIP), _of(runs, test, Side.REVERTED)
        lights = {*_lights(tip), *_lights(undone)}
        if not tip or not undone or _Light.DARK in lights:
            known.append((None, "could-not-run"))
        elif set(_lights(tip)) != {_Light.GREEN}:
            known.append((None, "red-before"))
        elif len(set(_lights(undone))) > 1:
            known.append((None, "differs"))
        elif _lights(undone)[0] is _Light.WRONG:
            known.append((None, "elsewhere"))
        else:
            red = _lights(undone)[0] is _Light.RED
            known.append((red, "guards" if red else "green-without-fix"))
    order = (True, None, False)
    return min(known, key=lambda each: order.index(each[0]), default=(None, "no-tests"))


def _with_fix(after: Sequence[Run]) -> tuple[Verdict, str] | None:
    """The verdict that the fix's side decides by itself; None where it is green."""
    light = _lights(after)[0] if after else _Light.DARK
    if light is _Light.GREEN:
        return None
    why = after[0].reason if after else Why.NO_RESULT
    if light is _Light.DARK:
        return Verdict.COULD_NOT_RUN, why
    return Verdict.NOT_PROVED, why if why == Why.UNFINISHED else "red-with-fix"


def _without_fix(before: Sequence[Run], proved: Verdict) -> tuple[Verdict, str]:
    lights = _lights(before)
    if not before or _Light.DARK in lights:
        return Verdict.COULD_NOT_RUN, before[0].reason if before else Why.NO_RESULT
    if lights[0] is _Light.GREEN:
        return Verdict.NOT_PROVED, "green-without-fix"
    wrong = next((run.reason for run, light in zip(before, lights, strict=True) if light is _Light.WRONG), None)
    return (Verdict.NOT_PROVED, wrong) if wrong else (proved, before[0].reason)


def _of(runs: Iterable[Run], test: TestId, side: Side) -> list[Run]:
    return [run for run in runs if run.test == test and run.side is side]


def _lights(runs: Iterable[Run]) -> list[_Light]:
    return [_light(run) for run in runs]


def _sometimes_dark(lights: Sequence[_Light]) -> bool:
    return 0 < lights.count(_Light.DARK) < len(lights)


def _light(run: Run) -> _Light:
    if run.ending is Ending.PASSED:
        return _Light.GREEN
    try:
        why = Why(run.reason)
    except ValueError:
        return _Light.DARK
    if run.ending in (Ending.FAILED, Ending.ERROR):
        return _Light.RED if why.right else _Light.WRONG if why.ran else _Light.DARK
    return _Light.DARK
