"""What speaks for each candidate, as numbers: one feature a name, one value a candidate, newest candidate first."""

from collections.abc import Mapping

from app.analysis.culprit.features.brought import brought
from app.analysis.culprit.features.case import Case
from app.analysis.culprit.features.made import made
from app.analysis.culprit.features.owned import owned
from app.analysis.culprit.features.phrases import phrases
from app.analysis.culprit.features.spoken import spoken
from app.analysis.culprit.features.swapped import swapped
from app.analysis.culprit.features.walked import visits, walked

#: Features that mean something else where the fix only adds lines: there they count by a weight of their own as well.
WHERE_ADDED = (
    "owns-above", "owns-below", "owns-close", "owns-around", "owns-definition", "newest-owns-close", "newest-owns-definition",
    "nearest", "age", "place-in-time", "new-in-added", "new-in-removed", "context-in-added", "heading-in-added",
)  # fmt: skip

#: Words that tell more of a candidate that also wrote lines near the fix: a word may be brought anywhere in the file.
WHERE_NEAR = ("gone-phrases-brought", "last-new-brought", "most-new-line-added")


def measure(case: Case) -> Mapping[str, list[float]]:
    """All features of a case; the lists are in the order of `case.candidates`."""
    seen = visits(case)
    told = {**owned(case), **spoken(case), **made(case)}
    found = {**told, **walked(case, seen), **swapped(case, seen), **phrases(case), **brought(case, seen)}
    adds_only = float(case.adds_only)
    near = {f"{name}-near": [a * b for a, b in zip(found[name], found["nearest"], strict=True)] for name in WHERE_NEAR}
    return found | near | {f"{name}-where-added": [adds_only * value for value in found[name]] for name in WHERE_ADDED}
