"""JavaScript, TypeScript and Vue: the scan of imports agrees with the syntax tree; definitions carry their owners."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis import languages
from app.analysis.languages import Import, holds_tests, imports, symbols
from tests.analysis.languages import oracle

SHOP = b"""
import React, { useState as s, type Foo } from 'react'
import * as ns from "./ns"; import './side.css'
export * from './all'
export { a, b as c } from './ab'
const { x, y: z } = require('./xy')
const User = require('../src/user');
const t = { ...require('./spread') }, m = require.main.require('./src/t').foo
// import no from 'no'
const str = "import no from 'no'", re = /['"`]/g, d = a / b / c
async function load() { await import('./lazy'); await import('./lazy/' + d); }
jest.mock('./mocked'); jest.requireActual('./actual')
import {
  one, // it's
  two,
} from './last'
"""
CART = b"""export const f = async () => 1
const Obj = { name: 'x', setup() { }, on: { click: function () {} } }
class Cart extends Base {
  total = () => 3
  #hidden() {}
}
Cart.prototype.sum = function () {}
module.exports = function (User) {
  User.create = async function (data) {}
}
exports.foo = () => 1
export const useStore = defineStore('x', () => { function act() {} })
"""
TYPED = b"""abstract class A<T> { private f = (x: T) => x; abstract g(): void }
interface I { a(): void }
export const Impl = { process() {} } as unknown as Foo
export type U = string
"""


def test_imports_carry_target_names_line_and_reexport() -> None:
    assert imports("javascript", SHOP) == (
        Import("react", ("default", "useState", "Foo"), 2),
        Import("./ns", ("*",), 3),
        Import("./side.css", (), 3),
        Import("./all", ("*",), 4, is_reexport=True),
        Import("./ab", ("a", "b", "c"), 5, is_reexport=True),
        Import("./xy", ("x", "y"), 6),
        Import("../src/user", (), 7),
        Import("./spread", (), 8),
        Import("./src/t", ("foo",), 8),
        Import("./lazy", (), 11),
        Import("./actual", (), 12),
        Import("./last", ("one", "two"), 13),
    )


def test_functions_are_named_by_what_holds_them() -> None:
    assert [(s.qualified, s.kind, s.span.start) for s in symbols("javascript", CART)] == [
        ("f", "function", 1),
        ("Obj.setup", "method", 2),
        ("Obj.on.click", "method", 2),
        ("Cart", "class", 3),
        ("Cart.total", "method", 4),
        ("Cart.#hidden", "method", 5),
        ("Cart.sum", "function", 7),
        ("User.create", "function", 9),
        ("foo", "function", 11),
        ("useStore", "function", 12),
        ("useStore.act", "function", 12),
    ]


def test_typescript_adds_its_own_definitions() -> None:
    assert [s.qualified for s in symbols("typescript", TYPED)] == ["A", "A.f", "I", "Impl.process", "U"]


def test_markup_in_typescript_is_read_as_tsx() -> None:
    assert [s.name for s in symbols("typescript", b"const A = (p: P) => <div>{p.x}</div>\nfunction b() {}")] == ["A", "b"]


def test_a_component_is_read_by_its_script_blocks_alone() -> None:
    component = (
        b"<template>\n<p>function no() {}</p>\n</template>\n<script setup>\nimport A from './A.vue'\nfunction go() {}\n</script>"
    )
    assert imports("vue", component) == (Import("./A.vue", ("default",), 5),)
    assert [(s.name, s.span.start) for s in symbols("vue", component)] == [("go", 6)]


def test_tests_are_named_by_the_groups_around_them() -> None:
    source = b"""
describe('cart', () => {
  describe.each([1])("n %i", () => { it(`adds`, () => {}); test.skip('skips', () => {}) })
  it.each`
    a
  `('tagged', () => {})
})
test('alone', fn)
"""
    names = ["cart > n %i > adds", "cart > n %i > skips", "cart > tagged", "alone"]
    assert [t.name for t in languages.tests_in("typescript", source)] == names
    assert holds_tests("typescript", source)
    assert not holds_tests("typescript", b"export const submit = () => emit('it')\n")


def test_the_scan_agrees_with_the_tree() -> None:
    assert found(SHOP) == oracle.imports("tsx", SHOP)


targets = st.sampled_from(["./a", "@shop/cart", "../b.js", "vue"])
values = st.sampled_from(["'\"'", '"it\'s"', "`\"${a}'`", "/['\"`]/g", "/[/]'/", "a / b", "'\\''", "<b>it</b>", "x.import", "{}"])
lines = st.one_of(
    st.builds("import a, {{ b as c }} from '{}'".format, targets),
    st.builds('import "{}";'.format, targets),
    st.builds("import type {{ A }} from '{}'".format, targets),
    st.builds("import * as x from '{}'".format, targets),
    st.builds("export {{ a, // '\n b }} from '{}'".format, targets),
    st.builds("const {{ a }} = require('{}').b;".format, targets),
    st.builds("const v = {};".format, values),
    st.builds("call({}, {})  // it's".format, values, values),
    st.builds("/* import '{}' */ f(() => import('{}'));".format, targets, targets),
    st.builds("export const important = [{}]".format, values),
)


@given(st.lists(lines, max_size=10))
def test_the_scan_agrees_with_the_tree_on_any_mixture(parts: list[str]) -> None:
    source = "\n".join(parts).encode()
    expected = oracle.imports("tsx", source)
    if expected is not None:
        assert found(source) == expected


@given(st.binary(max_size=200), st.sampled_from(["javascript", "typescript", "vue"]))
def test_nothing_raises_on_any_bytes(source: bytes, language: str) -> None:
    imports(language, source)
    symbols(language, source)
    languages.tests_in(language, source)


def found(source: bytes) -> list[oracle.Found]:
    return sorted((i.target, i.line) for i in imports("typescript", source))


def test_playwrights_groups_are_no_tests():
    source = b"test.describe('cart', () => {\n  test('adds', async ({ page }) => {});\n});\n"
    assert [test.name for test in languages.tests_in("typescript", source)] == ["cart > adds"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"'sets body to \"\"'", 'sets body to ""'),
        (b"'\"strong\"'", '"strong"'),
        (b"'isn\\'t'", "isn't"),
        (b"`a \\`b\\``", "a `b`"),
    ],
)
def test_a_title_keeps_the_quotes_that_stand_in_it(written: bytes, told: str) -> None:
    assert [test.name for test in languages.tests_in("javascript", b"it(" + written + b", () => {})\n")] == [told]
