"""Go and Java: heads are scanned for imports, bodies parsed for definitions and tests."""

from hypothesis import given
from hypothesis import strategies as st

from app.analysis import languages
from app.analysis.languages import Import, imports, symbols
from app.analysis.languages.java import package
from tests.analysis.languages import oracle

GO = b"""// Package cart; import "no"
package cart /* import "no" */

import "fmt"
import (
\t// c
\t_ "a/b"
\tm "x.y/z" // t
\t`raw`
)

type Cart[T any] struct{}
type (
\tA int
)

func (c *Cart[T]) Total() int { return 1 }
func New() {}

var Hook = func() {}

func TestX(t *testing.T) {}
func Testify()           {}
func (s *Suite) TestY()  {}
"""
JAVA = b"""/* import no.No; */
@Deprecated package org.shop;
import java.util.*;
import static org.shop.Money.round; // x
import org.shop.Cart ;
@SuppressWarnings("x")
public class CartTest extends TestCase {
  enum E { A }
  record R(int x) { R {} }
  CartTest() {}
  @Test
  void total() {}
  public void testOld() {}
  void helper() {}
}
"""


def test_go_imports_carry_the_local_name() -> None:
    assert imports("go", GO) == (
        Import("fmt", (), 4),
        Import("a/b", ("_",), 7),
        Import("x.y/z", ("m",), 8),
        Import("raw", (), 9),
    )


def test_go_methods_belong_to_their_receiver() -> None:
    assert [(s.qualified, s.kind) for s in symbols("go", GO)] == [
        ("Cart", "class"),
        ("A", "class"),
        ("Cart.Total", "method"),
        ("New", "function"),
        ("Hook", "function"),
        ("TestX", "function"),
        ("Testify", "function"),
        ("Suite.TestY", "method"),
    ]


def test_go_runs_tests_by_their_exact_prefix() -> None:
    assert [t.name for t in languages.tests_in("go", GO)] == ["TestX", "Suite.TestY"]


def test_java_imports_carry_class_and_member() -> None:
    assert imports("java", JAVA) == (
        Import("java.util", ("*",), 3),
        Import("org.shop.Money", ("round",), 4),
        Import("org.shop.Cart", ("Cart",), 5),
    )
    assert package(JAVA) == "org.shop"


def test_java_members_belong_to_their_classes() -> None:
    assert [s.qualified for s in symbols("java", JAVA)] == [
        "CartTest",
        "CartTest.E",
        "CartTest.R",
        "CartTest.R.R",
        "CartTest.CartTest",
        "CartTest.total",
        "CartTest.testOld",
        "CartTest.helper",
    ]


def test_java_runs_annotated_methods_and_those_of_junit_3() -> None:
    assert [t.name for t in languages.tests_in("java", JAVA)] == ["CartTest.total", "CartTest.testOld"]


gaps = st.sampled_from(["", "\n", ' // import "no"\n', "/* import no.No; */ ", "\n\n\t"])
go_lines = st.builds(
    'import {}{}"x/{}"{}\n'.format, st.sampled_from(["", "m ", "_ ", ". "]), st.just(""), st.integers(0, 9), gaps
)
go_blocks = st.builds('import ({}\n\t"a/b"; c "d"{}\n)\n'.format, gaps, gaps)
java_lines = st.builds("import {}a.b.C{};{}".format, st.sampled_from(["", "static "]), st.sampled_from(["", ".d", ".*"]), gaps)


@given(st.lists(st.one_of(go_lines, go_blocks), max_size=6))
def test_the_scan_of_go_agrees_with_the_tree(parts: list[str]) -> None:
    source = ("package a\n" + "".join(parts) + '\nvar x = `\nimport "no"\n`').encode()
    expected = oracle.imports("go", source)
    if expected is not None:
        assert sorted((i.target, i.line) for i in imports("go", source)) == expected


@given(st.lists(java_lines, max_size=6))
def test_the_scan_of_java_agrees_with_the_tree(parts: list[str]) -> None:
    source = ("package a;\n" + "\n".join(parts) + "\nclass A { String x; }\n").encode()
    expected = oracle.imports("java", source)
    if expected is not None:
        assert sorted((i.target, i.line) for i in imports("java", source)) == expected


@given(st.binary(max_size=200), st.sampled_from(["go", "java"]))
def test_nothing_raises_on_any_bytes(source: bytes, language: str) -> None:
    imports(language, source)
    symbols(language, source)
    languages.tests_in(language, source)
