"""The places of a fix as they stood at the commit that let the bug in: lines carried back, else definitions by their names.

Where that commit itself wrote some of these lines, they are the place, since it is its lines that tests could not see.
"""

import re
from collections.abc import Mapping, Sequence

from app.analysis import languages
from app.analysis.testmap.carry import Carry
from app.domain.change import FileChange, Hunk, Span, Status
from app.domain.lines import LineSet, line_set, spans_of

# A single name may be there by chance.
_FEWEST = 2
_SEPARATORS = re.compile(r"\.| > ")


def at_origin(file: FileChange, path: str, source: bytes, carry: Carry, written: LineSet) -> FileChange | None:
    """The file of a fix as if the fix had been made right after the commit at which it was `source` at `path`.

    `carry` leads from that file to the one before the fix, `written` are the lines that the commit wrote. None where neither
    the lines nor the definitions around them stood there yet.
    """
    told = tuple(line.strip() for line in source.decode("utf-8", "replace").split("\n"))
    lines = _worded(carry.back(line_set(hunk.near() for hunk in file.hunks)), told) or _worded(_named(file, source), told)
    lines = lines & written or lines
    if not lines:
        return None
    spans = spans_of(lines)
    symbols = languages.enclosing(languages.symbols(file.language, source), spans)
    hunks = tuple(Hunk(span, None, span.start - 1) for span in spans)
    return FileChange(path, path, Status.MODIFIED, file.role, file.language, hunks, symbols)


def taken_from(path: str, text: bytes, that_day: Mapping[str, bytes]) -> str | None:
    """The test file of that day in which more than half of the tests stood that the file `path` holds today; None where none did.

    A test is known by its own name or title, so a file with fewer than two is told from none.
    """
    names = {
        _SEPARATORS.split(test.name)[-1].encode(errors="surrogateescape")
        for test in languages.tests_in(languages.language_of(path), text)
    }
    if len(names) < _FEWEST:
        return None
    held = {other: sum(name in there for name in names) for other, there in that_day.items()}
    most = max(held, key=lambda other: (held[other], other), default=None)
    return most if most is not None and 2 * held[most] > len(names) else None


def _named(file: FileChange, source: bytes) -> LineSet:
    """The changed definitions by their names, where the changed lines stood nowhere yet."""
    names = {symbol.qualified for symbol in file.symbols if symbol.kind != "class"}
    return line_set(symbol.span for symbol in languages.symbols(file.language, source) if symbol.qualified in names)


def _worded(lines: LineSet, told: Sequence[str]) -> LineSet:
    """Those of the lines that say something: a blank line or a lone bracket is nobody's bug."""
    kept = (Span(line, line) for span in spans_of(lines) for line in range(span.start, span.end + 1) if _says(told, line))
    return line_set(kept)


def _says(told: Sequence[str], line: int) -> bool:
    return line <= len(told) and any(sign.isalnum() for sign in told[line - 1])
