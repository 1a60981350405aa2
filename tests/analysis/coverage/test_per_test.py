"""A test whose coverage is a file of its own is called like the file."""

import pytest

from app.analysis.coverage.per_test import name_of


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("cart/total.spec.ts.json", "cart/total.spec.ts"),
        ("cart/total.spec.ts.lcov.info", "cart/total.spec.ts"),
        ("cart/total.spec.ts/coverage-final.json", "cart/total.spec.ts"),
        ("cart/total.spec.ts/lcov.info", "cart/total.spec.ts"),
        ("router/TestVars.out", "router/TestVars"),
        ("TestVars.out", "TestVars"),
        ("lcov.info", "lcov"),
        ("spec/cart/.resultset.json", "spec/cart"),
        ("org.shop.CartTest#adds.exec", "org.shop.CartTest#adds"),
    ],
)
def test_the_name_of_a_test_is_its_files(path: str, name: str) -> None:
    assert name_of(path) == name
