"""A call is taken from a neighbouring test with what it needs, and with nothing that asserts."""

import pytest

from app.analysis.scaffold.compose import compose
from app.domain.scaffold import Blueprint, Neighbour, Parameter, Story, Target
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

STORY = Story(7, "Total is wrong")
TOTAL = Target("src/cart.js", "total", "total", "function", "../src/cart", parameters=(Parameter("items"),), export="named")
METHOD = Target("src/cart.js", "sumUp", "Cart.sumUp", "method", "../src/cart", "Cart", (Parameter("tax"),), export="named")
HANDLER = Target("lib/res.js", "redirect", "res.redirect", "method", "../lib/res", "res", is_static=True, export="whole")


def body(inside: str, target: Target = TOTAL, head: str = "import { total, Cart } from '../src/cart';") -> list[str]:
    """The title and the lines inside the new test, put beside a test with these lines inside."""
    shown = "\n".join(f"    {line}" if line else "" for line in inside.split("\n"))
    text = f"{head}\n\ndescribe('cart', () => {{\n  it('works', async () => {{\n{shown}\n  }});\n}});\n"
    near = (Neighbour("tests/cart.test.js", text),)
    plan = Blueprint(Suite(Framework.JEST), STORY, "tests/cart.test.js", text, (target,), neighbours=near, beside="cart > works")
    made = compose(plan, shipped_template(Framework.JEST))
    return [line.strip() for line in made.text.split("\n")[made.span.start - 1 : made.span.end - 1]]


def test_an_asserted_call_is_taken_with_what_it_needs_alone():
    inside = "const other = 1;\nconst items = [1];\nitems.push(2);\nexpect(items.length).toBe(2);\nexpect(total(items)).toBe(3);"

    assert body(inside)[1:5] == [
        "// As 'works' does it; put in what #7 is about.",
        "const items = [1];",
        "items.push(2);",
        "const result = total(items);",
    ]


def test_a_name_is_never_declared_twice():
    assert "const resultNow = total(result);" in body("const result = [1];\nexpect(total(result)).toBe(3);")


def test_a_declaration_is_taken_as_it_stands():
    assert "const sum = await total([1]);" in body("const sum = await total([1]);\nexpect(sum).toBe(1);")
    assert "it('issue #7: Total is wrong', async () => {" in body("const sum = await total([1]);\nexpect(sum).toBe(1);")


def test_a_method_is_known_by_its_name():
    inside = "const cart = new Cart();\ncart.fill(1);\nassert.equal(cart.sumUp(0.1), 1);"

    assert body(inside, METHOD)[2:5] == ["const cart = new Cart();", "cart.fill(1);", "const result = cart.sumUp(0.1);"]


def test_a_handler_is_asked_by_the_request_that_follows():
    inside = (
        "const app = express();\napp.use((req, res) => {\n  res.redirect('/a');\n});\nrequest(app)\n  .get('/')\n  .expect(302);"
    )
    head = "const express = require('..');\nconst request = require('supertest');"

    lines = body(inside, HANDLER, head)

    assert lines[2:8] == [
        "const app = express();",
        "app.use((req, res) => {",
        "res.redirect('/a');",
        "});",
        "const response = await request(app)",
        ".get('/');",
    ]
    assert not any("expect(" in line for line in lines)


@pytest.mark.parametrize(
    "inside",
    [
        "for (const items of all) {\n  expect(total(items)).toBe(3);\n}",
        "expect(() => total(-1)).toThrow();",
        "let items;\nif (big) {\n  items = [1];\n}\nexpect(total(items)).toBe(3);",
        "const text = `a\nb`;\nexpect(total(text)).toBe(3);",
    ],
)
def test_what_cannot_stand_alone_is_left_to_a_person(inside):
    assert "// const result = total(items);" in body(inside)
