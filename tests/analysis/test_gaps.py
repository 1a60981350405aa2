"""What no test reaches."""

from app.analysis.gaps import find_gaps
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.evidence import Kind, RankedTest, TestFile
from app.domain.report import Gap

TOTAL = Symbol("total", "Cart.total", "method", Span(10, 20))


def file(*symbols: Symbol, at: Span = Span(12, 13)) -> FileChange:
    hunk = Hunk(at, at, at.start - 1, ("a",), ("b",))
    return FileChange("shop/cart.py", "shop/old.py", Status.RENAMED, Role.CODE, "python", (hunk,), symbols)


def ranked(path: str, kind: Kind) -> RankedTest:
    return RankedTest(TestFile(path, "python", kind, "default"), 0.5, ())


UNIT, WHOLE = ranked("tests/test_cart.py", Kind.UNIT), ranked("tests/integration/test_shop.py", Kind.INTEGRATION)


def test_a_symbol_that_no_test_reaches() -> None:
    gaps = find_gaps([file(TOTAL)], [UNIT, WHOLE], {("shop/old.py", "Cart.total"): frozenset()})
    assert gaps == (Gap("shop/cart.py", "Cart.total", (Span(12, 13),), "any"),)


def test_a_symbol_that_only_unit_tests_reach() -> None:
    gaps = find_gaps([file(TOTAL)], [UNIT, WHOLE], {("shop/old.py", "Cart.total"): frozenset({UNIT.test.path})})
    assert [gap.missing for gap in gaps] == ["integration"]


def test_a_symbol_that_an_integration_test_reaches_is_no_gap() -> None:
    reached = {("shop/old.py", "Cart.total"): frozenset({UNIT.test.path, WHOLE.test.path})}
    assert find_gaps([file(TOTAL)], [UNIT, WHOLE], reached) == ()


def test_where_imports_cannot_be_read_no_gap_is_claimed() -> None:
    assert find_gaps([file(TOTAL)], [UNIT], {}) == ()


def test_lines_outside_all_symbols_stand_for_the_module() -> None:
    gaps = find_gaps([file(at=Span(1, 2))], [UNIT], {("shop/old.py", ""): frozenset()})
    assert gaps == (Gap("shop/cart.py", None, (Span(1, 2),), "any"),)


def test_the_lines_of_a_gap_stay_within_its_symbol() -> None:
    gaps = find_gaps([file(TOTAL, at=Span(8, 11))], [], {("shop/old.py", "Cart.total"): frozenset()})
    assert gaps[0].lines == (Span(10, 11),)
