"""The words of the fix in what each candidate did: who brought them, who took them away, who wrote lines like the fix's."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from app.analysis.culprit.features.case import Case, Deed, tops
from app.analysis.culprit.features.lines import words

#: Lines of the fix that are compared with those of the candidates, and how like two lines must be to count and to be the same.
MOST_COMPARED, ALIKE, SAME = 40, 0.34, 0.7


def spoken(case: Case) -> Mapping[str, list[float]]:
    """For each family of words of the fix: the part of them (by rarity) that a candidate brought or took; see the keys."""
    gone, new = case.removed_words - case.added_words, case.added_words - case.removed_words
    found: dict[str, list[float]] = {}
    asked: Sequence[tuple[str, Collection[str], Callable[[Deed], Collection[str]]]] = (
        ("removed-in-added", case.removed_words, lambda deed: deed.added),
        ("gone-in-added", gone, lambda deed: deed.added),
        ("new-in-added", case.added_words, lambda deed: deed.added),
        ("new-in-removed", new, lambda deed: deed.removed),
        ("context-in-added", case.context_words - case.removed_words, lambda deed: deed.added),
        ("called-in-added", case.called, lambda deed: deed.called),
        ("gone-brought", gone, lambda deed: [word for word in deed.added if deed.brought(word)]),
        ("new-brought", new, lambda deed: [word for word in deed.added if deed.brought(word)]),
        ("new-took", new, lambda deed: [word for word in deed.removed if deed.took(word)]),
        ("heading-in-added", case.heading_words, lambda deed: deed.added),
        ("heading-in-headings", case.heading_words, lambda deed: [word for head in deed.headings for word in words(head)]),
    )
    for name, query, doc in asked:
        _match(case, name, frozenset(query), [frozenset(doc(deed)) for deed in case.deeds], found)
    found |= _alike(case, "removed-line-added", case.removed, lambda deed: deed.added_lines)
    found |= _alike(case, "new-line-removed", case.added, lambda deed: deed.removed_lines)
    found |= _alike(case, "new-line-added", case.added, lambda deed: deed.added_lines)
    context = [line.written.text for place in case.places for line in (*place.above[:2], *place.below[:2])]
    found |= _alike(case, "context-line-added", tuple(dict.fromkeys(context)), lambda deed: deed.added_lines)
    return found


def _match(case: Case, name: str, query: frozenset[str], docs: Sequence[frozenset[str]], found: dict[str, list[float]]) -> None:
    rarity = case.rarity(docs)
    total = sum(rarity[word] for word in query) or 1.0
    match = [sum(rarity[word] for word in query & doc) / total for doc in docs]
    first, last = case.zeros(), case.zeros()
    for word in query:
        having = [index for index, doc in enumerate(docs) if word in doc]
        if having:
            first[having[-1]] += rarity[word] / total
            last[having[0]] += rarity[word] / total
    found[name] = match
    found[f"most-{name}"] = tops(match)
    found[f"first-{name}"] = first
    found[f"last-{name}"] = last


_Lines = Sequence[tuple[frozenset[str], int]]


def _alike(case: Case, name: str, query: Sequence[str], lines: Callable[[Deed], _Lines]) -> dict[str, list[float]]:
    """How like a candidate's lines are to the fix's: for each line of the fix the likest, weighed by the rarity of its words."""
    rarity = case.rarity(set(deed.added) for deed in case.deeds)
    asked = [frozenset(words(line)) for line in query]
    asked = [line for line in dict.fromkeys(asked) if len(line) > 1][:MOST_COMPARED]
    weights = [sum(rarity.get(word, 0.05) for word in line) for line in asked]
    by_word: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(asked):
        for word in line:
            by_word[word].append(index)
    total = sum(weights) or 1.0
    found, first, last = case.zeros(), case.zeros(), case.zeros()
    best = [_likest(lines(deed), by_word, weights, rarity) for deed in case.deeds]
    for index, likest in enumerate(best):
        found[index] = sum(weight * like for weight, like in zip(weights, likest, strict=True)) / total
    for asked_one, weight in enumerate(weights):
        same = [index for index, likest in enumerate(best) if likest[asked_one] > SAME]
        if same:
            first[same[-1]] += weight / total
            last[same[0]] += weight / total
    return {name: found, f"most-{name}": tops(found), f"first-{name}": first, f"last-{name}": last}


def _likest(
    lines: _Lines, by_word: Mapping[str, Sequence[int]], weights: Sequence[float], rarity: Mapping[str, float]
) -> list[float]:
    """For each line of the fix the greatest likeness (0..1, Dice's over rarities) of any of these lines."""
    found = [0.0] * len(weights)
    seen: set[tuple[frozenset[str], int]] = set()
    for line in lines:
        if line in seen:
            continue
        seen.add(line)
        known, length = line
        shared: dict[int, float] = defaultdict(float)
        for word in known:
            for index in by_word.get(word, ()):
                shared[index] += rarity[word]
        if not shared:
            continue
        own = sum(rarity[word] for word in known) + (length - len(known)) * 2.0
        for index, weight in shared.items():
            like = 2 * weight / (own + weights[index])
            if like > ALIKE and like > found[index]:
                found[index] = like
    return found
