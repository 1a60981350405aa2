"""Cobertura's XML, as Cobertura, coverage.py, gcovr, coverlet and many more write it: which lines ran at all, no tests.

A source file may be told class by class (`coverlet`, Cobertura itself), or method by method beside that; the classes of a file
follow each other in most dialects, and are put together where they do.
"""

from collections.abc import Iterator
from itertools import chain

from app.analysis.coverage.attributes import line_number, measured, whole
from app.analysis.coverage.unreadable import Unreadable
from app.analysis.coverage.xml import Closed, Event, Opened, events, first_elements
from app.domain.testmap import Grain, Measured, Reading

_RATES = ("line-rate", "lines-valid", "branch-rate")
_MOST_ROOTS = 1000


def recognises(head: bytes) -> bool:
    """Whether a file begins as Cobertura's reports do; Clover's have the same root and a `project` in it."""
    found = first_elements(head)
    if not found or found[0].name != "coverage" or "clover" in found[0].attributes:
        return False
    return found[1].name in ("sources", "packages") if len(found) > 1 else any(rate in found[0].attributes for rate in _RATES)


def read(data: bytes, suite: str) -> Reading:
    """What the report says, every line that ran as run by `suite`; `<source>` gives the roots. Raises Unreadable."""
    flow = events(data)
    first = next(flow)
    if not isinstance(first, Opened) or first.name != "coverage":
        raise Unreadable("It is no Cobertura report.")
    roots, begun = _roots(flow)
    tool = " ".join(("cobertura", first.attributes.get("version", "")[:40])).strip()
    return Reading(tool, Grain.SUITE, (suite,), _files(chain(begun, flow)), roots)


def _roots(flow: Iterator[Event]) -> tuple[tuple[str, ...], list[Event]]:
    """The folders of `<sources>`, which stand before the packages, and the first event of these."""
    found: dict[str, None] = {}
    for event in flow:
        if event.name == "packages":
            return tuple(found), [event]
        if isinstance(event, Closed) and event.name == "source" and len(found) < _MOST_ROOTS and event.text.strip():
            found[event.text.strip()] = None
    return tuple(found), []


def _files(flow: Iterator[Event]) -> Iterator[Measured]:
    path, code, ran = "", set[int](), set[int]()
    for event in flow:
        if not isinstance(event, Opened):
            continue
        if event.name == "class" and event.attributes.get("filename", "") != path:
            if path and code:
                yield measured(path, code, ran)
            path, code, ran = event.attributes.get("filename", ""), set(), set()
        elif event.name == "line" and (line := line_number(event.attributes, "number")):
            hits = whole(event.attributes, "hits")
            if hits >= 0:
                code.add(line)
            if hits > 0:
                ran.add(line)
    if path and code:
        yield measured(path, code, ran)
