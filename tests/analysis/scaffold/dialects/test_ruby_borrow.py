"""A call is taken from a neighbouring Ruby test with what it needs, and with nothing that asserts."""

import pytest

from app.analysis.scaffold.compose import compose
from app.domain.scaffold import Blueprint, Neighbour, Parameter, Story, Target
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

STORY = Story(7, "Total is wrong")
TOTAL = Target("lib/cart.rb", "total", "Cart.total", "method", "cart", "Cart", (Parameter("tax"),), export="class")
OPEN = Target(
    "lib/cart.rb", "parse", "Cart.parse", "method", "cart", "Cart", (Parameter("text"),), is_static=True, export="class"
)
CART = Target("lib/cart.rb", "Cart", "Cart", "class", "cart", parameters=(Parameter("values"),), export="class")


def body(inside: str, target: Target = TOTAL) -> list[str]:
    """The title and the lines inside the new test, put beside a test with these lines inside."""
    shown = "\n".join(f"    {line}" if line else "" for line in inside.split("\n"))
    text = f"class CartTest < Minitest::Test\n  def test_works\n{shown}\n  end\nend\n"
    near = (Neighbour("test/cart_test.rb", text),)
    plan = Blueprint(Suite(Framework.MINITEST), STORY, "test/cart_test.rb", text, (target,), neighbours=near)
    made = compose(plan, shipped_template(Framework.MINITEST))
    return [line.strip() for line in made.text.split("\n")[made.span.start - 1 : made.span.end - 1]]


def test_an_asserted_call_is_taken_with_what_it_needs_alone():
    inside = "other = 1\ncart = Cart.new\ncart.fill(2)\nassert_equal 1, other\nassert_equal 3, cart.total(0.1)"

    assert body(inside)[1:] == [
        "# As 'test_works' does it; put in what #7 is about.",
        "cart = Cart.new",
        "cart.fill(2)",
        "result = cart.total(0.1)",
        'flunk "Unfinished: assert what #7 expects"',
    ]


@pytest.mark.parametrize(
    ("line", "target", "taken"),
    [
        ("sum = @cart.total 0.1", TOTAL, "sum = @cart.total 0.1"),
        ("assert Cart.parse('a').ok?", OPEN, "result = Cart.parse('a')"),
        ("assert_equal 1, Cart.new(1, 2).size", CART, "result = Cart.new(1, 2)"),
    ],
)
def test_a_call_is_known_by_its_name_and_its_class(line, target, taken):
    assert taken in body(line, target)


@pytest.mark.parametrize(
    "inside",
    [
        "assert_raises(Oops) { cart.total(1) }",
        "all.each { |cart| cart.total(1) }",
        "assert_equal 3, cart.total(<<~TEXT)\n  a\nTEXT",
        "assert_equal 3, Other.parse('a')",
        "cart.total(1) if big",
    ],
)
def test_what_cannot_stand_alone_is_left_to_a_person(inside):
    assert "# result = cart.total(tax)" in body(inside)
