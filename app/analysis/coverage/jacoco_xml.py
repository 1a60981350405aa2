"""JaCoCo's XML reports: which lines of each source file ran at all.

A report knows no tests; but one made from the exec file of a single test (or test class) names its session, and then it is
that test's. The elements are those of JaCoCo's `report.dtd` 1.1; a line ran if any instruction on it did (`ci`).
"""

from collections.abc import Iterator
from itertools import chain

from app.analysis.coverage.attributes import line_number, measured, whole
from app.analysis.coverage.sessions import names_a_test
from app.analysis.coverage.unreadable import Unreadable
from app.analysis.coverage.xml import Event, Opened, events, first_elements
from app.domain.testmap import Grain, Measured, Reading

_INNER = ("sessioninfo", "group", "package", "counter")


def recognises(head: bytes) -> bool:
    """Whether a file begins as JaCoCo's reports do."""
    found = first_elements(head)
    if not found or found[0].name != "report":
        return False
    return found[1].name in _INNER if len(found) > 1 else b"//JACOCO//DTD" in head


def read(data: bytes, suite: str) -> Reading:
    """What the report says, lines of one test where its only session names one, else of `suite`. Raises Unreadable."""
    flow = events(data)
    if next(flow).name != "report":
        raise Unreadable("It is no JaCoCo report.")
    sessions, begun = _sessions(flow)
    single = len(sessions) == 1 and names_a_test(sessions[0])
    tests = (sessions[0] if single else suite,)
    return Reading("jacoco xml", Grain.TEST if single else Grain.SUITE, tests, _files(chain(begun, flow)))


def _sessions(flow: Iterator[Event]) -> tuple[list[str], list[Event]]:
    """The sessions, which stand before all else, and the first event after them."""
    found: list[str] = []
    for event in flow:
        if event.name != "sessioninfo":
            return found, [event]
        if isinstance(event, Opened):
            found.append(event.attributes.get("id", ""))
    return found, []


def _files(flow: Iterator[Event]) -> Iterator[Measured]:
    package, source = "", ""
    code, ran = set[int](), set[int]()
    for event in flow:
        if isinstance(event, Opened):
            if event.name == "package":
                package = event.attributes.get("name", "")
            elif event.name == "sourcefile":
                source, code, ran = event.attributes.get("name", ""), set(), set()
            elif event.name == "line" and (line := line_number(event.attributes, "nr")):
                code.add(line)
                if whole(event.attributes, "ci") > 0:
                    ran.add(line)
        elif event.name == "sourcefile" and source and code:
            yield measured(f"{package}/{source}" if package else source, code, ran)
