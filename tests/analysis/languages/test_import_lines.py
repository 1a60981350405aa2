"""Which lines only import."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.languages.import_lines import import_lines
from app.domain.lines import lines_of


@pytest.mark.parametrize(
    ("language", "source", "lines"),
    [
        ("python", "import a\nfrom b import (\n    c,\n    d,\n)\nx = 1\n", {1, 2, 3, 4, 5}),
        ("javascript", "import {\n  a,\n} from './a'\nconst b = 1\n", {1, 2, 3}),
        ("typescript", "import type { a } from './a'\nlet b: number\n", {1}),
        ("go", 'package a\n\nimport (\n\t"fmt"\n)\n\nvar b = 1\n', {1, 3, 4, 5}),
        ("java", "import org.shop.Cart;\nclass A { }\n", {1}),
        ("ruby", "require 'a'\n", set()),
    ],
)
def test_the_lines_of_imports(language: str, source: str, lines: set[int]) -> None:
    assert import_lines(language, source.encode()) == lines_of(lines)


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "go", "java", "rust", None])
@given(source=st.binary(max_size=200))
def test_no_text_makes_it_fail(language: str | None, source: bytes) -> None:
    import_lines(language, source)
