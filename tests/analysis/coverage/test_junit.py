"""JUnit XML becomes results, in the dialects of the runners that write it."""

from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.coverage.junit import read_results, recognises
from app.analysis.coverage.unreadable import Unreadable
from app.domain.testmap import Ended, TestResult

RESULTS = Path(__file__).parent / "data" / "results"
PYTEST = (RESULTS / "pytest.xml").read_bytes()


def ends(data: bytes) -> dict[str, tuple[Ended, str]]:
    return {result.name: (result.ended, result.reason) for result in read_results(data)}


def only(case: str, suite: str = "com.shop.CartTest") -> TestResult:
    (result,) = read_results(f"<testsuite name={quoteattr(suite)}>{case}</testsuite>".encode())
    return result


@pytest.mark.parametrize("name", sorted(path.name for path in RESULTS.iterdir()))
def test_the_results_of_real_runners_are_recognised(name: str) -> None:
    assert recognises((RESULTS / name).read_bytes())


@pytest.mark.parametrize("other", [b"", b"<coverage/>", b"<report/>", b"TN:\nSF:a\n", b"{}"])
def test_other_files_are_not_recognised(other: bytes) -> None:
    assert not recognises(other)


@pytest.mark.parametrize("name", ["pytest.xml", "pytest-xunit1.xml"])
def test_pytest_s_results_have_the_ids_of_pytest(name: str) -> None:
    passed, failed = (Ended.PASSED, ""), (Ended.FAILED, "")
    assert ends((RESULTS / name).read_bytes()) == {
        "tests/test_cart.py::test_adds": passed,
        "tests/test_cart.py::TestStaff::test_halves[2]": passed,
        "tests/test_cart.py::TestStaff::test_halves[4]": passed,
        "tests/test_cart.py::TestStaff::test_asks_the_server": (Ended.SKIPPED, "prices are to come from the server"),
        "tests/test_cart.py::test_fails": failed,
        "tests/test_cart.py::test_rounds": (Ended.EXPECTED_FAILURE, "cents are whole"),
        "tests/test_cart.py::test_passes_though_it_should_not": passed,
        "tests/test_cart.py::test_passes_though_it_must_not": failed,
        "tests/test_cart.py::test_breaks_in_teardown": failed,
        "tests/test_cart.py::test_breaks_in_setup": failed,
        "tests/test_cart.py::test_wavers": passed,
    }


def test_the_console_of_junit_5_names_tests_without_empty_parentheses() -> None:
    aborted = "org.opentest4j.TestAbortedException: Assumption failed: it is no Monday"
    assert ends((RESULTS / "console-jupiter.xml").read_bytes()) == {
        "com.shop.CartTest.findsTheCheapest": (Ended.PASSED, ""),
        "com.shop.CartTest.adds": (Ended.PASSED, ""),
        "com.shop.CartTest.runsOnMondaysAlone": (Ended.SKIPPED, aborted),
        "com.shop.CartTest$WithDiscount.halvesForStaff": (Ended.PASSED, ""),
        "com.shop.CartTest.asksTheServer": (Ended.SKIPPED, "prices are to come from the server"),
        "com.shop.CartTest.refusesNegativePrices(int)[2]": (Ended.PASSED, ""),
        "com.shop.CartTest.refusesNegativePrices(int)[1]": (Ended.PASSED, ""),
    }


def test_junit_4_s_ignored_and_failed_tests_are_told() -> None:
    found = ends((RESULTS / "console-vintage.xml").read_bytes())
    assert found["com.shop.DiscountTest.rounds"] == (Ended.SKIPPED, "until prices are whole")
    assert found["com.shop.DiscountTest.failsOnPurpose"] == (Ended.FAILED, "")


def test_vitest_s_results_have_file_and_title() -> None:
    passed, skipped = (Ended.PASSED, ""), (Ended.SKIPPED, "")
    assert ends((RESULTS / "vitest.xml").read_bytes()) == {
        "tests/cart.test.ts > cart > adds": passed,
        "tests/cart.test.ts > cart > asks the server": skipped,
        "tests/cart.test.ts > cart > rounds": skipped,
        "tests/cart.test.ts > cart > fails": (Ended.FAILED, ""),
        "tests/cart.test.ts > cart > is known to be broken": passed,
        "tests/cart.test.ts > cart > takes 1": passed,
        "tests/cart.test.ts > cart > takes 2": passed,
        "tests/cart.test.ts > wavers": passed,
    }


@pytest.mark.parametrize(("name", "before"), [("jest.xml", ""), ("jest-file.xml", "jt/cart.test.js > ")])
def test_jest_s_results_have_the_file_only_where_it_was_asked_for(name: str, before: str) -> None:
    assert ends((RESULTS / name).read_bytes()) == {
        f"{before}cart adds": (Ended.PASSED, ""),
        f"{before}cart asks the server": (Ended.SKIPPED, ""),
        f"{before}cart rounds": (Ended.PASSED, ""),
        f"{before}cart fails": (Ended.FAILED, ""),
        f"{before}cart is known to be broken": (Ended.PASSED, ""),
    }


def test_a_test_that_surefire_ran_anew_until_it_passed_is_flaky() -> None:
    result = only(
        '<testcase classname="com.shop.CartTest" name="adds"><flakyFailure message="no">trace</flakyFailure></testcase>'
    )
    assert (result.ended, result.reason) == (Ended.PASSED, "flaky")


def test_a_test_that_surefire_ran_anew_in_vain_has_failed() -> None:
    case = '<testcase classname="com.shop.CartTest" name="adds"><failure>1</failure><rerunFailure>2</rerunFailure></testcase>'
    assert only(case).ended is Ended.FAILED


def test_a_test_told_twice_that_passed_at_last_is_flaky() -> None:
    cases = '<testcase classname="A" name="b"><failure/></testcase><testcase classname="A" name="b"/>'
    assert ends(f"<testsuite name='A'>{cases}</testsuite>".encode()) == {"A.b": (Ended.PASSED, "flaky")}


@pytest.mark.parametrize("name", ["quarantined", "Quarantine", "is_quarantined"])
def test_a_test_quarantined_by_property_does_not_count(name: str) -> None:
    case = f'<testcase classname="A" name="b"><properties><property name="{name}" value="true"/></properties></testcase>'
    assert only(case).ended is Ended.QUARANTINED


def test_a_property_that_says_no_quarantine_is_none() -> None:
    case = '<testcase classname="A" name="b"><properties><property name="quarantined" value="false"/></properties></testcase>'
    assert only(case).ended is Ended.PASSED


def test_a_property_may_hold_its_value_as_text() -> None:
    case = '<testcase classname="A" name="b"><properties><property name="quarantined">yes</property></properties></testcase>'
    assert only(case).ended is Ended.QUARANTINED


@pytest.mark.parametrize("told", ['status="notrun"', 'status="disabled"', 'result="suppressed"'])
def test_googletest_s_tests_that_did_not_run_are_skipped(told: str) -> None:
    assert only(f'<testcase classname="Cart" name="Adds" {told}/>').ended is Ended.SKIPPED


@pytest.mark.parametrize(
    ("case", "suite", "name"),
    [
        ('classname="tests/cart.test.ts" name="cart &gt; adds"', "tests/cart.test.ts", "tests/cart.test.ts > cart > adds"),
        ('classname="cart adds" name="cart adds" file="tests/cart.test.js"', "cart", "tests/cart.test.js > cart adds"),
        ('classname="example.com/shop/cart" name="TestAdds/two"', "example.com/shop/cart", "example.com/shop/cart.TestAdds/two"),
        ('classname="Shop.CartTests" name="Shop.CartTests.Adds(cents: 3)"', "Shop", "Shop.CartTests.Adds(cents: 3)"),
        ('classname="com.shop.CartTest" name="adds()"', "com.shop.CartTest", "com.shop.CartTest.adds"),
        ('name="adds"', "cart", "adds"),
        ('classname="spec.cart_spec" name="Cart adds" file="./spec/cart_spec.rb"', "rspec", "spec.cart_spec.Cart adds"),
        ('classname="test_top" name="test_x"', "pytest", "test_top.py::test_x"),
        ('classname="" name="tests.test_a"', "pytest", "tests.test_a"),
    ],
)
def test_a_test_is_called_as_its_runner_calls_it(case: str, suite: str, name: str) -> None:
    assert only(f"<testcase {case}/>", suite).name == name


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("0.25", 0.25), ("1,234.5", 1234.5), ("", None), ("nan", None), ("inf", None), ("-1", None), ("x", None)],
)
def test_seconds_are_read_where_they_are_a_time(time: str, seconds: float | None) -> None:
    assert only(f'<testcase classname="A" name="b" time="{time}"/>').seconds == seconds


def test_nested_suites_are_read() -> None:
    inner = b'<testsuite name="b"><testcase classname="B" name="c"/></testsuite>'
    assert ends(b'<testsuites><testsuite name="a">' + inner + b"</testsuite></testsuites>") == {"B.c": (Ended.PASSED, "")}


def test_what_else_is_no_result_is_refused() -> None:
    with pytest.raises(Unreadable, match="no JUnit"):
        read_results(b"<coverage><testcase name='a'/></coverage>")


def test_results_that_were_cut_off_are_refused() -> None:
    with pytest.raises(Unreadable, match="well-formed"):
        read_results(PYTEST[:-30])


INNER = {
    Ended.PASSED: "",
    Ended.FAILED: "<failure message='m'>trace</failure>",
    Ended.SKIPPED: "<skipped message={}/>",
    Ended.EXPECTED_FAILURE: "<skipped type='pytest.xfail' message={}/>",
}
NAMES = st.text(st.characters(categories=["L", "N"], include_characters="<&\"'$_-[] "), min_size=1, max_size=12)
REASONS = st.text(st.characters(categories=["L"], include_characters="<&\"'"), max_size=12)


@settings(deadline=None)
@given(st.dictionaries(NAMES, st.tuples(st.sampled_from(sorted(INNER)), REASONS, st.integers(0, 9999)), max_size=8))
def test_what_was_written_is_what_is_read(tests: dict[str, tuple[Ended, str, int]]) -> None:
    cases = "".join(
        f'<testcase classname="a.B" name={quoteattr(name)} time="{took}">{INNER[ended].format(quoteattr(reason))}</testcase>'
        for name, (ended, reason, took) in tests.items()
    )
    told = read_results(f"<testsuites><testsuite name='x'>{cases}</testsuite></testsuites>".encode())
    assert told == tuple(
        TestResult(f"a.B.{name}", ended, reason if ended in (Ended.SKIPPED, Ended.EXPECTED_FAILURE) else "", float(took))
        for name, (ended, reason, took) in tests.items()
    )


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(PYTEST) - 1), st.binary(max_size=8), st.integers(0, 20))
def test_damaged_results_are_refused_or_read_and_never_break(at: int, put: bytes, skip: int) -> None:
    with suppress(Unreadable):
        read_results(PYTEST[:at] + put + PYTEST[at + skip :])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    assert not recognises(data)
    with pytest.raises(Unreadable):
        read_results(data)
