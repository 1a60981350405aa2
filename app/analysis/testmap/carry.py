"""Carries lines of a file from the covered commit to another one and back, by the hunks of git's diff between the two.

A line that the diff leaves alone is the same line in its new place. A line that it removes or adds carries nowhere: what a
test ran there is not known on the other side, and `changed` and `unknown` say which lines these are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.change import Hunk
from app.domain.lines import LineSet, line_set
from app.domain.testmap import FileCover


class Mismatched(ValueError):
    """The hunks contradict each other, so that nothing can be carried by them."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """`count` lines from `old` on stand from `new` on; the last piece has no end."""

    old: int
    new: int
    count: int | None

    def moved(self, lines: LineSet) -> LineSet:
        kept = lines >> self.old
        if self.count is not None:
            kept &= (1 << self.count) - 1
        return kept << self.new

    @property
    def turned(self) -> "_Piece":
        return _Piece(self.new, self.old, self.count)


@dataclass(frozen=True, slots=True)
class Carry:
    """How the lines of one file move. `changed` are the old lines that have no place after, `unknown` the new ones without one
    before.
    """

    pieces: tuple[_Piece, ...]
    changed: LineSet
    unknown: LineSet

    def forward(self, lines: LineSet) -> LineSet:
        """Old lines as they are numbered after the diff; changed lines are left out."""
        return _moved(self.pieces, lines)

    def back(self, lines: LineSet) -> LineSet:
        """New lines as they were numbered before it; lines that were not there are left out."""
        return _moved(tuple(piece.turned for piece in self.pieces), lines)


SAME = Carry((_Piece(0, 0, None),), 0, 0)
"""The carry between two equal files."""


def carry_by(hunks: Iterable[Hunk]) -> Carry:
    """The carry through the hunks of one file (`git diff -U0`), in order. Raises Mismatched where their numbers disagree."""
    pieces: list[_Piece] = []
    changed = unknown = 0
    old = new = 1
    for hunk in hunks:
        begins = hunk.old.start if hunk.old else hunk.after + 1
        count = begins - old
        if count < 0 or (hunk.new is not None and hunk.new.start != new + count):
            raise Mismatched(f"a hunk at line {begins} does not follow what came before")
        pieces.append(_Piece(old, new, count))
        changed |= line_set([hunk.old] if hunk.old else [])
        unknown |= line_set([hunk.new] if hunk.new else [])
        old = hunk.old.end + 1 if hunk.old else begins
        new = hunk.new.end + 1 if hunk.new else new + count
    return Carry((*pieces, _Piece(old, new, None)), changed, unknown)


def _moved(pieces: Sequence[_Piece], lines: LineSet) -> LineSet:
    found = 0
    for piece in pieces:
        found |= piece.moved(lines)
    return found


@dataclass(frozen=True, slots=True)
class Carried:
    """What one segment knows of one file, in the lines of the commit it was carried to.

    `exact` says that the file is the same there. Of the lines `unknown` the map says nothing, neither that they ran nor that
    they did not: they changed between the two commits. `changed` are the covered commit's lines that were left behind.
    """

    cover: FileCover
    exact: bool
    unknown: LineSet = 0
    changed: LineSet = 0


def carry_cover(cover: FileCover, by: Carry, path: str) -> Carried:
    """The cover in the lines after the diff, under the path that the file has there."""
    groups = tuple((lines, tests) for before, tests in cover.groups if (lines := by.forward(before)))
    carried = replace(
        cover,
        path=path,
        groups=groups,
        outside=by.forward(cover.outside),
        code=None if cover.code is None else by.forward(cover.code),
    )
    return Carried(carried, by == SAME, by.unknown, by.changed)
