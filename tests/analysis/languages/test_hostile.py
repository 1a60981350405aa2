"""Sources that nobody wrote by hand: they are given up early, with nothing found, instead of holding an answer up."""

import pytest

from app.analysis import languages
from app.analysis.languages import symbols
from app.analysis.languages.trees import MAX_DEPTH, MAX_SOURCE

SIZE = 50_000
REPEATED = {
    "brackets": b"(",
    "balanced": b"{",
    "unclosed comments": b"/*a",
    "unclosed strings": b"'\"`",
    "unclosed imports": b"\nfrom a import (",
    "unclosed requires": b"require<",
    "continued lines": b"\\\n",
    "escaped quotes": b'\\"""',
    "regular expressions": b"=/[",
}


@pytest.mark.parametrize("language", ["python", "typescript", "vue", "go", "java"])
@pytest.mark.parametrize("name", REPEATED)
def test_endless_repetition_finds_nothing(name: str, language: str) -> None:
    source = REPEATED[name] * (SIZE // len(REPEATED[name]))
    if name == "balanced":
        source = source + b"}" * SIZE
    assert symbols(language, source) == ()
    languages.imports(language, source)
    assert not languages.holds_tests(language, source)


@pytest.mark.parametrize("language", ["python", "javascript", "go", "java"])
def test_what_is_no_text_or_too_large_is_not_read(language: str) -> None:
    assert symbols(language, b"class A { }\0") == ()
    assert symbols(language, b"def f(): pass\n" * (MAX_SOURCE // 10)) == ()


def test_broken_source_still_shows_what_can_be_read() -> None:
    found = symbols("python", b"def good(): pass\ndef bad(:\n  x = = 1\ndef last(): pass\n")
    assert found[0].name == "good"


def test_nested_definitions_end_at_a_depth_and_keep_the_rest() -> None:
    source = b"function a() {" * 100 + b"}" * 100 + b"\nfunction last() {}"
    assert [s.name for s in symbols("javascript", source)] == ["a"] * MAX_DEPTH + ["last"]


def test_non_utf8_names_are_kept_readable() -> None:
    assert [s.name for s in symbols("java", b'class A { void t() { String s = "\xff"; } }')] == ["A", "t"]


def test_a_long_block_of_comments_hides_nothing() -> None:
    assert [symbol.name for symbol in symbols("python", b"def f():\n    pass\n" + b"# kept for later\n" * 300)] == ["f"]
