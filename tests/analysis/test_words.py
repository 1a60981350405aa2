from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.words import (
    best_title,
    bm25,
    code_names,
    held,
    message_words,
    parts,
    parts_of,
    rarity,
    read_test,
    saturated,
)


def test_identifiers_are_taken_apart_at_case_and_underscore() -> None:
    assert parts("getHTTPResponse_codes2") == ("get", "http", "respons", "code")


def test_words_of_other_scripts_are_kept() -> None:
    assert parts("корзина") == ("корзина",)


@pytest.mark.parametrize("forms", ["cookie cookies", "query queries", "parse parses parsed parsing", "total totals"])
def test_the_forms_of_a_word_are_one_word(forms: str) -> None:
    assert len({parts(form) for form in forms.split()}) == 1


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read_as_a_test(source: bytes) -> None:
    words = read_test(source)
    assert set(words.parts) == set(parts_of(words.identifiers))


def test_titles_are_found_in_many_languages() -> None:
    for source in (
        b"def test_keeps_order(self):",
        b"func TestKeepsOrder(t *testing.T) {",
        b"public void keepsOrder() {",
        b"it('keeps order', () => {",
        b't.Run("keeps order", func',
        b'it "keeps order" do',
        b"public async Task KeepsOrder()",
        b"fun `keeps order`() {",
        b"fn keeps_order() {",
        b"public function testKeepsOrder()",
    ):
        assert {"keep", "order"} <= read_test(source).titles[0], source


def test_the_first_line_of_a_message_counts_more() -> None:
    words = message_words("Fix rounding\n\nThe discount was lost.")
    assert words["round"] > words["discount"] > 0


def test_trailers_and_addresses_say_nothing() -> None:
    assert "carol" not in message_words("Fix\n\nSigned-off-by: Carol <carol@example.com>\nhttps://example.com/carol")


def test_only_names_in_code_and_long_numbers_are_code_names() -> None:
    assert set(code_names("keep_attrs is lost in getChunks, see #10243 and 7")) == {"keep_attrs", "getChunks", "10243"}


def test_what_stands_there_often_counts_more_but_never_one() -> None:
    assert 0 < saturated({"total": 1})["total"] < saturated({"total": 9})["total"] < 1


def test_keywords_are_not_searched_for() -> None:
    assert saturated({"return": 3, "import": 1}) == {}


def test_a_rare_word_says_more_than_a_common_one() -> None:
    assert rarity(1, 100) > rarity(90, 100) > 0


def test_the_text_that_holds_the_rare_word_fits_best() -> None:
    fits = bm25({"discount": 1.0, "cart": 1.0}, [{"cart": 3, "x": 5}, {"cart": 1, "discount": 1, "x": 5}, {"cart": 3}])
    assert fits.index(max(fits)) == 1


def test_of_two_texts_with_the_word_the_shorter_fits_better() -> None:
    short, long = bm25({"cart": 1.0}, [{"cart": 1, "x": 3}, {"cart": 1, "x": 300}])
    assert short > long


def test_held_counts_a_word_once() -> None:
    once, often = held({"cart": 1.0}, [{"cart": 1}, {"cart": 50}])
    assert once == often > 0


def test_a_title_with_fewer_other_words_fits_better() -> None:
    plain = read_test(b"def test_rounding(): ...")
    wordy = read_test(b"def test_rounding_of_totals_in_other_currencies(): ...")
    first, second = best_title({"round": 1.0}, [plain, wordy])
    assert first > second > 0


@pytest.mark.parametrize("hostile", ["func (", "it.", "def ", "fun `", "A_", "é"])
def test_a_text_that_repeats_the_beginning_of_a_title_is_read_in_no_time(hostile: str) -> None:
    started = process_time()
    read_test((hostile * (200_000 // len(hostile))).encode())
    assert process_time() - started < 3
