"""Puts together what many inputs say of one file, so that a thousand runs of one test each are not a thousand records a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.domain.lines import LineSet
from app.domain.testmap import Measured

MOST_HELD = 64 << 20
_SET = 100
"""About what a set of lines takes in memory besides its bits, in bytes."""

Key = tuple[str, str, bool]
"""A file's path, its blob, and whether all its code is known: what says so and what does not stay apart."""


@dataclass(slots=True)
class _Merged:
    """One file while its parts come in."""

    ran: dict[int, LineSet] = field(default_factory=dict)
    outside: LineSet = 0
    code: LineSet = 0

    def add(self, part: Measured) -> None:
        """Takes the union."""
        for test, lines in part.ran.items():
            self.ran[test] = self.ran.get(test, 0) | lines
        self.outside |= part.outside
        self.code |= part.code or 0


def merged(parts: Iterable[tuple[Measured, str]], most: int = MOST_HELD) -> Iterator[tuple[Measured, str]]:
    """The same cover in fewer parts: each file with its blob comes once, or again after some `most` bytes were held."""
    held: dict[Key, _Merged] = {}
    size = 0
    for measured, blob in parts:
        held.setdefault((measured.path, blob, measured.code is not None), _Merged()).add(measured)
        size += sum(lines.bit_length() // 8 + _SET for lines in measured.ran.values())
        if size > most:
            yield from _released(held)
            held, size = {}, 0
    yield from _released(held)


def _released(held: dict[Key, _Merged]) -> Iterator[tuple[Measured, str]]:
    for (path, blob, known), each in held.items():
        yield Measured(path, each.ran, each.outside, each.code if known else None), blob
