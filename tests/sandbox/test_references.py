"""Which issues a text names, and which it closes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.references import Reference, references


def named(text: str, markdown: bool = True) -> list[tuple[str | None, int, bool]]:
    return [(one.repository, one.number, one.closing) for one in references(text, markdown)]


@pytest.mark.parametrize("keyword", ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"])
@pytest.mark.parametrize("form", ["{} #7", "{}: #7", "{}  GH-7"])
def test_every_keyword_closes(keyword: str, form: str) -> None:
    assert named(form.format(keyword.title())) == [(None, 7, True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see #7", [(None, 7, False)]),
        ("octo/shop#7", [("octo/shop", 7, False)]),
        ("fixes octo/shop#7", [("octo/shop", 7, True)]),
        ("fixes https://github.com/octo/shop/issues/7", [("octo/shop", 7, True)]),
        ("[x](https://github.com/octo/shop/pull/7)", [("octo/shop", 7, False)]),
        ("fixes #7, #8", [(None, 7, True), (None, 8, False)]),
        ("#7 and fixes #7", [(None, 7, True)]),
        ("prefixes #7", [(None, 7, False)]),
        ("fix\n#7", [(None, 7, False)]),
    ],
)
def test_references_are_read(text: str, found: list[tuple[str | None, int, bool]]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "`#7`",
        "```\nfixes #7\n```",
        "    fixes #7",
        "<!-- fixes #7 -->",
        "a <!-- #7 --> b",
        "word#7",
        "##7",
        "#7x",
        "&#35;x",
        "#\u200b7",
    ],
)
def test_code_comments_and_words_name_nothing(text: str) -> None:
    assert named(text) == []


def test_a_commit_message_is_not_markdown() -> None:
    assert named("    fixes #7", markdown=False) == [(None, 7, True)]


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(one, Reference) and one.number >= 0 for one in references(text) + references(text, markdown=False))
