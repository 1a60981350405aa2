import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.analysis.scaffold.compose import compose
from app.analysis.scaffold.signatures import READERS
from app.domain.errors import TellUser
from app.domain.scaffold import Blueprint, Neighbour, Scaffold, Story, Target, Todo
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

CART = """package org.shop;

import java.io.Reader;
import java.util.*;

public class Cart {
    public static class Line {}
    public Cart(String owner) {}
    private Cart() {}
    public static int total(final List<Line> lines, String... codes) throws Exception { return 0; }
    public void pay(Reader from, long amount) {}
    String kept(boolean all) { return ""; }
    private void hidden() {}
    public <T> T same(T one) { return one; }
    public abstract static class Base { public int size() { return 0; } }
}
"""
TESTS = """package org.shop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.fail;

import java.util.List;

import org.junit.Test;

public class CartTest {
  private Helper helper;

  @Test
  public void testTotal() {
    Runnable later = () -> {};
  }

  @Test
  public void testPay() {
  }
}
"""
STORY = Story(7, "Total is wrong in C:\\users", "https://github.com/octo/shop/issues/7", then=('The total is "3"',))
PATH = "src/test/java/org/shop/CartTest.java"


def target(qualified: str, source: str = CART) -> Target:
    found = READERS["java"].signature(source.encode(), qualified)
    assert found is not None
    return Target(
        "src/main/java/org/shop/Cart.java",
        qualified.rpartition(".")[2],
        qualified,
        "method",
        found.package,
        found.owner,
        found.parameters,
        found.owner_parameters,
        is_static=found.is_static,
        gives=found.gives,
        access=found.access,
        package=found.package,
        imports=found.imports,
        type_parameters=found.type_parameters,
        buildable=found.buildable,
    )


def made(qualified: str, existing: str | None = TESTS, framework: Framework = Framework.JUNIT4, **fields: object) -> Scaffold:
    near = (Neighbour(PATH, existing),) if existing is not None else ()
    plan = Blueprint(Suite(framework), STORY, PATH, existing, (target(qualified),), neighbours=near)
    return compose(replace(plan, **fields), shipped_template(framework))


def test_a_signature_names_nested_classes_from_outside():
    found = target("Cart.total")

    assert [(one.name, one.type, one.kind) for one in found.parameters] == [
        ("lines", "List<Cart.Line>", "positional"),
        ("codes", "String", "rest"),
    ]
    assert (found.owner, found.gives, found.is_static, found.access) == ("Cart", "int", True, "public")


def test_an_instance_is_made_by_the_constructor_that_others_may_call():
    assert [one.name for one in target("Cart.pay").owner_parameters] == ["owner"]
    assert not target("Cart.Base.size").buildable


def test_the_call_waits_for_its_values():
    text = made("Cart.total").text

    assert (
        "    List<Cart.Line> lines = null;\n    String[] codes = new String[0];\n"
        "    Callable<Integer> call = () -> Cart.total(lines, codes);\n"
    ) in text


def test_it_is_indented_like_its_class():
    scaffold = made("Cart.total", beside="CartTest.testTotal")
    lines = scaffold.text.split("\n")[scaffold.span.start - 1 : scaffold.span.end]

    assert lines[0].startswith("  // #7")
    assert lines[2:4] == ["  @Test", "  public void testIssue7TotalWrongCUsers() throws Exception {"]
    assert lines[-2:] == ['    fail("Unfinished: assert what #7 expects: The total is \\"3\\"");', "  }"]


def test_it_stands_behind_the_test_that_is_named():
    text = made("Cart.total", beside="CartTest.testTotal").text

    assert text.index("testTotal()") < text.index("testIssue7") < text.index("testPay()")


def test_an_import_joins_its_group():
    assert "import java.util.List;\nimport java.util.concurrent.Callable;\n\nimport org.junit.Test;" in made("Cart.total").text


def test_a_field_of_the_test_is_called_where_it_holds_the_thing():
    assert "() -> {\n      cart.pay(from, amount);" in made("Cart.pay", TESTS.replace("Helper helper", "Cart cart")).text


def test_without_lambdas_the_call_waits_in_a_class():
    text = made("Cart.total", TESTS.replace("Runnable later = () -> {};", "")).text

    assert "    final Callable<Integer> call = new Callable<Integer>() {\n      public Integer call() throws Exception {" in text


def test_what_cannot_be_called_stays_a_comment():
    hidden, generic = made("Cart.hidden"), made("Cart.same")

    assert "//   Cart.hidden() -> void" in hidden.text
    assert "//   Cart.same(T one) -> T" in generic.text
    assert "Callable" not in hidden.text + generic.text


def test_another_package_reaches_only_what_is_public():
    elsewhere = TESTS.replace("package org.shop;", "package org.shop.web;")

    assert Todo.REACH in made("Cart.kept", elsewhere).todo
    assert "import org.shop.Cart;" in made("Cart.total", elsewhere).text


def test_junit_3_goes_by_name():
    old = "package org.shop;\n\nimport junit.framework.TestCase;\n\npublic class CartTest extends TestCase {\n"
    text = made("Cart.total", f"{old}    public void testTotal() {{\n    }}\n}}\n").text

    assert "@Test" not in text
    assert "public void testIssue7TotalWrongCUsers()" in text
    assert "        fail(" in text


def test_junit_5_fails_by_its_own_word_and_shows_a_name_where_neighbours_do():
    five = TESTS.replace("org.junit.Test", "org.junit.jupiter.api.Test").replace("org.junit.Assert.fail", "org.shop.Kit.x")
    five = five.replace("@Test", '@Test @DisplayName("x")').replace("public void", "void")

    text = made("Cart.total", five, Framework.JUNIT5).text

    assert "import static org.junit.jupiter.api.Assertions.fail;" in text
    assert '  @DisplayName("#7: Total is wrong in C:\\\\users")\n  void testIssue7' in text


def test_a_new_class_takes_license_package_and_the_slice_of_its_neighbour():
    near = Neighbour(
        "src/test/java/org/shop/OrderControllerTest.java",
        "// Copyright 2020 Octo.\npackage org.shop;\n\nimport org.junit.jupiter.api.Test;\nimport org.w.WebMvcTest;\n"
        "import org.w.Autowired;\nimport org.w.MockMvc;\n\n@WebMvcTest(OrderController.class)\nclass OrderControllerTest {\n"
        "    @Autowired\n    private MockMvc mvc;\n\n    @Test\n    void shouldList() {\n    }\n}\n",
    )

    text = made("Cart.total", None, Framework.JUNIT5, neighbours=(near,)).text

    assert text.startswith("// Copyright 2020 Octo.\n\npackage org.shop;\n\n")
    assert "@WebMvcTest(OrderController.class)\nclass CartTest {\n    @Autowired private MockMvc mvc;\n" in text
    assert "import org.w.MockMvc;" in text
    assert "    void shouldNotRepeatIssue7TotalWrongCUsers()" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\\u000a", "\\\\u000a"),
        ("\\\\u000a", "\\\\u000a"),
        ("C:\\users\\uuu0022", "C:\\\\users\\\\uuu0022"),
        ("\\\\\\u0022", "\\\\\\\\u0022"),
    ],
)
def test_no_unicode_escape_is_left_in_a_comment(text: str, shown: str):
    story = replace(STORY, then=(text,))

    assert f"// Expected: {shown}\n" in made("Cart.total", story=story).text


JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("junit4", "hamcrest-core")]


@pytest.mark.skipif(shutil.which("javac") is None or not all(jar.exists() for jar in JARS), reason="needs javac and JUnit 4")
def test_it_compiles_and_is_red(tmp_path: Path):
    (tmp_path / "Cart.java").write_text(CART)
    text = TESTS.replace("  private Helper helper;\n", "")
    for qualified in ("Cart.total", "Cart.pay", "Cart.kept", "Cart.Base.size"):
        text = compose(
            Blueprint(Suite(Framework.JUNIT4), replace(STORY, number=len(text)), PATH, text, (target(qualified),)),
            shipped_template(Framework.JUNIT4),
        ).text
    (tmp_path / "CartTest.java").write_text(text)
    path = ":".join([*map(str, JARS), str(tmp_path)])
    built = subprocess.run(
        ["javac", "-Xlint:all", "-cp", path, "-d", str(tmp_path), "Cart.java", "CartTest.java"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    run = subprocess.run(
        ["java", "-cp", path, "org.junit.runner.JUnitCore", "org.shop.CartTest"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "Tests run: 6,  Failures: 4" in run.stdout
    assert run.stdout.count("AssertionError: Unfinished: assert what #") == 4


def test_an_arrow_in_a_comment_is_no_lambda():
    told = TESTS.replace("Runnable later = () -> {};", '// a -> b\n    String s = "x -> y"; /* C::d */')

    assert "new Callable<Integer>() {" in made("Cart.total", told).text


def test_nothing_is_written_in_kotlin():
    with pytest.raises(TellUser):
        made("Cart.total", None, Framework.JUNIT5, path="src/test/kotlin/org/shop/CartTest.kt")
