"""Python tests in their neighbours' manner: what is called, with what, where, and how it ends."""

import ast
from dataclasses import replace

import pytest

from app.analysis.scaffold.compose import compose
from app.analysis.scaffold.story import read_story
from app.domain.scaffold import Blueprint, Neighbour, Parameter, Scaffold, Story, Target, Todo
from app.domain.seam import SeamKind
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

STORY = Story(7, "Total is wrong")
TOTAL = Target("shop/cart.py", "total", "total", "function", "shop.cart", parameters=(Parameter("items"),))
ADD = Target("shop/cart.py", "add", "Cart.add", "method", "shop.cart", "Cart", (Parameter("item"),), (Parameter("shop"),))


def write(existing: str | None, framework: Framework = Framework.PYTEST, neighbour: str = "", **fields: object) -> Scaffold:
    text = existing if existing is not None else neighbour
    near = (Neighbour("tests/test_near.py", text),) if text else ()
    plan = Blueprint(Suite(framework), STORY, "tests/test_cart.py", existing, (TOTAL,), neighbours=near)
    made = compose(replace(plan, **fields), shipped_template(framework))
    ast.parse(made.text)
    return made


def body(made: Scaffold) -> list[str]:
    """The lines of the new test without its head, its docstring and its indentation."""
    lines = made.text.splitlines()[made.span.start - 1 : made.span.end]
    margin = len(lines[0]) - len(lines[0].lstrip()) + 4
    return [line[margin:] for line in lines if not line.lstrip().startswith(("def ", "async def ", "@", '"""'))]


def issue(text: str) -> Story:
    return read_story(7, "Total is wrong", text, trusted=True)


PARAMETRISED = """\
import pytest
from shop.cart import total

@pytest.mark.parametrize("items, expected", [
    ([1, 2], 3),
    ([], 0),
])
def test_total(items, expected, client):
    client.login()
    assert total(items) == expected
"""


def test_a_call_is_borrowed_with_the_first_parametrised_row_and_the_fixtures_it_needs():
    made = write(PARAMETRISED)

    assert "def test_issue_7_total_wrong():" in made.text
    assert body(made) == [
        "# As test_total calls it; put in what #7 is about.",
        "items = [1, 2]",
        "result = total(items)",
        'pytest.fail("Unfinished: assert what #7 expects")',
    ]
    assert made.todo == (Todo.ARGUMENTS, Todo.ASSERT)


METHOD = """\
import unittest
from shop.cart import Cart


class CartTest(unittest.TestCase):
    def test_add(self):
        self.open_shop()
        unrelated = 3
        cart = Cart(self.shop)
        cart.limit = 5
        cart.add('apple')
        self.assertEqual(cart.items, ['apple'])
        self.assertEqual(unrelated, 3)
"""


def test_what_a_method_needs_is_brought_along_and_nothing_else():
    made = write(METHOD, Framework.UNITTEST, targets=(ADD,))

    assert body(made) == [
        "# As test_add calls it; put in what #7 is about.",
        "self.open_shop()",
        "cart = Cart(self.shop)",
        "cart.limit = 5",
        "cart.add('apple')",
        "self.fail('Unfinished: assert what #7 expects')",
    ]
    assert made.test.name == "CartTest.test_issue_7_total_wrong"


WITH = """\
from shop.cart import total


def test_total(tmp_path):
    name = tmp_path / "cart"
    with open(name) as stream:
        text = stream.read()
        assert total(text) == 3
"""


def test_a_call_inside_a_with_stays_inside_it():
    assert body(write(WITH))[1:-1] == [
        'name = tmp_path / "cart"',
        "with open(name) as stream:",
        "    text = stream.read()",
        "    result = total(text)",
    ]


RAISES = """\
import pytest
from shop.cart import total


def test_refuses():
    with pytest.raises(TypeError):
        total(None)


def test_many():
    for items in ([1], [2]):
        total(items)
"""


def test_no_call_is_borrowed_that_should_fail_or_that_a_loop_repeats():
    assert body(write(RAISES)) == ["# result = total(items)", 'pytest.fail("Unfinished: assert what #7 expects")']


ASYNC = """\
import pytest
from shop.cart import total


@pytest.mark.asyncio
async def test_total(client):
    assert await total(client) == 3
"""


def test_an_async_call_comes_with_its_marker():
    made = write(ASYNC)

    assert "@pytest.mark.asyncio\nasync def test_issue_7_total_wrong(client):\n" in made.text
    assert "result = await total(client)" in body(made)


SKIPPED = """\
import pytest
from shop.cart import total


@pytest.mark.skipif(True, reason="no")
def test_total():
    assert total([]) == 0
"""


def test_what_skips_a_neighbour_is_left_behind():
    assert "skipif" not in "\n".join(body(write(SKIPPED)))
    assert write(SKIPPED).text.count("skipif") == 1


def test_a_reproduction_that_everything_is_known_of_becomes_code():
    story = issue("```python\nimport os\nfrom shop.cart import total\nprint(os.sep)\ntotal([3, 4])\n```")

    assert body(write(PARAMETRISED, story=story)) == [
        "import os",
        "",
        "result = total([3, 4])",
        'pytest.fail("Unfinished: assert what #7 expects")',
    ]


def test_the_last_value_of_a_transcript_is_compared_with_what_was_expected():
    story = issue("```\n>>> total([3, 4])\n4\n```\n\n### Expected\n\nIt should return `7`.\n")

    made = write(PARAMETRISED, story=story)

    assert body(made)[-1] == "assert result == 7"
    assert (made.asserts, made.todo) == (True, (Todo.CHECK_ASSERT,))


def test_what_was_printed_is_never_taken_for_what_was_expected():
    story = issue("```\n>>> total([3, 4])\n4\n```\n\n### Expected\n\n4\n")

    assert not write(PARAMETRISED, story=story).asserts


def test_assertions_of_the_issue_are_kept_and_nothing_fails_besides():
    story = issue("```python\nassert total([3, 4]) == 7\n```")

    made = write(PARAMETRISED, story=story)

    assert (body(made), made.asserts) == (["assert total([3, 4]) == 7"], True)


def test_an_assertion_that_is_always_true_does_not_count():
    assert not write(PARAMETRISED, story=issue("```python\ntotal([3, 4])\nassert True\n```")).asserts


@pytest.mark.parametrize(
    "code",
    [
        "total(basket)",  # nobody knows the basket
        "import numpy\ntotal(numpy.ones(3))",  # a package that the file does not use
        "total(open('https://example.com'))",
        "import subprocess\ntotal(subprocess.run('x'))",
        "exit()\ntotal([1])",
        "total([1]",
        "...\ntotal([1])",
        "return total([1])",
        "def test_total():\n    total([1])",
        "print('nothing of ours')",
    ],
)
def test_code_that_cannot_stand_there_stays_a_comment(code):
    made = write(PARAMETRISED, story=issue(f"```python\n{code}\n```"))

    assert all(line.startswith("#") for line in body(made)[:-3])
    assert f"#     {code.splitlines()[-1]}" in body(made)


def test_the_snippet_of_somebody_without_rights_is_never_code():
    story = read_story(7, "Total is wrong", "```python\ntotal([3, 4])\n```")

    made = write(PARAMETRISED, story=story)

    assert "#     total([3, 4])" in body(made)
    assert "result = total(items)" in body(made)


def test_tests_of_pytest_plugins_run_the_issues_test_inside():
    existing = 'def test_it(pytester):\n    pytester.makepyfile("")\n    result = pytester.runpytest()\n    assert result\n'

    made = write(existing, story=issue('```python\ndef test_inner():\n    """Text"""\n    assert 1\n```'))

    assert "def test_issue_7_total_wrong(pytester):" in made.text
    assert body(made)[0] == "pytester.makepyfile("
    assert "result = pytester.runpytest()" in body(made)


def test_tabs_quotes_and_names_are_the_neighbours():
    existing = "import unittest\n\n\nclass CartTest(unittest.TestCase):\n\tdef testAdd(self):\n\t\tself.assertTrue('a')\n"

    made = write(existing, Framework.UNITTEST)

    assert "\n\tdef testIssue7TotalWrong(self):\n\t\t" in made.text
    assert made.text.rstrip().endswith("\t\tself.fail('Unfinished: assert what #7 expects')")


def test_a_new_file_opens_with_the_neighbours_license_and_two_blank_lines():
    made = write(None, neighbour="# Copyright 2020 Octo\n# SPDX-License-Identifier: MIT\n\ndef test_a():\n    assert 'a' + 'b'\n")

    assert made.text.startswith(
        "# Copyright 2020 Octo\n# SPDX-License-Identifier: MIT\n\n"
        "import pytest\nfrom shop.cart import total\n\n\ndef test_issue_7_total_wrong():\n"
    )


def test_a_new_file_beside_unittests_neighbours_has_their_base_class():
    neighbour = (
        "from helpers import ShopTestCase\n\n\nclass NearTest(ShopTestCase):\n    def test_a(self):\n        self.assertTrue(1)\n"
    )

    made = write(None, Framework.UNITTEST, neighbour)

    assert "from helpers import ShopTestCase\n" in made.text
    assert "class CartTests(ShopTestCase):\n    def test_issue_7_total_wrong(self):\n" in made.text


def test_windows_line_ends_stay():
    made = write(PARAMETRISED.replace("\n", "\r\n"))

    assert made.text.count("\n") == made.text.count("\r\n")


def test_the_conditions_of_the_seam_are_a_list_to_work_off():
    lines = body(write(PARAMETRISED.replace("parametrize", "cases"), seams=(SeamKind.QUEUE,)))

    assert "# Also try: concurrency: delivered twice, out of order, to two workers" in lines


def test_where_neighbours_parametrise_each_condition_is_a_row_that_fails_until_it_is_asserted():
    made = write(PARAMETRISED, seams=(SeamKind.SUBPROCESS,))

    head = made.text.splitlines()[made.span.start - 1 :][:9]
    assert head[:2] == ['@pytest.mark.parametrize("condition", [', '    "failure: a non-zero exit",']
    assert head[-3:] == ['    "data: non-ASCII output",', "])", "def test_issue_7_total_wrong(condition):"]
    assert body(made)[-1] == 'pytest.fail("Unfinished: assert what #7 expects; " + condition)'
    assert not any("Also try" in line for line in body(made))


def test_a_test_that_asserts_or_is_a_test_case_of_unittest_has_no_rows():
    case = "import pytest\nimport unittest\n\n\n@pytest.mark.parametrize('a', [1])\ndef test_b(a):\n    assert a\n\n\n"
    case += "class TestCart(unittest.TestCase):\n    def test_total(self):\n        self.assertTrue(1)\n"

    assert "'condition'" not in write(case, seams=(SeamKind.HTTP,), beside="TestCart.test_total").text
    told = issue("```python\n>>> total([1])\n2\n```\n### Expected\n1\n")
    made = write(PARAMETRISED, seams=(SeamKind.HTTP,), story=told)
    assert made.asserts
    assert '"condition"' not in made.text


def test_what_the_fix_changed_is_named_where_the_test_speaks_of_none_of_it():
    changed = (("shop/cart.py", ("Cart.total", "tax")), ("shop/rates.py", ()))

    assert "# The fix changed Cart.total, tax (shop/cart.py)" in body(write(None, targets=(), changed=changed))
    assert not any("The fix changed" in line for line in body(write(PARAMETRISED, changed=changed)))
    assert "# The fix changed shop/rates.py" in body(write(None, targets=(), changed=changed[1:]))


def test_a_name_that_is_taken_gets_a_number():
    twice = write(write(PARAMETRISED).text)

    assert twice.test.name == "test_issue_7_total_wrong_2"


def test_a_file_without_imports_gets_its_first_above_everything():
    made = write("def helper():\n    pass\n\n\ndef test_a():\n    helper()\n")

    assert made.text.startswith("import pytest\nfrom shop.cart import total\n\n\ndef helper():\n")
    assert made.text.splitlines()[made.span.start - 1].startswith("def test_issue_7")


def test_a_page_break_in_a_file_moves_nothing():
    made = write("import os\n\x0c\ndef test_a():\n    os.getcwd()\n\n\ndef test_b():\n    pass\n", beside="test_a")

    names = [line for line in made.text.split("\n") if line.startswith("def ")]
    assert names == ["def test_a():", "def test_issue_7_total_wrong():", "def test_b():"]


def test_where_nothing_can_be_borrowed_the_fixtures_of_the_seam_still_come_along():
    existing = "import pytest\n\n\n@pytest.mark.parametrize('n', [1])\ndef test_saves(n, session):\n    session.add(n)\n"

    made = write(existing, seams=(SeamKind.DATABASE,))

    assert "def test_issue_7_total_wrong(session, condition):" in made.text
    assert Todo.FIXTURE in made.todo
    assert "def test_issue_7_total_wrong():" in write(existing).text


def test_a_parametrised_name_that_only_a_fixture_reads_stays_a_parameter():
    existing = (
        "import pytest\nfrom shop.cart import total\n\n\n@pytest.fixture\ndef cart(size):\n    return [1] * size\n\n\n"
        "@pytest.mark.parametrize('size, expected', [(3, 3)])\ndef test_total(cart, size, expected):\n"
        "    assert total(cart) == expected\n"
    )

    made = write(existing)

    assert "@pytest.mark.parametrize('size', [3])\ndef test_issue_7_total_wrong(cart, size):\n" in made.text
