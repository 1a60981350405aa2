"""The forms of settings that are texts: lines, globs, names of repositories, and lists of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.analysis.settings.forms import Schema

# Control characters, line ends and what turns the direction of text around; joiners stay, since emoji are made with them.
_BAD = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
_LINE = rf"^[^{_BAD}]*[^ {_BAD}][^{_BAD}]*$"
_GLOB = rf"^[/ ]*[^/ !\[{_BAD}][^\[{_BAD}]*$"
_REPOSITORY = r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; what stands around it does not count."""

    wanted: str
    longest: int
    pattern: str = _LINE

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return {"type": "string", "maxLength": self.longest, "pattern": self.pattern}

    def take(self, value: object) -> str:
        """The text without blanks around it."""
        if (
            not isinstance(value, str)
            or len(value) > self.longest
            or not re.fullmatch(self.pattern, value)
            or not _is_utf8(value)
        ):
            raise ValueError
        return value.strip()

    def plain(self, value: str) -> str:
        """As people write it."""
        return value


@dataclass(frozen=True, slots=True)
class TextOrNone:
    """A text that can also be `false`, which is read as "", or left open (None)."""

    text: Text

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return f"{self.text.wanted}, or `false`"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return {"anyOf": [self.text.schema, {"enum": [False, ""]}]}

    def take(self, value: object) -> str:
        """The text, "" for none."""
        return "" if value is False or value == "" else self.text.take(value)

    def plain(self, value: str | None) -> str | bool | None:
        """As people write it."""
        return False if value == "" else value


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one form, or a single one of them. `of` says what they are, as in "a list of globs"."""

    each: Text
    of: str
    most: int

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return f"a list of {self.of}"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return {"anyOf": [{"type": "array", "items": self.each.schema, "maxItems": self.most}, self.each.schema]}

    def take(self, value: object) -> tuple[str, ...]:
        """All of the values, if all of them are good."""
        given = value if isinstance(value, list | tuple) else [value]
        if len(given) > self.most:
            raise ValueError
        return tuple(self.each.take(one) for one in given)

    def plain(self, value: Iterable[str]) -> list[str]:
        """As people write it."""
        return list(value)


def glob(longest: int) -> Text:
    """The form of one glob as `app.analysis.globs` reads it."""
    return Text("a glob of `*`, `**` and `?`", longest, _GLOB)


def repository() -> Text:
    """The form of a repository's name."""
    return Text("a repository such as `owner/name`", 140, _REPOSITORY)


def _is_utf8(text: str) -> bool:
    r"""Whether it can leave this process: YAML lets people write half of a character as `"\ud800"`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
