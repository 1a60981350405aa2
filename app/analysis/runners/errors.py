"""The type and message that the first line of an error tells, in the spelling of JavaScript, Ruby, PHP and others."""

import re

from app.analysis.runners.cases import MAX_MESSAGE, clipped
from app.domain.proof import Failure

_FIRST = re.compile(
    r"\s*(?:Uncaught |thrown: )?\[?(?P<type>(?:[a-zA-Z_]\w*(?:\.|::|\\))*[A-Z]\w*)(?: \[[\w ]+\])?(?::\s*|$)(?P<message>.*)"
)
_FRAME = re.compile(r"^\s+at .*[:(]\d+|^\s+at [\w.<>$ ]+\(", re.MULTILINE)


def told_by(stack: str, kind: str = "", message: str = "") -> Failure:
    """A failure from an error and its stack: `TypeError: prices is not iterable`, then lines `at total (...)`."""
    text = clipped(stack)
    frame = _FRAME.search(text)
    head = text[: frame.start()].strip() if frame else text
    first = _FIRST.match(head.partition("\n")[0])
    if first:
        kind = kind or first["type"]
        head = head[first.start("message") :]
    return Failure(kind[:200], clipped(message or head, MAX_MESSAGE), text)
