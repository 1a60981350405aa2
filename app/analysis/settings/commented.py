"""A whole `.github/recall.yml` with a comment on every key, in which whoever opens it only has to take `#` away."""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from app.analysis.settings.keys import DEFAULTS, KEYS, SECTIONS, Key

_WIDTH = 100
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*")
# What YAML takes only escaped.
_UNPRINTABLE = re.compile(r"[^ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WORDS = ("true", "false", "yes", "no", "on", "off", "null", "y", "n")


def commented(values: Mapping[str, Any], *, schema: str = "", about: str = "") -> str:
    """The file in which those keys are set, by dotted name and as people write them, and all others are comments.

    A key without a default is shown with an example. `schema` is the address of the JSON schema for editors, `about` the opening.
    """
    opening = [f"# yaml-language-server: $schema={schema}"] if schema else []
    opening += _comment(about, "") if about else []
    return "\n".join([*opening, *([""] if opening else []), *_keys(values)])


def written(value: Any) -> str:
    """One value on one line of YAML, as `recall` reads it back: `["a/**", true]` -> `["a/**", true]`, `"friday"` -> `friday`."""
    if isinstance(value, list):
        return f"[{', '.join(written(each) for each in value)}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return _UNPRINTABLE.sub(lambda found: f"\\U{ord(found[0]):08x}", json.dumps(value, ensure_ascii=False))


def _keys(values: Mapping[str, Any]) -> Iterator[str]:
    section = ""
    for key in KEYS:
        if key.section and key.section != section:
            yield from _comment(SECTIONS[key.section], "")
            yield f"{key.section}:"
        section = key.section
        yield from _key(key, values)
        if not section or key is KEYS[-1] or KEYS[KEYS.index(key) + 1].section != section:
            yield ""


def _key(key: Key, values: Mapping[str, Any]) -> Iterator[str]:
    indent = "  " if key.section else ""
    default = DEFAULTS[key.name]
    yield from _comment(key.says, indent)
    if key.name in values:
        yield f"{indent}{key.word}: {written(values[key.name])}"
    else:
        yield f"{indent}# {key.word}: {written(key.example if default in (None, '', []) else default)}"


def _comment(text: str, indent: str) -> list[str]:
    lines = textwrap.wrap(text, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False)
    return [f"{indent}# {line}" for line in lines]
