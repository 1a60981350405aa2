"""The code of a trusted issue stands in the test where the file explains its names; all other code stays a comment."""

import pytest

from app.analysis.scaffold.compose import compose
from app.domain.scaffold import Blueprint, Neighbour, Parameter, Snippet, Story, Target, Todo
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

TOTAL = Target("src/cart.js", "total", "total", "function", "../src/cart", parameters=(Parameter("items"),), export="named")
JEST = "import * as shop from '../src'\nimport { total } from '../src/cart'\n\ntest('works', () => {\n  expect(1).toBe(1)\n})\n"
MOCHA = """const assert = require('assert');
const { total } = require('../src/cart');

it('works', () => {
  assert.equal(1, 1);
});
"""


def made(code: str, text: str = JEST, *, then: tuple[str, ...] = (), trusted: bool = True):
    story = Story(7, "Total is wrong", then=then, snippets=(Snippet(code, "javascript"),), trusted=trusted)
    near = (Neighbour("tests/cart.test.js", text),)
    plan = Blueprint(Suite(Framework.JEST), story, "tests/cart.test.js", text, (TOTAL,), neighbours=near)
    return compose(plan, shipped_template(Framework.JEST))


def lines(*arguments: object, **named: object) -> list[str]:
    """The lines inside the test."""
    found = made(*arguments, **named)
    return [line.strip() for line in found.text.split("\n")[found.span.start - 1 : found.span.end - 1]][1:]


def test_the_reproduction_is_code_and_its_last_value_has_a_name():
    assert lines("const items = [1, 2]\nconsole.log(total(items))") == [
        "const items = [1, 2]",
        "const result = total(items)",
        "throw new Error('Unfinished: assert what #7 expects')",
    ]


@pytest.mark.parametrize(
    ("text", "assertion"),
    [(JEST, "expect(result).toEqual(3)"), (MOCHA, "assert.deepStrictEqual(result, 3);")],
)
def test_what_is_expected_is_asserted_in_the_files_own_way(text, assertion):
    found = made("total([1, 2])", text, then=("It should return `3`",))

    assert assertion in found.text
    assert found.asserts
    assert found.todo == (Todo.CHECK_ASSERT,)


def test_prose_is_never_asserted():
    assert not made("total([1, 2])", then=("The total is right",)).asserts


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import { total } from 'shop'\ntotal([1])", "const result = total([1])"),
        ("const { open } = require('shop')\nopen(total([1]))", "const { open } = shop"),
    ],
)
def test_imports_of_the_project_become_what_the_file_has(code, line):
    assert line in lines(code)
    assert not any("require" in each or "import" in each for each in lines(code))


@pytest.mark.parametrize(
    "code",
    [
        "total(unknown)",
        "import lodash from 'lodash'\ntotal(lodash.range(3))",
        "total([1]); process.exit(1)",
        "fetch('/x').then(total)",
        "it('is wrong', () => { total([1]) })",
        "total([1]",
        "while (true) { total([1]) }",
        "other([1])",
        "total('\u202e')",
        "export const a = total([1])",
    ],
)
def test_what_is_not_explained_or_not_fit_stays_a_comment(code):
    assert not [line for line in lines(code) if "total(" in line and not line.startswith("//")]


def test_a_strangers_code_is_always_a_comment():
    assert "//     total([1, 2])" in lines("total([1, 2])", trusted=False)


def test_orders_to_tools_are_taken_out_of_comments():
    assert not any(
        "@ts-" in line or "@vitest" in line for line in lines("// @ts-ignore\n// @vitest-environment x\n)", trusted=False)
    )
