"""Cobertura's reports become lines by source file, in the dialects of the tools that write them."""

from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.cobertura import read, recognises
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import lines_of
from app.domain.testmap import Grain

DATA = Path(__file__).parent / "data" / "cobertura"
COVERAGE_PY = (DATA / "coverage_py.xml").read_bytes()  # by coverage.py 7.17.3
GCOVR = (DATA / "gcovr.xml").read_bytes()  # by gcovr 8.8
COVERLET = (DATA / "coverlet.xml").read_bytes()  # made by hand: every class on its own, lines under methods too

CLOVER = b'<?xml version="1.0"?><coverage generated="1" clover="4.4.1"><project timestamp="1"/></coverage>'


@pytest.mark.parametrize("data", [COVERAGE_PY, COVERLET, GCOVR, b'<coverage line-rate="1" version="1"/>'])
def test_every_dialect_is_recognised(data: bytes) -> None:
    assert recognises(data)


@pytest.mark.parametrize(
    "other", [b"", b"<CoverageSession/>", b"<report/>", CLOVER, b'<coverage generated="1"><project/></coverage>']
)
def test_other_formats_are_not_recognised(other: bytes) -> None:
    assert not recognises(other)


def test_the_report_of_coverage_py_gives_lines_and_root() -> None:
    reading = read(COVERAGE_PY, "unit")
    (file,) = reading.files
    assert (reading.tool, reading.grain, reading.tests) == ("cobertura 7.17.3", Grain.SUITE, ("unit",))
    assert reading.roots == ("/home/runner/work/shop/shop",)
    assert (file.path, file.ran, file.code) == ("shop/cart.py", {0: lines_of([4, 5, 6, 7, 10])}, lines_of([4, 5, 6, 7, 10, 11]))


def test_the_report_of_gcovr_is_read() -> None:
    reading = read(GCOVR, "unit")
    (file,) = reading.files
    assert reading.tool == "cobertura gcovr 8.8"
    assert (file.path, file.ran, file.code) == ("cart.c", {0: lines_of([2, 3, 5, 7])}, lines_of([2, 3, 4, 5, 7]))


def test_classes_of_one_file_are_one_file() -> None:
    (file,) = read(COVERLET, "unit").files
    assert (file.path, file.ran, file.code) == ("src\\Cart.cs", {0: lines_of([5, 12])}, lines_of([5, 6, 12, 13]))


def test_a_count_beyond_all_reason_still_says_that_the_line_ran() -> None:
    (file,) = read(COVERLET.replace(b'hits="2"', b'hits="9223372036854775808"'), "unit").files
    assert file.ran == {0: lines_of([5, 12])}


def test_a_file_where_nothing_ran_is_measured() -> None:
    (file,) = read(COVERAGE_PY.replace(b'hits="1"', b'hits="0"'), "unit").files
    assert (file.ran, file.code) == ({}, lines_of([4, 5, 6, 7, 10, 11]))


@pytest.mark.parametrize(
    "line", ['number="0" hits="1"', 'number="1000001" hits="1"', 'number="4" hits="-1"', 'number="4"', 'hits="1"']
)
def test_a_line_that_cannot_be_is_left_out(line: str) -> None:
    (file,) = read(COVERLET.replace(b"<methods/>", f"<lines><line {line}/></lines>".encode()), "unit").files
    assert file.code == lines_of([5, 6, 12, 13])


def test_a_report_that_was_cut_off_is_refused() -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        list(read(COVERAGE_PY[:-20], "unit").files)


NAMES = st.text(st.characters(categories=["L", "N"], include_characters="<&\"'$_-/\\. "), min_size=1, max_size=12)
LINES = st.dictionaries(st.integers(1, 5000), st.integers(0, 1 << 63), min_size=1, max_size=30)


@settings(deadline=None)
@given(st.dictionaries(NAMES, LINES, max_size=6), st.lists(NAMES.filter(str.strip), max_size=3))
def test_what_was_written_is_what_is_read(files: dict[str, dict[int, int]], roots: list[str]) -> None:
    classes = "".join(
        f"<class name='x' filename={quoteattr(path)}><methods/><lines>"
        + "".join(f'<line number="{number}" hits="{hits}"/>' for number, hits in lines.items())
        + "</lines></class>"
        for path, lines in files.items()
    )
    sources = "".join(f"<source>{root.replace('&', '&amp;').replace('<', '&lt;')}</source>" for root in roots)
    packages = f"<packages><package name='p'><classes>{classes}</classes></package></packages>"
    data = f"<coverage line-rate='1'><sources>{sources}</sources>{packages}</coverage>"
    reading = read(data.encode(), "unit")
    assert {file.path: (file.ran.get(0, 0), file.code) for file in reading.files} == {
        path: (lines_of(number for number, hits in lines.items() if hits), lines_of(lines)) for path, lines in files.items()
    }
    assert reading.roots == tuple(dict.fromkeys(root.strip() for root in roots))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([COVERAGE_PY, COVERLET, GCOVR]), st.integers(0, 1500), st.binary(max_size=8), st.integers(0, 20))
def test_a_damaged_report_is_refused_or_read_and_never_breaks(data: bytes, at: int, put: bytes, skip: int) -> None:
    with suppress(Unreadable):
        list(read(data[:at] + put + data[at + skip :], "unit").files)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    assert not recognises(data)
    with pytest.raises(Unreadable):
        read(data, "unit")
