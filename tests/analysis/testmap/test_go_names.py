"""Go's tests are found by package and function, however the two are joined."""

import pytest

from app.analysis.testmap.test_files import Home, TestFiles

FILES = TestFiles(
    {
        "cart/cart_test.go": b"package cart\n\nfunc TestAdd(t *testing.T) {}\n",
        "stock/stock_test.go": b"package stock\n\nfunc TestAdd(t *testing.T) {}\nfunc TestTake(t *testing.T) {}\n",
    }
)


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("example.org/shop/cart.TestAdd", Home("cart/cart_test.go", "TestAdd")),
        ("example.org/shop/cart TestAdd", Home("cart/cart_test.go", "TestAdd")),
        ("cart/TestAdd", Home("cart/cart_test.go", "TestAdd")),
        ("cart/TestAdd/empty", Home("cart/cart_test.go", "TestAdd/empty")),
        ("TestTake/TestInner", Home("stock/stock_test.go", "TestTake/TestInner")),
        ("TestAdd", None),
    ],
)
def test_a_name_leads_to_the_file_of_its_package(name: str, home: Home | None) -> None:
    assert FILES.home(name) == home
