"""What a server tells of a map is what the command reads."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.testmap.wire import covers_json, map_json, read_covers, read_map
from app.domain.errors import TellUser
from app.domain.testmap import FileCover
from tests.maps import MemoryMap, cover

NAMES = st.lists(st.text(max_size=5), min_size=1, max_size=6, unique=True)
LINES = st.frozensets(st.integers(1, 300), max_size=20)


@st.composite
def covers(draw: st.DrawFn) -> FileCover:
    tests = draw(NAMES)
    ran = draw(st.dictionaries(st.sampled_from(tests), LINES))
    code = draw(st.none() | st.integers(0, 1 << 300))
    return cover(draw(st.text(max_size=9)), "b" * 40, tests, ran, draw(LINES), code)


def by_name(found: FileCover) -> dict[str, int]:
    return {found.tests[test]: lines for test, lines in found.ran(-1).items()}


@given(covers())
def test_a_cover_is_the_same_on_both_sides(given_cover: FileCover) -> None:
    (found,) = read_covers(json.loads(json.dumps(covers_json([given_cover]))))
    assert by_name(found) == by_name(given_cover)
    assert (found.path, found.blob, found.outside, found.code) == (
        given_cover.path,
        given_cover.blob,
        given_cover.outside,
        given_cover.code,
    )


@given(st.lists(covers(), max_size=3))
def test_a_map_is_the_same_on_both_sides(found: list[FileCover]) -> None:
    here = MemoryMap("c" * 40, found)
    assert read_map(json.loads(json.dumps(map_json(here)))) == (here.segments, frozenset(here.paths))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["segments", "paths", "groups", "tests"]), inner),
    max_leaves=8,
)


@given(JSON)
def test_anything_else_is_a_sentence(answer: object) -> None:
    for read in (read_covers, read_map):
        try:
            read(answer)  # type: ignore[operator]
        except TellUser:
            continue


def test_a_test_that_is_not_named_is_a_sentence() -> None:
    (told,) = covers_json([cover("a", "b" * 40, ["t"], {"t": [1]})])
    with pytest.raises(TellUser):
        read_covers([{**told, "groups": [["2", "2"]]}])


@pytest.mark.parametrize("odd", [{"made": 1 << 50}, {"made": "soon"}, {"commit": "main"}, {"branch": "a\x1b[2J"}, {"more": 1}])
def test_an_origin_that_cannot_be_in_a_map_is_not_taken_from_a_server_either(odd: dict[str, object]) -> None:
    told = json.loads(json.dumps(map_json(MemoryMap("c" * 40, []))))
    assert read_map(told)
    told["segments"][0]["origin"] |= odd
    with pytest.raises(TellUser, match="is not a test map"):
        read_map(told)
