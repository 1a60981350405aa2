"""What could not be checked, as recall says it instead of guessing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that could not be checked, and why, as a slug with the things it is about."""

    reason: str
    names: tuple[str, ...] = ()
