"""Foreign text shows what it says and does nothing."""

import unicodedata

import pytest
from hypothesis import given

from app.render.defuse import clean, code, prose
from tests.render.hostile import hostile
from tests.render.page import ALIVE, Page


def test_a_plain_name_stands_in_backticks() -> None:
    assert code("tests/test_a.py::test_b[1-x]") == "`tests/test_a.py::test_b[1-x]`"


@pytest.mark.parametrize("name", ["a|b", "`a`", "packages/@acme/cart.ts", "a<b>&c", "x#1", "https://a.example", "a\\|b", "``"])
def test_a_name_with_signs_is_shown_as_it_is_written(name: str) -> None:
    page = Page(f"| {code(name)} |\n|---|\n")
    assert page.code == [name.replace("://", ":\u200b//").replace("#1", "#\u200b1").replace("@a", "@\u200ba")]


def test_line_breaks_become_spaces() -> None:
    assert clean("a\r\n\tb") == "a b"


def test_what_cannot_be_seen_is_shown_as_unseen() -> None:
    assert clean("a\u202eb\x1b[31mc\udc80") == "a�b�[31mc�"


def test_a_long_name_keeps_both_ends() -> None:
    name = code("a/" * 500 + "test_end.py")
    assert name.startswith("`a/a/") and name.endswith("/test_end.py`") and "…" in name and len(name) == 122


def test_prose_reads_the_same() -> None:
    assert Page(prose("It's 5 < 6, see [x](y) *now*")).text == "It's 5 < 6, see [x](y) *now*\n".replace("\n", "\n")


@given(hostile())
def test_clean_text_is_one_line_of_visible_signs(text: str) -> None:
    shown = clean(text)
    assert len(shown) <= 300
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for sign in shown)
    shown.encode()


@given(hostile())
def test_a_name_stays_inside_its_code_span_even_in_a_table(name: str) -> None:
    page = Page(f"| name | kind |\n|---|---|\n| {code(name)} | unit |\n")
    assert page.tables == [[2, 2]]
    assert len(page.code) == 1
    assert page.text.split() == ["name", "kind", "unit"]
    assert page.tags <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


@given(hostile())
def test_prose_is_nothing_but_words(text: str) -> None:
    page = Page(f"Left aside: {prose(text)}")
    assert page.tags == {"p"}
    assert not page.links
    assert not page.comments
    assert not ALIVE.search(page.text)
