"""From names of tests to test files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.testmap.test_files import Home, TestFiles, plain

FILES = TestFiles(
    {
        "tests/test_cart.py": b"def test_add(): pass",
        "tests/shop/test_mail.py": b"",
        "other/test_mail.py": b"",
        "src/cart.test.ts": b"",
        "core/src/test/java/org/shop/CartTest.java": b"",
        "cart/cart_test.go": b"package cart\n\nfunc TestAdd(t *testing.T) {}\n",
        "mail/mail_test.go": b"package mail\n\nfunc TestAdd(t *testing.T) {}\n",
        "spec/cart_spec.rb": b"",
        "tests/Unit/BasketTest.php": b"",
    }
)


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("tests/test_cart.py::TestX::test_add[1-a::b]", Home("tests/test_cart.py", "TestX::test_add[1-a::b]")),
        ("test_cart.py::test_add", Home("tests/test_cart.py", "test_add")),
        ("/home/runner/work/x/x/tests/test_cart.py::test_add", Home("tests/test_cart.py", "test_add")),
        ("tests.test_cart.TestX.test_add", Home("tests/test_cart.py", "TestX.test_add")),
        ("test_cart.test_add", Home("tests/test_cart.py", "test_add")),
        ("shop.test_mail.test_send", Home("tests/shop/test_mail.py", "test_send")),
        ("src/cart.test.ts > cart > adds 2", Home("src/cart.test.ts", "cart > adds 2")),
        ("org.shop.CartTest.adds(int)[1]", Home("core/src/test/java/org/shop/CartTest.java", "adds(int)[1]")),
        ("org.shop.CartTest#adds", Home("core/src/test/java/org/shop/CartTest.java", "adds")),
        ("org.shop.CartTest$Inner.adds", Home("core/src/test/java/org/shop/CartTest.java", "Inner.adds")),
        ("example.com/shop/cart.TestAdd/empty", Home("cart/cart_test.go", "TestAdd/empty")),
        ("example.com/shop/mail TestAdd", Home("mail/mail_test.go", "TestAdd")),
        ("./spec/cart_spec.rb[1:2]", Home("spec/cart_spec.rb", "1:2]")),
        (r"Tests\Unit\BasketTest::adds", Home("tests/Unit/BasketTest.php", "adds")),
        ("tests/test_cart.py", Home("tests/test_cart.py", "")),
    ],
)
def test_each_form_of_name_leads_to_its_file(name: str, home: Home) -> None:
    assert FILES.home(name) == home


@pytest.mark.parametrize(
    "name", ["test_mail.py::test_send", "test_mail.test_send", "TestAdd", "tests/gone.py::test_x", "unit", ""]
)
def test_what_could_be_several_or_none_is_none(name: str) -> None:
    assert FILES.home(name) is None


def test_variants_are_one_test() -> None:
    assert plain("test_bulk[100]") == plain("test_bulk[7]") == "test_bulk"


def test_a_test_that_its_file_does_not_spell_is_not_held() -> None:
    assert FILES.holds("tests/test_cart.py::test_add")
    assert not FILES.holds("tests/test_cart.py::test_later")


@given(st.text(max_size=300))
def test_no_name_is_too_strange(name: str) -> None:
    FILES.home(name)
