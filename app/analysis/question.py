"""What the ranking of tests for one fix is made from, and the words of the fix that tests are searched for."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.analysis.names import folder_parts, name_parts
from app.analysis.words import IDENTIFIER, TestWords, Weighted, message_words, parts, saturated
from app.domain.change import FileChange, Span, Symbol
from app.domain.evidence import TestFile
from app.domain.history import BlamedLine, PastCommit

_CONTEXT = 8
_MAX_WORDS = 400
_MAX_LINE = 2000


@dataclass(frozen=True, slots=True)
class Reached:
    """What an import of a test leads to: a changed file (`path`, before the fix), the names taken from it, and the line.

    `directness` is 1 where the test imports the file itself, less where it comes by it through another; `reason` is the slug
    people are told.
    """

    path: str
    directness: float
    reason: str
    names: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that the ranking of tests for one fix is made from, as it stood before the fix.

    `message` is the fix's message, or an issue's text where there is no fix yet; `files` the changed code, or the places that
    the issue names, without hunks. `sources` and `defined` give their text and definitions before the fix by old path, `words`
    those of every test by path, `reached` what each test imports of the change. `when` is in seconds since 1970.
    """

    message: str
    files: tuple[FileChange, ...]
    tests: tuple[TestFile, ...]
    words: Mapping[str, TestWords]
    history: Sequence[PastCommit] = ()
    blame: Mapping[str, Sequence[BlamedLine]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    defined: Mapping[str, Sequence[Symbol]] = field(default_factory=dict)
    reached: Mapping[str, Sequence[Reached]] = field(default_factory=dict)
    when: int = 0


class FixWords:
    """The words of a fix by where they stand, each with a weight, read once for all tests."""

    def __init__(self, question: Question) -> None:
        self._question = question
        lines = {file.before: float(max(1, file.changed_lines)) for file in question.files}
        #: Each changed file's share of the changed lines, and the root of it, which lets small parts of a fix speak as well.
        self.shares = _normalised(lines)
        self.roots = _normalised({path: math.sqrt(share) for path, share in self.shares.items()})
        self.message = message_words(question.message)
        self.subject = dict.fromkeys(message_words(question.message.partition("\n")[0]), 1.0)
        self.symbols = _symbols(question.files)
        self.symbol_parts = saturated(_apart(self.symbols))
        self.changed = Counter(
            name
            for file in question.files
            for hunk in file.hunks
            for line in (*hunk.removed, *hunk.added)
            for name in IDENTIFIER.findall(line)
        )
        self.changed_parts = saturated(_apart(self.changed))

    @cached_property
    def code(self) -> dict[str, float]:
        """Names to look for in a test's text: of the changed lines and those around, of what encloses and what is defined."""
        around = Counter(name for path, text in self._question.sources.items() for name in _around(text, self.spans(path)))
        defined = {
            symbol.name: self.shares.get(path, 0.0)
            for path, symbols in self._question.defined.items()
            for symbol in symbols
            if len(symbol.name) > 3 and not symbol.name.startswith("__")
        }
        modules = {front(path): share for path, share in self.shares.items()}
        query = _added(
            (name, weight * value)
            for weight, weighted in (
                (1.0, saturated(self.changed)),
                (0.3, saturated(around)),
                (2.0, saturated(self.symbols)),
                (4.0 / math.sqrt(len(defined) + 1), defined),
                (2.0, modules),
            )
            for name, value in weighted.items()
        )
        return dict(sorted(query.items(), key=lambda pair: (-pair[1], pair[0]))[:_MAX_WORDS])

    @cached_property
    def names(self) -> dict[str, float]:
        """The words of the changed files' own names, and, less sure, of the folders they stand in."""
        found: dict[str, float] = {}
        for path, share in self.roots.items():
            for sure, those in ((1.0, name_parts(path)), (0.6, folder_parts(path))):
                for part in those:
                    found[part] = max(found.get(part, 0.0), sure * math.sqrt(share))
        return found

    def spans(self, path: str) -> list[Span]:
        """The lines of a file, as it stood before, that the fix stands on."""
        return [hunk.near() for file in self._question.files if file.before == path for hunk in file.hunks]


def front(path: str) -> str:
    """A file's name up to its first dot."""
    return path.rpartition("/")[2].partition(".")[0]


def _around(text: str, spans: Iterable[Span]) -> list[str]:
    lines = text.split("\n")
    wanted = {line for span in spans for line in range(max(1, span.start - _CONTEXT), span.end + _CONTEXT + 1)}
    return [name for line in wanted if line <= len(lines) for name in IDENTIFIER.findall(lines[line - 1][:_MAX_LINE])]


def _symbols(files: Iterable[FileChange]) -> dict[str, float]:
    """The functions and classes that the fix changes, by how many of its lines fall in each; what encloses them counts less."""
    return _added(
        (name, worth)
        for file in files
        for symbol in (*file.symbols, *file.new_symbols)
        for name, worth in _named(symbol, max(0.5, float(_lines_in(file, symbol))))
        if len(name) > 2
    )


def _named(symbol: Symbol, lines: float) -> list[tuple[str, float]]:
    *outer, _ = symbol.qualified.split(".")
    return [(symbol.name, lines), *((name, 0.3 * lines) for name in outer)]


def _lines_in(file: FileChange, symbol: Symbol) -> int:
    spans = [hunk.new if symbol in file.new_symbols else hunk.old for hunk in file.hunks]
    return sum(max(0, min(s.end, symbol.span.end) - max(s.start, symbol.span.start) + 1) for s in spans if s)


def _apart(names: Weighted) -> dict[str, float]:
    return _added((part, count) for name, count in names.items() for part in parts(name))


def _added(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for name, value in pairs:
        total[name] = total.get(name, 0.0) + value
    return total


def _normalised(weighted: Weighted) -> dict[str, float]:
    total = sum(weighted.values()) or 1.0
    return {name: value / total for name, value in weighted.items()}
