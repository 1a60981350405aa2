"""The forms that a setting's value can have: each reads it, says what is wanted, and describes it as JSON schema.

Reading and schema take the same values, but for names of time zones, of which a schema knows no list.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo, available_timezones

Schema = dict[str, Any]

# Control characters, line ends and what turns the direction of text around; joiners stay, since emoji are made with them.
_BAD = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
_LINE = rf"^[^{_BAD}]*[^ {_BAD}][^{_BAD}]*$"
_GLOB = rf"^[/ ]*[^/ !\[{_BAD}][^\[{_BAD}]*$"
_REPOSITORY = r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$"
_ZONE = r"^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*$"
_CLOCK = r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]$"
_LONGEST_ZONE = 64


class Form(Protocol):
    """How one value is written. `wanted` ends a sentence such as "`drafts` is `maybe`, not ..."."""

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""

    def take(self, value: object) -> Any:
        """The value as recall uses it; ValueError for any other, with its nearest neighbour as message where there is one."""

    def plain(self, value: Any) -> Any:
        """A used value as people write it."""


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off."""

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return "`true` or `false`"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return {"type": "boolean"}

    def take(self, value: object) -> bool:
        """The switch."""
        if not isinstance(value, bool):
            raise ValueError
        return value

    def plain(self, value: bool) -> bool:
        """As people write it."""
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both included."""

    least: int
    most: int

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return f"a number from {self.least} to {self.most}"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema, for which 2.0 is whole as well."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def take(self, value: object) -> int:
        """The number."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.least <= value <= self.most:
            raise ValueError
        if value != int(value):
            raise ValueError
        return int(value)

    def plain(self, value: int) -> int:
        """As people write it."""
        return value


@dataclass(frozen=True, slots=True)
class Share:
    """A number from 0 to 1."""

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return "a number from 0 to 1"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return {"type": "number", "minimum": 0, "maximum": 1}

    def take(self, value: object) -> float:
        """The share."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ValueError
        return float(value)

    def plain(self, value: float) -> float:
        """As people write it."""
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a few."""

    words: tuple[str, ...]

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return f"one of {', '.join(f'`{word}`' for word in self.words)}"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return {"type": "string", "enum": list(self.words)}

    def take(self, value: object) -> str:
        """The word."""
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(nearest(value, self.words))
        return value

    def plain(self, value: str) -> str:
        """As people write it."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week by its English name; 0 is Monday."""

    NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return Choice(self.NAMES).wanted

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return Choice(self.NAMES).schema

    def take(self, value: object) -> int:
        """The number of the day."""
        return self.NAMES.index(Choice(self.NAMES).take(value))

    def plain(self, value: int) -> str:
        """As people write it."""
        return self.NAMES[value]


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
class Clock:
    """A time of day, as hour and minute."""

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return "a time of day such as `09:00`"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema."""
        return {"type": "string", "pattern": _CLOCK}

    def take(self, value: object) -> tuple[int, int]:
        """Hour and minute."""
        if not isinstance(value, str) or not re.fullmatch(_CLOCK, value, re.ASCII):
            raise ValueError
        hour, _, minute = value.partition(":")
        return int(hour), int(minute)

    def plain(self, value: tuple[int, int]) -> str:
        """As people write it."""
        return f"{value[0]:02}:{value[1]:02}"


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by its IANA name."""

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        return "the name of a time zone such as `Europe/Berlin`"

    @property
    def schema(self) -> Schema:
        """The same as JSON schema, as far as a pattern can tell."""
        return {"type": "string", "maxLength": _LONGEST_ZONE, "pattern": _ZONE}

    def take(self, value: object) -> str:
        """The name, which is one that this machine's tables know."""
        if not isinstance(value, str) or len(value) > _LONGEST_ZONE or not re.fullmatch(_ZONE, value):
            raise ValueError
        try:
            ZoneInfo(value)
        except (LookupError, ValueError, OSError):
            raise ValueError(nearest(value, available_timezones())) from None
        return value

    def plain(self, value: str) -> str:
        """As people write it."""
        return value


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


def nearest(word: object, known: Iterable[str]) -> str:
    """The known word that was probably meant, whatever its case; "" where none comes near."""
    by_case = {each.casefold(): each for each in sorted(known)}
    close = difflib.get_close_matches(str(word).casefold()[:100], by_case, n=1, cutoff=0.7)
    return by_case[close[0]] if close else ""


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
