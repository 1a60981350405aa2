"""Which reader takes a file: asked by its content, in a fixed order. What the readers make of it is theirs to know.

A format is a module with `recognises` and `read`. coverage.py's own data file is SQLite, which nothing here may open: see
`app.engine.coverage_data`. JUnit's results are no coverage: see `app.analysis.coverage.junit`.
"""

from typing import Protocol

from app.analysis.coverage import (
    clover,
    cobertura,
    coverage_json,
    go_profile,
    istanbul,
    jacoco_exec,
    jacoco_xml,
    lcov,
    opencover,
    simplecov,
    v8,
)
from app.domain.testmap import Reading

HEAD = 1 << 16
"""How many bytes of a file's beginning a reader is shown to recognise its format."""

KNOWN = (
    "coverage.py (the data file .coverage, or coverage json), LCOV, Istanbul's JSON (nyc, c8, Jest, Vitest), Go cover profiles, "
    "SimpleCov's .resultset.json, Clover, Cobertura, OpenCover and JaCoCo XML, JaCoCo's .exec files"
)
"""The formats as people call them, for the sentence about a file that no reader takes."""


class Format(Protocol):
    """One format of coverage data."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with `head` (its first 64 KiB, or all of it) is of this format; never raises."""

    def read(self, data: bytes, suite: str) -> Reading:
        """What the file says. `suite` names the one test where the format knows no single tests.

        Raises Unreadable, here or while `Reading.files` is read.
        """


FORMATS: tuple[Format, ...] = (
    coverage_json,
    lcov,
    go_profile,
    simplecov,
    v8,
    istanbul,
    clover,
    jacoco_exec,
    jacoco_xml,
    opencover,
    cobertura,
)
"""One line for each, a format that is told by less after those that are told by more."""


def reader_of(head: bytes) -> Format | None:
    """The first format that recognises the file by its beginning; None where none does."""
    return next((known for known in FORMATS if known.recognises(head)), None)
