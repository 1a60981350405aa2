"""Counts what the reports of many escapes have in common: why they escaped, at which seams, in which files.

Of a report's JSON (`app.render.machine`) only `verdict`, `changed`, `seams`, `swallowed` and `map` are read.
"""

import json
from collections.abc import Callable, Iterable, Mapping
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


def report_of(recall: Recall) -> Mapping[str, Any]:
    """What was kept of the report on a recall, empty where there is none."""
    report = json.loads(recall.report) if recall.report else {}
    return report if isinstance(report, dict) else {}


def whys(recalls: Iterable[Recall]) -> tuple[Count, ...]:
    """Why they escaped, as slugs, most frequent first; one escape may count under several."""
    return _ranked(recalls, lambda recall: _whys(report_of(recall)), placed=False)


def seams(recalls: Iterable[Recall]) -> tuple[Count, ...]:
    """The seams that let most through: those of the changed code that no test crosses, though both sides are tested or a test
    has a stand-in for the far one.
    """
    return _ranked(recalls, lambda recall: [_name(seam) for seam in _open_seams(report_of(recall))])


def paths(recalls: Iterable[Recall]) -> tuple[Count, ...]:
    """The files with code that most fixes had to change."""
    return _ranked(recalls, lambda recall: _code(report_of(recall)))


def _whys(report: Mapping[str, Any]) -> Iterable[str]:
    """The verdict, or where nothing was executed what imports lead to; then what the seams and the code on the path add to it."""
    verdict = report.get("verdict")
    if not verdict:
        return [NOT_READ]
    code = str(verdict["code"])
    found = [f"leads-{verdict['leads']}" if code in _BY_LEADS else code]
    open_seams = list(_open_seams(report))
    if any(seam["severed_by"] for seam in open_seams):
        found.append("stand-in")
    if any(seam["apart"] for seam in open_seams):
        found.append("apart")
    if report.get("swallowed"):
        found.append("swallowed")
    return found


def _open_seams(report: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    uncrossed = (seam for seam in report.get("seams", ()) if not seam["counts"]["both"])
    return (seam for seam in uncrossed if seam["apart"] or seam["severed_by"])


def _name(seam: Mapping[str, Any]) -> str:
    return f"{seam['from']}{SIDES}{seam['to']}"


def _code(report: Mapping[str, Any]) -> Iterable[str]:
    return (str(file["path"]) for file in report.get("changed", ()) if file["role"] == Role.CODE)


def _ranked(recalls: Iterable[Recall], names: Callable[[Recall], Iterable[str]], *, placed: bool = True) -> tuple[Count, ...]:
    """Names by how many escapes have them; `placed` says that the same name in two repositories is not the same thing."""
    behind: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for recall in recalls:
        for name in dict.fromkeys(names(recall)):
            home = recall.repository if placed else ""
            behind.setdefault((home, name), []).append((recall.repository, recall.number))
    counts = [Count(name, len(issues), tuple(sorted(issues))) for (_, name), issues in behind.items()]
    return tuple(sorted(counts, key=lambda count: (-count.number, count.name, count.issues)))
