"""What a file keeps to itself is reached through what it hands on and what uses it."""

from app.analysis.scaffold.callers import caller
from app.analysis.scaffold.signatures import READERS

PROPS = b"""
export function initProps(props) { validateProps(props) }
function validateProps(props) { for (const p of props) validateProp(p) }
function validateProp(prop) {}
function alone() {}
export const other = () => 1
"""
CART = b"""class Cart
  def total; round_up(1); end
  private
  def round_up(value); end
end
"""


def found(language: str, source: bytes, name: str) -> str | None:
    reader = READERS[language]
    known = {symbol.qualified: symbol for symbol in reader.symbols(source)}
    through = caller(reader, source, known[name], known)
    return through[0].qualified if through else None


def test_the_caller_of_a_caller_is_a_way_in():
    assert found("javascript", PROPS, "validateProp") == "initProps"


def test_what_nobody_uses_has_no_way_in():
    assert found("javascript", PROPS, "alone") is None


def test_a_private_method_is_reached_through_a_public_one():
    assert found("ruby", CART, "Cart.round_up") == "Cart.total"
