"""One question as the features see it: the fix's hunks, who wrote the lines around them, and what each candidate did in words.

Everything is counted over one vocabulary: the words that stand in the fix's lines, right beside them, or in the line that the
enclosing definition begins with. Other words of a candidate cannot speak for it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.analysis.culprit.dismissed import settled
from app.analysis.culprit.features.lines import code, states_version, words
from app.domain.change import FileChange, Hunk
from app.domain.culprit import Authored, Candidate, Trail

#: Hunks of a file, and lines of one hunk, that are looked at; what a larger fix changes beyond them tells no more.
MOST_HUNKS, MOST_LINES = 40, 60
#: How far from a hunk a line still counts as beside it, and how many lines on either side are its context.
REACH, CONTEXT = 25, 3
_CALLED = re.compile(r"([A-Za-z_$][\w$]*)\s*\(")
_Side = Callable[[Hunk], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the state before the fix that tells something: who wrote it, and how far from the hunk it stands."""

    number: int
    written: Authored
    distance: int


@dataclass(frozen=True, slots=True)
class Place:
    """A hunk of the fix: the telling lines it removed, those above and below it (nearest first), and those of the definition."""

    path: str
    hunk: Hunk
    removed: tuple[Line, ...]
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    inside: tuple[Line, ...]
    heading: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What a candidate did to the touched files, in the words of the fix: how often it added and removed each, which it added
    as calls, and its lines as (words of the fix in it, number of all its words).
    """

    added: Counter[str]
    removed: Counter[str]
    called: frozenset[str]
    added_lines: tuple[tuple[frozenset[str], int], ...]
    removed_lines: tuple[tuple[frozenset[str], int], ...]
    inserted: int
    headings: tuple[str, ...]

    def brought(self, word: str) -> bool:
        """Whether the word stood more often after it than before, as `git log -S` asks."""
        return self.added[word] > self.removed[word]

    def took(self, word: str) -> bool:
        """Whether the word stood less often after it."""
        return self.removed[word] > self.added[word]


class Case:
    """A trail prepared for the features, without the candidates that are no suspects. `candidates` are newest first, and every
    feature is a list in their order; `copies` are the commits that made the change of one of them again.
    """

    def __init__(self, trail: Trail) -> None:
        found = settled(trail)
        self.trail = trail = found.trail
        self.copies = found.copies
        self.candidates = tuple(sorted(trail.candidates.values(), key=lambda c: (-c.when, c.sha)))
        self.index = {candidate.sha: place for place, candidate in enumerate(self.candidates)}
        self.files = tuple(f for f in (trail.change.code or trail.change.files) if f.hunks)
        self.prose = not any(code(line) for f in self.files for h in f.hunks for line in (*h.removed, *h.added))
        self.places = tuple(place for file in self.files for place in self._places(file))

    def tells(self, line: str) -> bool:
        """Whether a line counts: code, or any words where the fix changes no code at all (a comment, a document). Never one
        that only states the version, which a fix on its way to a release counts up.
        """
        return not states_version(line) and (code(line) or (self.prose and any(sign.isalnum() for sign in line)))

    def zeros(self) -> list[float]:
        """A feature that speaks for nobody."""
        return [0.0] * len(self.candidates)

    @cached_property
    def paths(self) -> frozenset[str]:
        """The touched files by their names before the fix."""
        return frozenset(file.before for file in self.files)

    @cached_property
    def adds_only(self) -> bool:
        """Whether no telling line was removed, so that blame has nothing to start from."""
        return not any(place.removed for place in self.places)

    @cached_property
    def removed(self) -> tuple[str, ...]:
        """The telling lines that the fix took away, without those it only moved or indented anew."""
        return self._changed(lambda hunk: hunk.removed, lambda hunk: hunk.added)

    @cached_property
    def added(self) -> tuple[str, ...]:
        """The telling lines that the fix brought, without those it only moved or indented anew."""
        return self._changed(lambda hunk: hunk.added, lambda hunk: hunk.removed)

    @cached_property
    def removed_words(self) -> frozenset[str]:
        """The words of the removed lines."""
        return frozenset(word for line in self.removed for word in words(line))

    @cached_property
    def added_words(self) -> frozenset[str]:
        """The words of the added lines."""
        return frozenset(word for line in self.added for word in words(line))

    @cached_property
    def context_words(self) -> frozenset[str]:
        """The words right beside the hunks."""
        return frozenset(word for line in self.context_lines for word in words(line))

    @cached_property
    def context_lines(self) -> tuple[str, ...]:
        """The telling lines right beside the hunks."""
        near = (line for p in self.places for line in (*p.above, *p.below) if line.distance <= CONTEXT)
        return tuple(dict.fromkeys(line.written.text for line in near))

    @cached_property
    def heading_words(self) -> frozenset[str]:
        """The words of the lines that the enclosing definitions begin with."""
        return frozenset(word for place in self.places for word in words(place.heading))

    @cached_property
    def called(self) -> frozenset[str]:
        """What the removed and added lines call."""
        return frozenset(name for line in (*self.removed, *self.added) for name in _CALLED.findall(line))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All words that are counted."""
        return self.removed_words | self.added_words | self.context_words | self.heading_words | self.called

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """What each candidate did, in their order."""
        return tuple(self._deed(candidate) for candidate in self.candidates)

    def rarity(self, docs: Iterable[Iterable[str]]) -> dict[str, float]:
        """How much each word of the vocabulary tells, given which candidates have it: 0.05 where all do."""
        count = Counter(word for doc in docs for word in doc)
        total = len(self.candidates)
        return {word: max(0.0, math.log((total + 1) / (count[word] + 0.5))) + 0.05 for word in self.vocabulary}

    def _changed(self, these: _Side, those: _Side) -> tuple[str, ...]:
        hunks = [hunk for file in self.files for hunk in file.hunks[:MOST_HUNKS]]
        kept = {squeezed(line) for hunk in hunks for line in those(hunk)}
        lines = (line for hunk in hunks for line in these(hunk)[:MOST_LINES])
        return tuple(dict.fromkeys(line for line in lines if self.tells(line) and squeezed(line) not in kept))

    def _places(self, file: FileChange) -> Iterable[Place]:
        traced = self.trail.traced.get(file.before)
        if traced is None:
            return
        for place, hunk in enumerate(file.hunks[:MOST_HUNKS]):
            first, last = (hunk.old.start, hunk.old.end) if hunk.old else (hunk.after + 1, hunk.after)
            span = traced.enclosing[place] if place < len(traced.enclosing) else None

            def told(numbers: Iterable[int], first: int = first, last: int = last) -> tuple[Line, ...]:
                found = ((number, traced.authored.get(number)) for number in numbers)
                return tuple(
                    Line(number, line, max(first - number, number - last, 0))
                    for number, line in found
                    if line and self.tells(line.text)
                )

            head = traced.authored.get(span.start) if span else None
            yield Place(
                file.before,
                hunk,
                removed=told(range(first, last + 1)),
                above=told(range(first - 1, max(0, first - 1 - REACH), -1)),
                below=told(range(last + 1, last + 1 + REACH)),
                inside=told(range(span.start, span.end + 1)) if span else (),
                heading=head.text if head else "",
            )

    def _deed(self, candidate: Candidate) -> Deed:
        added: Counter[str] = Counter()
        removed: Counter[str] = Counter()
        called: set[str] = set()
        lines: tuple[list[tuple[frozenset[str], int]], list[tuple[frozenset[str], int]]] = ([], [])
        inserted = 0
        for hunk in (hunk for file in candidate.patch for hunk in file.hunks):
            inserted += len(hunk.added)
            for text in hunk.added:
                called.update(name for name in _CALLED.findall(text) if name in self.called)
            for side, texts, counter in ((0, hunk.added, added), (1, hunk.removed, removed)):
                for text in texts:
                    all_words = words(text)
                    known = [word for word in all_words if word in self.vocabulary]
                    if known:
                        counter.update(known)
                        lines[side].append((frozenset(known), len(set(all_words))))
        headings = tuple(heading for file in candidate.patch for heading in file.headings)
        return Deed(added, removed, frozenset(called), tuple(lines[0]), tuple(lines[1]), inserted, headings)


def squeezed(line: str) -> str:
    """The line without its whitespace, by which moved and re-indented lines are known again."""
    return "".join(line.split())


def shares(values: Sequence[float]) -> list[float]:
    """The values divided by their sum."""
    total = sum(values)
    return [value / total for value in values] if total else list(values)


def tops(values: Sequence[float]) -> list[float]:
    """The values divided by the greatest."""
    top = max(values, default=0.0)
    return [value / top for value in values] if top > 0 else list(values)
