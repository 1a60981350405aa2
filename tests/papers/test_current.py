"""The papers that are made from the code say what the code says, and leave out nothing that recall can say."""

import pytest

from app.render.words import folder, markdown, sections
from papers import gallery
from papers.samples import examples, unshown
from papers.written import ROOT, papers

FAMILIES = {file.stem: file.read_text() for file in sorted((folder() / "words").glob("*.j2"))}
MADE = papers()


@pytest.mark.parametrize("path", MADE)
def test_a_paper_is_current(path: str) -> None:
    assert (ROOT / path).read_text() == MADE[path], "make papers writes it anew"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_slug_has_an_example_and_every_word_is_shown(family: str) -> None:
    found = examples(markdown(), family, FAMILIES[family])
    assert found.keys() == sections(FAMILIES[family]).keys()
    assert all(said and all(one.strip() for one in said) for said in found.values())
    assert unshown(markdown(), family, FAMILIES[family]) == []


def test_words_that_no_example_reaches_are_told() -> None:
    planted = "[ready]\n{% if known and not known %}Never said.{% endif %}See it red"
    assert unshown(markdown(), "draft", planted) == ["draft [ready]: Never said."]


def test_whole_texts_and_errors_are_there() -> None:
    text = gallery.section()
    assert "### Comment: withdrawn" in text
    assert "is archived, so it takes no comments." in text
