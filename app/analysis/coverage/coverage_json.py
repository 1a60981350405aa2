"""coverage.py's JSON report (`coverage json`, with or without `--show-contexts`), format versions 1 to 3.

Its executed lines are those on which a statement begins; its contexts are told for every line that ran, and mean what they mean
in the data file. That file is the better thing to give: the report repeats each context for each line.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from app.analysis.coverage.coverage_py import OUTSIDE, Contexts, read_contexts
from app.analysis.coverage.json import START, as_list, as_object, load_object
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE, LineSet, lines_of
from app.domain.testmap import Measured, Reading

_OPENING = re.compile(START + rb'"meta"\s*+:\s*+\{[^{}]{0,4096}?"branch_coverage"\s*+:')


def recognises(head: bytes) -> bool:
    """Whether it is an object whose `meta` says whether branches were measured."""
    return bool(_OPENING.match(head))


def read(data: bytes, suite: str) -> Reading:
    """Lines by test where contexts are shown, else of one suite. Raises Unreadable, here or while the files are read."""
    found = load_object(data)
    version = as_object(found.get("meta")).get("version")
    files = {path: as_object(entry) for path, entry in as_object(found.get("files")).items()}
    # Without --show-contexts, everything that ran ran in the empty context.
    told = {name for entry in files.values() for names in _contexts(entry).values() for name in names} or {""}
    contexts = read_contexts(told, suite)
    tool = f"coverage.py {version}" if isinstance(version, str) else "coverage.py"
    return Reading(tool, contexts.grain, contexts.tests, _files(files, contexts))


def _files(files: dict[str, dict[str, object]], contexts: Contexts) -> Iterator[Measured]:
    for path, entry in files.items():
        ran: dict[int, LineSet] = defaultdict(int)
        shown = 0
        for owner, numbers in _by_owner(entry, contexts).items():
            ran[owner] = lines_of(numbers)
            shown |= ran[owner]
        executed = _lines(entry, "executed_lines")
        ran[contexts.owners.get("", OUTSIDE)] |= executed & ~shown
        code = executed | shown | _lines(entry, "missing_lines")
        outside = ran.pop(OUTSIDE, 0)
        yield Measured(path, {owner: lines for owner, lines in ran.items() if lines}, outside, code)


def _by_owner(entry: dict[str, object], contexts: Contexts) -> dict[int, set[int]]:
    numbers: dict[int, set[int]] = defaultdict(set)
    for line, names in _contexts(entry).items():
        for name in names if line else ():
            numbers[contexts.owners[name]].add(line)
    return numbers


def _contexts(entry: dict[str, object]) -> dict[int, list[str]]:
    """The contexts of each line; an empty module runs its line 0."""
    told: dict[int, list[str]] = {}
    for line, names in as_object(entry.get("contexts")).items():
        told[_line(line)] = [name for name in as_list(names) if isinstance(name, str)]
    return told


def _lines(entry: dict[str, object], key: str) -> LineSet:
    return lines_of(number for line in as_list(entry.get(key)) if (number := _line(line)))


def _line(told: object) -> int:
    """A line's number, which is text where it is a key."""
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 10:
        told = int(told)
    if type(told) is not int or not 0 <= told <= MAX_LINE:
        raise Unreadable(f"It speaks of the line {str(told)[:20]}, which cannot be.")
    return told
