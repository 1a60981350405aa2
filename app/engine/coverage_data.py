"""Opens coverage.py's data files, which are SQLite, and streams what they hold file by file; what the rows mean is told by
`app.analysis.coverage.coverage_py`.

The file is opened read-only and trusted with nothing: only plain tables are read, values are limited in size, and no more
rows than the file has room for, so that a damaged or a made-up one cannot keep this busy.
"""

import contextlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from app.analysis.coverage.coverage_py import OUTSIDE, SCHEMA, Contexts, lines_of_arcs, lines_of_numbits, read_contexts, sound
from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import LineSet
from app.domain.testmap import Measured, Reading

_COLUMNS = {
    "coverage_schema": {"version"},
    "meta": {"key", "value"},
    "file": {"id", "path"},
    "context": {"id", "context"},
    "line_bits": {"file_id", "context_id", "numbits"},
    "arc": {"file_id", "context_id", "fromno", "tono"},
}
_LONGEST_VALUE = 1 << 18
_LEAST_BYTES_OF_A_ROW = 4
_CACHE_KIB = 32 << 10
_NOT_COVERAGE = "It is an SQLite database, but not one that coverage.py wrote: give the file that its data_file setting names."
_DAMAGED = "It is damaged or cut short: run the tests again, and let coverage.py end before the file is copied."


@dataclass(frozen=True, slots=True)
class _Listing:
    """The small tables of a data file."""

    tool: str
    files: dict[int, str]
    contexts: dict[int, str]
    arcs: bool


def list_paths(path: Path) -> list[str]:
    """The files that a data file speaks of, as coverage.py wrote them. Raises Unreadable."""
    with _opened(path) as data:
        return list(_listing(data, path).files.values())


def read_data(path: Path, suite: str) -> Reading:
    """What a data file holds. Raises Unreadable, here or while the files are read."""
    with _opened(path) as data:
        listing = _listing(data, path)
    contexts = read_contexts(listing.contexts.values(), suite)
    return Reading(listing.tool, contexts.grain, contexts.tests, _files(path, listing, contexts))


def _files(path: Path, listing: _Listing, contexts: Contexts) -> Iterator[Measured]:
    """Each file when all of its rows are there: the unique index of both tables has them in this order."""
    owners = {number: contexts.owners[context] for number, context in listing.contexts.items()}
    unseen = dict(listing.files)
    rows = _by_arcs if listing.arcs else _by_lines
    with _opened(path) as data:
        try:
            for number, told in rows(data, owners, path.stat().st_size):
                ran = sound(told)
                yield Measured(unseen.pop(number), ran, ran.pop(OUTSIDE, 0))
        except (KeyError, TypeError) as error:
            raise Unreadable(_DAMAGED) from error
    for name in unseen.values():
        yield Measured(name, {})


def _by_lines(data: sqlite3.Connection, owners: Mapping[int, int], room: int) -> Iterator[tuple[int, dict[int, LineSet]]]:
    """The lines by test, of one file after another. This loop is where a large file spends its time."""
    current: int | None = None
    ran: dict[int, LineSet] = {}
    for file, context, numbits in data.execute("SELECT file_id, context_id, numbits FROM line_bits ORDER BY file_id, context_id"):
        if file != current:
            if current is not None:
                yield current, ran
            current, ran = file, {}
        room -= _LEAST_BYTES_OF_A_ROW + len(numbits)
        if room < 0:
            raise Unreadable(_DAMAGED)
        owner, lines = owners[context], lines_of_numbits(numbits)
        ran[owner] = ran[owner] | lines if owner in ran else lines
    if current is not None:
        yield current, ran


def _by_arcs(data: sqlite3.Connection, owners: Mapping[int, int], room: int) -> Iterator[tuple[int, dict[int, LineSet]]]:
    """The same from branch coverage, which has a row for each way from line to line."""
    arcs = data.execute("SELECT file_id, context_id, fromno, tono FROM arc ORDER BY file_id, context_id")
    for file, rows in groupby(arcs, itemgetter(0)):
        ends: dict[int, set[int]] = defaultdict(set)
        for _, context, start, end in rows:
            room -= _LEAST_BYTES_OF_A_ROW
            if room < 0:
                raise Unreadable(_DAMAGED)
            ends[owners[context]] |= {start, end}
        yield file, {owner: lines_of_arcs(numbers) for owner, numbers in ends.items()}


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that can only read. Whatever SQLite complains of is told as damage."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as data:
            data.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            for setting in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", f"cache_size = -{_CACHE_KIB}"):
                data.execute(f"PRAGMA {setting}")
            yield data
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise Unreadable(_DAMAGED) from error


def _listing(data: sqlite3.Connection, path: Path) -> _Listing:
    room = path.stat().st_size // _LEAST_BYTES_OF_A_ROW
    _check_tables(data)
    if (versions := [row[0] for row in data.execute("SELECT version FROM coverage_schema LIMIT 2")]) != [SCHEMA]:
        raise Unreadable(f"Its schema is {versions[:1]}, and recall reads {SCHEMA}, which coverage.py has written since 5.0.")
    meta = {row[0]: row[1] for row in data.execute("SELECT key, value FROM meta LIMIT 100")}
    files = _names(data, "SELECT id, path FROM file LIMIT ?", room)
    contexts = _names(data, "SELECT id, context FROM context LIMIT ?", room)
    return _Listing(f"coverage.py {meta.get('version') or ''}".strip(), files, contexts, _is_true(meta.get("has_arcs")))


def _check_tables(data: sqlite3.Connection) -> None:
    """Raises Unreadable unless all that is read later are plain tables: a view or a computed column could be anything."""
    made = data.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' LIMIT 1000")
    plain = {name for name, sql in made if not str(sql).upper().startswith("CREATE VIRTUAL")}
    for table, columns in _COLUMNS.items():
        told = {name: hidden for _, name, *_, hidden in data.execute(f"PRAGMA table_xinfo({table})")}
        if table not in plain or any(told.get(column) != 0 for column in columns):
            raise Unreadable(_NOT_COVERAGE)


def _names(data: sqlite3.Connection, query: str, room: int) -> dict[int, str]:
    rows = list(data.execute(query, (room + 1,)))
    if len(rows) > room or not all(type(number) is int and type(name) is str for number, name in rows):
        raise Unreadable(_DAMAGED)
    return dict(rows)


def _is_true(value: Any) -> bool:
    return str(value) in ("1", "True")
