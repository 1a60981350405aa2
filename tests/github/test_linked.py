"""The query fits GitHub's schema as far as the sandbox has it, and its answers are read whatever is missing in them."""

from typing import Any

from graphql import parse, validate
from hypothesis import given
from hypothesis import strategies as st

from app.domain.delivery import Actor, Repository
from app.domain.timeline import Event
from app.github.linked import MOST_PAGES, QUERY, Linked, read_linked
from app.sandbox.graphql import schema

SHOP = Repository(9, "acme/shop")
PULL = {
    "number": 7,
    "state": "MERGED",
    "mergedAt": "2026-01-01T00:00:00Z",
    "baseRefOid": "b" * 40,
    "headRefOid": "a" * 40,
    "repository": {"nameWithOwner": "acme/shop", "visibility": "PUBLIC"},
    "mergeCommit": {"oid": "c" * 40, "parents": {"totalCount": 2}},
    "commits": {"totalCount": 3},
}


def page(key: str, nodes: list[Any], cursor: str | None = None) -> dict[str, Any]:
    connection = {"nodes": nodes, "pageInfo": {"hasNextPage": cursor is not None, "endCursor": cursor}}
    return {"repository": {"issue": {key: connection}}}


def timeline(*nodes: Any) -> Linked:
    return read_linked(lambda _: page("timelineItems", list(nodes)), SHOP, 42, ("escaped-bug",))


def test_the_query_is_valid() -> None:
    assert validate(schema(), parse(QUERY)) == []


def test_a_pull_request_is_read_with_what_landed() -> None:
    (happening,) = timeline(
        {"__typename": "ClosedEvent", "createdAt": "1", "stateReason": None, "closer": PULL}
    ).timeline.happenings
    assert happening.pull is not None
    assert (happening.event, happening.completed) == (Event.CLOSED, True)
    assert (happening.pull.merge_sha, happening.pull.merge_parents, happening.pull.commits) == ("c" * 40, 2, 3)
    assert happening.pull.visibility == "public"


def test_whichever_end_of_a_connection_is_the_pull_request_is_taken() -> None:
    issue = {"__typename": "Issue", "number": 42}
    for ends in ({"source": PULL, "subject": issue}, {"source": issue, "subject": PULL}):
        (happening,) = timeline({"__typename": "ConnectedEvent", "createdAt": "1", **ends}).timeline.happenings
        assert happening.pull is not None
        assert happening.pull.number == 7


def test_nulls_and_unheard_of_events_are_passed_over() -> None:
    assert timeline(None, {"__typename": "LockedEvent"}, {}).timeline.happenings == ()


def test_the_last_one_to_set_the_label_counts() -> None:
    def labelled(login: str, at: str, name: str = "Escaped-Bug", kind: str = "User") -> dict[str, Any]:
        actor = {"__typename": kind, "login": login}
        return {"__typename": "LabeledEvent", "createdAt": at, "label": {"name": name}, "actor": actor}

    assert timeline(labelled("ada", "2"), labelled("bob", "1"), labelled("cy", "3", "bug")).labelled_by == Actor("ada")
    assert timeline(labelled("ada", "1"), labelled("bot", "1", kind="Bot")).labelled_by == Actor("bot[bot]", "Bot")
    assert timeline({**labelled("ada", "1"), "actor": None}).labelled_by is None
    assert timeline(labelled("ada", "1"), labelled("bob", "2"), labelled("cy", "3", "bug")).labelled_at == "2"
    assert timeline({**labelled("ada", "1"), "actor": None}).labelled_at == "1"
    assert timeline().labelled_at == ""


def test_each_list_is_followed_to_its_own_end() -> None:
    asked: list[tuple[object, object]] = []

    def query(variables: Any) -> dict[str, Any]:
        asked.append((variables.get("prCursor"), variables.get("timelineCursor")))
        turn = len(asked)
        answer = page(
            "timelineItems", [{"__typename": "ReopenedEvent", "createdAt": str(turn)}], f"t{turn}" if turn < 3 else None
        )
        answer["repository"]["issue"].update(page("closedByPullRequestsReferences", [PULL])["repository"]["issue"])
        return answer

    linked = read_linked(query, SHOP, 42, ("escaped-bug",))
    assert [h.at for h in linked.timeline.happenings] == ["1", "2", "3"]
    assert (len(linked.timeline.closing), linked.cut) == (1, False)
    assert [cursor for _, cursor in asked] == [None, "t1", "t2"]


def test_a_list_without_an_end_is_cut_and_said() -> None:
    node = {"__typename": "ReopenedEvent", "createdAt": "1"}
    linked = read_linked(lambda _: page("timelineItems", [node], "again"), SHOP, 42, ("escaped-bug",))
    assert (len(linked.timeline.happenings), linked.cut) == (MOST_PAGES, True)


names = ["repository", "issue", "timelineItems", "nodes", "pageInfo", "__typename", "closer", "source", "commit", "oid", "number"]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["ClosedEvent", "ReferencedEvent"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(names), children, max_size=4),
)


@given(values)
def test_no_answer_makes_the_reader_raise(value: Any) -> None:
    read_linked(lambda _: value if isinstance(value, dict) else {}, SHOP, 42, ("escaped-bug",))
    timeline(value, {"__typename": "ClosedEvent", "closer": value, "source": value, "commit": value})
