"""OpenCover's reports become lines by test, where they track tests."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.opencover import name_of, read, recognises
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import lines_of
from app.domain.testmap import Grain, Measured, Reading

# Made by hand after OpenCover's own samples, with room for the points and the tracked methods.
SESSION = (Path(__file__).parent / "data" / "opencover" / "session.xml").read_bytes()


def point(lines: str, count: int, refs: str = "", file: str = 'fileid="1"') -> str:
    start, _, end = lines.partition("-")
    inner = f"<TrackedMethodRefs>{refs}</TrackedMethodRefs>" if refs else ""
    return f'<SequencePoint vc="{count}" uspid="1" ordinal="0" sl="{start}" el="{end or start}" {file}>{inner}</SequencePoint>'


def ref(uid: int, count: int = 1) -> str:
    return f'<TrackedMethodRef uid="{uid}" vc="{count}" />'


def session(points: str, tracked: str = "") -> bytes:
    tests = f"<TrackedMethods>{tracked}</TrackedMethods>" if tracked else ""
    return SESSION.replace(b"POINTS", points.encode()).replace(b"TRACKED", tests.encode())


TRACKED = (
    '<TrackedMethod uid="1" token="1" name="System.Void Shop.Tests.CartTests::Adds()" strategy="NUnitTest" />'
    '<TrackedMethod uid="2" token="2" name="System.Void Shop.Tests.CartTests::Refuses(System.Int32)" strategy="NUnitTest" />'
    '<TrackedMethod uid="3" token="3" name="System.Void Shop.Tests.CartTests::Refuses(System.String)" strategy="NUnitTest" />'
)


def only(reading: Reading) -> Measured:
    (file,) = reading.files
    return file


def test_opencover_is_recognised() -> None:
    assert recognises(session("")[:400])


@pytest.mark.parametrize("other", [b"", b"<coverage line-rate='1'/>", b"<report/>"])
def test_other_formats_are_not_recognised(other: bytes) -> None:
    assert not recognises(other)


def test_each_tracked_method_is_a_test_and_overloads_are_one() -> None:
    reading = read(session(point("5", 1, ref(1)), TRACKED), "unit")
    assert (reading.grain, reading.tests) == (Grain.TEST, ("Shop.Tests.CartTests.Adds", "Shop.Tests.CartTests.Refuses"))


def test_a_point_ran_by_the_tests_it_refers_to() -> None:
    file = only(read(session(point("5", 2, ref(1) + ref(3)) + point("6-8", 1, ref(2)) + point("9", 0), TRACKED), "unit"))
    assert file.path == "C:\\work\\shop\\src\\Cart.cs"
    assert file.ran == {0: lines_of([5]), 1: lines_of([5, 6, 7, 8])}
    assert file.code == lines_of([5, 6, 7, 8, 9])


def test_a_point_that_no_test_ran_ran_outside() -> None:
    file = only(read(session(point("5", 2, ref(1)) + point("6", 1), TRACKED), "unit"))
    assert (file.ran, file.outside) == ({0: lines_of([5])}, lines_of([6]))


def test_a_reference_that_never_came_by_is_no_cover() -> None:
    assert only(read(session(point("5", 1, ref(1, 0)), TRACKED), "unit")).ran == {}


def test_without_tracked_methods_the_suite_is_the_test() -> None:
    reading = read(session(point("5", 1) + point("6", 0)), "unit")
    assert (reading.grain, reading.tests) == (Grain.SUITE, ("unit",))
    assert only(reading).ran == {0: lines_of([5])}


def test_a_point_without_a_file_of_its_own_is_its_method_s() -> None:
    assert only(read(session(point("5", 1, file="")), "unit")).ran == {0: lines_of([5])}


def test_hidden_points_are_left_out() -> None:
    assert only(read(session(point("16707566", 1) + point("5", 1)), "unit")).code == lines_of([5])


def test_a_statement_longer_than_any_is_its_first_line() -> None:
    assert only(read(session(point("5-900000", 1)), "unit")).code == lines_of([5])


@pytest.mark.parametrize(
    ("signature", "name"),
    [
        ("System.Void Shop.CartTests::Adds()", "Shop.CartTests.Adds"),
        ("System.Threading.Tasks.Task`1<System.Int32> Shop.CartTests::Adds(System.Int32,System.String)", "Shop.CartTests.Adds"),
        ("System.Void Shop.CartTests/Nested::Adds()", "Shop.CartTests+Nested.Adds"),
        ("System.Collections.Generic.Dictionary`2<System.String, System.Int32> Shop.A::B()", "Shop.A.B"),
        ("adds a module", "adds a module"),
    ],
)
def test_a_signature_becomes_a_test_s_name(signature: str, name: str) -> None:
    assert name_of(signature) == name


def test_a_report_that_was_cut_off_is_refused() -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        read(session(point("5", 1))[:-30], "unit")


POINTS = st.lists(st.tuples(st.integers(1, 400), st.frozensets(st.integers(1, 2)), st.booleans()), max_size=20)


@settings(deadline=None)
@given(POINTS)
def test_what_was_written_is_what_is_read(points: list[tuple[int, frozenset[int], bool]]) -> None:
    text = "".join(point(str(line), len(by) + more, "".join(map(ref, by))) for line, by, more in points)
    files = list(read(session(text, TRACKED), "unit").files)
    assert bool(files) == bool(points)
    for file in files:
        assert file.code == lines_of(line for line, _, _ in points)
        assert file.outside == lines_of(line for line, by, more in points if more and not by)
        for test in (0, 1):
            assert file.ran.get(test, 0) == lines_of(line for line, by, _ in points if test + 1 in by)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1800), st.binary(max_size=8), st.integers(0, 30))
def test_a_damaged_report_is_refused_or_read_and_never_breaks(at: int, put: bytes, skip: int) -> None:
    data = session(point("5", 2, ref(1) + ref(3)) + point("6-8", 1, ref(2)), TRACKED)
    with suppress(Unreadable):
        list(read(data[:at] + put + data[at + skip :], "unit").files)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    assert not recognises(data)
    with pytest.raises(Unreadable):
        read(data, "unit")
