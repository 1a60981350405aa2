"""A synthetic suite's coverage, written as coverage.py itself would have left it: who runs what is drawn, the file is real.

What it imitates of real suites: files are of very unequal length and are made of functions; a function has a few ways through
it, each a prefix of its lines and some block after it; how many tests run a file falls steeply and evenly from the busiest file
on, as in sympy's suite; tests of one module resemble each other. docs/test-map.md sets its numbers beside real ones.
"""

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from coverage import CoverageData

from app.domain.lines import LineSet


@dataclass(frozen=True)
class Shape:
    """How large the suite is. `lines` counts all lines of all files; three quarters of them hold code."""

    tests: int = 5_000
    files: int = 3_000
    lines: int = 600_000
    tests_per_module: int = 20
    seed: int = 3


@dataclass(frozen=True)
class File:
    """One source file: its functions, each as its ways through (sets of lines, the first is the whole function)."""

    path: str
    functions: tuple[tuple[LineSet, ...], ...]
    top: LineSet


# What share of the test modules runs a file, by the file's place among all, the busiest first; between the points it falls
# evenly in its logarithm.
_BUSY = ((0.0, 1.0), (0.02, 0.5), (0.05, 0.27), (0.1, 0.1), (0.25, 0.012), (0.5, 0.004), (1.0, 0.003))
# How much of a file's functions a module calls.
_CALLED = 0.28
Habit = dict[int, dict[int, int]]
"""For each file (index) the functions that are called, and the way that is taken through each."""


def make_files(shape: Shape, chance: random.Random) -> list[File]:
    """The source files."""
    weights = [chance.lognormvariate(0, 0.9) for _ in range(shape.files)]
    scale = shape.lines / sum(weights)
    return [_file(number, max(12, round(weight * scale)), chance) for number, weight in enumerate(weights)]


def _file(number: int, length: int, chance: random.Random) -> File:
    functions, top, at = [], 0, 1
    while at <= length:
        end = min(length, at + max(2, round(chance.lognormvariate(2.2, 0.7))))
        body = [line for line in range(at + 1, end + 1) if chance.random() < 0.75]
        top |= 1 << at
        if body:
            functions.append(_ways(body, chance))
        at = end + 1
    return File(f"src/package{number % 100:02}/module{number:04}.py", tuple(functions), top)


def _ways(body: list[int], chance: random.Random) -> tuple[LineSet, ...]:
    ways = [sum(1 << line for line in body)]
    for _ in range(min(len(body) // 3, chance.choice((0, 1, 1, 2, 3)))):
        leave = chance.randrange(1, len(body))
        again = chance.randrange(leave, len(body) + 1)
        ways.append(sum(1 << line for line in body[:leave] + body[again:]))
    return tuple(ways)


def make_rows(shape: Shape, files: list[File], chance: random.Random) -> Iterator[tuple[str, list[tuple[int, LineSet]]]]:
    """For each test its name, and the lines that it ran by file (index)."""
    called = [index for index, file in enumerate(files) if file.functions]
    chance.shuffle(called)
    shares = [(index, _share(place / len(called))) for place, index in enumerate(called)]
    start = _habit(files, called[: len(called) // 100], 0.1, chance)
    for module in range(-(-shape.tests // shape.tests_per_module)):
        habit = _habit(files, [index for index, share in shares if chance.random() < share], _CALLED, chance)
        for number in range(min(shape.tests_per_module, shape.tests - module * shape.tests_per_module)):
            own = {index: _varied(files[index], ways, chance) for index, ways in habit.items() if chance.random() < 0.8}
            far = _habit(files, chance.sample(called, 2), _CALLED, chance)
            ran = _merged(start, _merged(own, far))
            rows = [(index, _lines(files[index], ways)) for index, ways in ran.items() if ways]
            yield f"tests/package{module % 100:02}/test_module{module:03}.py::test_{number}[case-{number % 7}]|run", rows


def _share(place: float) -> float:
    """The share of modules that run the file at that place (0 to 1)."""
    (low, high), (before, after) = next(zip(a, b, strict=True) for a, b in pairwise(_BUSY) if place <= b[0])
    along = (place - low) / (high - low)
    return float(before ** (1 - along) * after**along)


def _habit(files: list[File], some: list[int], share: float, chance: random.Random) -> Habit:
    found: Habit = {}
    for index in some:
        functions = files[index].functions
        taken = chance.sample(range(len(functions)), max(1, round(share * len(functions))))
        found[index] = {function: _way(functions[function], chance) for function in taken}
    return found


def _way(ways: tuple[LineSet, ...], chance: random.Random) -> int:
    return 0 if chance.random() < 0.6 else chance.randrange(len(ways))


def _varied(file: File, ways: dict[int, int], chance: random.Random) -> dict[int, int]:
    """The same calls with small differences: one in ten not made, one in ten by another way."""
    kept = {}
    for function, way in ways.items():
        dice = chance.random()
        if dice >= 0.1:
            kept[function] = _way(file.functions[function], chance) if dice < 0.2 else way
    return kept


def _merged(first: Habit, second: Habit) -> Habit:
    return first | {index: first.get(index, {}) | ways for index, ways in second.items()}


def _lines(file: File, ways: dict[int, int]) -> LineSet:
    found = 0
    for function, way in ways.items():
        found |= file.functions[function][way]
    return found


def write_coverage(path: Path, shape: Shape = Shape()) -> int:
    """Writes the data file; how many (test, line) pairs are in it. Rows come test by test, as a run leaves them."""
    chance = random.Random(shape.seed)
    files = make_files(shape, chance)
    path.unlink(missing_ok=True)
    data = CoverageData(str(path))
    data.add_lines({})
    data.touch_files([f"/home/runner/work/shop/shop/{file.path}" for file in files])
    data.write()
    data.close()
    pairs = 0
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT OR IGNORE INTO context (id, context) VALUES (1, '')")
        ids = {name: number for number, name in connection.execute("SELECT id, path FROM file")}
        numbers = [ids[f"/home/runner/work/shop/shop/{file.path}"] for file in files]
        insert = "INSERT INTO line_bits (file_id, context_id, numbits) VALUES (?, ?, ?)"
        connection.executemany(insert, [(numbers[i], 1, _numbits(file.top)) for i, file in enumerate(files)])
        for context, (name, rows) in enumerate(make_rows(shape, files, chance), 2):
            connection.execute("INSERT INTO context (id, context) VALUES (?, ?)", (context, name))
            connection.executemany(insert, [(numbers[index], context, _numbits(lines)) for index, lines in rows])
            pairs += sum(lines.bit_count() for _, lines in rows)
    connection.close()
    return pairs


def _numbits(lines: LineSet) -> bytes:
    return lines.to_bytes(lines.bit_length() // 8 + 1, "little")
