"""The definition around a change, in languages that recall parses and in those that it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.culprit.around import MAX_LINES, by_indentation, definitions_around
from app.domain.change import Hunk, Span

C = """\
static int
add(int a, int b)
{
    if (a > b) {
        return a;
    }
    return b;
}

int other(void)
{
    return 1;
}
"""
PERL = "sub total {\n  my $sum = 0;\n  for (@_) {\n    $sum += $_;\n  }\n  return $sum;\n}\nprint 1;\n"
PYTHON = "import os\n\nclass Cart:\n    def total(self):\n        return 1\n\n    def count(self):\n        return 2\n"


def changed(line: int) -> Hunk:
    return Hunk(Span(line, line), Span(line, line), line - 1, ("old",), ("new",))


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [(C, 5, Span(2, 8)), (C, 7, Span(2, 8)), (C, 12, Span(10, 13)), (PERL, 4, Span(1, 7))],
)
def test_a_block_is_found_by_its_indentation(source: str, line: int, expected: Span) -> None:
    assert definitions_around("c", source.encode(), [changed(line)]) == (expected,)


def test_a_branch_is_no_definition() -> None:
    assert by_indentation(C.split("\n"), Span(5, 5)) != Span(4, 6)


def test_what_is_parsed_decides_where_the_language_is_known() -> None:
    assert definitions_around("python", PYTHON.encode(), [changed(5), changed(8)]) == (Span(4, 5), Span(7, 8))


def test_lines_that_were_only_added_belong_to_the_definition_they_follow() -> None:
    assert definitions_around("python", PYTHON.encode(), [Hunk(None, Span(6, 6), 5, (), ("new",))]) == (Span(4, 5),)


def test_at_the_top_of_a_file_there_is_no_definition() -> None:
    assert definitions_around("python", PYTHON.encode(), [changed(1)]) == (None,)


def test_a_very_long_definition_is_cut_around_the_change() -> None:
    source = "void f(void)\n{\n" + "    x();\n" * 3000 + "}\n"
    (span,) = definitions_around("c", source.encode(), [changed(350)])
    assert span is not None
    assert span.end - span.start <= MAX_LINES + 1
    assert span.start <= 350 <= span.end


@given(st.text(max_size=200), st.integers(0, 40), st.integers(0, 40))
def test_no_text_breaks_it_and_what_is_found_lies_in_the_file(text: str, start: int, length: int) -> None:
    lines = text.split("\n")
    found = by_indentation(lines, Span(start, start + length))
    assert found is None or 1 <= found.start <= found.end <= len(lines)
