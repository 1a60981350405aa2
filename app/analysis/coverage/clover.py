"""Clover XML, as PHPUnit, Istanbul (nyc, Jest, Vitest), kcov and OpenClover write it.

    <coverage generated="1"><project>
      <file name="a.js" path="/app/a.js"><line num="2" count="1" type="stmt"/></file>
    </project></coverage>

PHPUnit puts the whole path into `name`; OpenClover gives conditions by `truecount` and `falsecount` alone.
"""

from collections.abc import Iterator, Mapping

from app.analysis.coverage.unreadable import Unreadable
from app.analysis.coverage.xml import Closed, events, first_elements
from app.domain.lines import MAX_LINE, lines_of
from app.domain.testmap import Grain, Measured, Reading

_COUNTS = ("count", "truecount", "falsecount")


def recognises(head: bytes) -> bool:
    """Whether its root is `coverage` and a `project` stands first in it (Cobertura has the same root, but no project)."""
    return [element.name for element in first_elements(head)] == ["coverage", "project"]


def read(data: bytes, suite: str) -> Reading:
    """Lines with any count above zero ran. Raises Unreadable while the files are read."""
    return Reading("clover", Grain.SUITE, [suite], _files(data))


def _files(data: bytes) -> Iterator[Measured]:
    path = None
    code: set[int] = set()
    ran: set[int] = set()
    for event in events(data):
        if isinstance(event, Closed):
            if event.name == "file" and path is not None:
                yield _measured(path, code, ran)
                path = None
        elif event.name == "file":
            path, code, ran = event.attributes.get("path") or event.attributes.get("name"), set(), set()
        elif event.name == "line" and path is not None and 1 <= (number := _whole(event.attributes.get("num"))) <= MAX_LINE:
            code.add(number)
            if _ran(event.attributes):
                ran.add(number)


def _measured(path: str, code: set[int], ran: set[int]) -> Measured:
    lines = lines_of(ran)
    return Measured(path, {0: lines} if lines else {}, code=lines_of(code))


def _ran(attributes: Mapping[str, str]) -> bool:
    return any(_whole(attributes[name]) > 0 for name in _COUNTS if name in attributes)


def _whole(text: str | None) -> int:
    if text is None or len(text) > 30 or not text.removeprefix("-").isdecimal():
        raise Unreadable("It has a line without a number, or with a count that is none.")
    return int(text)
