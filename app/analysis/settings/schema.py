"""The JSON schema of `.github/recall.yml`, which editors complete and check it by; `docs/recall.schema.json` is this one."""

import json
from typing import Any

from app.analysis.settings.keys import DEFAULTS, KEYS, PATH, SECTIONS, Key, words_in


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12), made from the table of keys."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of recall",
        "description": f"What a repository settles for recall in `{PATH}` on its default branch. Every key is optional.",
        **_mapping(""),
    }


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _mapping(section: str) -> dict[str, Any]:
    keys = {key.word: _key(key) for key in KEYS if key.section == section}
    sections = {name: {"description": says, **_mapping(name)} for name, says in SECTIONS.items()} if not section else {}
    told = {word: {**keys, **sections}[word] for word in words_in(section)}
    return {"type": ["object", "null"], "properties": told, "additionalProperties": False}


def _key(key: Key) -> dict[str, Any]:
    """A key that is written without a value is one that is not written."""
    default = DEFAULTS[key.name]
    told = {"description": key.says, **({} if default in (None, "", []) else {"default": default}), "examples": [key.example]}
    return {**told, "anyOf": [*_either(key.form.schema), {"type": "null"}]}


def _either(form: dict[str, Any]) -> list[dict[str, Any]]:
    return form["anyOf"] if set(form) == {"anyOf"} else [form]
