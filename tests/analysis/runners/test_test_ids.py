"""Tests are named as people and pytest write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.runners.test_ids import read_test_id
from app.domain.errors import TellUser
from app.domain.suite import TestId


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("tests/test_cart.py", TestId("tests/test_cart.py")),
        ("./tests/test_cart.py::test_adds", TestId("tests/test_cart.py", "test_adds")),
        ("tests/test_cart.py::TestCart::test_adds[a::b]", TestId("tests/test_cart.py", "TestCart.test_adds[a::b]")),
        ("tests/test_cart.py::TestCart.test_adds", TestId("tests/test_cart.py", "TestCart.test_adds")),
        ("web/cart.test.ts::Cart > adds a::b", TestId("web/cart.test.ts", "Cart > adds a::b")),
        ("pkg/cart_test.go::TestTotal/of nothing", TestId("pkg/cart_test.go", "TestTotal/of nothing")),
        ("src/cart.rs::tests::adds", TestId("src/cart.rs", "tests.adds")),
        ("-x.py::test", TestId("-x.py", "test")),
    ],
)
def test_an_address_is_a_path_and_a_name(text: str, test: TestId) -> None:
    assert read_test_id(text) == test


@pytest.mark.parametrize(
    "text", ["", "::test_adds", "/etc/passwd", "../up.py::test", "a/../../b.py", "a.py::x\ny", "a.py\0", "tests/"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(TellUser):
        read_test_id(text)


def test_an_endless_address_is_refused_in_a_short_sentence() -> None:
    with pytest.raises(TellUser) as refused:
        read_test_id("a" * 100_000)
    assert len(str(refused.value)) < 300


@given(st.text(max_size=60))
def test_whatever_is_read_prints_to_what_reads_the_same(text: str) -> None:
    try:
        test = read_test_id(text)
    except TellUser:
        return
    assert read_test_id(str(test)) == test
