"""The fix as an exchange of words: which candidate made the opposite exchange, or the same one elsewhere, or brought or took
the words of the fix within the very definition.

A change that wrote `a` over `b` where the fix writes `b` over `a` let in what the fix takes back; one that makes the fix's own
exchange in other places forgot this one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.analysis.culprit.features.case import MOST_HUNKS, Case
from app.analysis.culprit.features.lines import words
from app.analysis.culprit.features.phrases import credited
from app.analysis.culprit.features.walked import Visit
from app.domain.change import Hunk

#: Hunks of a candidate that are compared with those of the fix.
_MOST_COMPARED = 400


@dataclass(frozen=True, slots=True)
class _Exchange:
    """The words that a hunk took more often than it brought them, and those it brought more often."""

    gone: frozenset[str]
    new: frozenset[str]


def swapped(case: Case, order: Sequence[Visit]) -> Mapping[str, list[float]]:
    """How far each candidate's hunks exchange the fix's words, or exchange them back; see the keys."""
    rarity = case.rarity(set(deed.added) for deed in case.deeds)
    fix = [_exchange(hunk, case.vocabulary) for file in case.files for hunk in file.hunks[:MOST_HUNKS]]
    undone, repeated = case.zeros(), case.zeros()
    inside: list[_Exchange] = []
    for index, candidate in enumerate(case.candidates):
        hunks = [hunk for file in candidate.patch for hunk in file.hunks][:_MOST_COMPARED]
        for exchange in {_exchange(hunk, case.vocabulary) for hunk in hunks}:
            for mine in fix:
                if mine.gone and mine.new:
                    back = min(_part(mine.gone, exchange.new, rarity), _part(mine.new, exchange.gone, rarity))
                    again = min(_part(mine.gone, exchange.gone, rarity), _part(mine.new, exchange.new, rarity))
                    undone[index], repeated[index] = max(undone[index], back), max(repeated[index], again)
        here = [_exchange(hunk, case.vocabulary) for hunk in dict.fromkeys(order[index].inside)]
        inside.append(_Exchange(_all(one.gone for one in here), _all(one.new for one in here)))
    gone, new = case.removed_words - case.added_words, case.added_words - case.removed_words
    found = {"undone": undone, "repeated": repeated}
    for name, query, docs in (
        ("removed-brought-here", case.removed_words, [one.new for one in inside]),
        ("gone-brought-here", gone, [one.new for one in inside]),
        ("new-brought-here", new, [one.new for one in inside]),
        ("new-took-here", new, [one.gone for one in inside]),
    ):
        found |= credited(case, name, query, docs)
    return found


def _exchange(hunk: Hunk, vocabulary: frozenset[str]) -> _Exchange:
    removed, added = _counted(hunk.removed, vocabulary), _counted(hunk.added, vocabulary)
    return _Exchange(frozenset(removed - added), frozenset(added - removed))


def _counted(lines: Sequence[str], vocabulary: frozenset[str]) -> Counter[str]:
    return Counter(word for line in lines for word in words(line) if word in vocabulary)


def _part(asked: frozenset[str], given: frozenset[str], rarity: Mapping[str, float]) -> float:
    """The part of the words that is given, by rarity."""
    total = sum(rarity[word] for word in asked)
    return sum(rarity[word] for word in asked & given) / total if total else 0.0


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
