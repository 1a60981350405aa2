"""Runs of two and three signs of the fix's lines, operators among them, in what each candidate brought and took.

Single words are shared by many candidates; `size <` or `not self .` stand in few. What finds causes by hand, a search of the
file's history for a short telling pattern, is done here for all short patterns at once.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from app.analysis.culprit.features.case import Case, tops
from app.analysis.culprit.features.lines import signs

Phrase = tuple[str, ...]
Asked = TypeVar("Asked", bound=Hashable)
#: Signs of one line, and lines of one candidate, that are looked at.
_MOST_SIGNS, _MOST_LINES = 80, 4000


def phrases(case: Case) -> Mapping[str, list[float]]:
    """The part of the fix's phrases (by rarity) that a candidate brought or took; see the keys."""
    removed, added = _phrases(case.removed), _phrases(case.added)
    gone, new = frozenset(removed - added), frozenset(added - removed)
    asked = gone | new
    brought: list[frozenset[Phrase]] = []
    took: list[frozenset[Phrase]] = []
    for candidate in case.candidates:
        hunks = [hunk for file in candidate.patch for hunk in file.hunks]
        more = _phrases((line for hunk in hunks for line in hunk.added), asked)
        less = _phrases((line for hunk in hunks for line in hunk.removed), asked)
        brought.append(frozenset(more - less))
        took.append(frozenset(less - more))
    found: dict[str, list[float]] = {}
    for name, query, docs in (
        ("gone-phrases-brought", gone, brought),
        ("new-phrases-brought", new, brought),
        ("new-phrases-took", new, took),
    ):
        found |= credited(case, name, query, docs)
    return found


def credited(case: Case, name: str, query: frozenset[Asked], docs: Sequence[frozenset[Asked]]) -> dict[str, list[float]]:
    """The part of the query that each document holds, by rarity, that divided by the greatest, and the part of the query that
    the newest holders share out: each word to the last candidate that has it.
    """
    count = Counter(word for doc in docs for word in doc)
    rarity = {word: math.log((len(docs) + 1) / (count[word] + 0.5)) + 0.05 for word in query}
    total = sum(rarity.values()) or 1.0
    match = [sum(rarity[word] for word in query & doc) / total for doc in docs]
    first, last = case.zeros(), case.zeros()
    for word in query:
        holders = [index for index, doc in enumerate(docs) if word in doc]
        if holders:
            last[holders[0]] += rarity[word] / total
            first[holders[-1]] += rarity[word] / total
    return {name: match, f"most-{name}": tops(match), f"last-{name}": last, f"first-{name}": first}


def _phrases(lines: Iterable[str], asked: frozenset[Phrase] | None = None) -> Counter[Phrase]:
    """The phrases of the lines that name something, of those asked for where some are."""
    found: Counter[Phrase] = Counter()
    firsts = None if asked is None else {phrase[0] for phrase in asked}
    for line in islice(lines, _MOST_LINES):
        here = signs(line)[:_MOST_SIGNS]
        for start, first in enumerate(here[:-1]):
            if firsts is not None and first not in firsts:
                continue
            for end in range(start + 2, min(start + 3, len(here)) + 1):
                phrase = tuple(here[start:end])
                if phrase in asked if asked is not None else any(sign[0].isalpha() or sign[0] in "_$\"'" for sign in phrase):
                    found[phrase] += 1
    return found
