"""Candidate fixes: which comes first, which are only shown, which are dropped."""

from dataclasses import replace

import pytest

from app.analysis.links import Named, candidates
from app.analysis.mentions import Mention, Says
from app.domain.delivery import Repository
from app.domain.escape import Dropped, FixState, LinkKind
from app.domain.timeline import Commit, Event, Happening, Pull, Timeline

SHOP = Repository(9, "acme/shop")


def pull(number: int, state: FixState = FixState.MERGED, merged_at: str = "2026-01-05") -> Pull:
    merged = state is FixState.MERGED
    return Pull(
        "acme/shop",
        number,
        state,
        head_sha=f"head{number}",
        base_sha=f"base{number}",
        title=f"Pull {number}",
        merged_at=merged_at if merged else None,
        merge_sha=f"landed{number}" if merged else None,
    )


def commit(sha: str, *, on_default: bool = False, brought_by: Pull | None = None) -> Commit:
    return Commit("acme/shop", sha, on_default=on_default, pull=brought_by)


def closed(at: str, *, by: Pull | Commit | None = None, completed: bool = True) -> Happening:
    return Happening(
        Event.CLOSED,
        at,
        pull=by if isinstance(by, Pull) else None,
        commit=by if isinstance(by, Commit) else None,
        completed=completed,
    )


def reopened(at: str) -> Happening:
    return Happening(Event.REOPENED, at)


def found(
    *happenings: Happening, closing: tuple[Pull, ...] = (), named: tuple[Named, ...] = ()
) -> list[tuple[str, int | str | None]]:
    links, _ = candidates(Timeline(SHOP, closing, happenings), named)
    return [(link.kind.value, link.fix.pull or link.fix.head) for link in links if link.acted_on]


def test_the_order_of_trust() -> None:
    assert found(
        Happening(Event.REFERENCED, "2026-01-01", commit=commit("c7", on_default=True)),
        Happening(Event.CROSS_REFERENCED, "2026-01-02", pull=pull(5), will_close=True),
        closed("2026-01-03", by=commit("c6")),
        Happening(Event.CONNECTED, "2026-01-04", pull=pull(2)),
        closed("2026-01-06", by=pull(1)),
        closing=(pull(3),),
        named=(Named(Mention("acme/shop", number=8, says=Says.FIX), pull=pull(8)),),
    ) == [
        ("closed-by-pull", 1),
        ("connected", 2),
        ("closing-pull", 3),
        ("will-close", 5),
        ("referenced-commit", "c7"),
        ("text", 8),
        ("closed-by-commit", "c6"),
    ]


def test_an_issue_closed_twice_goes_by_the_latest_close() -> None:
    happenings = (closed("2026-01-01", by=pull(1)), reopened("2026-01-02"), closed("2026-01-03", by=pull(2)))
    assert found(*happenings) == [("closed-by-pull", 2), ("closed-by-pull", 1)]


def test_the_order_of_delivery_of_happenings_does_not_matter() -> None:
    happenings = (closed("2026-01-03", by=pull(2)), closed("2026-01-01", by=pull(1)), reopened("2026-01-02"))
    assert found(*happenings)[0] == ("closed-by-pull", 2)


def test_after_a_reopening_a_fix_under_way_comes_before_the_one_that_did_not_hold() -> None:
    happenings = (closed("2026-01-05", by=pull(1, merged_at="2026-01-05")), reopened("2026-01-06"))
    assert found(*happenings, closing=(pull(1), pull(2, FixState.OPEN))) == [("closing-pull", 2), ("closed-by-pull", 1)]


def test_a_reopened_issue_without_a_new_fix_keeps_the_old_one_half_as_sure() -> None:
    links, _ = candidates(Timeline(SHOP, (), (closed("2026-01-01", by=pull(1)), reopened("2026-01-02"))))
    assert [(link.fix.pull, link.acted_on, link.sure < 0.5) for link in links] == [(1, True, True)]


def test_a_close_as_not_planned_names_no_fix() -> None:
    assert found(closed("2026-01-01", by=pull(1), completed=False)) == []


def test_a_link_made_and_taken_away_is_no_link() -> None:
    made = Happening(Event.CONNECTED, "2026-01-01", pull=pull(1))
    gone = Happening(Event.DISCONNECTED, "2026-01-02", pull=pull(1))
    assert found(made, gone) == []
    assert found(made, gone, replace(made, at="2026-01-03")) == [("connected", 1)]
    assert found(gone, made) == []


def test_a_closing_commit_stands_for_the_pull_request_that_brought_it() -> None:
    assert found(closed("2026-01-01", by=commit("c1", brought_by=pull(4)))) == [("closed-by-commit", 4)]


def test_a_merged_fix_comes_before_one_under_way() -> None:
    assert found(closing=(pull(1, FixState.OPEN), pull(2))) == [("closing-pull", 2), ("closing-pull", 1)]


def test_a_given_up_pull_request_is_only_shown() -> None:
    links, _ = candidates(Timeline(SHOP, (pull(1, FixState.CLOSED),)))
    assert [(link.fix.pull, link.acted_on) for link in links] == [(1, False)]


def test_a_plain_mention_in_a_merged_pull_request_is_only_shown() -> None:
    links, _ = candidates(Timeline(SHOP, (), (Happening(Event.CROSS_REFERENCED, "2026-01-01", pull=pull(1)),)))
    assert [(link.kind, link.acted_on) for link in links] == [(LinkKind.CROSS_REFERENCE, False)]


def test_a_plain_mention_in_an_open_pull_request_is_nothing() -> None:
    happening = Happening(Event.CROSS_REFERENCED, "2026-01-01", pull=pull(1, FixState.OPEN))
    assert candidates(Timeline(SHOP, (), (happening,))) == ((), ())


@pytest.mark.parametrize(("direct", "on_default", "acted_on"), [(True, True, True), (True, False, False), (False, True, False)])
def test_a_referencing_commit_counts_once_it_landed(direct: bool, on_default: bool, acted_on: bool) -> None:
    happening = Happening(Event.REFERENCED, "2026-01-01", commit=commit("c1", on_default=on_default), direct=direct)
    links, _ = candidates(Timeline(SHOP, (), (happening,)))
    assert [link.acted_on for link in links] == [acted_on]


def test_each_fix_comes_once_by_its_best_link() -> None:
    happening = Happening(Event.CROSS_REFERENCED, "2026-01-01", pull=pull(1), will_close=True)
    assert found(happening, closed("2026-01-06", by=pull(1)), closing=(pull(1),)) == [("closed-by-pull", 1)]


@pytest.mark.parametrize(
    ("says", "answer", "acted_on"),
    [(Says.FIX, False, [True]), (Says.NOTHING, True, [True]), (Says.NOTHING, False, [False]), (Says.CAUSE, True, [])],
)
def test_a_text_is_acted_on_only_where_it_says_so(says: Says, answer: bool, acted_on: list[bool]) -> None:
    entry = Named(Mention("acme/shop", number=1, says=says), pull=pull(1), answer=answer)
    links, _ = candidates(Timeline(SHOP), (entry,))
    assert [link.acted_on for link in links] == acted_on


def test_a_comparison_is_read_between_its_two_ends() -> None:
    entry = Named(Mention("acme/shop", base="v1", head="v2", says=Says.FIX), commit=commit("c2", brought_by=pull(1)), base="c1")
    (link,), _ = candidates(Timeline(SHOP), (entry,))
    assert (link.fix.base, link.fix.head, link.fix.pull) == ("c1", "c2", None)


def test_a_merged_fix_is_what_landed_and_an_open_one_what_is_proposed() -> None:
    links, _ = candidates(Timeline(SHOP, (pull(1), pull(2, FixState.OPEN))))
    assert [(link.fix.base, link.fix.head) for link in links] == [(None, "landed1"), ("base2", "head2")]


@pytest.mark.parametrize(
    ("here", "there", "name"),
    [
        ("public", "public", "acme/other#1"),
        ("private", "public", "acme/other#1"),
        ("private", "private", "acme/other#1"),
        ("public", "private", ""),
        ("internal", "private", ""),
        ("public", "unheard-of", ""),
    ],
)
def test_links_into_another_repository_are_dropped_and_named_only_to_those_who_may_know(here: str, there: str, name: str) -> None:
    other = replace(pull(1), repository="acme/other", visibility=there)
    links, dropped = candidates(Timeline(replace(SHOP, visibility=here), (other, other)))
    assert links == ()
    assert dropped == (Dropped("other-repository", name),)


def test_the_name_of_the_repository_is_compared_without_case() -> None:
    links, _ = candidates(Timeline(SHOP, (replace(pull(1), repository="ACME/Shop"),)))
    assert len(links) == 1


def test_references_from_forks_are_left_out_in_silence() -> None:
    forked = replace(commit("c1"), repository="mallory/shop")
    mentioned = replace(pull(1), repository="mallory/shop")
    happenings = (
        Happening(Event.REFERENCED, "2026-01-01", commit=forked),
        Happening(Event.CROSS_REFERENCED, "2026-01-01", pull=mentioned),
    )
    assert candidates(Timeline(SHOP, (), happenings)) == ((), ())
