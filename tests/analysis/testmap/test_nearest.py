"""The nearest covered commit, by ancestry."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.testmap.nearest import nearest_ancestor, nearest_descendant

LINE = {"e": ("d",), "d": ("c",), "c": ("b",), "b": ("a",), "a": ()}


def test_the_closest_of_a_line_of_ancestors() -> None:
    assert nearest_ancestor(LINE, "e", {"a", "c"}) == "c"


def test_a_commit_is_its_own_closest_ancestor() -> None:
    assert nearest_ancestor(LINE, "e", {"e", "d"}) == "e"


def test_none_of_another_branch() -> None:
    assert nearest_ancestor(LINE, "c", {"d", "x"}) is None


def test_the_closest_descendant_is_looked_for_above() -> None:
    assert nearest_descendant({"e": ("d",), "d": ("c",), "x": ("w",)}, "c", {"e", "d", "x"}) == "d"


@st.composite
def histories(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Commits 0, 1, ... each with up to two parents among the earlier ones."""
    parents: dict[str, tuple[str, ...]] = {"0": ()}
    for number in range(1, draw(st.integers(1, 14))):
        chosen = draw(st.sets(st.integers(0, number - 1), max_size=2))
        parents[str(number)] = tuple(map(str, sorted(chosen)))
    return parents


def slow_reach(parents: dict[str, tuple[str, ...]], commit: str) -> set[str]:
    return {commit}.union(*(slow_reach(parents, parent) for parent in parents[commit]))


@given(histories(), st.data())
def test_it_is_the_ancestor_with_the_fewest_commits_between(parents: dict[str, tuple[str, ...]], data: st.DataObject) -> None:
    base = data.draw(st.sampled_from(sorted(parents)))
    candidates = data.draw(st.sets(st.sampled_from(sorted(parents))))
    own = slow_reach(parents, base)
    between = {one: len(own - slow_reach(parents, one)) for one in candidates & own}
    found = nearest_ancestor(parents, base, candidates)
    assert (found is None) == (not between)
    assert found is None or between[found] == min(between.values())


@given(histories(), st.data())
def test_it_is_the_descendant_with_the_fewest_commits_between(parents: dict[str, tuple[str, ...]], data: st.DataObject) -> None:
    base = data.draw(st.sampled_from(sorted(parents)))
    candidates = data.draw(st.sets(st.sampled_from(sorted(parents)))) - {base}
    below = slow_reach(parents, base)
    between = {one: len(slow_reach(parents, one) - below) for one in candidates if base in slow_reach(parents, one)}
    read = {commit: of for commit, of in parents.items() if commit not in below}
    found = nearest_descendant(read, base, candidates)
    assert (found is None) == (not between)
    assert found is None or between[found] == min(between.values())
