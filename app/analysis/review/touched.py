"""What a change touches of a past fix: its lines, carried to where the change begins, and the functions that it had changed.

Blank lines, comments, imports and bare brackets say nothing, nor do lines that only moved or were only indented anew.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.analysis import languages
from app.analysis.languages.import_lines import import_lines
from app.analysis.testmap.carry import Carry, Mismatched, carry_by
from app.domain.change import FileChange, Hunk, Span, Status, Symbol
from app.domain.lines import MAX_LINE, LineSet, line_set, lines_of, spans_of
from app.domain.review import Touch

_SILENT = re.compile(
    r"\s*(?:[\W_]*|(?:#(?!\[|define|if|el)|//|/\*|\*[\s/]|<!--|\"\"\"|\'\'\'|--\s).*"
    r"|from\b[^()=]*\bimport\b.*|(?:import|package|using|require|require_relative|use|include|extern crate)\b[^()=]*;?"
    r"|(?:pass|end|else|try|begin|return|break|continue|fi|done|default)\b[\s:;{}]*)",
)
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class PastFile:
    """What a past fix changed in one file: the path and the lines at the commit where the change begins, and the qualified names
    of the functions that it changed.
    """

    path: str
    lines: LineSet
    functions: frozenset[str] = frozenset()


def fixed_lines(file: FileChange) -> LineSet:
    """The lines of the fixed file that the fix wrote, or that stand on both sides of what it took away."""
    told = 0
    for hunk, start in _placed(file.hunks):
        if hunk.new is None:
            told |= _lines((start - 1, start))
        else:
            told |= _lines(hunk.new.start + n for n, text in enumerate(hunk.added) if _tells(text))
    return told


def fixed_functions(file: FileChange) -> frozenset[str]:
    """The functions and methods that the fix changed or brought."""
    return frozenset(symbol.qualified for symbol in (*file.symbols, *file.new_symbols) if symbol.kind != "class")


def past_file(path: str, file: FileChange, carry: Carry) -> PastFile:
    """The fixed file as it stands at `path` after what `carry` tells of."""
    return PastFile(path, carry.forward(fixed_lines(file)), fixed_functions(file))


def carried_by(hunks: Iterable[Hunk]) -> Carry | None:
    """The carry through those hunks; None where they contradict each other or speak of lines that cannot be."""
    try:
        return carry_by(hunks)
    except (Mismatched, ValueError):
        return None


def touches(past: PastFile, change: FileChange, before: bytes) -> tuple[Touch, ...]:
    """What the change to that file touches of the past fix: lines first, then functions. `before` is the file's text at its
    base. A file or a function that goes away as a whole takes the past fix along, which is no touch.
    """
    if change.status is Status.DELETED:
        return ()
    language = languages.language_of(past.path)
    idle = import_lines(language, before) | _gone(languages.symbols(language, before), change.hunks)
    edits = [edit for edit in _edits(change.hunks) if not edit.lies_within(idle)]
    on_lines = [edit.after for edit in edits if edit.overlaps(past.lines)]
    found = [Touch(change.path, _joined(on_lines))] if on_lines else []
    if past.functions:
        found.extend(_functions(past, change, before, edits))
    return tuple(found)


def _functions(past: PastFile, change: FileChange, before: bytes, edits: Sequence["_Edit"]) -> Iterator[Touch]:
    symbols = languages.symbols(languages.language_of(past.path), before)
    spans: dict[str, list[Span]] = {}
    for edit in edits:
        for symbol in languages.enclosing(symbols, edit.spans):
            if symbol.qualified in past.functions:
                spans.setdefault(symbol.qualified, []).append(edit.after)
    for name, places in sorted(spans.items()):
        yield Touch(change.path, _joined(places), name)


def _gone(symbols: Iterable[Symbol], hunks: Iterable[Hunk]) -> LineSet:
    """The lines of the definitions of which the change leaves nothing, and names none anew."""
    removed = line_set(hunk.old for hunk in hunks if hunk.old and hunk.old.end <= MAX_LINE)
    added = {word for hunk in hunks for line in hunk.added for word in _WORD.findall(line)}
    gone = (symbol for symbol in symbols if symbol.name not in added and symbol.span.end <= MAX_LINE)
    return line_set(symbol.span for symbol in gone if not line_set([symbol.span]) & ~removed)


@dataclass(frozen=True, slots=True)
class _Edit:
    """One hunk that says something: the old lines it takes away, or the two that it comes between, and its new lines."""

    removed: LineSet
    between: LineSet
    after: Span

    @property
    def spans(self) -> tuple[Span, ...]:
        return spans_of(self.removed or self.between & -self.between)

    def lies_within(self, lines: LineSet) -> bool:
        """Whether it changes none but these lines."""
        return not (self.removed or self.between) & ~lines

    def overlaps(self, lines: LineSet) -> bool:
        """Whether it changes one of the lines, or comes right between two of them."""
        return bool(self.removed & lines) or (bool(self.between) and self.between & lines == self.between)


def _edits(hunks: Sequence[Hunk]) -> Iterator[_Edit]:
    added = Counter(line.strip() for hunk in hunks for line in hunk.added)
    removed = Counter(line.strip() for hunk in hunks for line in hunk.removed)
    for hunk, start in _placed(hunks):
        first = hunk.old.start if hunk.old else 0
        gone = _lines(first + n for n, text in enumerate(hunk.removed) if _tells(text) and not added[text.strip()])
        new = [text for text in hunk.added if _tells(text) and not removed[text.strip()]]
        after = hunk.new or Span(max(1, start - 1), max(1, start - 1))
        if gone:
            yield _Edit(gone, 0, after)
        elif new:
            around = (hunk.after, hunk.after + 1) if hunk.old is None else (hunk.old.start, hunk.old.end)
            yield _Edit(0, _lines(around), after)


def _placed(hunks: Iterable[Hunk]) -> Iterator[tuple[Hunk, int]]:
    """Each hunk with the new line at which it begins; of one that only removes, the line that follows what is gone."""
    grown = 0
    for hunk in hunks:
        start = (hunk.old.start if hunk.old else hunk.after + 1) + grown
        yield hunk, start
        grown += len(hunk.added) - len(hunk.removed)


def _tells(line: str) -> bool:
    """Whether a line of code says anything that can be right or wrong."""
    return _SILENT.fullmatch(line) is None


def _lines(numbers: Iterable[int]) -> LineSet:
    """Those of the lines that there can be: a file of a million line ends has more."""
    return lines_of(number for number in numbers if 1 <= number <= MAX_LINE)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    return spans_of(line_set(span for span in spans if span.end <= MAX_LINE))
