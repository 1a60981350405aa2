"""Results are found again under the names that the coverage has for their tests, and never under another's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.coverage.same_test import matched
from app.domain.testmap import Ended, TestResult


def names(result: str, *tests: str) -> list[str]:
    return [found.name for found in matched([TestResult(result, Ended.PASSED)], tests)]


@pytest.mark.parametrize(
    ("result", "test"),
    [
        ("tests/test_a.py::TestX::test_b[1]", "tests/test_a.py::TestX::test_b[1]"),
        ("tests/test_a.py::TestX::test_b[a/b::c.py]", "tests/test_a.py::TestX::test_b[a/b::c.py]"),
        ("tests.test_a.TestX.test_b[1]", "tests/test_a.py::TestX::test_b[1]"),
        ("tests/test_a.py::TestX::test_b[1]", "tests/test_a.py::TestX::()::test_b[1]"),
        ("tests/test_a.py::TestX::test_b[1]", "tests.test_a.TestX.test_b"),
        ("com.shop.CartTest.adds", "com.shop.CartTest#adds"),
        ("com.shop.CartTest.adds", "com.shop.CartTest::adds"),
        ("com.shop.CartTest.adds", "com.shop.CartTest adds"),
        ("com.shop.CartTest.adds()", "com.shop.CartTest.adds"),
        ("com.shop.CartTest.refuses(int)[2]", "com.shop.CartTest#refuses"),
        ("com.shop.CartTest$With.adds", "com.shop.CartTest$With#adds"),
        ("CartTest.adds", "com.shop.CartTest#adds"),
        ("example.com/shop/cart.TestAdds/two", "example.com/shop/cart.TestAdds/two"),
        ("tests/cart.test.ts > cart > adds", "cart > adds"),
    ],
)
def test_a_result_is_found_under_the_map_s_name(result: str, test: str) -> None:
    assert names(result, test, "tests/test_z.py::test_other", "com.shop.TillTest#adds") == [test]


@pytest.mark.parametrize(
    ("result", "tests"),
    [
        ("com.shop.CartTest.adds", ["com.shop.TillTest#adds"]),
        ("adds", ["com.shop.CartTest#adds"]),
        ("CartTest.adds", ["com.shop.CartTest#adds", "org.other.CartTest#adds"]),
        ("tests/test_a.py::test_b[1]", ["tests/test_a.py::test_b[2]"]),
        ("tests/test_a.py::test_b", ["tests/test_a.py::test_bc"]),
    ],
)
def test_a_result_that_could_be_another_test_s_keeps_its_name(result: str, tests: list[str]) -> None:
    assert names(result, *tests) == [result]


def test_a_result_without_parameters_is_that_of_every_parameter() -> None:
    assert names("tests/test_a.py::test_b", "tests/test_a.py::test_b[1]", "tests/test_a.py::test_b[2]") == [
        "tests/test_a.py::test_b[1]",
        "tests/test_a.py::test_b[2]",
    ]


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        (Ended.SKIPPED, Ended.PASSED, Ended.PASSED),
        (Ended.FAILED, Ended.PASSED, Ended.FAILED),
        (Ended.SKIPPED, Ended.EXPECTED_FAILURE, Ended.EXPECTED_FAILURE),
        (Ended.SKIPPED, Ended.SKIPPED, Ended.SKIPPED),
    ],
)
def test_results_of_one_test_are_one(first: Ended, second: Ended, both: Ended) -> None:
    results = [TestResult("A.b[1]", first, "why", 1.0), TestResult("A.b[2]", second, "why", 2.0)]
    (one,) = matched(results, ["A#b"])
    assert (one.name, one.ended, one.seconds) == ("A#b", both, 3.0)


TEXT = st.text("aA.:/#[]() >\\", max_size=12)


@given(TEXT, st.lists(TEXT, max_size=5))
def test_a_result_has_a_name_of_the_dictionary_or_its_own(result: str, tests: list[str]) -> None:
    found = names(result, *tests)
    assert found
    assert set(found) <= {*tests, result}


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_a_result_with_a_name_of_the_dictionary_means_that_test(tests: list[str]) -> None:
    assert tests[0] in names(tests[0], *tests)
