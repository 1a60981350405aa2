"""What no test reaches."""

from app.analysis.gaps import find_gaps
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.evidence import Kind, TestFile
from app.domain.report import Gap

TOTAL = Symbol("total", "Cart.total", "method", Span(10, 20))


def file(*symbols: Symbol, at: Span = Span(12, 13)) -> FileChange:
    hunk = Hunk(at, at, at.start - 1, ("a",), ("b",))
    return FileChange("shop/cart.py", "shop/old.py", Status.RENAMED, Role.CODE, "python", (hunk,), symbols)


UNIT = TestFile("tests/test_cart.py", "python", Kind.UNIT, "default")
WHOLE = TestFile("tests/integration/test_shop.py", "python", Kind.INTEGRATION, "folder")
TESTS = {test.path: test for test in (UNIT, WHOLE)}


def test_a_symbol_that_no_test_reaches() -> None:
    gaps = find_gaps([file(TOTAL)], TESTS, {("shop/old.py", "Cart.total"): frozenset()})
    assert gaps == (Gap("shop/old.py", "Cart.total", (Span(12, 13),), "any"),)


def test_a_symbol_that_only_unit_tests_reach() -> None:
    gaps = find_gaps([file(TOTAL)], TESTS, {("shop/old.py", "Cart.total"): frozenset({UNIT.path})})
    assert [gap.missing for gap in gaps] == ["integration"]


def test_a_symbol_that_an_integration_test_reaches_is_no_gap() -> None:
    reached = {("shop/old.py", "Cart.total"): frozenset({UNIT.path, WHOLE.path})}
    assert find_gaps([file(TOTAL)], TESTS, reached) == ()


def test_where_imports_cannot_be_read_no_gap_is_claimed() -> None:
    assert find_gaps([file(TOTAL)], TESTS, {}) == ()


def test_lines_outside_all_symbols_stand_for_the_module() -> None:
    gaps = find_gaps([file(at=Span(1, 2))], TESTS, {("shop/old.py", ""): frozenset()})
    assert gaps == (Gap("shop/old.py", None, (Span(1, 2),), "any"),)


def test_the_lines_of_a_gap_stay_within_its_symbol() -> None:
    gaps = find_gaps([file(TOTAL, at=Span(8, 11))], TESTS, {("shop/old.py", "Cart.total"): frozenset()})
    assert gaps[0].lines == (Span(10, 11),)
