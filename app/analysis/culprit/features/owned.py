"""Who wrote the lines that the fix removed, those beside them, and the definition around them."""

import math
from collections.abc import Iterable, Mapping, Sequence

from app.analysis.culprit.features.case import Case, Line, shares, squeezed, tops
from app.analysis.culprit.features.lines import words

#: How many lines it takes for the nearness of a line to fall to about a third.
FADE = 4.0
_CLOSE = 3


def owned(case: Case) -> Mapping[str, list[float]]:
    """Shares of the lines by whom they were last written; see the keys."""
    rarity = case.rarity(set(deed.added) for deed in case.deeds)
    kept = {squeezed(line) for place in case.places for line in place.hunk.added}
    added = [{word for line in place.hunk.added for word in words(line)} for place in case.places]

    def telling(place: int, line: Line) -> float:
        """How much of a removed line the fix really took away."""
        if squeezed(line.written.text) in kept:
            return 0.05
        return 0.2 + sum(rarity.get(word, 0.05) for word in set(words(line.written.text)) - added[place])

    removed = [[(line, 1.0) for line in place.removed] for place in case.places]
    weighed = [[(line, telling(index, line)) for line in place.removed] for index, place in enumerate(case.places)]
    beside = [[(line, 1.0) for line in (*place.above[:1], *place.below[:1])] for place in case.places]
    close = [[(line, 1.0) for line in (*place.above, *place.below) if line.distance <= _CLOSE] for place in case.places]
    around = [[(line, math.exp(-line.distance / FADE)) for line in (*place.above, *place.below)] for place in case.places]
    inside = [[(line, 1.0) for line in place.inside] for place in case.places]
    found = {
        "owns-removed": _pooled(case, removed),
        "owns-telling": _pooled(case, weighed),
        "owns-hunks": _by_place(case, removed),
        "owns-telling-hunks": _by_place(case, weighed),
        "owns-above": _pooled(case, [[(line, 1.0) for line in place.above[:1]] for place in case.places]),
        "owns-below": _pooled(case, [[(line, 1.0) for line in place.below[:1]] for place in case.places]),
        "owns-close": _pooled(case, close),
        "owns-around": _pooled(case, around),
        "owns-both": [float(value == 1.0) for value in _by_place(case, [b for b in beside if len(b) == 2])],
        "owns-definition": _by_place(case, inside),
        "owns-heading": _by_place(case, [[(line, 1.0) for line in place.inside[:1]] for place in case.places]),
        "nearest": _nearest(case),
    }
    bare = [[] if place.removed else lines for place, lines in zip(case.places, beside, strict=True)]
    found["owns-beside-added"] = _pooled(case, bare)
    for name in ("owns-removed", "owns-close", "owns-definition"):
        found[f"newest-{name}"] = _among(found[name], 1)
        found[f"oldest-{name}"] = _among(found[name], -1)
    for name in ("owns-telling", "owns-around", "owns-definition"):
        found[f"most-{name}"] = [float(value == 1.0) for value in tops(found[name])]
    return found


_Weighed = Sequence[tuple[Line, float]]


def _pooled(case: Case, places: Iterable[_Weighed]) -> list[float]:
    """Each candidate's share of all these lines together."""
    found = case.zeros()
    for line, weight in (pair for lines in places for pair in lines):
        if (owner := case.index.get(line.written.sha)) is not None:
            found[owner] += weight
    return shares(found)


def _by_place(case: Case, places: Sequence[_Weighed]) -> list[float]:
    """Each candidate's share of these lines hunk by hunk, every hunk counting the same."""
    found = case.zeros()
    for lines in places:
        total = sum(weight for _, weight in lines)
        for line, weight in lines:
            if (owner := case.index.get(line.written.sha)) is not None:
                found[owner] += weight / total
    return shares(found)


def _nearest(case: Case) -> list[float]:
    """How near a candidate's nearest line is to a hunk: 1 where it owns a removed one."""
    found = case.zeros()
    for place in case.places:
        for line in (*place.removed, *place.above, *place.below):
            if (owner := case.index.get(line.written.sha)) is not None:
                found[owner] = max(found[owner], math.exp(-line.distance / _CLOSE))
    return found


def _among(values: Sequence[float], step: int) -> list[float]:
    """One divided by the place among those with a value, from the newest (step 1) or the oldest (step -1)."""
    found = [0.0] * len(values)
    owners = [index for index, value in enumerate(values) if value > 0][::step]
    for place, index in enumerate(owners, 1):
        found[index] = 1 / place
    return found
