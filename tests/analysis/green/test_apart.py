"""Whether a test's imports, followed as far as they go, lead to the changed files."""

from app.analysis.green import Followed
from app.analysis.modules import ModuleIndex


def apart(test: str, changed: str, files: dict[str, str], unread: tuple[str, ...] = ()) -> bool | None:
    followed = Followed(ModuleIndex.build([*files, *unread], {path: text for path, text in files.items() if path == "go.mod"}))
    while new := followed.wanted([test]):
        followed.texts.update((path, files[path].encode() if path in files else None) for path in new)
    return followed.apart(test, {changed})


GO = {
    "go.mod": "module example.com/shop\n",
    "cart/cart.go": 'package cart\n\nimport "example.com/shop/rates"\n',
    "cart/cart_test.go": "package cart\n\nfunc TestTotal(t *testing.T) {}\n",
    "rates/rates.go": "package rates\n",
    "mail/mail.go": "package mail\n",
}


def test_a_go_test_binary_holds_what_its_package_imports() -> None:
    assert apart("cart/cart_test.go", "rates/rates.go", GO) is False


def test_a_go_test_binary_holds_nothing_else() -> None:
    assert apart("cart/cart_test.go", "mail/mail.go", GO) is True


def test_another_test_file_of_the_same_go_package_may_lead_there() -> None:
    files = {**GO, "cart/help_test.go": 'package cart\n\nimport "example.com/shop/mail"\n'}
    assert apart("cart/cart_test.go", "mail/mail.go", files) is False


def test_what_is_imported_by_the_repository_s_own_name_may_lead_anywhere() -> None:
    files = {"__init__.py": "", "cart.py": "", "test/test_cart.py": "from shop import cart\n"}
    assert apart("test/test_cart.py", "cart.py", files) is None
    del files["__init__.py"]
    assert apart("test/test_cart.py", "cart.py", files) is True


def test_a_go_package_that_is_generated_may_lead_anywhere() -> None:
    files = {**GO, "cart/cart.go": 'package cart\n\nimport "example.com/shop/made"\n'}
    assert apart("cart/cart_test.go", "mail/mail.go", files) is None


def test_a_script_that_requires_something_made_while_running_may_lead_anywhere() -> None:
    files = {"a.test.js": "const x = require(name)\ntest('a', () => {})\n", "b.js": ""}
    assert apart("a.test.js", "b.js", files) is None


def test_a_script_leads_where_its_imports_do() -> None:
    files = {"a.test.js": "import a from './a'\n", "a.js": "import c from './c.css'\n", "c.css": "", "b.js": "", "lodash.js": ""}
    assert apart("a.test.js", "b.js", files) is True


def test_a_built_file_may_hold_anything() -> None:
    assert apart("a.test.js", "b.js", {"a.test.js": "const a = require('./dist/a')\n", "b.js": ""}) is None


def test_a_file_that_cannot_be_read_may_lead_anywhere() -> None:
    assert apart("a.test.js", "b.js", {"a.test.js": "import a from './a'\n", "b.js": ""}, unread=("a.js",)) is None


def test_two_languages_are_not_told_apart() -> None:
    assert apart("a.test.js", "b.py", {"a.test.js": "", "b.py": ""}) is None


def test_java_sees_its_package_without_imports() -> None:
    assert apart("CartTest.java", "Mail.java", {"CartTest.java": "class CartTest {}", "Mail.java": "class Mail {}"}) is None
