"""Puts lines into a file that exists without touching what is there: its line ends and its last line stay as they are."""

import re
from collections.abc import Sequence

from app.domain.change import Span

_LINES = re.compile(r"[^\n]*\n|[^\n]+\Z")


def put(text: str, after: int, lines: Sequence[str]) -> str:
    """The text with `lines` set in after its line `after` (1-based; 0 is the top), in the file's own kind of line end."""
    kept = _LINES.findall(text)
    end = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    if 0 < after <= len(kept) and not kept[after - 1].endswith("\n"):
        kept[after - 1] += end
    return "".join([*kept[:after], *(f"{line}{end}" for line in lines), *kept[after:]])


def put_apart(text: str, after: int, lines: Sequence[str]) -> tuple[str, Span]:
    """The same, with blank lines between `lines` and code above or below; gives the lines that they then stand on.

    Right below an opening bracket, and right above a closing one, no blank line is put.
    """
    kept = [line.strip() for line in text.split("\n")]
    above = kept[after - 1] if after else ""
    below = kept[after] if after < len(kept) else ""
    first = [""] if above and not above.endswith("{") else []
    last = [""] if below and not re.match(r"[}\])]", below) else []
    start = after + len(first) + 1
    return put(text, after, [*first, *lines, *last]), Span(start, start + len(lines) - 1)


def indented(line: str, unit: str) -> str:
    """A line of a template or of `dialects`, four blanks for a level, as the file indents."""
    rest = line.lstrip(" ")
    levels, blanks = divmod(len(line) - len(rest), 4)
    return f"{unit * levels}{' ' * blanks}{rest}"


def unit_of(text: str) -> str:
    """One level of indentation as most lines of a file have it."""
    tabs, blanks = len(re.findall(r"^\t", text, re.MULTILINE)), len(re.findall(r"^ {2}", text, re.MULTILINE))
    return "\t" if tabs > blanks else "    "


def last_line(text: str) -> int:
    """The number of the last line that holds anything."""
    return len(text.rstrip().split("\n")) if text.strip() else 0


def moved(span: Span, by: int) -> Span:
    """The same lines, further down."""
    return Span(span.start + by, span.end + by)


def header(text: str, package: re.Pattern[str]) -> list[str]:
    """The license that a file opens with: its first comment, if it speaks of rights, and stands before `package`."""
    lines: list[str] = []
    block = False
    for line in text.removeprefix("\ufeff").splitlines()[:80]:
        stripped = line.strip()
        if block or stripped.startswith("/*"):
            block = "*/" not in stripped
        elif (
            not stripped.startswith(("//", "#")) or package.match(line) or stripped.startswith(("//go:", "// +build", "#[", "#!"))
        ):
            break
        lines.append(line.rstrip())
        if not block and stripped.endswith("*/"):
            break
    told = re.search(r"copyright|licen[sc]e|\(c\)|spdx", "\n".join(lines), re.IGNORECASE)
    return lines if told and not block else []
