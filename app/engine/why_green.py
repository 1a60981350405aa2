"""Looks back at the day on which a bug came in: what its tests could not see, and the life of the bug, joined to its checks.

Which checks ran is `app.github`'s; here is what the repository tells.
"""

from dataclasses import replace
from pathlib import Path

from app.domain.errors import RecallError
from app.domain.green import Ledger
from app.domain.report import Report
from app.domain.testmap import Maps
from app.domain.unchecked import Unchecked
from app.engine.green import Unseeing, unseen
from app.engine.life import Facts, read_life
from app.git.repository import Repository, open_repository


def look_back(mirror: Path, ledger: Ledger, report: Report, *, reported: str, landed: bool, maps: Maps | None = None) -> Ledger:
    """The ledger of the introducing change with its tests and the life of the bug.

    `reported` is when people told of the bug (ISO 8601, "" where unknown), `landed` whether the report's fix is on its branch.
    What git could not tell, or not in time, is said; nothing of it is raised, since the report stands without it.
    """
    try:
        repository = open_repository(mirror)
    except RecallError:
        return replace(ledger, unchecked=(*ledger.unchecked, Unchecked("green-not-read")))
    found = _unseen(repository, ledger, report, maps)
    fix = report.change.head if report.change and landed else None
    life, dates = read_life(repository, ledger.commit, report.base, fix, Facts(ledger.life.merged, reported))
    unchecked = (*ledger.unchecked, *found.unchecked, *dates)
    return replace(ledger, tests=found.tests, life=life, unchecked=tuple(dict.fromkeys(unchecked)))


def _unseen(repository: Repository, ledger: Ledger, report: Report, maps: Maps | None) -> Unseeing:
    try:
        return unseen(repository, ledger.commit, report, maps)
    except RecallError:
        return Unseeing(unchecked=(Unchecked("green-not-read"),))
