"""The forms of settings that tell when: a day of the week, a time of day, a time zone."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from app.analysis.settings.forms import Choice, Schema, nearest

_ZONE = r"^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*$"
_CLOCK = r"^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]$"
_LONGEST_ZONE = 64


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
