"""Finds the definition around a few lines of a file in any language, by indentation where recall parses none."""

import re
from collections.abc import Sequence

from app.analysis import languages
from app.domain.change import Hunk, Span, Symbol

MAX_LINES = 400
"""A definition that is longer is told from so many lines around the change: more would be about something else."""

_DEFINES = re.compile(
    r"\s*(?:export\s+|public\s+|private\s+|protected\s+|static\s+|async\s+|pub\s+|default\s+)*"
    r"(?:def|class|function|func|fn|sub|module|struct|interface|trait|impl|enum)\b"
    r"|.*\)\s*(?:const\s*|noexcept\s*|override\s*|throws [\w., ]+)?\{?\s*$"
    r"|.*=>\s*\{?\s*$"
    r"|[A-Za-z_][^;=]*\("
)
_BRANCHES = re.compile(
    r"\s*[}\])]*\s*(?:if|for|foreach|while|else|elif|elsif|elseif|switch|case|try|catch|except|finally|with|unless|until|do|return"
    r"|begin|rescue|ensure|when|select|defer|go)\b"
)
_CLOSES = re.compile(r"[}\])]|end\b|fi\b|done\b|esac\b")


def definitions_around(language: str | None, source: bytes, hunks: Sequence[Hunk]) -> tuple[Span | None, ...]:
    """For each hunk the lines of the innermost definition that it stands in, as the file was before; None where there is none."""
    symbols = languages.symbols(language, source)
    lines = source.decode(errors="replace").split("\n")
    return tuple(_parsed(symbols, hunk) or by_indentation(lines, hunk.near()) for hunk in hunks)


def _parsed(symbols: Sequence[Symbol], hunk: Hunk) -> Span | None:
    at = hunk.old or Span(max(1, hunk.after), max(1, hunk.after))
    found = languages.enclosing(symbols, [at])
    return _near(found[0].span, at) if found else None


def by_indentation(lines: Sequence[str], at: Span) -> Span | None:
    """The nearest line above that is less indented and looks like the head of a definition, to the line that ends its block."""
    start, end = max(1, min(at.start, len(lines))), min(max(at.end, 1), len(lines))
    own = [depth for line in lines[start - 1 : end] if (depth := _depth(line)) is not None]
    level = min(own, default=1)
    head = _head(lines, start, level)
    return _near(Span(head, _end(lines, head, end)), Span(start, end)) if head else None


def _head(lines: Sequence[str], start: int, level: int) -> int | None:
    for number in range(start - 1, max(0, start - MAX_LINES), -1):
        line = lines[number - 1]
        depth = _depth(line)
        if depth is None or depth >= max(level, 1):
            continue
        if _DEFINES.match(line) and not _BRANCHES.match(line):
            return number
        level = depth
    return None


def _end(lines: Sequence[str], head: int, after: int) -> int:
    """The last line of the block: before the next one that stands no deeper than its head, or that one where it closes it."""
    level = _depth(lines[head - 1]) or 0
    for number in range(after + 1, min(len(lines), after + MAX_LINES) + 1):
        line = lines[number - 1].strip()
        if line and (_depth(lines[number - 1]) or 0) <= level and not line.startswith(("{", "(")):
            return number if _CLOSES.match(line) else number - 1
    return min(len(lines), after + MAX_LINES)


def _near(span: Span, at: Span) -> Span:
    """The span, cut where it reaches further from the change than half of what is read."""
    if span.end - span.start < MAX_LINES:
        return span
    return Span(max(span.start, at.start - MAX_LINES // 2), min(span.end, at.end + MAX_LINES // 2))


def _depth(line: str) -> int | None:
    """How far a line is indented (a tab as four); None for a blank one."""
    text = line.lstrip()
    return len(line[: len(line) - len(text)].expandtabs(4)) if text.strip() else None
