"""Python: what the scan of imports finds is what Python's own parser finds; definitions carry their decorators and owners."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis import languages
from app.analysis.languages import Import, holds_tests, imports, symbols
from app.domain.change import Span

CART = b"""import os, shop.money as money
from shop.cart import (
    Cart,  # the (main) class
    total as cart_total,
)

@decorated
class TestCart(Base):
    rate = lambda x: x

    @fast
    async def test_total(self):
        from . import inner; from ..up import *
        def test_nested(): pass

def test_empty():
    "import nothing"
"""


def test_imports_carry_target_names_and_line() -> None:
    assert imports("python", CART) == (
        Import("os", (), 1),
        Import("shop.money", (), 1),
        Import("shop.cart", ("Cart", "total"), 2),
        Import(".", ("inner",), 13),
        Import("..up", ("*",), 13),
    )


def test_definitions_are_qualified_and_start_at_their_decorators() -> None:
    assert [(s.qualified, s.kind, s.span) for s in symbols("python", CART)] == [
        ("TestCart", "class", Span(7, 14)),
        ("TestCart.rate", "method", Span(9, 9)),
        ("TestCart.test_total", "method", Span(11, 14)),
        ("TestCart.test_total.test_nested", "function", Span(14, 14)),
        ("test_empty", "function", Span(16, 17)),
    ]


def test_tests_are_those_that_pytest_and_unittest_collect() -> None:
    assert [t.name for t in languages.tests_in("python", CART)] == ["TestCart.test_total", "test_empty"]


def test_a_file_of_helpers_holds_no_tests() -> None:
    assert holds_tests("python", CART)
    assert not holds_tests("python", b"def contest(): pass\n# def test\n")


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfimport bom\n",
        b"x = '''\nimport nothing\n'''\nimport real\n",
        b'x = """ \\""" \nimport nothing\n"""\nimport real\n',
        b"if True: import a\nelse: from b import c\n",
        b"from a import \\\n  b, \\\n  c\n",
        b"from \\\n  a import b\n",
        b"from . a import (b as c,\n # )\n d)\n",
        b"def f():\n\timport tab\n",
        b"import a\r\nfrom b import c\r\n",
        b"x = f'{y!r:>{w}}'  # don't\nimport real\n",
        b"important = 1\nfrom_ = 2\nimport x.y.z as w\n",
        "import äß\n".encode(),
    ],
)
def test_the_scan_agrees_with_the_parser(source: bytes) -> None:
    assert found_by_scan(source) == found_by_parser(source)


names = st.sampled_from(["a", "b1", "_c", "shop.cart", "importer", "from_"])
strings = st.sampled_from(["''", '"#"', "'\\''", '"""\nimport no\n"""', "'''\"\nfrom no import no\n'''", 'r"\\n"', "b'\"'"])
lines = st.one_of(
    st.builds("import {}".format, names),
    st.builds("import {}, {} as x".format, names, names),
    st.builds("from {} import y".format, names),
    st.builds("from ..{} import (y, # )'\n  z as w)".format, names),
    st.builds("from . import y; import {}".format, names),
    st.builds("try: import {}\nexcept ImportError: pass".format, names),
    st.builds("def f():\n    {}\n    import {} # '".format, strings, names),
    st.builds('x = {} + {} # """'.format, strings, strings),
    st.builds("y = {{1: {}}}".format, strings),
    st.builds("# it's {}".format, names),
)


@given(st.lists(lines, max_size=12))
def test_the_scan_agrees_with_the_parser_on_any_mixture(parts: list[str]) -> None:
    source = "\n".join(parts).encode()
    assert found_by_scan(source) == found_by_parser(source)


@given(st.binary(max_size=300))
def test_nothing_raises_on_any_bytes(source: bytes) -> None:
    imports("python", source)
    symbols("python", source)
    languages.tests_in("python", source)


def found_by_scan(source: bytes) -> list[tuple[str, tuple[str, ...], int]]:
    return sorted((i.target, i.names, i.line) for i in imports("python", source))


def found_by_parser(source: bytes) -> list[tuple[str, tuple[str, ...], int]]:
    found: list[tuple[str, tuple[str, ...], int]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(alias.name, (), node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(("." * node.level + (node.module or ""), tuple(a.name for a in node.names), node.lineno))
    return sorted(found)
