"""The lines of the fix followed back through the patches of all candidates, as `git log -L` does, but without asking git again.

Blame names only the last writer of a line that still stands. Here everything counts that ever touched the place: also what only
deleted lines there, and what was written over since. Positions are exact along one line of history and near enough where
branches were merged.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.analysis.culprit.features.case import Case
from app.domain.change import Hunk, Span

#: How many lines away a change still counts as on the spot, and as close to it.
_ON, _CLOSE = 1, 4
#: Lines over which nearness falls to about a third, measured sharply and mildly.
_SHARP, _MILD = 3.0, 12.0
_FAR = 999.0


@dataclass(slots=True)
class _Stretch:
    """Where one hunk of the fix stands in the version that is looked at: its lines (a gap between two where it only adds) and
    those of the definition around it. `path` is None from where on the file did not exist.
    """

    place: int
    path: str | None
    first: float
    last: float
    top: float
    bottom: float

    def carry(self, edits: Sequence["_Edit"], path: str | None) -> None:
        """Moves it to where it stood before this change of its file."""
        self.path = path
        self.first, self.last = _carried(edits, self.first), _carried(edits, self.last)
        self.top, self.bottom = _carried(edits, self.top), _carried(edits, self.bottom)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A candidate's hunk with its first and last line after and before it, and by how much it moves the lines below."""

    hunk: Hunk
    start: float
    end: float
    old_start: float
    old_end: float
    shift: int


@dataclass(slots=True)
class Visit:
    """What one candidate did near the fix: how near it came, and to which of the fix's hunks; its own hunks that fell into the
    definitions around them.
    """

    distance: float = _FAR
    on: set[int] = field(default_factory=set)
    close: set[int] = field(default_factory=set)
    within: set[int] = field(default_factory=set)
    inside: list[Hunk] = field(default_factory=list)


def visits(case: Case) -> tuple[Visit, ...]:
    """What each candidate did near the fix, in their order: followed from the newest back to where the files began."""
    stretches = list(_stretches(case))
    found: dict[str, Visit] = {}
    for candidate in case.candidates:
        for file in candidate.patch:
            here = [stretch for stretch in stretches if stretch.path is not None and stretch.path == file.path]
            if here:
                visit = found.setdefault(candidate.sha, Visit())
                edits = _edits(file.hunks)
                for stretch in here:
                    _note(visit, stretch, edits)
                    stretch.carry(edits, file.old_path)
    return tuple(found.get(candidate.sha, Visit()) for candidate in case.candidates)


def walked(case: Case, order: Sequence[Visit]) -> Mapping[str, list[float]]:
    """How near to the fix's lines each candidate worked, whether blame still shows it or not; see the keys."""
    places = max(1, len(case.places))
    on = [len(visit.on) / places for visit in order]
    close = [len(visit.close) / places for visit in order]
    within = [len(visit.within) / places for visit in order]
    return {
        "walk-near": [math.exp(-visit.distance / _SHARP) for visit in order],
        "walk-around": [math.exp(-visit.distance / _MILD) for visit in order],
        "walk-on": on,
        "walk-close": close,
        "walk-definition": within,
        "newest-walk-on": newest(on),
        "newest-walk-close": newest(close),
        "newest-walk-definition": newest(within),
        "log-walk-on": _late(on),
        "log-walk-definition": _late(within),
    }


def _stretches(case: Case) -> Iterator[_Stretch]:
    for index, place in enumerate(case.places):
        old, after = place.hunk.old, place.hunk.after
        first, last = (float(old.start), float(old.end)) if old else (after + 0.5, after + 0.5)
        numbers = [line.number for line in place.inside]
        top, bottom = (min(numbers), max(numbers)) if numbers else (first - 10, last + 10)
        yield _Stretch(index, place.path, first, last, min(top, first), max(bottom, last))


def _note(visit: Visit, stretch: _Stretch, edits: Sequence[_Edit]) -> None:
    for edit in edits:
        distance = max(0.0, edit.start - stretch.last, stretch.first - edit.end)
        visit.distance = min(visit.distance, distance)
        if distance <= _ON:
            visit.on.add(stretch.place)
        if distance <= _CLOSE:
            visit.close.add(stretch.place)
        if edit.start <= stretch.bottom and edit.end >= stretch.top:
            visit.within.add(stretch.place)
            visit.inside.append(edit.hunk)


def _edits(hunks: Sequence[Hunk]) -> list[_Edit]:
    """The hunks with where they stand on both sides: the gap between two lines (a half) where they have no line."""
    found = []
    shift = 0
    for hunk in hunks:
        gap = hunk.old.start - 0.5 if hunk.old else hunk.after + 0.5
        old = (hunk.old.start, hunk.old.end) if hunk.old else (gap, gap)
        new = (hunk.new.start, hunk.new.end) if hunk.new else (gap + shift, gap + shift)
        shift += _length(hunk.new) - _length(hunk.old)
        found.append(_Edit(hunk, new[0], new[1], old[0], old[1], shift))
    return found


def _length(span: Span | None) -> int:
    return span.end - span.start + 1 if span else 0


def _carried(edits: Sequence[_Edit], line: float) -> float:
    """A line, or the gap behind one, of the version after these edits, in the version before them."""
    shift = 0
    for edit in edits:
        if edit.start > line:
            break
        if edit.end >= line:
            return min(edit.old_start + (line - edit.start), edit.old_end)
        shift = edit.shift
    return line - shift


def newest(values: Sequence[float]) -> list[float]:
    """One divided by the place among those with a value, newest first."""
    found = [0.0] * len(values)
    for place, index in enumerate((index for index, value in enumerate(values) if value > 0), 1):
        found[index] = 1 / place
    return found


def _late(values: Sequence[float]) -> list[float]:
    """Minus the logarithm of how many came there after it; those that never did stand behind all of them."""
    came = [index for index, value in enumerate(values) if value > 0]
    behind = {index: place for place, index in enumerate(came)}
    return [-math.log1p(behind.get(index, len(came) + 1)) / 3 for index in range(len(values))]
