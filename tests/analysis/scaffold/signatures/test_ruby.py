"""Ruby: parameters by their kinds, what is called on a class itself, what is private, how `require` names a file."""

import pytest

from app.analysis.scaffold.signatures import READERS, Signature, Surroundings
from app.domain.scaffold import Parameter

SHOP = b"""module Shop
  class Cart
    def initialize(shop, limit = 3); end
    def total(tax, *rest, rounded:, unit: "EUR", **options, &block); end
    def self.open(id) = id
    class << self
      def make; end
    end
    private def first; end
    def later; end
    private :later
    private
    def hidden; end
    public
    def shown; end
  end
  module Money
    extend self
    def round(value); end
  end
  module Taxed
    def taxed; end
  end
end
"""


def signature(qualified: str) -> Signature:
    found = READERS["ruby"].signature(SHOP, qualified)
    assert found is not None
    return found


def test_parameters_have_their_kinds_and_defaults():
    assert signature("Shop.Cart.total").parameters == (
        Parameter("tax"),
        Parameter("rest", kind="rest"),
        Parameter("rounded", kind="keyword"),
        Parameter("unit", "", '"EUR"', "keyword"),
        Parameter("options", kind="keywords"),
    )


def test_a_method_knows_what_its_class_is_made_with():
    total = signature("Shop.Cart.total")

    assert (total.owner, total.owner_parameters) == ("Shop.Cart", (Parameter("shop"), Parameter("limit", "", "3")))


@pytest.mark.parametrize(
    ("name", "static"),
    [("Shop.Cart.open", True), ("Shop.Cart.make", True), ("Shop.Cart.total", False), ("Shop.Money.round", True)],
)
def test_what_is_called_on_the_class_itself_is_static(name, static):
    assert signature(name).is_static is static


@pytest.mark.parametrize(
    ("name", "reachable"),
    [("Shop.Cart.first", False), ("Shop.Cart.later", False), ("Shop.Cart.hidden", False), ("Shop.Cart.shown", True)],
)
def test_private_methods_are_not_reachable(name, reachable):
    assert signature(name).reachable is reachable


def test_the_methods_of_a_module_have_to_be_included():
    assert (signature("Shop.Taxed.taxed").export, signature("Shop.Cart.total").export) == ("module", "class")


@pytest.mark.parametrize(
    ("path", "module"), [("lib/shop/cart.rb", "shop/cart"), ("app/models/cart.rb", "cart"), ("gems/a/lib/a.rb", "a")]
)
def test_a_file_is_named_as_require_names_it(path, module):
    assert READERS["ruby"].module(path, b"", Surroundings("spec/a_spec.rb", [], lambda _: None)) == module
