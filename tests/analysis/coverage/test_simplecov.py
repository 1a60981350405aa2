"""SimpleCov's resultset: a suite for each command."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import simplecov
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE
from app.domain.testmap import Grain
from tests.analysis.coverage.seen import Seen, read_fixture, seen


@pytest.mark.parametrize("name", ["simplecov.json", "simplecov-branches.json"])
def test_what_simplecov_writes_is_read(name: str) -> None:
    path = "/home/runner/work/shop/shop/lib/pricing.rb"
    assert read_fixture(name) == [Seen(path, {"unit": [1, 2, 3, 7, 10]}, [], [1, 2, 3, 4, 7, 10, 11])]


def read(commands: dict[str, object]) -> list[Seen]:
    return seen(simplecov.read(json.dumps(commands).encode(), "unit"))


def test_the_bare_array_of_old_releases_is_read() -> None:
    assert read({"RSpec": {"coverage": {"a.rb": [None, 1, 0]}}}) == [Seen("a.rb", {"unit": [2]}, [], [2, 3])]


def test_each_of_several_commands_is_a_suite_of_its_name() -> None:
    commands: dict[str, object] = {
        "RSpec": {"coverage": {"a.rb": {"lines": [1]}}},
        "Cucumber": {"coverage": {"a.rb": {"lines": [2, 0]}}},
    }
    assert [file.ran for file in read(commands)] == [{"RSpec": [1]}, {"Cucumber": [1]}]


def test_the_grain_is_the_suite() -> None:
    assert simplecov.read(b'{"RSpec": {"coverage": {}}}', "unit").grain is Grain.SUITE


def test_a_line_that_was_told_to_be_ignored_is_no_code() -> None:
    assert read({"RSpec": {"coverage": {"a.rb": {"lines": ["ignored", 1]}}}})[0].code == [2]


def test_a_command_without_coverage_is_refused() -> None:
    with pytest.raises(Unreadable, match="no coverage"):
        read({"RSpec": {"timestamp": 1}})


def test_more_lines_than_a_file_can_have_are_refused() -> None:
    with pytest.raises(Unreadable, match="lines"):
        read({"RSpec": {"coverage": {"a.rb": [0] * (MAX_LINE + 1)}}})


COUNTS = st.lists(st.none() | st.integers(0, 3), max_size=40)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1), COUNTS, max_size=5), st.booleans())
def test_counts_are_read_as_they_were_written(files: dict[str, list[int | None]], old: bool) -> None:
    found = read({"RSpec": {"coverage": {path: counts if old else {"lines": counts} for path, counts in files.items()}}})
    for (path, counts), file in zip(files.items(), found, strict=True):
        ran = [line for line, count in enumerate(counts, start=1) if count]
        code = [line for line, count in enumerate(counts, start=1) if count is not None]
        assert file == Seen(path, {"unit": ran} if ran else {}, [], code)


ANY = st.recursive(
    st.none() | st.integers() | st.text(max_size=3) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["coverage", "lines", "a"]), inner, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), ANY.map(lambda command: json.dumps({"RSpec": command}).encode())))
def test_any_bytes_are_a_reading_or_unreadable(data: bytes) -> None:
    simplecov.recognises(data)
    with suppress(Unreadable):
        seen(simplecov.read(data, "unit"))
