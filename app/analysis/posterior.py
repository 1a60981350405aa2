"""Weighs what tests executed against everything else: Bayes' rule on the calibrated score, so that it stays a probability.

A regression test for the fix is about one of the changed files, the likelier the more of it changed. The test file in which it
belongs runs a changed statement of that one with probability `RIGHT`; any test file of the map runs it with the share of them
that do. The quotient is what having run it, or not, says of the test file. So a statement that two files of two hundred run
speaks loudly, and one that all of them run says nothing: there the static evidence decides.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from app.analysis.executed import Executed, Hits
from app.domain.evidence import RankedTest

# Where any test ran the change, the right file was among those that did in 37 of 40 bugs with real coverage, and in nine of ten
# whichever project is left out (docs/decisions/0008-executed-evidence.md).
RIGHT = 0.9
_LEAST_ELSEWHERE = 1e-3

# By changed file, for each of its statements that any test file ran, these test files.
_Level = Mapping[str, Sequence[Collection[str]]]


def weigh(tests: Sequence[RankedTest], executed: Executed, *, trusted: bool) -> tuple[RankedTest, ...]:
    """The tests with their executed evidence, ranked anew. Where the map is only a hint, it is shown and moves nothing."""
    shown = [replace(test, evidence=(*executed.evidence(test.test.path), *test.evidence)) for test in tests]
    shown = [replace(test, id=executed.best_test(test.test.path)) if test.ran else test for test in shown]
    if not trusted:
        return tuple(shown)
    gains = log_ratios([test.test.path for test in tests], executed)
    scores = posterior([test.score for test in tests], gains)
    ranked = [_weighed(test, gain, score) for test, gain, score in zip(shown, gains, scores, strict=True)]
    order = sorted(range(len(ranked)), key=lambda index: (-ranked[index].score, -tests[index].score, index))
    return tuple(ranked[index] for index in order)


def posterior(scores: Sequence[float], gains: Sequence[float]) -> list[float]:
    """The scores after evidence: for each file, how likely that is if it is right, against how likely if it is not.

    If it is not, one of the others is, each with its own score, or none of them: what the scores lack to one. More than one
    file can be right, so the scores may add up to more than one. Gains that are all alike change nothing.
    """
    elsewhere = max(_LEAST_ELSEWHERE, 1 - sum(scores))
    raised = [score * math.exp(gain) for score, gain in zip(scores, gains, strict=True)]
    all_scores, all_raised = sum(scores) + elsewhere, sum(raised) + elsewhere
    return [
        _bayes(value, (1 - score) * max(1e-12, all_raised - value) / max(1e-12, all_scores - score))
        for score, value in zip(scores, raised, strict=True)
    ]


def _bayes(right: float, wrong: float) -> float:
    return min(1 - 1e-9, right / (right + wrong)) if right else 0.0


def log_ratios(paths: Sequence[str], executed: Executed) -> list[float]:
    """How much more likely what each file ran is if the test belongs in it; 0 for files that the map did not see.

    Half of it goes by the changed statements, half by the functions they are in: a test that runs the function and takes
    another branch is nearer to the change than one that never comes there.
    """
    seen = executed.tests_by_file
    levels = [_level(hits) for hits in (executed.hits, executed.in_function)]
    if not any(levels):
        levels = [_level(executed.in_file)]
    levels = [level for level in levels if level]
    if not levels:
        return [0.0] * len(paths)
    return [
        sum(_ratio(path, level, executed.changed, len(seen)) for level in levels) / len(levels) if path in seen else 0.0
        for path in paths
    ]


def _level(hits: Hits) -> _Level:
    found: dict[str, list[Collection[str]]] = {}
    for aim, by in hits.items():
        if by.files:
            found.setdefault(aim.path, []).append(by.files.keys())
    return found


def _ratio(path: str, level: _Level, changed: Mapping[str, int], seen: int) -> float:
    """The mean over the changed files by their changed lines, whichever the test is about; one that nobody ran is even odds."""
    odds = sum(lines * math.exp(_of_file(path, level.get(file, ()), seen)) for file, lines in changed.items())
    return math.log(odds / sum(changed.values()))


def _of_file(path: str, statements: Sequence[Collection[str]], seen: int) -> float:
    """The mean over the statements: they are run together, so that each one more proves little."""
    each = [_one(path in files, (len(files) + 0.5) / (seen + 1)) for files in statements]
    return sum(each) / len(each) if each else 0.0


def _one(ran: bool, share: float) -> float:
    """Running a statement never speaks against a file, nor not running it for one, however many others do."""
    return max(0.0, math.log(RIGHT / share)) if ran else min(0.0, math.log((1 - RIGHT) / (1 - share)))


def _weighed(test: RankedTest, gain: float, score: float) -> RankedTest:
    if not test.evidence or not test.ran:
        return replace(test, score=score)
    first, *rest = test.evidence
    return replace(test, score=score, evidence=(replace(first, weight=round(gain, 3)), *rest))
