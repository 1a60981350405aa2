from dataclasses import replace

import pytest

from app.analysis.languages import csharp
from app.analysis.scaffold.compose import compose
from app.analysis.scaffold.signatures import READERS
from app.domain.scaffold import Blueprint, Neighbour, Scaffold, Story, Target, Todo
from app.domain.suite import Framework, Suite
from app.engine.scaffold import shipped_template

CART = """using System.Collections.Generic;

namespace Shop.Carts
{
    public class Cart
    {
        public Cart(string owner) {}
        internal Cart() {}
        public static int Total(string[] lines, decimal? most, int count = 3, params string[] codes) { return 0; }
        public void Pay(long amount) {}
        public List<int> Lines(List<int> kept) { return kept; }
        private void Hidden() {}
        public T Same<T>(T one) { return one; }
    }
}
"""
TESTS = """using System.Linq;
using Xunit;

namespace Shop.Tests
{
    public class CartTests
    {
        [Fact]
        public void TotalIsZero()
        {
        }

        [Theory]
        [InlineData(1)]
        public void Pays(int x) => Assert.True(x > 0);
    }
}
"""
STORY = Story(7, "Total is {wrong}", "https://github.com/octo/shop/issues/7", then=('The total is "{x}" \\u0022',))
PATH = "test/Shop.Tests/CartTests.cs"


def target(qualified: str) -> Target:
    found = READERS["csharp"].signature(CART.encode(), qualified)
    assert found is not None
    return Target(
        "src/Shop/Carts/Cart.cs",
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
        type_parameters=found.type_parameters,
        buildable=found.buildable,
    )


def made(qualified: str, existing: str | None = TESTS, framework: Framework = Framework.XUNIT, **fields: object) -> Scaffold:
    near = (Neighbour(PATH, existing),) if existing is not None else ()
    plan = Blueprint(Suite(framework), STORY, PATH, existing, (target(qualified),), neighbours=near)
    return compose(replace(plan, **fields), shipped_template(framework))


def test_tests_are_those_with_an_attribute():
    assert [test.name for test in csharp.tests_in(TESTS.encode())] == ["CartTests.TotalIsZero", "CartTests.Pays"]


def test_a_static_method_waits_with_plain_values():
    text = made("Cart.Total").text

    assert "using System;\nusing System.Linq;\nusing Shop.Carts;\nusing Xunit;\n" in text
    assert (
        "            string[] lines = new string[0];\n            decimal? most = null;\n"
        "            Func<int> call = () => Cart.Total(lines, most);\n"
    ) in text


def test_an_instance_is_made_by_its_public_constructor():
    scaffold = made("Cart.Pay")

    assert "Action call = () => new Cart(owner).Pay(amount);" in scaffold.text
    assert Todo.MAKE in scaffold.todo


@pytest.mark.parametrize("qualified", ["Cart.Lines", "Cart.Hidden", "Cart.Same"])
def test_what_cannot_be_named_for_sure_stays_a_comment(qualified: str):
    text = made(qualified).text

    assert f" {qualified}(" in text.partition("//   ")[2]
    assert " call = " not in text


def test_it_fails_in_a_way_that_the_version_knows():
    assert 'throw new Xunit.Sdk.XunitException("Unfinished: ' in made("Cart.Pay").text
    assert 'Assert.Fail("Unfinished: ' in made("Cart.Pay", suite=Suite(Framework.XUNIT, version="2.9.0")).text
    assert 'The total is \\"{x}\\" \\\\u0022");' in made("Cart.Pay").text


def test_nunit_marks_its_tests():
    nunit = TESTS.replace("using Xunit", "using NUnit.Framework").replace("[Fact]", "[Test]").replace("TotalIs", "Test_TotalIs")

    scaffold = made("Cart.Pay", nunit, Framework.NUNIT)

    assert "        [Test]\n        public void " in scaffold.text
    assert "Assert.Fail(" in scaffold.text


def test_a_new_file_opens_like_its_neighbour():
    near = Neighbour(
        "test/Shop.Tests/OrderTests.cs",
        "\ufeff// Copyright Octo.\r\n\r\nnamespace Shop.Tests;\r\n\r\npublic sealed class OrderTests\r\n{\r\n}\r\n",
    )

    text = made("Cart.Pay", None, neighbours=(near,)).text

    assert text.startswith("// Copyright Octo.\n\nusing System;\nusing Shop.Carts;\n") or "namespace Shop.Tests;" in text
    assert "using Xunit" not in text
    assert "public sealed class CartTests\n{\n    // #7" in text


def test_marks_and_line_ends_of_windows_stay():
    text = made("Cart.Total", "\ufeff" + TESTS.replace("\n", "\r\n")).text

    assert text.startswith("\ufeff")
    assert text.count("\n") == text.count("\r\n")
