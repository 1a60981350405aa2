"""The reasons that are told for a suspect: facts that a person can check with `git blame` and `git show`, strongest first."""

from collections.abc import Callable, Iterable, Iterator

from app.analysis.culprit.features.case import CONTEXT, Case, Line, Place
from app.domain.change import Span
from app.domain.culprit import Ground

#: How many reasons are told, and how many names one of them holds.
TOLD, NAMED = 4, 3
_DAY = 86_400
# Words of prose at the end of a line of code, in its comment or its message: they tell nothing that is worth a look.
_PROSE = frozenset(
    {
        *("the", "and", "its", "own", "was", "were", "are", "has", "have", "had", "not", "but", "for", "with", "without", "from"),
        *("that", "this", "these", "those", "there", "which", "when", "where", "what", "will", "would", "should", "must", "can"),
        *("all", "any", "than", "then", "only", "also", "into", "onto", "over", "here", "they", "them", "our", "you", "your"),
    }
)


def grounds(case: Case, index: int) -> tuple[Ground, ...]:
    """What speaks for the candidate at this place of `case.candidates`."""
    return tuple(_grounds(case, index))[:TOLD]


def _grounds(case: Case, index: int) -> Iterator[Ground]:
    candidate = case.candidates[index]
    days = max(0, case.trail.when - candidate.when) // _DAY
    blamed = _lines(case, candidate.sha, "blame-removed", lambda place: place.removed, days)
    if blamed:
        yield blamed
    elif near := _lines(case, candidate.sha, "blame-near", _beside, days):
        yield near
    if copies := case.copies.get(candidate.sha):
        yield Ground("copied-by", names=copies)
    yield from _names(case, index)
    if not blamed and (inside := _lines(case, candidate.sha, "blame-function", lambda place: place.inside, days)):
        yield inside
    if made := next((file.path for file in candidate.patch if file.old_path is None and file.path in case.paths), None):
        yield Ground("made-file", path=made)
    if len(case.paths) > 1 and (both := case.paths & {file.path for file in candidate.patch}):
        yield Ground("changed-files", count=len(both), of=len(case.paths))
    yield Ground("newest" if index == 0 else "recent", days=days)


def _beside(place: Place) -> tuple[Line, ...]:
    return tuple(line for line in (*place.above, *place.below) if line.distance <= CONTEXT)


def _lines(case: Case, sha: str, reason: str, of: Callable[[Place], Iterable[Line]], days: int) -> Ground | None:
    """Which of these lines the candidate wrote last; the file told is the one with most of them."""
    every = {(place.path, line.number): line.written.sha for place in case.places for line in of(place)}
    own: dict[str, list[int]] = {}
    for (path, number), writer in every.items():
        if writer == sha:
            own.setdefault(path, []).append(number)
    if not own:
        return None
    path = max(own, key=lambda one: (len(own[one]), one))
    return Ground(reason, sum(map(len, own.values())), len(every), days=days, path=path, lines=_spans(own[path]))


def _names(case: Case, index: int) -> Iterator[Ground]:
    """What of the fix's own words the candidate brought, the rarest first, those that others brought as well last."""
    deed = case.deeds[index]
    rarity = case.rarity(set(other.added) for other in case.deeds)

    def rarest(asked: Iterable[str]) -> tuple[str, ...]:
        known = sorted((word for word in asked if _worth_a_name(word) and deed.brought(word)), key=lambda w: (-rarity[w], w))
        return tuple(word for word in known if rarity[word] > 1.0)[:NAMED]

    literals = _texts(case.removed_words | case.added_words)
    gone = rarest(case.removed_words - case.added_words - literals)
    if gone:
        yield Ground("brought-tokens", names=gone)
    if names := rarest((case.removed_words | case.added_words) - literals - set(gone) - case.called):
        yield Ground("added-names", names=names)
    if calls := rarest(name for name in case.called - set(gone) if name in deed.called):
        yield Ground("added-calls", names=calls)
    if texts := rarest(literals):
        yield Ground("added-literals", names=texts)
    if not (gone or names or calls) and (beside := rarest(case.context_words - _texts(case.context_words))):
        yield Ground("added-context", names=beside)


def _texts(words: Iterable[str]) -> frozenset[str]:
    """The string literals among them, which keep their quotes."""
    return frozenset(word for word in words if word[0] in "\"'")


def _worth_a_name(word: str) -> bool:
    """Whether people would look for it: `on`, `97` and the words of a comment stand anywhere."""
    return len(word) > 2 and word.lower() not in _PROSE


def _spans(numbers: Iterable[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for number in sorted(numbers):
        if spans and spans[-1].end + 1 == number:
            spans[-1] = Span(spans[-1].start, number)
        else:
            spans.append(Span(number, number))
    return tuple(spans)
