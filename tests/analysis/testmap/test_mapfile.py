"""Map files: what is written comes back, and whatever else there is is refused in one sentence."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.testmap.mapfile import open_map, write_map
from app.domain.errors import TellUser
from app.domain.lines import LineSet, lines_of
from app.domain.testmap import Ended, FileCover, Grain, Measured, Origin, TestResult
from tests.analysis.testmap.build import BLOB, CART, COMMIT, TESTS, USER, map_bytes

lines = st.frozensets(st.integers(1, 400), max_size=30).map(lines_of)
names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cf")), max_size=30)
paths = st.from_regex(r"[a-z]{1,5}(/[a-z]{1,5}){0,3}\.py", fullmatch=True)
origins = st.builds(
    Origin,
    commit=st.from_regex(r"[0-9a-f]{40}", fullmatch=True),
    branch=names,
    run=names,
    suite=names,
    shard=st.integers(1, 5),
    shards=st.integers(5, 9),
    tool=names,
    made=st.integers(0, 250_000_000_000),
)
results = st.builds(
    TestResult, name=names, ended=st.sampled_from(Ended), reason=names, seconds=st.none() | st.sampled_from([0.0, 0.5, 12.25])
)


@st.composite
def measured(draw: st.DrawFn, tests: int) -> Measured:
    ran = st.dictionaries(st.integers(0, tests - 1), lines, max_size=tests)
    return Measured(draw(paths), draw(ran), draw(lines), draw(st.none() | lines))


def by_test(cover: FileCover) -> dict[int, LineSet]:
    return cover.ran(cover.covered)


@settings(deadline=None)
@given(st.data(), origins, st.lists(names, min_size=1, max_size=9), st.lists(results, max_size=5))
def test_everything_that_is_written_comes_back(
    data: st.DataObject, origin: Origin, tests: list[str], told: list[TestResult]
) -> None:
    files = data.draw(st.lists(measured(len(tests)), max_size=6))
    out = io.BytesIO()
    write_map(out, origin, Grain.SUITE, tests, ((file, BLOB) for file in files), told)
    opened = open_map(out.getvalue())
    assert (opened.segment.origin, opened.segment.grain) == (origin, Grain.SUITE)
    assert (opened.segment.tests, opened.segment.results) == (tuple(tests), tuple(told))
    assert set(opened.paths) == {file.path for file in files}
    for path in opened.paths:
        parts = [file for file in files if file.path == path]
        covers = opened.cover(path)
        assert [(by_test(c), c.outside, c.code) for c in covers] == [
            ({test: ran for test, ran in part.ran.items() if ran}, part.outside, part.code) for part in parts
        ]


def test_a_file_that_is_not_in_the_map_has_no_cover() -> None:
    assert open_map(map_bytes()).cover("other.py") == ()


def test_a_map_can_be_read_from_an_open_file() -> None:
    assert open_map(io.BytesIO(map_bytes())).cover(CART.path) == open_map(map_bytes()).cover(CART.path)


def test_the_dictionary_may_grow_while_files_are_read() -> None:
    tests: list[str] = []

    def files():  # type: ignore[no-untyped-def]
        for file in (CART, USER):
            yield file, BLOB
            tests[:] = TESTS

    out = io.BytesIO()
    write_map(out, Origin(COMMIT), Grain.TEST, tests, files())
    assert open_map(out.getvalue()).segment.tests == TESTS


def test_what_was_written_is_counted() -> None:
    out = io.BytesIO()
    written = write_map(out, Origin(COMMIT), Grain.TEST, TESTS, [(CART, BLOB), (USER, BLOB)])
    assert (written.files, written.tests, written.pairs, written.size) == (2, 3, 6, len(out.getvalue()))


@pytest.mark.parametrize("cut", [0, 1, 10, 30, -40, -1])
def test_a_map_that_is_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(TellUser, match=r"^(This is not a map of recall\.|The map is damaged: it is cut short).*\.$"):
        open_map(map_bytes()[:cut])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_flipped_bit_is_refused(data: st.DataObject) -> None:
    sound = map_bytes()
    place = data.draw(st.integers(0, 8 * len(sound) - 1))
    flipped = bytearray(sound)
    flipped[place // 8] ^= 1 << place % 8
    with pytest.raises(TellUser):
        open_map(bytes(flipped))


@pytest.mark.parametrize("other", [b"", b"SQLite format 3\0", b"PK\x03\x04", b"<?xml version='1.0'?>", b"recall test map \n"])
def test_what_is_no_map_is_said_to_be_none(other: bytes) -> None:
    with pytest.raises(TellUser, match=r"This is not a map of recall. Make one with `recall map build`."):
        open_map(other)


def test_a_map_of_a_newer_version_asks_for_an_update() -> None:
    newer = map_bytes().replace(b"recall test map 1", b"recall test map 2", 1)
    with pytest.raises(TellUser, match=r"The map is of version 2, this recall reads 1. Update recall to read it."):
        open_map(newer)
