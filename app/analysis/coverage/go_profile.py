"""Go's cover profiles (`go test -coverprofile`): `mode: set`, then one basic block a line.

    example.org/shop/pricing/pricing.go:5.37,6.20 1 1

is the file by its import path, from line and column to line and column, how many statements, how often run (the format is that
of golang.org/x/tools/cover). With `-coverpkg` every package's tests write all blocks again, so the same block comes many times.
"""

import re
from collections.abc import Iterator

from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE, marked
from app.domain.testmap import Grain, Measured, Reading

_MODE = re.compile(rb"\A(?:\xef\xbb\xbf)?mode: (?:set|count|atomic)\r?\n")
_LINE = re.compile(rb"[^\r\n]+")
_BLOCK = re.compile(rb"(.+):([0-9]{1,9})\.[0-9]{1,9},([0-9]{1,9})\.[0-9]{1,9} ([0-9]{1,9}) ([0-9]{1,30})")
_NOT_RUN, _RAN = 1, 2
_MOST_LINES = 1000
"""How many lines a block may have, on average, for a time that is bounded."""

Blocks = dict[tuple[int, int], bool]
"""By first and last line, whether any block there ran."""


def recognises(head: bytes) -> bool:
    """Whether it opens with a profile's mode."""
    return bool(_MODE.match(head + b"\n" if head.startswith(b"mode: ") and len(head) < 16 else head))


def read(data: bytes, suite: str) -> Reading:
    """All lines of a block ran if it did. A line that two blocks share ran if either did. Raises Unreadable."""
    found: dict[bytes, Blocks] = {}
    for line in _LINE.finditer(data):
        text = line.group().strip()
        if (block := _BLOCK.fullmatch(text)) is not None:
            span = int(block[2]), int(block[3])
            if not 1 <= span[0] <= span[1] <= MAX_LINE:
                raise Unreadable("It has a block whose lines cannot be.")
            if int(block[4]):
                blocks = found.setdefault(block[1], {})
                blocks[span] = blocks.get(span, False) or int(block[5]) > 0
        elif text and not _MODE.match(text + b"\n"):
            raise Unreadable("It has a line that is no block of a Go cover profile; was it cut off?")
    return Reading("go cover", Grain.SUITE, [suite], _files(found))


def _files(found: dict[bytes, Blocks]) -> Iterator[Measured]:
    for path, blocks in found.items():
        marks = bytearray(1 + max(last for _, last in blocks))
        if sum(last - first for first, last in blocks) > MAX_LINE + _MOST_LINES * len(blocks):
            raise Unreadable("It has more blocks around one another than any code.")
        for ran in (False, True):
            for first, last in (span for span, any_ran in blocks.items() if any_ran is ran):
                marks[first : last + 1] = bytes([_RAN if ran else _NOT_RUN]) * (last - first + 1)
        lines = marked(marks, _RAN)
        yield Measured(path.decode(errors="replace"), {0: lines} if lines else {}, code=lines | marked(marks, _NOT_RUN))
