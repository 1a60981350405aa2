"""Reads a coverage file whole, in the plainest form there is to compare: lines as lists."""

from pathlib import Path
from typing import NamedTuple

from app.analysis.coverage import formats
from app.domain.lines import LineSet, spans_of
from app.domain.testmap import Reading

DATA = Path(__file__).parent / "data"
"""What real tools wrote of one small shop; how each file came about: data/README.md."""


class Seen(NamedTuple):
    """One file: the lines each test ran, those that ran outside of tests, and all code."""

    path: str
    ran: dict[str, list[int]]
    outside: list[int]
    code: list[int] | None


def numbers(lines: LineSet) -> list[int]:
    return [line for span in spans_of(lines) for line in range(span.start, span.end + 1)]


def seen(reading: Reading) -> list[Seen]:
    return [
        Seen(
            file.path,
            {reading.tests[test]: numbers(lines) for test, lines in file.ran.items()},
            numbers(file.outside),
            None if file.code is None else numbers(file.code),
        )
        for file in reading.files
    ]


def read_fixture(name: str, suite: str = "unit") -> list[Seen]:
    """A file of data/, read by the one reader that recognises it."""
    data = (DATA / name).read_bytes()
    (reader,) = [known for known in formats.FORMATS if known.recognises(data[: formats.HEAD])]
    return seen(reader.read(data, suite))


def fixtures(*endings: str) -> list[Path]:
    return [path for path in sorted(DATA.iterdir()) if path.name.endswith(endings)]
