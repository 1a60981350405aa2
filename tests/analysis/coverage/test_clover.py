"""Clover XML, in the dialects of several tools."""

from contextlib import suppress
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage import clover
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE
from app.domain.testmap import Grain
from tests.analysis.coverage.seen import Seen, read_fixture, seen


def test_what_vitest_writes_is_read() -> None:
    root = "/home/runner/work/shop/shop/src"
    assert read_fixture("vitest-clover.xml") == [
        Seen(f"{root}/pricing.js", {"unit": [2, 5, 13]}, [], [2, 3, 5, 9, 10, 13]),
        Seen(f"{root}/stock.js", {"unit": [3, 7, 8, 9]}, [], [3, 7, 8, 9]),
    ]


def test_what_jest_writes_is_read() -> None:
    assert read_fixture("jest-clover.xml")[0].ran == {"unit": [2, 5, 13]}


def read(inside: str) -> list[Seen]:
    return seen(clover.read(f'<coverage generated="1"><project timestamp="1">{inside}</project></coverage>'.encode(), "unit"))


def test_the_whole_path_that_phpunit_gives_as_the_name_is_read() -> None:
    method = '<class name="Cart"><metrics/></class><line num="9" type="method" name="total" count="2"/>'
    lines = method + '<line num="11" type="stmt" count="0"/>'
    assert read(f'<file name="/app/src/Cart.php">{lines}</file>') == [Seen("/app/src/Cart.php", {"unit": [9]}, [], [9, 11])]


def test_a_file_within_a_package_is_read() -> None:
    inside = '<package name="App"><file name="/app/A.php"><line num="1" type="stmt" count="1"/></file></package>'
    assert [file.path for file in read(inside)] == ["/app/A.php"]


def test_a_condition_that_openclover_counts_by_its_outcomes_has_run() -> None:
    lines = '<line num="4" type="cond" truecount="0" falsecount="3"/><line num="5" type="cond" truecount="0" falsecount="0"/>'
    assert read(f'<file name="A.java" path="/app/A.java">{lines}</file>') == [Seen("/app/A.java", {"unit": [4]}, [], [4, 5])]


def test_the_grain_is_the_suite() -> None:
    assert clover.read(b"", "unit").grain is Grain.SUITE


@pytest.mark.parametrize("line", [0, -1, MAX_LINE + 1])
def test_a_line_that_no_file_can_have_is_left_out(line: int) -> None:
    assert read(f'<file name="a"><line num="{line}" count="1"/></file>') == [Seen("a", {}, [], [])]


@pytest.mark.parametrize(
    "line", ['<line count="1"/>', '<line num="x" count="1"/>', '<line num="1" count="1.5"/>', '<line num="" count="1"/>']
)
def test_a_line_without_whole_numbers_is_refused(line: str) -> None:
    with pytest.raises(Unreadable, match="number"):
        read(f'<file name="a">{line}</file>')


def test_a_report_that_was_cut_off_is_refused() -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        seen(clover.read(b'<coverage><project><file name="a"><line num="1" count="1"/>', "unit"))


def test_cobertura_is_not_taken_for_clover() -> None:
    assert not clover.recognises(b'<?xml version="1.0"?><coverage line-rate="1"><sources><source>.</source></sources>')


FILES = st.lists(
    st.tuples(
        st.text(st.characters(codec="utf-8", categories=["L", "P", "S"])), st.dictionaries(st.integers(1, 99), st.integers(0, 2))
    )
)


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_files_are_read_as_they_were_written(files: list[tuple[str, dict[int, int]]]) -> None:
    lines = {id(counts): "".join(f'<line num="{n}" count="{c}" type="stmt"/>' for n, c in counts.items()) for _, counts in files}
    found = read("".join(f"<file name={quoteattr(name or 'a')}>{lines[id(counts)]}</file>" for name, counts in files))
    for (name, counts), file in zip(files, found, strict=True):
        ran = sorted(number for number, count in counts.items() if count)
        assert file == Seen(name or "a", {"unit": ran} if ran else {}, [], sorted(counts))


PIECES = st.sampled_from(
    ['<file name="a">', "</file>", '<line num="1" count="2"/>', '<line num="x"/>', "<line/>", "<file/>", "<project>"]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(), st.lists(PIECES).map(lambda pieces: f"<coverage>{''.join(pieces)}</coverage>".encode())))
def test_any_bytes_are_a_reading_or_unreadable(data: bytes) -> None:
    clover.recognises(data)
    with suppress(Unreadable):
        seen(clover.read(data, "unit"))
