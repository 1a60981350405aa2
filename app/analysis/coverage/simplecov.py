"""SimpleCov's `.resultset.json`: for each command that was run (RSpec, Minitest, a parallel job) the hits of every line.

    {"RSpec": {"coverage": {"/app/lib/a.rb": {"lines": [1, null, 0]}}, "timestamp": 1795427834}}

Before SimpleCov 0.18 the array stood in the place of its object. Ruby counts `def` and `class` lines when a file is loaded, and
nothing in the file tells these from lines that a test ran.
"""

import re
from collections.abc import Iterator, Mapping

from app.analysis.coverage.json import START, STRING, as_list, as_object, load_object
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE, marked
from app.domain.testmap import Grain, Measured, Reading

_OPENING = re.compile(START + STRING + rb'\s*+:\s*+\{\s*+"coverage"\s*+:\s*+\{\s*+(?:\}|' + STRING + rb"\s*+:\s*+[\[{])")
_NOT_RUN, _RAN = 1, 2


def recognises(head: bytes) -> bool:
    """Whether it is an object of commands, each with its coverage by file."""
    return bool(_OPENING.match(head))


def read(data: bytes, suite: str) -> Reading:
    """Each command is a suite under its own name; a command that is alone goes by `suite`. Raises Unreadable."""
    commands = load_object(data)
    names = [suite] if len(commands) == 1 else list(commands)
    return Reading("simplecov", Grain.SUITE, names, _files(commands))


def _files(commands: Mapping[str, object]) -> Iterator[Measured]:
    for index, command in enumerate(commands.values()):
        coverage = as_object(command).get("coverage")
        if not isinstance(coverage, dict):
            raise Unreadable("It is a resultset in which one command has no coverage.")
        for path, lines in coverage.items():
            yield _measured(path, index, as_list(lines.get("lines") if isinstance(lines, dict) else lines))


def _measured(path: str, index: int, counts: list[object]) -> Measured:
    """Counts by line, from the first; what is neither a number nor null ("ignored") is no code."""
    if len(counts) > MAX_LINE:
        raise Unreadable(f"It has a file of more than {MAX_LINE} lines.")
    marks = bytearray(1)
    marks += bytes(0 if not isinstance(count, int) else _RAN if count > 0 else _NOT_RUN for count in counts)
    ran = marked(marks, _RAN)
    return Measured(path, {index: ran} if ran else {}, code=ran | marked(marks, _NOT_RUN))
