"""JavaScript and TypeScript: parameters as callers write them, ways of handing on, the path an import says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.analysis.scaffold.signatures import READERS, Signature, Surroundings
from app.domain.scaffold import Parameter

TYPED = b"""
export default class Cart<T> extends Base {
  constructor(private shop: Shop, public name?: string) { super() }
  static async open(this: Cart<any>, id: number): Promise<void> {}
  total({ tax, rounded = true }: Options = {}, ...items: T[]): number { return 0 }
  private hidden(): void {}
  get value() { return 1 }
  #gone() {}
}
export const load = async (url, retries = 3) => url
function inner(a) { function deep(b) { return b } return deep(a) }
export { inner, inner as other }
function kept() {}
"""
COMMON = b"""
const Topics = module.exports;
Topics.create = async function (data, callback) {};
exports.links = function links(list) {};
module.exports.parse = parse;
function parse(text) {}
"""
MIXIN = b"module.exports = function (Topics) {\n  Topics.post = async function (data) {};\n};\n"
PROTOTYPE = (
    b"module.exports = Cart;\nfunction Cart(shop) {}\nCart.prototype.total = function (tax) {};\nCart.of = function (x) {};\n"
)


def signature(source: bytes, qualified: str, language: str = "typescript") -> Signature:
    found = READERS[language].signature(source, qualified)
    assert found is not None
    return found


def test_a_method_has_its_parameters_and_those_of_its_class():
    total = signature(TYPED, "Cart.total")

    assert total.parameters == (
        Parameter("{ tax, rounded }", "Options", "{}"),
        Parameter("items", "T[]", None, "rest"),
    )
    assert total.owner_parameters == (Parameter("shop", "Shop"), Parameter("name", "string", "undefined"))
    assert (total.owner, total.export, total.is_static) == ("Cart", "default", False)


def test_this_is_no_parameter_and_static_async_methods_are_known():
    opened = signature(TYPED, "Cart.open")

    assert opened.parameters == (Parameter("id", "number"),)
    assert (opened.is_async, opened.is_static) == (True, True)


@pytest.mark.parametrize("name", ["Cart.hidden", "Cart.#gone", "Cart.value", "kept", "inner.deep"])
def test_what_a_file_keeps_to_itself_is_not_reachable(name):
    assert not signature(TYPED, name).reachable


@pytest.mark.parametrize(("name", "export"), [("load", "named"), ("inner", "named"), ("Cart", "default")])
def test_modules_hand_on_by_name_or_as_default(name, export):
    assert (signature(TYPED, name).export, signature(TYPED, name).reachable) == (export, True)


@pytest.mark.parametrize(("name", "export"), [("Topics.create", "whole"), ("links", "property"), ("parse", "property")])
def test_common_modules_hand_on_whole_or_by_property(name, export):
    assert signature(COMMON, name, "javascript").export == export


def test_what_is_mixed_into_another_module_says_so():
    assert signature(MIXIN, "Topics.post", "javascript").export == "mixin"


def test_a_prototypes_function_needs_an_instance_and_a_constructors_does_not():
    assert not signature(PROTOTYPE, "Cart.total", "javascript").is_static
    assert signature(PROTOTYPE, "Cart.of", "javascript").is_static


@pytest.mark.parametrize(
    ("test", "text", "module"),
    [
        ("tests/cart.test.js", "import { a } from './a.js'\n", "../src/cart.js"),
        ("tests/cart.test.js", "const a = require('./a')\n", "../src/cart"),
        ("src/cart.spec.js", "", "./cart"),
        ("tests/cart.test.mjs", "", "../src/cart.js"),
    ],
)
def test_an_import_is_relative_and_ends_as_the_files_others_do(test, text, module):
    around = Surroundings(test, [test, "src/cart.ts"], {test: text}.get)

    assert READERS["typescript"].module("src/cart.ts", b"", around) == module


@settings(deadline=None)  # the first reading loads the grammars
@given(st.text(alphabet="(){}[]=>.,;:'\"`/*exportsmdulfnci \n#$", max_size=80))
def test_no_text_is_too_strange(text):
    for language in ("javascript", "typescript", "vue"):
        reader = READERS[language]
        for symbol in reader.symbols(text.encode()):
            reader.signature(text.encode(), symbol.qualified)
