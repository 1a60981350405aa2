"""Ruby: definitions with their owners, tests named with the groups around them."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis.languages import ruby

SHOP = b"""module Shop
  class Cart < Base
    def total; end
    class << self
      def make; end
    end
  end
  class Shop::Line; end
end
def helper; end
"""
SPECS = b"""RSpec.describe Shop::Cart, type: :model do
  describe "#total" do
    it "adds   up" do
    end
    it { is_expected.to be }
    def test_nothing; end
  end
end
"""
CLASSES = b"""module Shop
  class TestCart < Minitest::Test
    def test_total; end
    def other; end
    context "empty" do
      should "be zero" do
      end
    end
  end
end
"""


def test_definitions_carry_their_owners():
    assert [(each.qualified, each.kind) for each in ruby.symbols(SHOP)] == [
        ("Shop", "class"),
        ("Shop.Cart", "class"),
        ("Shop.Cart.total", "method"),
        ("Shop.Cart.make", "method"),
        ("Shop.Shop.Line", "class"),
        ("helper", "function"),
    ]


def test_specs_are_named_by_their_titles():
    assert [test.name for test in ruby.tests_in(SPECS)] == ["Shop::Cart > #total > adds up"]


def test_methods_are_named_by_their_class_and_titled_tests_by_their_groups():
    assert [test.name for test in ruby.tests_in(CLASSES)] == ["Shop::TestCart.test_total", "Shop::TestCart > empty > be zero"]


@given(st.text(alphabet="(){}[]=>.,;:'\"`#{}|&*$@ \ndefndocitclassmodule", max_size=80))
def test_no_text_is_too_strange(text):
    ruby.symbols(text.encode())
    ruby.tests_in(text.encode())
