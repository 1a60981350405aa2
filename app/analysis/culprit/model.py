"""Weighs the candidates and decides: a calibrated probability for each, and a name only where it is above the bar.

Pure: `app.engine` gathers the `Trail`; the model is data (`benchmarks/culprit.json`, made by `benchmarks.culprit`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.analysis.culprit.dismissed import edges
from app.analysis.culprit.features import measure
from app.analysis.culprit.features.case import Case
from app.analysis.culprit.grounds import grounds
from app.analysis.culprit.landed import pull_request_of
from app.analysis.rank import Weights, probabilities, read_weights, scores
from app.domain.culprit import Origin, Suspect, Trail
from app.domain.unchecked import Unchecked

#: How many suspects are kept; the right one is rarely further down.
LISTED = 10


@dataclass(frozen=True, slots=True)
class Model:
    """What each feature is worth, and from which probability on the first suspect is named: `bar`, or `cautious` where a wrong
    name is worse than none. Where the second is as likely as `close` times the first, both are named.
    """

    weights: Weights
    bar: float
    cautious: float
    close: float


def read_model(data: Mapping[str, object]) -> Model:
    """The model as `benchmarks/culprit.json` holds it. Raises ValueError where it is not of that form."""
    bars = data.get("bars")
    if not isinstance(bars, Mapping):
        raise ValueError("a culprit model needs the table `bars`")
    try:
        return Model(read_weights(data), float(bars["default"]), float(bars["cautious"]), float(bars["close"]))
    except KeyError as error:
        raise ValueError(f"a culprit model needs the bar {error}") from error


def suspects(trail: Trail, model: Model) -> tuple[Suspect, ...]:
    """The likeliest candidates with their probabilities, best first, the newer one first where two are equal.

    The commit where a shallow clone ends takes its share of the probability, but is none: who it stands for is not known.
    """
    case = Case(trail)
    if not case.candidates:
        return ()
    sums = scores(measure(case), model.weights)
    chances = probabilities(sums, model.weights)
    edge = edges(trail)
    known = [index for index, candidate in enumerate(case.candidates) if candidate.sha not in edge]
    order = sorted(known, key=lambda index: -sums[index])[:LISTED]
    return tuple(
        Suspect(
            sha=case.candidates[index].sha,
            subject=case.candidates[index].subject,
            when=case.candidates[index].when,
            score=chances[index],
            grounds=grounds(case, index),
            pull_request=pull_request_of(case.candidates[index].subject),
        )
        for index in order
    )


def decide(found: Sequence[Suspect], model: Model, *, cautious: bool = False, unchecked: tuple[Unchecked, ...] = ()) -> Origin:
    """The answer that these suspects, best first, allow: the first one where it passes the bar, else "unknown"."""
    bar = model.cautious if cautious else model.bar
    named = found[0].sha if found and found[0].score >= bar else None
    close = len(found) > 1 and found[1].score >= model.close * found[0].score
    return Origin(culprit=named, suspects=tuple(found), close=close, unchecked=unchecked)
