"""Which lines are code, and which of them run in a function."""

import pytest

from app.analysis.languages.statements import statements
from app.domain.change import Span

PYTHON = b'''import a
LIMIT = 1


@memo(1)
def f(x,
      y=2):
    """What it does."""
    if x and \\
       y:
        z = [
            1,
        ]
    else:
        # nothing
        z = g(lambda: 1)
    return z
'''
SCRIPT = b"""const a = require('a');
export function f(x) {
  if (x) {
    return g(function (q) {
      h(q);
    });
  }
  const k = v =>
    v + 1;
}
"""


def told(language: str, source: bytes) -> dict[tuple[int, int], bool]:
    """The lines of each statement, and whether it runs in a function."""
    return {(one.span.start, one.span.end): one.function is not None for one in statements(language, source)}


def test_python_statements_stand_on_their_own_lines() -> None:
    assert told("python", PYTHON) == {
        (1, 1): False,
        (2, 2): False,
        (5, 5): False,
        (6, 7): False,
        (9, 10): True,
        (11, 13): True,
        (16, 16): True,
        (17, 17): True,
    }


def test_a_callback_is_a_function_of_its_own() -> None:
    found = {one.span: one.function for one in statements("javascript", SCRIPT)}
    assert found[Span(5, 5)] == Span(4, 6)
    assert found[Span(4, 4)] == Span(2, 10)
    assert found[Span(9, 9)] == Span(8, 9)
    assert Span(1, 1) in found
    assert found[Span(1, 1)] is None


@pytest.mark.parametrize(
    ("language", "source", "line"),
    [
        ("go", b"package a\n\nfunc f() int {\n\tx := 1\n\treturn x\n}\n", 4),
        ("java", b"class A {\n  int f() {\n    int x = 1;\n    return x;\n  }\n}\n", 3),
        ("typescript", b"export const f = (x: number): number => {\n  return x;\n};\n", 2),
    ],
)
def test_other_languages(language: str, source: bytes, line: int) -> None:
    assert told(language, source)[line, line]


def test_a_language_that_is_not_parsed_has_none() -> None:
    assert statements("ruby", b"def f\n  1\nend\n") == ()
