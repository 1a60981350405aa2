"""No results, whatever they hold, do more than be read or not."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.runners.frames import frames_in
from app.analysis.runners.results import read_run
from app.domain.proof import Ending
from app.domain.suite import Format, TestId

DATA = Path(__file__).parent / "data"
REAL = [path.read_bytes() for path in sorted(DATA.rglob("*")) if path.is_file()]
TESTS = [TestId("tests/test_a.py", "test_b"), TestId("src/a.test.ts", "A > ${b}"), TestId("a_test.go", "TestX/y"), TestId("x.rs")]


@pytest.mark.parametrize("form", Format)
@given(data=st.binary(max_size=300), output=st.text(max_size=100), code=st.integers(-20, 260))
@settings(max_examples=60)
def test_any_bytes_are_read_or_not(form: Format, data: bytes, output: str, code: int) -> None:
    found = read_run(form, data, output, code, TESTS, "/src", "web")
    assert [one.test for one in found] == TESTS


@pytest.mark.parametrize("form", Format)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_real_results_cut_and_spoilt_are_read_or_not(form: Format, data: st.DataObject) -> None:
    real = data.draw(st.sampled_from(REAL))
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(real)), st.integers(0, len(real)))))
    spoilt = real[:start] + data.draw(st.binary(max_size=8)) + real[end:]
    assert len(read_run(form, spoilt, "", 1, TESTS)) == len(TESTS)


@given(st.text(max_size=400), st.text(max_size=20), st.text(max_size=20))
def test_any_trace_has_frames_or_none(trace: str, root: str, folder: str) -> None:
    assert all(line >= 0 for _, line in frames_in(trace, root, folder, "a/b.py"))


@pytest.mark.parametrize(
    "line", ["at " * 40_000, "a" * 200_000 + ":1", "(" * 100_000, "/" * 100_000 + ".py:1: ", 'File "' * 30_000, "❯ " * 50_000]
)
def test_long_lines_take_no_time(line: str) -> None:
    assert len(frames_in("\n".join([line] * 3))) <= 3


def test_json_nested_without_end_is_not_read() -> None:
    for form in (Format.JEST_JSON, Format.MOCHA_JSON, Format.RSPEC_JSON, Format.GO_JSON):
        (one,) = read_run(form, b'{"a":' * 200_000, "", 1, TESTS[:1])
        assert one.ending is Ending.ABSENT


def test_many_openings_of_objects_take_no_time() -> None:
    (one,) = read_run(Format.MOCHA_JSON, b"\n{" * 300_000, "", 1, TESTS[:1])
    assert one.ending is Ending.ABSENT
