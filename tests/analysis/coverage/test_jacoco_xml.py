"""JaCoCo's reports become lines by source file."""

from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.jacoco_xml import read, recognises
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import lines_of
from app.domain.testmap import Grain

DATA = Path(__file__).parent / "data" / "jvm"
ALL = (DATA / "all.xml").read_bytes()
HEAD = '<?xml version="1.0"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="x">'


def report(inner: str) -> bytes:
    return f"{HEAD}{inner}</report>".encode()


def test_jacoco_s_own_report_is_recognised() -> None:
    assert recognises(ALL)


@pytest.mark.parametrize("other", [b"", b"<coverage/>", b"<report><x/></report>", b"report", b'{"report": 1}'])
def test_other_files_are_not_recognised(other: bytes) -> None:
    assert not recognises(other)


def test_the_lines_of_every_source_are_read() -> None:
    reading = read(ALL, "unit")
    assert (reading.tool, reading.grain, reading.tests) == ("jacoco xml", Grain.SUITE, ("unit",))
    files = {file.path: file for file in reading.files}
    assert sorted(files) == ["com/shop/Cart.java", "com/shop/Discount.java", "com/shop/Never.java"]
    assert (files["com/shop/Never.java"].ran, files["com/shop/Never.java"].code) == ({}, lines_of([3, 5, 6, 7, 9]))
    assert files["com/shop/Discount.java"].ran == {0: lines_of([3, 4, 5, 6, 9, 13, 15, 21, 23, 25, 29, 30, 32])}


def test_a_report_of_one_session_that_names_a_test_is_that_test_s() -> None:
    reading = read((DATA / "each" / "CartTest-adds.xml").read_bytes(), "unit")
    assert (reading.grain, reading.tests) == (Grain.TEST, ("com.shop.CartTest#adds",))


def test_a_report_of_the_machine_s_own_session_is_the_suite_s() -> None:
    assert read((DATA / "each" / "runner-1f3a.xml").read_bytes(), "unit").grain is Grain.SUITE


def test_packages_within_groups_are_read() -> None:
    data = report(
        '<group name="shop"><group name="core"><package name="a/b"><sourcefile name="C.kt"><line nr="4" mi="1" ci="0"/>'
        '<line nr="5" mi="1" ci="2" mb="0" cb="0"/></sourcefile></package></group></group>'
    )
    (file,) = read(data, "unit").files
    assert (file.path, file.ran, file.code) == ("a/b/C.kt", {0: lines_of([5])}, lines_of([4, 5]))


def test_a_source_without_a_package_has_its_bare_name() -> None:
    data = report('<package name=""><sourcefile name="C.java"><line nr="1" mi="0" ci="1"/></sourcefile></package>')
    assert [file.path for file in read(data, "unit").files] == ["C.java"]


def test_lines_that_no_file_can_have_are_left_out() -> None:
    lines = "".join(f'<line nr="{nr}" mi="0" ci="1"/>' for nr in ("0", "-1", "1000001", "9" * 5000, "x", "٣", "7"))
    (file,) = read(report(f'<package name="a"><sourcefile name="C.java">{lines}</sourcefile></package>'), "unit").files
    assert file.code == lines_of([7])


def test_a_report_that_was_cut_off_is_refused() -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        list(read(ALL[:-100], "unit").files)


def test_a_report_without_anything_measured_is_empty() -> None:
    assert list(read(report(""), "unit").files) == []


LINES = st.dictionaries(st.integers(1, 5000), st.booleans(), min_size=1, max_size=30)
NAMES = st.text(st.characters(categories=["L", "N"], include_characters="<&\"'$_-"), min_size=1, max_size=10)


@settings(deadline=None)
@given(st.dictionaries(st.tuples(NAMES, NAMES), LINES, max_size=6))
def test_what_was_written_is_what_is_read(sources: dict[tuple[str, str], dict[int, bool]]) -> None:
    inner = "".join(
        f"<package name={quoteattr(package)}><sourcefile name={quoteattr(name)}>"
        + "".join(f'<line nr="{nr}" mi="{int(not ran)}" ci="{int(ran)}" mb="0" cb="0"/>' for nr, ran in lines.items())
        + "</sourcefile></package>"
        for (package, name), lines in sources.items()
    )
    read_back = {file.path: (file.ran.get(0, 0), file.code) for file in read(report(inner), "unit").files}
    assert read_back == {
        f"{package}/{name}": (lines_of(nr for nr, ran in lines.items() if ran), lines_of(lines))
        for (package, name), lines in sources.items()
    }


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(ALL) - 1), st.binary(min_size=1, max_size=8), st.integers(0, 20))
def test_a_damaged_report_is_refused_or_read_and_never_breaks(at: int, put: bytes, skip: int) -> None:
    with suppress(Unreadable):
        list(read(ALL[:at] + put + ALL[at + skip :], "unit").files)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    assert not recognises(data)
    with pytest.raises(Unreadable):
        read(data, "unit")
