"""What the readers of XML share: numbers in a stranger's attributes, and a file that only knows whether a line ran at all."""

from collections.abc import Collection, Mapping

from app.domain.lines import MAX_LINE, lines_of
from app.domain.testmap import Measured

_MOST_DIGITS = 20


def whole(attributes: Mapping[str, str], name: str) -> int:
    """The attribute as a whole number, 0 or more; -1 where it is missing, negative, absurdly large or no number at all."""
    text = attributes.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else -1


def line_number(attributes: Mapping[str, str], name: str) -> int:
    """The line that an attribute tells; 0 where that cannot be a line of any file."""
    line = whole(attributes, name)
    return line if 1 <= line <= MAX_LINE else 0


def measured(path: str, code: Collection[int], ran: Collection[int]) -> Measured:
    """A file of a format that knows one "test" alone: the lines it takes for code, and those of them that ran."""
    return Measured(path, {0: lines_of(ran)} if ran else {}, 0, lines_of(code))
