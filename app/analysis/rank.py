"""Ranks the existing tests for a fix: all evidence for each test, added up by weights made elsewhere, as a probability.

Pure: `app.engine` gathers the `Question`; the weights are data (`benchmarks/weights.json`, made by `benchmarks.fit`). A weight
says how much a test gains by being the strongest in that kind of evidence; the sum becomes the probability that a regression
test for this fix belongs in the file.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.analysis.findings import BY_PATH, Findings
from app.analysis.question import Question
from app.analysis.reasons import reached_symbols, reaching, reasons
from app.domain.evidence import RankedTest

#: How many tests a report shows at most; the rest are only counted.
LISTED = 30


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence is worth, and how a sum of evidence becomes a probability.

    A test competes with the other tests and with "none of them", which counts like a test with the sum `nowhere`; `slope` and
    `shift` then correct how sure the winner is (Platt 1999).
    """

    evidence: Mapping[str, float]
    nowhere: float = 0.0
    slope: float = 1.0
    shift: float = 0.0


def read_weights(data: Mapping[str, object]) -> Weights:
    """The weights as `benchmarks/weights.json` holds them. Raises ValueError where they are not of that form."""
    evidence, calibration = data.get("evidence"), data.get("calibration")
    if not isinstance(evidence, Mapping) or not isinstance(calibration, Mapping):
        raise ValueError("weights need the tables `evidence` and `calibration`")
    return Weights(
        {str(name): float(weight) for name, weight in evidence.items()}, **{k: float(v) for k, v in calibration.items()}
    )


def rank(question: Question, weights: Weights) -> tuple[RankedTest, ...]:
    """All tests of the question, the likeliest first. All reasons are told for the first `LISTED`, for the rest imports alone."""
    if not question.tests:
        return ()
    findings = Findings(question)
    sums = scores(findings.strengths, weights)
    chances = probabilities(sums, weights)
    order = sorted(range(len(sums)), key=lambda index: (-sums[index], findings.paths[index]))
    return tuple(
        RankedTest(
            test=question.tests[index],
            score=chances[index],
            evidence=(reasons if place < LISTED else reaching)(findings, index, weights.evidence),
            reaches=reached_symbols(findings, findings.paths[index]),
        )
        for place, index in enumerate(order)
    )


def shortlist(question: Question, weights: Weights, most: int) -> list[str]:
    """The paths of the `most` likeliest tests by the evidence that needs none of their texts, in the order of the question."""
    findings = Findings(question)
    sums = scores(findings.measured(BY_PATH), weights)
    kept = sorted(range(len(sums)), key=lambda index: (-sums[index], findings.paths[index]))[:most]
    return [findings.paths[index] for index in sorted(kept)]


def scores(strengths: Mapping[str, Sequence[float]], weights: Weights) -> list[float]:
    """The weighted sum of the evidence, test by test."""
    return [
        sum(weights.evidence.get(name, 0.0) * value for name, value in zip(strengths, values, strict=True))
        for values in zip(*strengths.values(), strict=True)
    ]


def probabilities(sums: Sequence[float], weights: Weights) -> list[float]:
    """How likely each test is the right place, given the sums of evidence of all: 0..1, in all about 1."""
    top = max([*sums, weights.nowhere])
    raised = [math.exp(value - top) for value in sums]
    total = sum(raised) + math.exp(weights.nowhere - top)
    return [_corrected(value / total, weights) for value in raised]


def _corrected(chance: float, weights: Weights) -> float:
    chance = min(1 - 1e-9, max(1e-12, chance))
    odds = weights.slope * math.log(chance / (1 - chance)) + weights.shift
    return 1 / (1 + math.exp(-odds))
