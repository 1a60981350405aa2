"""Where the regression test belongs."""

import pytest

from app.analysis.placement import place
from app.domain.change import FileChange, Hunk, Role, Span, Status
from app.domain.evidence import Kind, RankedTest, TestFile
from app.domain.report import Placement


def file(path: str, language: str | None, lines: int = 1) -> FileChange:
    hunk = Hunk(None, Span(1, lines), 0, (), ("x",) * lines)
    return FileChange(path, path, Status.MODIFIED, Role.CODE, language, (hunk,))


def test_file(path: str, language: str = "python", kind: Kind = Kind.UNIT) -> TestFile:
    return TestFile(path, language, kind, "default")


test_file.__test__ = False  # type: ignore[attr-defined]


def test_a_likely_test_takes_it() -> None:
    best = RankedTest(test_file("tests/test_cart.py"), 0.8, ())
    assert place([file("shop/cart.py", "python")], [best], [best.test]) == Placement("tests/test_cart.py", False, "best-evidence")


@pytest.mark.parametrize(
    ("changed", "language", "neighbours", "made"),
    [
        ("shop/pricing.py", "python", ["tests/test_cart.py"], "tests/test_pricing.py"),
        ("shop/pricing.py", "python", ["tests/api/test_web.py", "tests/shop/test_cart.py"], "tests/shop/test_pricing.py"),
        ("shop/__init__.py", "python", ["tests/test_cart.py"], "tests/test_shop.py"),
        ("src/cart/total.ts", "typescript", ["src/cart/item.spec.ts"], "src/cart/total.spec.ts"),
        ("src/main/java/shop/Cart.java", "java", ["src/test/java/shop/ItemTest.java"], "src/test/java/shop/CartTest.java"),
        ("cart/total.go", "go", ["web/server_test.go"], "cart/total_test.go"),
        ("src/main/java/shop/Cart.java", "java", ["src/test/java/web/ServerIT.java"], "src/test/java/shop/CartIT.java"),
        ("cart/total.go", "go", [], "cart/total_test.go"),
        ("shop/pricing.py", "python", [], "tests/test_pricing.py"),
    ],
)
def test_a_new_file_is_named_as_its_neighbours_are(changed: str, language: str, neighbours: list[str], made: str) -> None:
    placement = place([file(changed, language)], [], [test_file(path, language) for path in neighbours])
    assert placement is not None
    assert (placement.path, placement.new) == (made, True)


def test_a_file_that_already_has_that_name_is_not_new() -> None:
    placement = place([file("shop/pricing.py", "python")], [], [test_file("tests/test_pricing.py")])
    assert placement == Placement("tests/test_pricing.py", False, "named-after", ("shop/pricing.py", "tests/test_pricing.py"))


def test_the_largest_change_names_the_new_file() -> None:
    placement = place([file("a.py", "python", 1), file("b.py", "python", 9)], [], [])
    assert placement is not None
    assert placement.path == "tests/test_b.py"


def test_an_unknown_language_without_neighbours_has_no_place() -> None:
    assert place([file("deploy.cob", None)], [], []) is None
