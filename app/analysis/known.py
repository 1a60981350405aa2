"""The past escapes of a repository as a review looks at them, from what is remembered of their recalls.

What people called wrong is left out: an escape whose fix is not the one that was found would only mislead.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from app.analysis.past import guards_of
from app.analysis.proofs import sides
from app.domain.correction import Corrections, Part
from app.domain.course import Stage
from app.domain.job import Recall, State
from app.domain.review import KnownEscape, SeamSides
from app.domain.seam import SeamKind

MAX_ESCAPES = 2_000
"""The newest issues of one repository; a review of more would take too long to be of use."""

_MOST_SEAMS = 10
_MOST_PATHS = 200
_CODE = frozenset({"code", "migration"})


def known_escapes(recalls: Iterable[Recall]) -> tuple[KnownEscape, ...]:
    """The recalled issues whose fix has landed and is not called the wrong one, by issue; at most `MAX_ESCAPES`."""
    found = [known for recall in recalls if (known := _known(recall)) is not None]
    return tuple(sorted(found, key=lambda known: known.issue)[-MAX_ESCAPES:])


def _known(recall: Recall) -> KnownEscape | None:
    about = sides(recall)
    if about is None or recall.state is not State.REPORTED or _is_wrong(recall.said):
        return None
    report = json.loads(recall.report or "{}")
    return KnownEscape(
        issue=recall.number,
        title=recall.title,
        fix=about.fix,
        parent=about.parent,
        fix_pull=recall.fix_pull,
        tests=guards_of(recall),
        proof=recall.guard.proof,
        seams=_seams(report),
        labelled=recall.course.first(Stage.LABELLED) or "",
        paths=_paths(report),
        receipt=recall.guard.run_url,
    )


def _is_wrong(said: Corrections) -> bool:
    """Whether the last word on the link was that it is wrong, and nobody named the right one."""
    words = [verdict.right for verdict in said.verdicts if verdict.part is Part.LINK]
    return bool(words) and not words[-1] and not said.fix


def _seams(report: Mapping[str, Any]) -> tuple[SeamSides, ...]:
    """The seams that no test took together when the bug escaped: these are the ones that let it through."""
    untested = [seam for seam in report.get("seams", ()) if not seam["counts"]["both"]]
    return tuple(SeamSides(seam["from"], seam["to"], SeamKind(seam["kind"])) for seam in untested[:_MOST_SEAMS])


def _paths(report: Mapping[str, Any]) -> tuple[str, ...]:
    """The code that the fix changed; nothing where there is more than can be listed, so that the commits are asked."""
    paths = tuple(file["path"] for file in report.get("changed", ()) if file["role"] in _CODE)
    return paths if len(paths) <= _MOST_PATHS else ()
