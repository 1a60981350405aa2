"""coverage.py's JSON report, with and without contexts."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import coverage_json
from app.analysis.coverage.unreadable import Unreadable
from app.domain.testmap import Grain
from tests.analysis.coverage.seen import DATA, Seen, read_fixture, seen


def report(files: Any, **meta: Any) -> bytes:
    return json.dumps({"meta": {"format": 3, "version": "7.17.3", "branch_coverage": False, **meta}, "files": files}).encode()


def test_shown_contexts_are_tests() -> None:
    assert read_fixture("coverage-json-contexts.json")[1] == Seen(
        "shop/prices.py",
        {
            "tests/test_prices.py::test_tax": [5, 7],
            "tests/test_prices.py::test_gross[book]": [5, 7, 12, 14],
            "tests/test_prices.py::test_gross[a|b]": [5, 6, 12, 14],
            "tests/test_prices.py::TestRefund::test_expected_to_fail": [5, 7, 12, 14, 18],
        },
        [1, 4, 10, 17],
        [1, 4, 5, 6, 7, 10, 12, 14, 17, 18],
    )


def test_without_contexts_the_suite_is_the_test() -> None:
    prices, unused = read_fixture("coverage-json.json")[1:]
    assert prices == Seen("shop/prices.py", {"unit": prices.code or []}, [], [1, 4, 5, 6, 7, 10, 12, 14, 17, 18])
    assert unused == Seen("shop/unused.py", {}, [], [1, 2])


def test_the_grain_and_the_tool_are_told() -> None:
    names = ("coverage-json.json", "coverage-json-contexts.json")
    readings = [coverage_json.read((DATA / name).read_bytes(), "unit") for name in names]
    assert [reading.grain for reading in readings] == [Grain.SUITE, Grain.TEST]
    assert {reading.tool for reading in readings} == {"coverage.py 7.17.3"}


def test_executed_lines_without_a_context_ran_outside_of_tests() -> None:
    (file,) = seen(coverage_json.read(report({"a.py": {"executed_lines": [1, 2], "contexts": {"2": ["t.py::a|run"]}}}), "unit"))
    assert (file.ran, file.outside) == ({"t.py::a": [2]}, [1])


@pytest.mark.parametrize("line", [-1, 1_000_001, "x", "²", 1.5, None, True, "99999999999"])
def test_a_line_that_cannot_be_is_refused(line: Any) -> None:
    with pytest.raises(Unreadable, match="cannot be"):
        seen(coverage_json.read(report({"a.py": {"executed_lines": [line]}}), "unit"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["executed_lines", "missing_lines", "contexts", "1", "x"]), inner, max_size=3)
    ),
)


@settings(deadline=None)
@given(VALUES)
def test_whatever_the_report_holds_it_is_read_or_refused(files: Any) -> None:
    data = report(files)
    assert coverage_json.recognises(data)
    try:
        seen(coverage_json.read(data, "unit"))
        seen(coverage_json.read(report({"a.py": files}), "unit"))
    except Unreadable as error:
        assert str(error)
