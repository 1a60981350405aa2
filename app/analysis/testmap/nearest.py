"""Which of several covered commits stands nearest to a commit, by ancestry alone: dates say nothing, clocks are wrong."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from itertools import islice

# So many candidates on parallel branches are compared at most, those that the fewest steps lead to.
_COMPARED = 16
Parents = Mapping[str, tuple[str, ...]]
"""A part of a history: each commit that was read with its parents; a parent that was not read has no entry."""


def nearest_ancestor(parents: Parents, commit: str, candidates: Collection[str]) -> str | None:
    """The candidate with the fewest commits between it and `commit`, among its ancestors and itself. None where there is none.

    What lies behind a candidate is farther than it, so the search goes no further there.
    """
    found = list(islice(_first_met(parents, commit, candidates), _COMPARED))
    if len(found) < 2:
        return found[0] if found else None
    reached = _reach(parents, [commit])
    return min(found, key=lambda one: (len(reached - _reach(parents, [one])), one))


def nearest_descendant(parents: Parents, commit: str, candidates: Collection[str]) -> str | None:
    """The same among the descendants; `parents` is read from the candidates down to `commit`, which has no entry itself."""
    above = {one: _reach(parents, [one]) for one in candidates if one in parents}
    descended = [one for one, reached in above.items() if any(commit in parents.get(each, ()) for each in reached)]
    return min(descended, key=lambda one: (len(above[one]), one), default=None)


def _first_met(parents: Parents, commit: str, candidates: Collection[str]) -> Iterable[str]:
    waiting, seen = deque([commit]), {commit}
    while waiting:
        one = waiting.popleft()
        if one in candidates:
            yield one
            continue
        for parent in parents.get(one, ()):
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)


def _reach(parents: Parents, starts: Iterable[str]) -> set[str]:
    """Everything that was read and can be reached, the starts included."""
    waiting = [one for one in starts if one in parents]
    seen = set(waiting)
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent in parents and parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen
