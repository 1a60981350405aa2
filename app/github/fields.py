"""Reads single fields out of GitHub's JSON: whatever is missing, odd or over-long reads as absent, empty or cut."""

from collections.abc import Iterator, Mapping

Fields = Mapping[str, object]

LONGEST_NAME = 255
LONGEST_TEXT = 70_000
_LARGEST_ID = 2**63 - 1


def record(value: object) -> Fields:
    """The value as an object; empty where it is none."""
    return value if isinstance(value, Mapping) else {}


def at(fields: Fields, *keys: str) -> Fields:
    """The object found by going down those keys; empty where there is none."""
    for key in keys:
        value = fields.get(key)
        if not isinstance(value, Mapping):
            return {}
        fields = value
    return fields


def each(fields: Fields, key: str, most: int = 1000) -> Iterator[Fields]:
    """The objects in the list under that key, at most that many; what is no object (a null for what is hidden) is passed over."""
    return objects(fields.get(key), most)


def objects(value: object, most: int = 1000) -> Iterator[Fields]:
    """The objects in a list; nothing where it is no list."""
    listed = value if isinstance(value, list) else []
    return (entry for entry in listed[:most] if isinstance(entry, Mapping))


def text(fields: Fields, key: str, longest: int = LONGEST_NAME) -> str:
    """The string under that key, cut; empty where there is none."""
    value = fields.get(key)
    return clean(value, longest) if isinstance(value, str) else ""


def number(fields: Fields, key: str) -> int | None:
    """The positive whole number under that key, as far as a database can hold it."""
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= _LARGEST_ID else None


def flag(fields: Fields, key: str) -> bool:
    """Whether the value under that key is true."""
    return fields.get(key) is True


def clean(value: str, longest: int) -> str:
    """Without what a database or a log cannot hold: NUL bytes and lone surrogates become U+FFFD."""
    return value[:longest].replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
