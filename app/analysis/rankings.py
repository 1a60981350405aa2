"""Counts what the reports of many escapes have in common: why they escaped, at which seams, in which files.

Of a report's JSON (`app.render.machine`) only `verdict`, `changed`, `seams`, `swallowed` and `map` are read. Where it was kept on
a branch, whoever may push could have written it, so one that has another shape counts as none.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.change import Role
from app.domain.digest import Count
from app.domain.job import Recall
from app.domain.report import VerdictCode

SIDES = " → "
"""Between the two sides of a seam's name."""

NOT_READ = "not-read"
"""Why an escape got through where recall has no report on it yet."""

_BY_LEADS = (VerdictCode.STATIC_ONLY, VerdictCode.UNMAPPED, VerdictCode.STALE)


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says that is worth counting. `seams` are those that no test crosses, though both sides are tested (`apart`)
    or a test has a stand-in for the far one (`severed`).
    """

    code: str
    leads: str
    seams: tuple[str, ...]
    apart: bool
    severed: bool
    swallowed: bool
    paths: tuple[str, ...]
    mapped: bool


Read = Sequence[tuple[Recall, Told | None]]
"""Recalls, each with what its report says."""


def read(recalls: Iterable[Recall]) -> Read:
    """The recalls with their reports, each read once."""
    return [(recall, told(recall)) for recall in recalls]


def told(recall: Recall) -> Told | None:
    """What the report on a recall says; None where there is none."""
    try:
        report = json.loads(recall.report or "")
        verdict = report["verdict"]
        uncrossed = [seam for seam in report.get("seams", ()) if not seam["counts"]["both"] and _is_open(seam)]
        return Told(
            code=str(verdict["code"]),
            leads=str(verdict["leads"]),
            seams=tuple(f"{seam['from']}{SIDES}{seam['to']}" for seam in uncrossed),
            apart=any(seam["apart"] for seam in uncrossed),
            severed=any(seam["severed_by"] for seam in uncrossed),
            swallowed=bool(report.get("swallowed")),
            paths=tuple(str(file["path"]) for file in report.get("changed", ()) if file["role"] == Role.CODE),
            mapped=bool(report.get("map")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def whys(found: Read) -> tuple[Count, ...]:
    """Why they escaped, as slugs, most frequent first; one escape may count under several.

    What a report says of the places that an issue names, with no fix known yet, is not why it escaped.
    """
    return _ranked([(recall, report if recall.fix_head else None) for recall, report in found], _whys, placed=False)


def seams(found: Read) -> tuple[Count, ...]:
    """The seams that let most through."""
    return _ranked(found, lambda report: report.seams if report else ())


def paths(found: Read) -> tuple[Count, ...]:
    """The files with code that most fixes had to change."""
    return _ranked(found, lambda report: report.paths if report else ())


def _is_open(seam: Mapping[str, Any]) -> bool:
    return bool(seam["apart"] or seam["severed_by"])


def _whys(report: Told | None) -> Iterable[str]:
    """The verdict, or where nothing was executed what imports lead to; then what the seams and the code on the path add to it."""
    if report is None:
        return [NOT_READ]
    more = {"stand-in": report.severed, "apart": report.apart, "swallowed": report.swallowed}
    return [
        f"leads-{report.leads}" if report.code in _BY_LEADS else report.code,
        *(slug for slug, applies in more.items() if applies),
    ]


def _ranked(found: Read, names: Callable[[Told | None], Iterable[str]], *, placed: bool = True) -> tuple[Count, ...]:
    """Names by how many escapes have them; `placed` says that the same name in two repositories is not the same thing."""
    behind: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for recall, report in found:
        for name in dict.fromkeys(names(report)):
            home = recall.repository if placed else ""
            behind.setdefault((home, name), []).append((recall.repository, recall.number))
    counts = [Count(name, len(issues), tuple(sorted(issues))) for (_, name), issues in behind.items()]
    return tuple(sorted(counts, key=lambda count: (-count.number, count.name, count.issues)))
