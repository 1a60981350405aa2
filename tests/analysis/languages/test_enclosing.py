"""Which definitions changed lines fall in."""

from app.analysis.languages import enclosing, symbols
from app.domain.change import Span

SHOP = symbols(
    "python",
    b"""import a

class Cart:
    rate = 1

    def total(self):
        def tax():
            return 1
        return tax()

    def empty(self): pass

def last(): pass
""",
)


def names(*spans: Span) -> list[str]:
    return [s.qualified for s in enclosing(SHOP, spans)]


def test_a_line_belongs_to_the_innermost_definition() -> None:
    assert names(Span(8, 8)) == ["Cart.total.tax"]


def test_a_function_counts_where_a_line_is_its_own() -> None:
    assert names(Span(8, 9)) == ["Cart.total", "Cart.total.tax"]


def test_a_class_counts_only_where_no_member_is_touched() -> None:
    assert names(Span(4, 4)) == ["Cart"]
    assert names(Span(4, 6)) == ["Cart.total"]


def test_lines_outside_any_definition_belong_to_none() -> None:
    assert names(Span(1, 1), Span(99, 120)) == []


def test_each_definition_is_named_once_in_source_order() -> None:
    assert names(Span(13, 13), Span(11, 13), Span(11, 11)) == ["Cart.empty", "last"]
