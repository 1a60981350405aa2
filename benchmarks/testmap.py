"""How small and how fast a stored test map is, side by side with coverage.py's own interface to the same data, in one run.

    python -m benchmarks.testmap [--real FILE.coverage ...] [--folder DIR] [--database postgresql+psycopg://...]

Each set of data is a file of coverage.py's. A process of its own reads it and writes the map, which is then kept in an empty
database; processor time and peak memory are told. Then both are asked the same questions, and every answer is compared. Each time
the data file and the database are opened anew, so that nothing is kept from before but what the operating system has of them;
opening is not counted. Times are medians over the draws of a question, by the clock and of the processor: on a machine that is
busy with other work only the latter mean something.
"""

import argparse
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from coverage import CoverageData
from sqlalchemy import text

from app.analysis.coverage.coverage_py import OUTSIDE, read_contexts
from app.analysis.testmap.mapfile import open_map, write_map
from app.domain.lines import LineSet, lines_of
from app.domain.testmap import FileCover, Grain, Measured, Origin, Place, TestSet, members
from app.engine.coverage_data import read_data
from app.store.database import Database
from app.store.maps import StoredMaps
from benchmarks.synthetic import write_coverage

COMMIT, BLOB = "c" * 40, "b" * 40
HOST = "github.com"
# So that a suite of which no test is asked for is not taken for one without tests.
_A_TEST = "tests/test_a.py::test_a|run"
DRAWS = 9
Question = Mapping[str, LineSet]
"""The lines that are asked for, by file."""
Answer = dict[str, dict[str, LineSet]]
"""By file and test those of the lines that it ran."""
Times = tuple[tuple[float, float], tuple[float, float]]
"""Milliseconds that coverage.py took and that recall took, each by the clock and of the processor."""
Made = TypeVar("Made")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Ingested:
    """What turning a data file into a map took: seconds of processor time, the most memory in MB; and what there was."""

    tests: int
    files: int
    rows: int
    pairs: int
    size: int
    seconds: float
    peak: float


def ingest(source: Path, target: Path) -> Ingested:
    """Reads a data file and writes the map; to be called in a process of its own."""
    start = time.process_time()
    reading = read_data(source, "suite")
    rows = 0

    def files() -> Iterator[tuple[Measured, str]]:
        nonlocal rows
        for file in reading.files:
            rows += len(file.ran)
            yield replace(file, path=file.path.lstrip("/")), BLOB

    with target.open("wb") as out:
        written = write_map(out, Origin(COMMIT, "main", "1.1", "suite"), Grain.TEST, reading.tests, files())
    seconds = time.process_time() - start
    return Ingested(written.tests, written.files, rows, written.pairs, written.size, seconds, peak())


def peak() -> float:
    """The most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # where `getrusage` counts what the parent had before the process became its own
        (line,) = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(line) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def alone(act: Callable[[Path, Path], Ingested], source: Path, target: Path) -> Ingested:
    """What it gives in a process of its own, whose memory nothing else has used."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(act, source, target).result()


def asked_of_coverage(data: CoverageData, question: Question) -> dict[str, dict[int, list[str]]]:
    """What coverage.py tells: the contexts by line."""
    found = {}
    for path, lines in question.items():
        contexts = data.contexts_by_lineno(f"/{path}")
        found[path] = {line: some for line, some in contexts.items() if lines >> line & 1}
    return found


def asked_of_recall(database: Database, repository: int, question: Question) -> list[tuple[FileCover, dict[int, LineSet]]]:
    """What the stored map tells, as recall's answers ask for it: the lines by test, the dictionary of the tests beside it."""
    covers = StoredMaps(database).maps(HOST, repository).at(COMMIT).covers(question.keys())
    return [(cover, cover.ran(question[path])) for path, some in covers.items() for cover in some]


def tests_of_coverage(data: CoverageData, question: Question) -> set[str]:
    """The contexts of any of the lines, from coverage.py."""
    told = asked_of_coverage(data, question)
    return {context for by_line in told.values() for some in by_line.values() for context in some}


def tests_of_recall(database: Database, repository: int, question: Question) -> list[str]:
    """The tests of any of the lines, from the stored map, which has one segment here."""
    covers = StoredMaps(database).maps(HOST, repository).at(COMMIT).covers(question.keys())
    running: TestSet = 0
    names: Sequence[str] = ()
    for path, some in covers.items():
        for cover in some:
            names = cover.tests
            for _, tests in cover.among(question[path]):
                running |= tests
    return [names[test] for test in members(running)]


def named(told: Sequence[tuple[FileCover, Mapping[int, LineSet]]]) -> Answer:
    """The answer with the names of the tests."""
    return {cover.path: {cover.tests[test]: lines for test, lines in ran.items()} for cover, ran in told}


def tests_in(contexts: Iterable[str]) -> set[str]:
    """Contexts taken for tests as recall does."""
    read = read_contexts({*contexts, _A_TEST}, "")
    return {read.tests[read.owners[context]] for context in contexts if read.owners[context] != OUTSIDE}


def by_test(told: Mapping[str, Mapping[int, Sequence[str]]]) -> Answer:
    """coverage.py's answer turned round, its contexts taken for tests as recall does."""
    contexts = read_contexts({context for lines in told.values() for some in lines.values() for context in some} | {_A_TEST}, "")
    found: Answer = {}
    for path, by_line in told.items():
        ran = found.setdefault(path, {})
        for line, some in by_line.items():
            for owner in {contexts.owners[context] for context in some} - {OUTSIDE}:
                ran[contexts.tests[owner]] = ran.get(contexts.tests[owner], 0) | 1 << line
    return found


def questions(covered: Mapping[str, LineSet], running: Mapping[str, int], chance: random.Random) -> dict[str, list[Question]]:
    """What is asked, several draws of each; `covered` are the lines that any test ran, `running` how many tests ran a file."""
    paths = sorted(covered)
    busiest = sorted(paths, key=lambda path: -running[path])[:40]

    def lines(some: Sequence[str], number: int = 500) -> Question:
        share = [number * (n + 1) // len(some) - number * n // len(some) for n in range(len(some))]
        return {path: _drawn(covered[path], count, chance) for path, count in zip(some, share, strict=True)}

    def draw(number: int) -> list[str]:
        return chance.sample(paths, min(number, len(paths)))

    return {
        "1 file": [{path: covered[path] for path in draw(1)} for _ in range(DRAWS)],
        "50 files": [{path: covered[path] for path in draw(50)} for _ in range(DRAWS)],
        "500 lines in 40 files": [lines(draw(40)) for _ in range(DRAWS)],
        "500 lines in the 40 busiest files": [lines(busiest) for _ in range(3)],
    }


def _drawn(lines: LineSet, count: int, chance: random.Random) -> LineSet:
    """So many of the lines, or all of them if there are fewer."""
    numbers = list(members(lines))
    return lines_of(chance.sample(numbers, min(count, len(numbers))))


def timed(act: Callable[[], Made]) -> tuple[tuple[float, float], Made]:
    """Milliseconds by the clock and of the processor, and what was made."""
    start = time.perf_counter(), time.process_time()
    made = act()
    return ((time.perf_counter() - start[0]) * 1e3, (time.process_time() - start[1]) * 1e3), made


def taken(database: Database) -> int:
    """How many bytes the tables of maps and their indexes take; on SQLite, the whole database."""
    if database.is_sqlite:
        asked = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    else:
        asked = "SELECT pg_total_relation_size('recall_map_segment') + pg_total_relation_size('recall_map_file')"
    with database.engine.connect() as connection:
        return int(connection.scalar(text(asked)) or 0)


def measure(source: Path, folder: Path, database: Database, repository: int) -> None:
    """Prints everything about one data file."""
    target = folder / "map.recall"
    found = alone(ingest, source, target)
    opened = open_map(target.read_bytes())
    before = taken(database)
    keep = partial(StoredMaps(database).keep, Place(HOST, repository, 1), opened, baseline=True, run="1.1")
    (kept, _), _ = timed(keep)
    size, theirs = taken(database) - before, source.stat().st_size
    print(
        f"\n{source.name}: {found.tests:,} tests, {found.files:,} files, {found.rows:,} rows, {found.pairs:,} (test, line) pairs"
    )
    rate = found.pairs / found.seconds / 1e6
    print(f"  ingest             {rate:8.1f} million pairs/s, {found.seconds:.2f} s, peak {found.peak:.0f} MB")
    print(f"  coverage.py's file {theirs:14,} bytes")
    print(f"  map file           {found.size:14,} bytes   {found.size / theirs:.1%}")
    print(f"  in the database    {size:14,} bytes   {size / theirs:.1%}, kept in {kept:.0f} ms")
    whole = {path: opened.cover(path) for path in opened.paths}
    covered = {path: lines for path, covers in whole.items() if (lines := _union(cover.covered for cover in covers))}
    running = {path: sum(cover.running.bit_count() for cover in whole[path]) for path in covered}
    print(f"  {'':50}{'milliseconds by the clock':^25}{'of the processor':^25}")
    print(f"  {'question, cold':50}{'coverage.py  recall       ' * 2}     size")
    del whole, opened, keep  # or both would pay for looking after it
    for name, draws in questions(covered, running, random.Random(7)).items():
        _ask(f"{name}: lines by test", draws, source, database, repository)
        if "lines" in name:
            _ask_tests(f"{name}: tests", draws, source, database, repository)


def _ask(name: str, draws: Sequence[Question], source: Path, database: Database, repository: int) -> None:
    times, pairs = list[Times](), list[int]()
    for question in draws:
        took, told, answer = both(asked_of_coverage, asked_of_recall, question, source, database, repository)
        if named(answer) != by_test(told):
            raise SystemExit(f"{name}: the two answers differ")
        times.append(took)
        pairs.append(sum(lines.bit_count() for _, ran in answer for lines in ran.values()))
    _print(name, times, int(statistics.median(pairs)))


def _ask_tests(name: str, draws: Sequence[Question], source: Path, database: Database, repository: int) -> None:
    times, tests = list[Times](), list[int]()
    for question in draws:
        took, told, answer = both(tests_of_coverage, tests_of_recall, question, source, database, repository)
        if set(answer) != tests_in(told):
            raise SystemExit(f"{name}: the two answers differ")
        times.append(took)
        tests.append(len(answer))
    _print(name, times, int(statistics.median(tests)))


def both(
    theirs: Callable[[CoverageData, Question], Made],
    ours: Callable[[Database, int, Question], Other],
    question: Question,
    source: Path,
    database: Database,
    repository: int,
) -> tuple[Times, Made, Other]:
    """One question put to both, each just opened: how long they took, and what they say."""
    data = CoverageData(str(source))
    data.read()
    they_took, told = timed(partial(theirs, data, question))
    data.close()
    database.engine.dispose()
    database.ping()
    we_took, answer = timed(partial(ours, database, repository, question))
    return (they_took, we_took), told, answer


def _print(name: str, times: Sequence[Times], size: int) -> None:
    columns = ""
    for kind in (0, 1):
        theirs, ours = (statistics.median(took[side][kind] for took in times) for side in (0, 1))
        columns += f"{theirs:9.1f} {ours:7.2f} {theirs / ours:5.0f} x"
    print(f"  {name:50}{columns} {size:8,}", flush=True)


def _union(sets: Iterator[LineSet]) -> LineSet:
    found = 0
    for some in sets:
        found |= some
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--real", type=Path, action="append", default=[], help="a data file of coverage.py with a context per test"
    )
    parser.add_argument("--only-real", action="store_true", help="leave the synthetic suite out")
    parser.add_argument("--database", help="a PostgreSQL database of its own, instead of SQLite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        sources = list(options.real)
        if not options.only_real:
            sources.insert(0, folder / "synthetic.coverage")
            write_coverage(sources[0])
        database = Database(options.database or f"sqlite:///{folder / 'recall.db'}")
        database.migrate()
        for repository, source in enumerate(sources, 1):
            measure(source, folder, database, repository)
        database.close()


if __name__ == "__main__":
    main()
