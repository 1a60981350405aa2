import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.culprit.telling import is_import, is_telling, telling

_LANGUAGES = st.sampled_from([None, "python", "ruby", "c", "go", "javascript", "vue", "php", "lua", "shell", "java"])


@pytest.mark.parametrize(
    "line", ["", "   ", "\t", "}", "  });", "],", "{", ");", "else:", "} else {", "end", "try {", "done", "&&"]
)
def test_lines_of_structure_alone_tell_nothing(line: str) -> None:
    assert not is_telling("javascript", line)
    assert not is_telling("python", line)


@pytest.mark.parametrize(
    "line", ['"/",', "'',", "return", "return;", "x", "else if (a) {", "0,", "total();", "do(it)", "done = end(1)"]
)
def test_short_lines_of_code_tell(line: str) -> None:
    assert is_telling("javascript", line)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "# a note"),
        ("python", "#: a note"),
        ("python", '"""What it gives."""'),
        ("python", 'r"""Begins here'),
        ("python", '"""'),
        ("ruby", "#note"),
        ("shell", "#!/bin/sh"),
        ("c", "// note"),
        ("c", "/* note"),
        ("c", "/* note */"),
        ("c", " * the rest of it"),
        ("c", " *"),
        ("c", " **/"),
        ("c", "   its last words. */"),
        ("go", "//go:build linux"),
        ("lua", "-- note"),
        ("php", "# note"),
        ("vue", "<!-- note"),
        (None, "# note"),
        (None, "##"),
        (None, "-- note"),
        (None, "<!-- note -->"),
    ],
)
def test_comments_tell_nothing(language: str | None, line: str) -> None:
    assert not is_telling(language, line)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", '"""a""" + name'),
        ("python", 'x = """'),
        ("c", "#include <stdio.h>"),
        ("c", "#define A 1"),
        ("c", "*count = 0;"),
        ("c", "--i;"),
        ("c", "/* why */ call();"),
        ("c", "call(); /* why */"),
        ("c", "call(); // why"),
        ("javascript", 'glob("src/**/*.js"),'),
        ("php", "#[Pure]"),
        ("ruby", '"#{a}"'),
        ("shell", "--verbose \\"),
        (None, "#total { color: red }"),
        (None, "--flag"),
    ],
)
def test_code_that_looks_like_a_comment_tells(language: str | None, line: str) -> None:
    assert is_telling(language, line)


def test_a_docstring_is_followed_to_its_end() -> None:
    lines = ['    """What it gives.', "", "    return x", '    """', "    return y"]
    assert telling("python", lines) == (False, False, False, False, True)


def test_a_string_that_is_a_value_is_no_docstring() -> None:
    assert telling("python", ['    query = """', "    select x", '    """']) == (True, True, False)


def test_a_comment_of_several_lines_is_followed_to_its_end() -> None:
    assert telling("c", ["/* a", "b = c;", "d */", "e = f;"]) == (False, False, False, True)


def test_a_run_may_begin_within_a_comment() -> None:
    assert telling("c", ["of some words", "and the last */", "e = f;"]) == (False, False, True)


def test_the_end_of_a_comment_that_the_run_opened_leaves_the_code_before_it() -> None:
    assert telling("c", ["a = b;", "c = d; /* note", "of two lines */", "e = f;"])[0]


def test_a_comment_of_ruby_is_followed_to_its_end() -> None:
    assert telling("ruby", ["=begin", "a = b", "=end", "c = d"]) == (False, False, False, True)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "from a.b import c"),
        ("python", "import a"),
        ("typescript", "import { a } from 'b'"),
        ("javascript", "const a = require('b')"),
        ("c", '#include "a.h"'),
        ("ruby", "require 'a'"),
        ("rust", "pub use a::b;"),
        ("java", "import a.b.C;"),
        ("go", 'import "fmt"'),
        ("php", "use A\\B;"),
        ("csharp", "using System.Linq;"),
    ],
)
def test_imports_are_known_by_their_first_words(language: str, line: str) -> None:
    assert is_import(language, line)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "important = 1"),
        ("python", "fromage()"),
        ("javascript", "import('a')"),
        ("csharp", "using var a = b();"),
        ("go", "imports = 1"),
    ],
)
def test_other_lines_are_no_imports(language: str, line: str) -> None:
    assert not is_import(language, line)


@given(_LANGUAGES, st.lists(st.text(max_size=30), max_size=8))
def test_any_lines_can_be_asked_about(language: str | None, lines: list[str]) -> None:
    assert len(telling(language, lines)) == len(lines)


@given(_LANGUAGES, st.text(alphabet="/*#-<!\"'` \tab{}();=", max_size=40))
def test_blanks_around_a_line_change_nothing(language: str | None, line: str) -> None:
    assert is_telling(language, line) == is_telling(language, f"  {line}\t")
