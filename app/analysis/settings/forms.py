"""The forms that a setting's value can have: each reads it, says what is wanted, and describes it as JSON schema.

Reading and schema take the same values, but for names of time zones, of which a schema knows no list. Here are switches, numbers
and single words; texts and lists of them are in `texts`, days and times in `times`.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

Schema = dict[str, Any]


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


def nearest(word: object, known: Iterable[str]) -> str:
    """The known word that was probably meant, whatever its case; "" where none comes near."""
    by_case = {each.casefold(): each for each in sorted(known)}
    close = difflib.get_close_matches(str(word).casefold()[:100], by_case, n=1, cutoff=0.7)
    return by_case[close[0]] if close else ""
