"""Weighs what tests executed against everything else: Bayes' rule on the calibrated score, so that it stays a probability.

A test file in which a regression test for the fix belongs runs a changed statement with probability `RIGHT`; any test file of the
map runs it with the share of them that do. The quotient is what having run it, or not, says of the file. So a statement that two
files of two hundred run speaks loudly, and one that all of them run says nothing: there the static evidence decides.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from app.analysis.executed import Executed, Hits
from app.domain.evidence import RankedTest

# Of 23 bugs with real coverage (docs/decisions/0010-test-map.md) the right file ran the statement in four of five cases;
# between 0.6 and 0.9 the ranking is the same.
RIGHT = 0.8
_LEAST_ELSEWHERE = 1e-3


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
    levels = [_files(hits) for hits in (executed.hits, executed.in_function)]
    if not any(levels):
        levels = [_files(executed.in_file)]
    levels = [level for level in levels if level]
    if not levels:
        return [0.0] * len(paths)
    return [sum(_ratio(path, level, len(seen)) for level in levels) / len(levels) if path in seen else 0.0 for path in paths]


def _files(hits: Hits) -> list[Collection[str]]:
    """For each statement that any test file ran, these files."""
    return [by.files.keys() for by in hits.values() if by.files]


def _ratio(path: str, level: Sequence[Collection[str]], seen: int) -> float:
    """The mean over the statements: they are run together, so that each one more proves little."""
    return sum(_one(path in files, (len(files) + 0.5) / (seen + 1)) for files in level) / len(level)


def _one(ran: bool, share: float) -> float:
    return math.log(RIGHT / share) if ran else min(0.0, math.log((1 - RIGHT) / (1 - share)))


def _weighed(test: RankedTest, gain: float, score: float) -> RankedTest:
    if not test.evidence or not test.ran:
        return replace(test, score=score)
    first, *rest = test.evidence
    return replace(test, score=score, evidence=(replace(first, weight=round(gain, 3)), *rest))
