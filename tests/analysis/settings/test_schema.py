"""The published schema: it is the one that the table makes, and takes what the reader takes."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.analysis.settings.commented import commented, written
from app.analysis.settings.document import read_document
from app.analysis.settings.keys import DEFAULTS, KEYS, SECTIONS, Key, words_in
from app.analysis.settings.reader import read
from app.analysis.settings.schema import schema, schema_text

SCHEMA = jsonschema_rs.validator_for(schema())
PUBLISHED = Path(__file__).parents[3] / "docs" / "recall.schema.json"
BY_NAME = {key.name: key for key in KEYS}


def nested(values: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in values.items():
        section, _, word = name.rpartition(".")
        (told.setdefault(section, {}) if section else told)[word] = value
    return told


def test_the_published_schema_is_current() -> None:
    assert PUBLISHED.read_text() == schema_text()


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_every_key_has_a_description_and_an_example_of_another_value(key: Key) -> None:
    assert key.says.endswith(".")
    assert key.example != DEFAULTS[key.name]
    assert read(json.dumps(nested({key.name: key.example}))).problems == ()
    assert SCHEMA.is_valid(nested({key.name: key.example}))


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_every_default_can_be_written(key: Key) -> None:
    if key.name not in {"digest.repository", "test_command"}:
        assert SCHEMA.is_valid(nested({key.name: DEFAULTS[key.name]}))
        assert read(json.dumps(nested({key.name: DEFAULTS[key.name]}))).problems == ()


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
_LIKELY = st.sampled_from(
    [*(key.example for key in KEYS), *DEFAULTS.values(), True, False, None, 0, 1, 2.0, 0.5, 50, 51, -1, "", " ", "/", "!a", "a[b",
     "9:00", "09:00", "24:00", "a/b", "o/n/x", "Europe/Berlin", "monday", "Monday", "patch", "x" * 50, "x" * 51, "x" * 300,
     "x" * 301,
         "\u202ea", "\ufeffa", "\u2028", "\u200da", "\x85", "\xa0", "\u3000", ["a"] * 20, ["a"] * 21, ["a"] * 200, ["a"] * 201]
)  # fmt: skip
_VALUE = st.recursive(
    _LIKELY | _TEXT | st.integers(-3, 60) | st.floats(allow_nan=False, allow_infinity=False, width=16),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=4,
)
_SECTION = {
    section: st.dictionaries(st.sampled_from(words_in(section)) | _TEXT, _VALUE, max_size=3) | _VALUE for section in SECTIONS
}
_DOCUMENT = st.fixed_dictionaries({}, optional=_SECTION | {key.word: _VALUE for key in KEYS if not key.section}) | _VALUE


def only_the_zone_is_unknown(document: Any) -> bool:
    problems = read(json.dumps(document)).problems
    return all("`digest.zone` is" in problem.text for problem in problems)


@given(_DOCUMENT)
def test_the_schema_takes_what_the_reader_takes(document: Any) -> None:
    taken = not read(json.dumps(document)).problems
    assert SCHEMA.is_valid(document) == taken or (SCHEMA.is_valid(document) and only_the_zone_is_unknown(document))


@given(st.dictionaries(st.sampled_from([key.name for key in KEYS]), st.booleans()))
def test_the_commented_file_sets_what_it_is_given_and_nothing_else(chosen: dict[str, bool]) -> None:
    values = {name: BY_NAME[name].example for name in chosen}
    text = commented(values, schema="https://example.com/recall.schema.json", about="What recall may do here.")
    reading = read(text)
    assert reading.problems == ()
    assert set(reading.values) == set(values)
    assert {name: BY_NAME[name].form.plain(value) for name, value in reading.values.items()} == values
    assert all(key.word in text for key in KEYS)


def test_the_commented_file_without_its_signs_is_one_of_defaults_and_examples() -> None:
    words = {key.word for key in KEYS}
    lines = [
        line.replace("# ", "", 1) if line.strip().removeprefix("# ").partition(":")[0] in words else line
        for line in commented({}).splitlines()
    ]
    assert read("\n".join(lines)).problems == ()
    assert set(read("\n".join(lines)).values) == set(BY_NAME)


@given(_VALUE.filter(lambda value: not isinstance(value, dict)))
def test_a_written_value_is_read_back(value: Any) -> None:
    if "{" not in str(value):
        assert read_document(f"a: {written(value)}").plain == {"a": value}
        assert yaml.safe_load(written("a: b")) == "a: b"
