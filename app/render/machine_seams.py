"""The seams and swallowed failures of a report for machines."""

from typing import Any

from app.domain.seam import Seam, Severed, Swallowed
from app.render import seams
from app.render.sentences import Sentences

MOST_TESTS = 50
"""No list of tests is longer; `counts` says how many there are."""


def seam_json(seam: Seam) -> dict[str, Any]:
    """One seam; `basis` says whether its tests were executed or only follow from imports."""
    return {
        "from": seam.near,
        "to": seam.far,
        "kind": seam.kind.value,
        "basis": seam.basis.value,
        "line": seam.line,
        "tests_from": list(seam.tests_near[:MOST_TESTS]),
        "tests_to": list(seam.tests_far[:MOST_TESTS]),
        "tests_both": list(seam.tests_both[:MOST_TESTS]),
        "counts": {"from": len(seam.tests_near), "to": len(seam.tests_far), "both": len(seam.tests_both)},
        "apart": seam.apart,
        "severed_by": [_severed(one) for one in seam.severed_by[:MOST_TESTS]],
    }


def swallowed_json(one: Swallowed, say: Sentences) -> dict[str, Any]:
    """One place that hides a failure; `how` is a stable slug."""
    sentence = seams.swallowed(one, say)
    return {"path": one.path, "line": one.line, "how": one.reason.value, "symbol": one.symbol, "sentence": f"{sentence}."}


def _severed(one: Severed) -> dict[str, Any]:
    return {"test": one.test, "path": one.path, "line": one.line, "how": one.how}
