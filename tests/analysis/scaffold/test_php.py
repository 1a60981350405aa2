import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysis.languages import php
from app.analysis.scaffold.compose import compose
from app.analysis.scaffold.signatures import READERS
from app.domain.scaffold import Blueprint, Neighbour, Scaffold, Snippet, Story, Target, Todo
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

CART = """<?php

namespace Shop\\Cart;

function free(array $items) { return 1; }

class Cart
{
    public function __construct(private string $owner, ?int $most = null) {}

    public static function total(array $items, int &$count, ?Code $code, string $unit = 'EUR', ...$rest): ?float { return 1.0; }

    public function pay(float $amount): bool { return true; }

    private function hidden() {}
}

abstract class Base
{
    public function size() {}
}
"""
TESTS = """<?php

declare(strict_types=1);

namespace Shop\\Cart\\Tests;

use PHPUnit\\Framework\\TestCase;
use Shop\\Money;

final class CartTest extends TestCase
{
    public function testTotal(): void
    {
        self::assertTrue(true);
    }

    /** @test */
    public function it_pays(): void
    {
        self::assertTrue(true);
    }
}
"""
STORY = Story(7, "Total ?> is $wrong", "https://github.com/octo/shop/issues/7", then=("The total is '{$x}' ?> <b>",))
PATH = "tests/Cart/CartTest.php"


def target(qualified: str) -> Target:
    found = READERS["php"].signature(CART.encode(), qualified)
    assert found is not None
    kind = next(one.kind for one in php.symbols(CART.encode()) if one.qualified == qualified)
    return Target(
        "src/Cart/Cart.php",
        qualified.rpartition(".")[2],
        qualified,
        kind,
        found.package,
        found.owner,
        found.parameters,
        found.owner_parameters,
        is_static=found.is_static,
        reachable=found.reachable,
        gives=found.gives,
        access=found.access,
        package=found.package,
        buildable=found.buildable,
    )


def made(qualified: str, existing: str | None = TESTS, **fields: object) -> Scaffold:
    near = (Neighbour(PATH, existing),) if existing is not None else ()
    plan = Blueprint(Suite(Framework.PHPUNIT), STORY, PATH, existing, (target(qualified),), neighbours=near)
    return compose(replace(plan, **fields), shipped_template(Framework.PHPUNIT))


def test_definitions_are_qualified_by_their_class():
    assert [(one.qualified, one.kind) for one in php.symbols(CART.encode())] == [
        ("free", "function"),
        ("Cart", "class"),
        ("Cart.__construct", "method"),
        ("Cart.total", "method"),
        ("Cart.pay", "method"),
        ("Cart.hidden", "method"),
        ("Base", "class"),
        ("Base.size", "method"),
    ]


def test_tests_are_those_named_and_those_marked():
    assert [test.name for test in php.tests_in(TESTS.encode())] == ["CartTest.testTotal", "CartTest.it_pays"]


def test_a_static_method_is_called_on_its_class_with_what_it_needs():
    text = made("Cart.total").text

    assert "use Shop\\Cart\\Cart;\nuse Shop\\Money;" in text
    assert "            $items = [];\n            $count = 0;\n            $code = null;\n\n" in text
    assert "            return Cart::total($items, $count, $code);\n        };\n" in text


def test_an_instance_is_made_with_what_its_constructor_needs():
    assert "return (new Cart($owner))->pay($amount);" in made("Cart.pay").text


def test_a_property_of_the_test_is_called_where_it_holds_the_thing():
    held = TESTS.replace("{\n    public function testTotal", "{\n    private Cart $cart;\n\n    public function testTotal")

    assert "return $this->cart->pay($amount);" in made("Cart.pay", held).text


def test_a_function_is_called_by_its_full_name():
    assert "return \\Shop\\Cart\\free($items);" in made("free").text


def test_what_is_private_stays_a_comment():
    scaffold = made("Cart.hidden")

    assert "//   Cart::hidden()" in scaffold.text
    assert Todo.REACH in scaffold.todo
    assert "$call" not in made("Base.size").text


def test_it_fails_in_the_neighbours_way_and_the_sentence_is_only_text():
    text = made("Cart.pay").text

    assert "        self::fail('Unfinished: assert what #7 expects: The total is \\'{$x}\\' ?> <b>');\n    }" in text
    assert "// #7: Total ? > is $wrong\n" in text


def test_without_an_address_no_empty_comment_stands_above_and_code_keeps_its_blank_lines():
    story = Story(7, "Total", snippets=(Snippet("$a = 1;\n\n$b = 2;"),))
    lines = [line.strip() for line in made("Cart.total", story=story).text.split("\n")]

    at = lines.index("//     $a = 1;")
    assert lines[at : at + 3] == ["//     $a = 1;", "//", "//     $b = 2;"]
    assert lines.count("//") == 1


def test_names_take_underscores_where_the_neighbours_do():
    assert made("Cart.pay", TESTS.replace("testTotal", "test_total")).test.name == "CartTest.test_issue_7_total_wrong"


def test_a_new_class_stands_in_the_neighbours_namespace_moved_as_folders_are():
    near = Neighbour("tests/Cart/OrderTest.php", TESTS.replace("<?php\n", "<?php\n\n/*\n * Copyright Octo.\n */\n"))

    text = made("Cart.pay", None, neighbours=(near,), path="tests/Cart/Web/CartTest.php").text

    assert text.startswith("<?php\n\n/*\n * Copyright Octo.\n */\n\ndeclare(strict_types=1);\n\nnamespace Shop\\Cart\\Tests")
    assert "final class CartTest extends TestCase\n{\n    // #7" in text


@pytest.mark.skipif(shutil.which("phpunit") is None, reason="needs PHPUnit")
def test_it_is_listed_and_is_red(tmp_path: Path):
    for qualified in ("Cart.total", "Cart.pay", "free", "Cart.hidden"):
        scaffold = made(qualified)
        (tmp_path / "CartTest.php").write_text(scaffold.text)
        command = ["phpunit", "--no-configuration", "CartTest.php"]
        listed = subprocess.run([*command, "--list-tests"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert f"::{scaffold.test.name.partition('.')[2]}" in listed.stdout
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert "Tests: 3, Assertions: 3, Failures: 1" in run.stdout
        assert "Unfinished: assert what #7 expects: The total is '{$x}' ?> <b>" in run.stdout
