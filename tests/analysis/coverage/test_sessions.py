"""Sessions of JaCoCo that name a test are told from those that name a machine or a job."""

import pytest

from app.analysis.coverage.sessions import file_test, names_a_test


@pytest.mark.parametrize(
    "session",
    [
        "com.shop.CartTest#adds",
        "com.shop.CartTest.adds",
        "com.shop.CartTest::adds",
        "com.shop.CartTest adds",
        "com.shop.CartTest#adds(int)[1]",
        "com.shop.CartTest$WithDiscount#halves",
        "CartTest#adds",
        "com.shop.CartTest",
        "CartSpec",
        "com.shop.TestCart",
        "com.shop.CartIT",
    ],
)
def test_a_test_is_named(session: str) -> None:
    assert names_a_test(session)


@pytest.mark.parametrize(
    "session",
    [
        "",
        "runner-1f3a",
        "fv-az123-456.internal.cloudapp.net-7f3c2",
        "unit",
        "integration tests",
        "my-job",
        "my.job",
        "Integration tests",
        "a.b\n.c",
        "x" * 2000,
    ],
)
def test_no_test_is_named(session: str) -> None:
    assert not names_a_test(session)


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("com.shop.CartTest.exec", "com.shop.CartTest"),
        ("jacoco-com.shop.CartTest.exec", "com.shop.CartTest"),
        ("TEST-com.shop.CartTest.xml", "com.shop.CartTest"),
        ("com.shop.CartTest#adds.exec", "com.shop.CartTest#adds"),
        ("test.exec", ""),
        ("integrationTest.exec", ""),
        ("jacoco-it.exec", ""),
        ("jacocoTestReport.xml", ""),
        ("CartTest", ""),
    ],
)
def test_a_file_may_tell_its_test(name: str, test: str) -> None:
    assert file_test(name) == test
