"""Which guards a change disarms, in every language; what only reads differently disarms nothing."""

from dataclasses import dataclass

import pytest

from app.analysis.modules import ModuleIndex
from app.analysis.review.counterpart import Sides
from app.analysis.review.disarmed import Guards
from app.domain.review import Disarmed, How
from app.domain.suite import TestId

PYTHON = (
    "from shop.cart import Cart\n\n\ndef test_total():\n    cart = Cart()\n"
    "    assert cart.total() == 10\n    assert cart.items == []\n"
)
PATH = "tests/test_cart.py"


@dataclass(frozen=True)
class Language:
    """One guard in one language, and the ways to take its force."""

    path: str
    name: str
    source: str
    skipped: tuple[str, str]
    failing: tuple[str, str] | None
    fewer: tuple[str, str]
    looser: tuple[str, str]


LANGUAGES = [
    Language(
        PATH,
        "test_total",
        PYTHON,
        ("def test_total", "@pytest.mark.skip\ndef test_total"),
        ("def test_total", "@pytest.mark.xfail\ndef test_total"),
        ("    assert cart.items == []\n", ""),
        ("assert cart.total() == 10", "assert cart.total()"),
    ),
    Language(
        "tests/test_shop.py",
        "TestCart.test_total",
        "class TestCart(TestCase):\n    def test_total(self):\n"
        "        self.assertEqual(total(), 10)\n        self.assertIn(1, items())\n",
        ("    def test_total", "    @unittest.skip('x')\n    def test_total"),
        ("    def test_total", "    @unittest.expectedFailure\n    def test_total"),
        ("        self.assertIn(1, items())\n", ""),
        ("assertEqual(total(), 10)", "assertTrue(total())"),
    ),
    Language(
        "cart.test.ts",
        "cart > adds up",
        "describe('cart', () => {\n  it('adds up', () => {\n    expect(total()).toBe(10)\n"
        "    expect(items()).toContain(1)\n  })\n})\n",
        ("it('adds up'", "it.skip('adds up'"),
        ("it('adds up'", "it.failing('adds up'"),
        ("    expect(items()).toContain(1)\n", ""),
        ("toBe(10)", "toBeDefined()"),
    ),
    Language(
        "cart_test.go",
        "TestTotal",
        "package shop\n\nfunc TestTotal(t *testing.T) {\n\tassert.Equal(t, 10, Total())\n"
        "\tif Items() != 1 {\n\t\tt.Error()\n\t}\n}\n",
        ("\tassert.Equal", "\tt.Skip()\n\tassert.Equal"),
        None,
        ("\tif Items() != 1 {\n\t\tt.Error()\n\t}\n", ""),
        ("assert.Equal(t, 10, Total())", "assert.NotNil(t, Total())"),
    ),
    Language(
        "src/test/java/CartTest.java",
        "CartTest.total",
        "class CartTest {\n  @Test\n  void total() {\n    assertEquals(10, cart.total());\n"
        "    assertThat(items).hasSize(1);\n  }\n}\n",
        ("  @Test\n", "  @Test\n  @Disabled\n"),
        None,
        ("    assertThat(items).hasSize(1);\n", ""),
        ("assertEquals(10, cart.total())", "assertNotNull(cart.total())"),
    ),
    Language(
        "spec/cart_spec.rb",
        "Cart > adds up",
        "describe 'Cart' do\n  it 'adds up' do\n    expect(total).to eq(10)\n    expect(items).to include(1)\n  end\nend\n",
        ("it 'adds up'", "xit 'adds up'"),
        ("it 'adds up' do", "it 'adds up', pending: true do"),
        ("    expect(items).to include(1)\n", ""),
        ("eq(10)", "be_truthy"),
    ),
    Language(
        "test/test_cart.rb",
        "TestCart.test_total",
        "class TestCart < Minitest::Test\n  def test_total\n    assert_equal 10, total\n"
        "    assert_includes items, 1\n  end\nend\n",
        ("    assert_equal", "    skip\n    assert_equal"),
        None,
        ("    assert_includes items, 1\n", ""),
        ("assert_equal 10, total", "assert total"),
    ),
]
EACH = pytest.mark.parametrize("one", LANGUAGES, ids=[one.path for one in LANGUAGES])


def changed(one: Language, way: tuple[str, str]) -> tuple[Disarmed, ...]:
    assert way[0] in one.source
    return told(one.path, one.name, one.source, one.source.replace(*way, 1))


def told(path: str, name: str, before: str, after: str | None, *others: Sides) -> tuple[Disarmed, ...]:
    own = Sides(path, "" if after is None else path, before.encode(), (after or "").encode())
    return Guards([own, *others]).disarmed(TestId(path, name), {})


def hows(found: tuple[Disarmed, ...]) -> list[How]:
    return [one.how for one in found]


@EACH
def test_a_guard_left_as_it_was_is_not_disarmed(one: Language) -> None:
    assert told(one.path, one.name, one.source, one.source + "\n") == ()


@EACH
def test_a_deleted_file_deletes_its_guard(one: Language) -> None:
    (found,) = told(one.path, one.name, one.source, None)
    assert (found.how, found.path, found.line) == (How.DELETED, one.path, None)


@EACH
def test_a_skipped_guard_is_told_with_its_line(one: Language) -> None:
    (found,) = changed(one, one.skipped)
    assert found.how is How.SKIPPED
    assert found.after and found.line


@EACH
def test_a_guard_that_is_expected_to_fail_is_told(one: Language) -> None:
    if one.failing is not None:
        assert hows(changed(one, one.failing)) == [How.EXPECTED_TO_FAIL]


@EACH
def test_fewer_assertions_are_counted(one: Language) -> None:
    (found,) = changed(one, one.fewer)
    assert (found.how, found.before, found.after) == (How.FEWER_ASSERTIONS, "2", "1")


@EACH
def test_a_looser_assertion_is_told_by_both_names(one: Language) -> None:
    (found,) = changed(one, one.looser)
    assert found.how is How.LOOSER_ASSERTIONS
    assert found.before != found.after
    lines = one.source.replace(*one.looser).split("\n")
    assert one.looser[1].partition("(")[0][:8] in lines[(found.line or 0) - 1]


def test_the_guard_deleted_from_a_file_that_stays_is_told_there() -> None:
    (found,) = told(PATH, "test_total", PYTHON + "\n\ndef test_b():\n    assert b\n", "def test_b():\n    assert b\n")
    assert (found.how, found.path, found.line) == (How.DELETED, PATH, None)


def test_a_guard_that_moved_to_another_file_still_guards() -> None:
    moved = Sides("", "tests/test_totals.py", b"", PYTHON.encode())
    assert told(PATH, "test_total", PYTHON, None, moved) == ()


def test_a_guard_that_moved_and_lost_its_assertions_is_weakened_where_it_stands_now() -> None:
    moved = Sides("", "tests/test_totals.py", b"", PYTHON.replace("    assert cart.items == []\n", "").encode())
    (found,) = told(PATH, "test_total", PYTHON, None, moved)
    assert (found.how, found.path) == (How.FEWER_ASSERTIONS, "tests/test_totals.py")


def test_a_renamed_guard_still_guards() -> None:
    assert told(PATH, "test_total", PYTHON, PYTHON.replace("test_total", "test_sum")) == ()


def test_a_name_that_no_runner_collects_skips_the_guard() -> None:
    (found,) = told(PATH, "test_total", PYTHON, PYTHON.replace("test_total", "_test_total"))
    assert (found.how, found.after, found.line) == (How.SKIPPED, "_test_total", 4)


def test_another_test_of_an_only_is_what_skips_the_guard() -> None:
    one = LANGUAGES[2]
    (found,) = told(one.path, one.name, one.source, one.source + "it.only('b', () => {})\n")
    assert (found.how, found.after) == (How.SKIPPED, "it.only")


def test_a_guard_that_was_skipped_before_is_not_disarmed_again() -> None:
    before = "@pytest.mark.skip\n" + PYTHON
    assert told(PATH, "test_total", before, before.replace("skip\n", "skip(reason='x')\n")) == ()


def test_assertions_that_move_into_a_helper_of_the_file_are_counted_there() -> None:
    helped = PYTHON.replace("    assert cart.items == []\n", "    holds_nothing(cart)\n")
    helped += "\n\ndef holds_nothing(cart):\n    assert cart.items == []\n"
    assert told(PATH, "test_total", PYTHON, helped) == ()


def test_a_helper_that_asserts_less_weakens_the_guard() -> None:
    helped = (
        PYTHON.replace("    assert cart.items == []\n", "    holds(cart)\n")
        + "\n\ndef holds(cart):\n    assert cart.items == []\n"
    )
    (found,) = told(PATH, "test_total", helped, helped.replace("    assert cart.items == []\n", "    cart.items\n"))
    assert found.how is How.FEWER_ASSERTIONS


def test_assertions_joined_in_one_as_exact_are_not_fewer() -> None:
    joined = PYTHON.replace("    assert cart.items == []\n", "").replace(
        "cart.total() == 10", "(cart.total(), cart.items) == (10, [])"
    )
    assert told(PATH, "test_total", PYTHON, joined) == ()


def test_assertions_that_give_way_to_a_more_exact_one_are_not_fewer() -> None:
    before = PYTHON.replace("cart.total() == 10", "1 in cart.x").replace("cart.items == []", "2 in cart.x")
    assert told(PATH, "test_total", before, PYTHON.replace("    assert cart.items == []\n", "")) == ()


def test_a_guard_that_never_ran_is_no_loss() -> None:
    before = PYTHON.replace("def test_total():\n", "def test_total():\n    pytest.skip('not yet')\n")
    assert told(PATH, "test_total", before, None) == ()


def test_a_helper_that_moves_to_another_file_still_asserts() -> None:
    helper = "\n\ndef holds(cart):\n    assert cart.items == []\n    assert cart.total() == 1\n"
    helped = PYTHON.replace("    assert cart.items == []\n", "    holds(cart)\n")
    assert told(PATH, "test_total", helped + helper, "from tests.base import holds\n" + helped) == ()
    assert told(PATH, "test_total", "from tests.base import holds\n" + helped, helped + helper) == ()


def test_a_helper_that_the_test_no_longer_calls_is_missed() -> None:
    helper = "\n\ndef holds(cart):\n    assert cart.items == []\n"
    helped = PYTHON.replace("    assert cart.items == []\n", "    holds(cart)\n")
    assert hows(told(PATH, "test_total", helped + helper, helped.replace("    holds(cart)\n", "") + helper)) == [
        How.FEWER_ASSERTIONS
    ]


def test_the_helper_of_another_class_is_not_the_tests_own() -> None:
    other = "class TestB:\n    def holds(self):\n        assert b\n        assert c == 1\n\n"
    own = "class TestA:\n    def holds(self):\n        assert a == 1\n\n    def test_total(self):\n        self.holds()\n\n\n"
    before, after = own + other, own + other.replace("        assert c == 1\n", "")
    assert told(PATH, "TestA.test_total", before, after) == ()


def test_a_mere_look_at_what_others_pin_down_is_not_missed() -> None:
    looked = PYTHON.replace("    assert cart.total", "    assert cart is not None\n    assert cart.total")
    assert told(PATH, "test_total", looked, PYTHON) == ()


def test_one_of_two_assertions_on_the_same_names_is_missed() -> None:
    before = "def test_total():\n    assert total(1) == 10\n    assert total(2) == 20\n"
    assert hows(told(PATH, "test_total", before, before.replace("    assert total(2) == 20\n", ""))) == [How.FEWER_ASSERTIONS]


def test_assertions_put_into_a_table_are_not_fewer() -> None:
    table = "@pytest.mark.parametrize('name', ['total', 'items'])\ndef test_total(name):\n    assert read(name) == WANTED[name]\n"
    assert told(PATH, "test_total", PYTHON, table) == ()


def test_another_expected_value_is_as_exact_as_before() -> None:
    assert told(PATH, "test_total", PYTHON, PYTHON.replace("== 10", "== 11")) == ()


def test_more_assertions_disarm_nothing() -> None:
    assert told(PATH, "test_total", PYTHON, PYTHON + "    assert cart\n") == ()


def test_a_test_that_did_not_stand_before_is_no_guard() -> None:
    assert told(PATH, "test_other", PYTHON, None) == ()


def test_a_whole_file_is_disarmed_only_by_going_away() -> None:
    assert told("tests/cart.feature", "", "a", "b") == ()
    assert hows(told("tests/cart.feature", "", "a", None)) == [How.DELETED]


INDEX = ModuleIndex.build(["shop/__init__.py", "shop/cart.py", "shop/mail.py", PATH, "cart.ts", "cart.test.ts"])
FIXED = {"shop/cart.py": frozenset({"Cart.total"}), "cart.ts": frozenset({"total"})}


def mocked(path: str, name: str, before: str, after: str) -> tuple[Disarmed, ...]:
    return Guards([Sides(path, path, before.encode(), after.encode())], INDEX).disarmed(TestId(path, name), FIXED)


@pytest.mark.parametrize("target", ["shop.cart.Cart.total", "shop.cart.Cart"])
def test_a_stand_in_for_what_was_fixed_disarms(target: str) -> None:
    (found,) = mocked(PATH, "test_total", PYTHON, PYTHON.replace("def test", f"@mock.patch('{target}')\ndef test"))
    assert (found.how, found.after) == (How.MOCKED_AWAY, target)


@pytest.mark.parametrize("target", ["shop.mail.send", "shop.cart.Cart.empty", "shop.cart.log"])
def test_a_stand_in_for_something_else_does_not(target: str) -> None:
    assert mocked(PATH, "test_total", PYTHON, PYTHON.replace("def test", f"@mock.patch('{target}')\ndef test")) == ()


def test_a_stand_in_that_was_there_before_does_not() -> None:
    before = PYTHON.replace("def test", "@mock.patch('shop.cart.Cart.total')\ndef test")
    assert mocked(PATH, "test_total", before, before.replace("== 10", "== 11")) == ()


def test_a_whole_module_put_away_in_typescript_disarms() -> None:
    one = LANGUAGES[2]
    (found,) = mocked(one.path, one.name, one.source, "vi.mock('./cart')\n" + one.source)
    assert (found.how, found.after, found.line) == (How.MOCKED_AWAY, "./cart", 1)
