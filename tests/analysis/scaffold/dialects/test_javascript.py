"""JavaScript tests are written as their neighbours are, and nothing of an issue leaves its string or comment."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.analysis.languages import trees
from app.analysis.scaffold.compose import compose
from app.domain.change import Span
from app.domain.scaffold import Blueprint, Literal, Neighbour, Parameter, Snippet, Story, Target, Todo
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template
from tests.analysis.scaffold.hostile import TEXTS, stories

URL = "https://github.com/octo/shop/issues/7"
STORY = Story(7, "Total isn't right", URL, given=("A cart",), when=("Add two",), then=("The total is 3",))
TOTAL = Target("src/cart.js", "total", "total", "function", "../src/cart", parameters=(Parameter("items"),), export="named")
PLAIN = """import { add } from '../src/cart'

describe('cart', () => {
  describe('add', () => {
    it('adds one', () => {
      expect(add(1)).toBe(1)
    })
  })

  it('is empty', () => {
    expect(1).toBe(1)
  })
})
"""
OLD = """'use strict';

var assert = require("node:assert");
var shop = require("..");

describe("shop", function () {
\tit("opens", function (done) {
\t\tassert.ok(shop.open());
\t\tdone();
\t});
});
"""


def blueprint(existing: str | None = PLAIN, framework: Framework = Framework.JEST, **fields: object) -> Blueprint:
    near = (Neighbour("tests/cart.test.js", existing),) if existing is not None else ()
    plan = Blueprint(Suite(framework), STORY, "tests/cart.test.js", existing, (TOTAL,), neighbours=near)
    return replace(plan, **fields)


def written(plan: Blueprint) -> str:
    return compose(plan, shipped_template(plan.suite.framework)).text


def added(plan: Blueprint) -> list[str]:
    made = compose(plan, shipped_template(plan.suite.framework))
    return made.text.split("\n")[made.span.start - 1 : made.span.end]


def test_it_reads_as_the_file_does():
    assert added(blueprint(beside="cart > add > adds one")) == [
        "    // https://github.com/octo/shop/issues/7",
        """    it("issue #7: Total isn't right", () => {""",
        "      // Given: A cart",
        "      // When: Add two",
        "      // const result = total(items)",
        "      // Expected: The total is 3",
        "      throw new Error('Unfinished: assert what #7 expects: The total is 3')",
        "    })",
    ]


def test_it_is_named_with_the_groups_around_it():
    made = compose(blueprint(), shipped_template(Framework.JEST))

    assert made.test.name == "cart > issue #7: Total isn't right"
    assert made.todo == (Todo.ARGUMENTS, Todo.ASSERT)


def test_old_files_keep_their_tabs_quotes_functions_and_assertions():
    target = replace(TOTAL, path="lib/shop.js", module="../lib/shop")

    text = written(blueprint(OLD, Framework.MOCHA, targets=(target,)))
    assert """\tit("issue #7: Total isn't right", function () {""" in text
    assert '\t\tassert.fail("Unfinished: assert what #7 expects: The total is 3");' in text
    assert 'var { total } = require("../lib/shop");' in text
    assert text.endswith("\t});\n});\n")


def test_a_name_is_added_to_the_import_of_its_file():
    assert written(blueprint()).split("\n")[0] == "import { add, total } from '../src/cart'"


@pytest.mark.parametrize(
    ("head", "call"),
    [
        ("import * as cart from '../src/cart'", "cart.total(items)"),
        ("import { total as sum } from '../src/cart.js'", "sum(items)"),
        ("import { total } from '../src'", "total(items)"),
        ("import { total } from '@shop/src'", "total(items)"),
        ("const cart = require('../src/cart')", "cart.total(items)"),
    ],
)
def test_what_the_file_already_has_is_used(head, call):
    text = PLAIN.replace("import { add } from '../src/cart'", head)

    made = written(blueprint(text))

    assert f"// const result = {call}\n" in made
    assert made.split("\n")[: text.count("\n")][0] == head


def test_a_new_file_opens_as_its_neighbour_does():
    near = "// Copyright Shop\nimport { expect, test } from 'vitest'\n\ntest('a', () => {\n    expect(1).toBe(1)\n})\n"
    plan = blueprint(None, Framework.VITEST, neighbours=(Neighbour("tests/other.test.js", near),))

    assert written(plan).split("\n")[:7] == [
        "// Copyright Shop",
        "",
        "import { describe, expect, test } from 'vitest'",
        "import { total } from '../src/cart'",
        "",
        "describe('total', () => {",
        "    // https://github.com/octo/shop/issues/7",
    ]


def test_what_needs_no_arguments_is_really_called():
    clear = Target("src/cart.js", "clear", "Cart.clear", "method", "../src/cart", "Cart", is_async=True, export="default")

    text = written(blueprint(targets=(clear,)))

    assert "import Cart from '../src/cart'\n" in text
    assert "    const cart = new Cart()\n    const result = await cart.clear()\n" in text
    assert "async () => {" in text


def test_a_loop_never_runs_the_new_test_more_than_once():
    text = "for (const one of [1, 2]) {\n  it(`adds ${one}`, () => {})\n}\n"

    made = compose(blueprint(text, beside="adds ${one}"), shipped_template(Framework.JEST))

    assert made.text.index("issue #7") > made.text.index("\n}\n")


def test_lines_end_as_they_do_in_the_file():
    assert written(blueprint(PLAIN.replace("\n", "\r\n"))).replace("\r\n", "").count("\n") == 0


def test_playwright_gets_a_page():
    text = (
        "import { test, expect } from '@playwright/test';\n\ntest('opens', async ({ page }) => {\n  await page.goto('/');\n});\n"
    )

    assert "async ({ page }) => {" in written(blueprint(text, Framework.PLAYWRIGHT))


def calls(text: str) -> int:
    tree = trees.parse("javascript", text.encode(errors="surrogateescape"))
    assert tree is not None
    assert not tree.root_node.has_error
    return sum(1 for _ in trees.matches("javascript", tree, "[(call_expression) (new_expression) (template_substitution)] @call"))


@pytest.mark.parametrize("existing", [PLAIN, OLD, None])
@settings(max_examples=40, deadline=None)
@given(story=stories(), value=TEXTS)
def test_nothing_of_an_issue_leaves_its_string_or_comment(existing, story, value):
    story = replace(story, snippets=story.snippets if not story.trusted else ())
    plan = blueprint(existing, story=story, literals=(Literal("string", value, value, "src/cart.js"),))

    made = compose(plan, shipped_template(Framework.JEST))

    meant = compose(replace(plan, story=Story(1, "x")), shipped_template(Framework.JEST))
    assert calls(made.text) == calls(meant.text)
    assert isinstance(made.span, Span)


def test_without_an_address_no_empty_comment_stands_above():
    assert added(blueprint(story=Story(None, "Total is wrong", snippets=(Snippet("total()"),))))[:2] == [
        "  it('Total is wrong', () => {",
        "    //     total()",
    ]


def test_what_no_test_can_import_is_named_with_its_path():
    lines = added(blueprint(targets=(), changed=(("packages/shared/src/attributes.ts", ("isSafe",)),)))

    assert "    // The fix changed isSafe (packages/shared/src/attributes.ts)" in lines
