import pytest

from app.analysis.names import explained, folder_parts, likeness, name_parts, nearness


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/test_http_cookies.py", ("http", "cooki")),
        ("pkg/http_cookies_test.go", ("http", "cooki")),
        ("src/test/java/org/HttpCookiesTest.java", ("http", "cooki")),
        ("web/httpCookies.spec.ts", ("http", "cooki")),
        ("shop/cart/__init__.py", ("cart",)),
    ],
)
def test_a_file_is_about_what_its_name_says_without_the_affixes_of_tests(path: str, expected: tuple[str, ...]) -> None:
    assert name_parts(path) == expected


def test_folders_that_lay_out_a_project_say_nothing() -> None:
    assert folder_parts("src/test/java/shop/CartTest.java") == {"shop"}


def test_the_test_named_after_the_file_is_most_alike() -> None:
    alike = likeness({"shop/cart.py": 1.0}, ["tests/test_cart.py", "tests/test_cart_total.py", "tests/test_user.py"])
    assert alike[0] == 1.0 > alike[1] > alike[2] == 0.0


def test_a_test_in_another_language_is_not_named_after_the_file() -> None:
    assert likeness({"shop/cart.py": 1.0}, ["web/cart.test.ts"]) == [0.0]


def test_vue_files_and_typescript_tests_belong_together() -> None:
    assert likeness({"web/Cart.vue": 1.0}, ["web/Cart.spec.ts"]) == [1.0]


def test_a_test_of_the_mirrored_folder_is_nearer() -> None:
    near, far = nearness(
        {"src/main/java/shop/Cart.java": 1.0}, ["src/test/java/shop/AnyTest.java", "src/test/java/mail/AnyTest.java"]
    )
    assert near > far


def test_a_name_is_explained_by_several_hints_together() -> None:
    tests = ["tests/test_cart_rounding.py", "tests/test_cart_users.py", "tests/test_mail.py"]
    both, half, none = explained(tests, {"cart": 1.0}, {"round": 0.8})
    assert both > half > none == 0.0


def test_the_rare_word_of_a_name_explains_more_of_it() -> None:
    tests = ["tests/test_cart_rounding.py", "tests/test_cart_users.py", "tests/test_cart_mail.py"]
    assert explained(tests, {"round": 1.0})[0] > explained(tests, {"cart": 1.0})[0]
