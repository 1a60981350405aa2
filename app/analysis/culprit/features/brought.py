"""Who brought the very signs that the fix takes away, and how much of what each candidate did near the fix was new at all.

The last writer of a line may only have renamed a word of it or indented it anew. What the fix takes out of the line is credited
to the commit that put it there: the last writer where its own patch shows the signs as new, else the next older one at this
place whose patch does.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.analysis.culprit.features.case import Case, Line, Place, shares, tops
from app.analysis.culprit.features.lines import signs
from app.analysis.culprit.features.walked import Visit, newest
from app.domain.change import Hunk
from app.domain.culprit import Candidate

_MOST_LINES = 120


def brought(case: Case, order: Sequence[Visit]) -> Mapping[str, list[float]]:
    """The signs that the fix takes away by who put them there, and how new a candidate's work was; see the keys."""
    fresh = [_fresh(visit.inside) for visit in order]
    credit, kept = case.zeros(), case.zeros()
    lines = [(place, line) for place in case.places for line in place.removed][:_MOST_LINES]
    for place, line in lines:
        asked = _asked(place, line)
        owner = case.index.get(line.written.sha)
        if not asked or owner is None:
            continue
        there = _origin(case.candidates[owner], line)
        old = asked if there is None else asked & frozenset(_count(there.removed))
        if there is not None:
            credit[owner] += len(asked - old) / len(asked)
            kept[owner] += len(old) / len(asked)
        for index in range(owner if there is None else owner + 1, len(fresh)):
            if not old:
                break
            if found := old & fresh[index]:
                credit[index] += len(found) / len(asked)
                old -= found
    pooled = shares(credit)
    return {
        "brought-signs": pooled,
        "most-brought-signs": [float(value == 1.0) for value in tops(pooled)],
        "newest-brought-signs": newest(credit),
        "only-rewrote-line": shares(kept),
        "rewrote-here": [_rewrote(visit.inside) for visit in order],
        "fresh-here": [math.log1p(len(signs_)) / 5 for signs_ in fresh],
    }


def _asked(place: Place, line: Line) -> frozenset[str]:
    """What the fix takes out of this line: its signs that the hunk does not bring back."""
    return frozenset(signs(line.written.text)) - frozenset(_count(place.hunk.added))


def _origin(candidate: Candidate, line: Line) -> Hunk | None:
    """The hunk with which the last writer wrote the line, None where its patch was cut before it."""
    text = line.written.text.strip()
    for hunk in (hunk for file in candidate.patch for hunk in file.hunks):
        if hunk.new and hunk.new.start <= line.written.line <= hunk.new.end:
            offset = line.written.line - hunk.new.start
            if offset < len(hunk.added) and hunk.added[offset].strip() == text:
                return hunk
    return None


def _fresh(hunks: Iterable[Hunk]) -> frozenset[str]:
    """The signs that these hunks brought more often than they took them."""
    found: set[str] = set()
    for hunk in dict.fromkeys(hunks):
        found.update(_count(hunk.added) - _count(hunk.removed))
    return frozenset(found)


def _rewrote(hunks: Iterable[Hunk]) -> float:
    """The part of what these hunks added that they had taken away right there: near 1 for a rename or a reformatting."""
    own = tuple(dict.fromkeys(hunks))
    added, removed = _count(line for h in own for line in h.added), _count(line for h in own for line in h.removed)
    return (added & removed).total() / added.total() if added else 0.0


def _count(lines: Iterable[str]) -> Counter[str]:
    return Counter(sign for line in lines for sign in signs(line))
