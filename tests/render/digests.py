"""Digests for the tests of their words."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.analysis.course import moved_on
from app.analysis.digest import digest
from app.domain.correction import Part
from app.domain.course import Course
from app.domain.delivery import Repository
from app.domain.digest import Digest, Rightness, Trouble
from app.domain.draft import DraftState, Guard, ProofState
from app.domain.job import Recall, State

SHOP = Repository(9, "acme/shop")
GONE = (State.WITHDRAWN, State.DELETED, State.TRANSFERRED)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RIGHT = (Rightness(Part.CULPRIT, 17, 19), Rightness(Part.TESTS, 41, 44))


def report(code: str, *paths: str, leads: str = "unit-only", seams: tuple[tuple[str, str], ...] = (), **more: Any) -> str:
    """What a digest reads of a report."""
    alone = {"kind": "module", "apart": True, "counts": {"both": 0}, "severed_by": []}
    found = [{"from": near, "to": far} | alone for near, far in seams]
    changed = [{"path": path, "role": "code"} for path in paths]
    told = {"verdict": {"code": code, "leads": leads}, "map": {"commit": "a"}, "changed": changed, "seams": found}
    return json.dumps(told | more)


def lived(number: int, title: str, *steps: tuple[float, Recall]) -> Recall:
    """A recall that was kept as these, each so many days before now."""
    known: Recall | None = None
    for days, step in steps:
        made = replace(step, number=number, title=title, course=known.course if known else Course())
        known = moved_on(known, made, (NOW - timedelta(days=days)).isoformat())
    assert known is not None
    return known


def recalls() -> tuple[Recall, ...]:
    """Eleven escapes of a shop, three of them uncaught."""
    new = Recall(9, 1, 5, "acme/shop", State.WAITING)
    pay, stock = ("shop/checkout.py", "payments/client.py"), ("shop/orders.py", "inventory/stock.py")

    def told(code: str, *paths: str, **more: Any) -> Recall:
        made = report(code, *paths, **more)
        return replace(new, state=State.REPORTED, fix_head="f" * 40, comment_id=7, report=made)

    def proved(recall: Recall, pull: int, proof: ProofState = ProofState.GUARDED) -> Recall:
        return replace(recall, guard=Guard(DraftState.MERGED, pull, proof=proof))

    early = told("never_run", "shop/pricing.py")
    seam = told("unit_only", "shop/checkout.py", seams=(pay,))
    stocked = told("blind", "shop/orders.py", seams=(stock,), swallowed=[{}])
    draft = replace(told("static_only", "shop/currency.py"), guard=Guard(DraftState.OPEN, 506))
    return (
        lived(401, "rounding of totals", (75, new), (74, early), (70, proved(early, 402))),
        lived(410, "checkout hangs on 3-D Secure", (70, new), (66, seam), (41, proved(seam, 412))),
        lived(415, "stock below zero", (60, new), (59, stocked), (50, proved(stocked, 417))),
        lived(422, "two mails for one order", (52, seam), (44, proved(seam, 424))),
        lived(430, "tax of gift cards", (45, early), (38, proved(early, 431))),
        lived(437, "refund twice", (33, new), (33, seam), (31, proved(seam, 440))),
        lived(444, "cart of another visitor", (30, stocked), (26, proved(stocked, 446))),
        lived(
            451, "voucher in the wrong currency", (26, seam), (16, proved(seam, 453)), (4, proved(seam, 453, ProofState.ROTTEN))
        ),
        lived(463, "search is empty after midnight", (12, new)),
        lived(479, "bulk discount is lost over quantity 100", (9, new), (8, early), (5, proved(early, 495))),
        lived(502, "stale price after currency change", (2, new), (1.5, draft)),
    )


def shop(kept: Sequence[Recall] | None = None, **changed: Any) -> Digest:
    """The digest of the shop."""
    told = [Trouble("told", 2, "GitHub's rate limit put a job off.")]
    since = NOW - timedelta(days=7)
    made = digest(recalls() if kept is None else kept, repository=SHOP, now=NOW, since=since, troubles=told)
    return replace(made, **{"rightness": RIGHT} | changed)
