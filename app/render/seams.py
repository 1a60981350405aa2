"""Says in one hand where a change meets other parts of the program, who tests both sides, and where failures are hidden."""

from collections.abc import Iterator

from app.analysis.languages import language_of
from app.domain.report import Report
from app.domain.seam import Basis, Seam, SeamKind, Severed, Swallowed
from app.render.sentences import Sentences
from app.render.words import Written


def findings(report: Report, say: Sentences) -> Iterator[Written]:
    """What is worth a paragraph: sides that are never tested together, stand-ins in the way, hidden failures."""
    hand = say.hand
    if apart := [_apart(seam, say) for seam in report.seams if seam.apart]:
        yield hand.say("seam", "apart", seams=apart)
    if severed := [_cut(seam, say) for seam in report.seams if seam.severed_by]:
        yield hand.say("seam", "severed", seams=severed)
    if report.swallowed:
        yield hand.say("swallowed", "found", places=[swallowed(one, say) for one in report.swallowed])


def items(report: Report, say: Sentences) -> tuple[Written, ...]:
    """Every seam, with the numbers of its tests."""
    return tuple(_item(seam, say) for seam in report.seams)


def swallowed(one: Swallowed, say: Sentences) -> Written:
    """One place that hides a failure, as a sentence without its full stop."""
    return say.hand.say(
        "swallowed",
        "place",
        path=say.hand.code(one.path),
        line=say.hand.link(one.line, say.links.file(one.path, one.line)),
        symbol=one.symbol,
        does=say.hand.say("swallowed", one.reason),
    )


def _apart(seam: Seam, say: Sentences) -> Written:
    slug = "apart-executed" if seam.basis is Basis.EXECUTED else "apart-imports"
    return say.hand.say("seam", slug, edge=_edge(seam, say), near=len(seam.tests_near), far=len(seam.tests_far))


def _edge(seam: Seam, say: Sentences) -> Written:
    return say.hand.say("seam", "edge", near=say.hand.code(part(seam.near)), far=say.hand.code(part(seam.far)))


def _cut(seam: Seam, say: Sentences) -> Written:
    first = seam.severed_by[0]
    more, outside = len(seam.severed_by) - 1, seam.kind is not SeamKind.MODULE
    return say.hand.say(
        "seam", "cut", edge=_edge(seam, say), far=say.hand.code(part(seam.far)), outside=outside, more=more, **_place(first, say)
    )


def _place(one: Severed, say: Sentences) -> dict[str, object]:
    return {
        "test": say.hand.code(one.path if one.test is None else f"{one.path}::{one.test}"),
        "line": say.hand.link(one.line, say.links.file(one.path, one.line)),
        "how": one.how,
    }


def _item(seam: Seam, say: Sentences) -> Written:
    slug = "item-executed" if seam.basis is Basis.EXECUTED else "item-imports"
    return say.hand.say(
        "seam",
        slug,
        edge=_edge(seam, say),
        kind=say.hand.say("seam", seam.kind),
        line=say.hand.link(seam.line, say.links.file(seam.near, seam.line)) if seam.line else None,
        near=len(seam.tests_near),
        far=len(seam.tests_far),
        both=len(seam.tests_both),
        known=bool(seam.tests_far),
        cuts=[say.hand.say("seam", "place", **_place(one, say)) for one in seam.severed_by],
    )


def part(path: str) -> str:
    """What people call one side: a Python module by its dotted name, everything else by its path or name.

    `src/payments/client.py` -> `payments.client`, `web/cart.ts` and `requests` as they are.
    """
    if language_of(path) != "python":
        return path
    name = path.removesuffix(".py").removesuffix("/__init__")
    for layout in ("src/", "lib/"):
        name = name.removeprefix(layout)
    return name.replace("/", ".")
