import ast
from dataclasses import replace

from app.analysis.scaffold.compose import compose
from app.domain.scaffold import Blueprint, Neighbour, Parameter, Story, Target
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

CART = "from shop.cart import add\n\n\ndef test_add():\n    assert add(1) == 1\n\n\ndef test_other():\n    assert 1\n"
STORY = Story(7, "Total is wrong", "https://github.com/octo/shop/issues/7", then=("The total is 3",))
TOTAL = Target("shop/cart.py", "total", "total", "function", "shop.cart", parameters=(Parameter("items"),))


def blueprint(existing: str | None = CART, framework: Framework = Framework.PYTEST, **fields: object) -> Blueprint:
    near = (Neighbour("tests/test_cart.py", existing),) if existing is not None else ()
    plan = Blueprint(Suite(framework), STORY, "tests/test_cart.py", existing, (TOTAL,), neighbours=near)
    return replace(plan, **fields)


def written(plan: Blueprint) -> str:
    made = compose(plan, shipped_template(plan.suite.framework))
    ast.parse(made.text)
    return made.text


def test_the_test_stands_after_its_sibling_and_everything_else_stays():
    text = written(blueprint(beside="test_add"))

    lines = text.splitlines()
    names = [line for line in lines if line.startswith("def ")]
    assert names == ["def test_add():", "def test_issue_7_total_wrong():", "def test_other():"]
    assert [line for line in CART.splitlines() if line not in lines] == ["from shop.cart import add"]
    assert "from shop.cart import add, total" in lines


def test_it_ends_in_a_failure_that_says_what_to_assert():
    assert written(blueprint()).splitlines()[-1] == '    pytest.fail("Unfinished: assert what #7 expects: The total is 3")'


def test_a_new_file_for_unittest_opens_a_class_of_its_own():
    text = written(blueprint(None, Framework.UNITTEST))

    assert "class CartTests(unittest.TestCase):" in text
    assert "        self.fail(" in text


def test_the_span_is_exactly_the_new_test():
    made = compose(blueprint(beside="test_add"), shipped_template(Framework.PYTEST))

    lines = made.text.splitlines()[made.span.start - 1 : made.span.end]
    assert lines[0].startswith("def test_issue_7")
    assert "pytest.fail" in lines[-1]
