"""Sets of line numbers as plain integers: bit n stands for line n, so that union, intersection and count are one operation."""

from collections.abc import Iterable

from app.domain.change import Span

LineSet = int
"""Bit n is set for line n, counted from 1; bit 0 is never set. `.bit_count()` is how many lines it holds."""

MAX_LINE = 1_000_000
"""No file that a map speaks of is longer; a number above this is a mistake or an attack, and no reader lets it in."""


def line_set(spans: Iterable[Span]) -> LineSet:
    """The lines of all the spans. Raises ValueError for a line below 1 or above `MAX_LINE`."""
    found = 0
    for span in spans:
        if not 1 <= span.start <= span.end <= MAX_LINE:
            raise ValueError(f"lines {span.start} to {span.end} cannot be")
        found |= (1 << span.end + 1) - (1 << span.start)
    return found


def lines_of(numbers: Iterable[int]) -> LineSet:
    """The set of single line numbers. Raises ValueError as `line_set` does."""
    wanted = set(numbers)
    marks = bytearray(min(max(wanted, default=0), MAX_LINE) + 1)
    for number in wanted:
        if not 1 <= number <= MAX_LINE:
            raise ValueError(f"line {number} cannot be")
        marks[number] = 1
    return marked(marks, 1)


def marked(marks: bytes | bytearray, mark: int) -> LineSet:
    """The lines whose byte in `marks` is `mark`; byte n stands for line n. Takes linear time, unlike adding line by line."""
    digits = marks.translate(b"0" * mark + b"1" + b"0" * (255 - mark))
    return int(digits[::-1] or b"0", 2) & ~1


def spans_of(lines: LineSet) -> tuple[Span, ...]:
    """The set as the fewest spans, in order: `0b11010` is lines 1, 3 and 4."""
    spans = []
    at = 0
    while lines:
        skipped = (lines & -lines).bit_length() - 1
        lines >>= skipped
        length = ((~lines) & (lines + 1)).bit_length() - 1
        spans.append(Span(at + skipped, at + skipped + length - 1))
        at += skipped + length
        lines >>= length
    return tuple(spans)
