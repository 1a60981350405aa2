"""LCOV tracefiles (`lcov.info`), as geninfo, c8, nyc, Jest, Vitest, cargo-llvm-cov, Node and many others write them.

The format is the one of the manual page geninfo(1): records of one source file each, `SF:` to `end_of_record`, under the test
that the last `TN:` named. Most writers leave `TN:` empty; then the whole file is one suite's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import MAX_LINE, lines_of
from app.domain.testmap import Grain, Measured, Reading

_LINE = re.compile(rb"[^\r\n]+")
_NAMED = re.compile(rb"^TN:[ \t]*+([^\r\n]*[^\s])", re.MULTILINE)
_OPENING = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n)*+(?:TN:|SF:)")
_RECORD = re.compile(rb"^(?:SF:|TN:.*\n\s*end_of_record)", re.MULTILINE)
_COUNT = re.compile(rb"\s*+(-?[0-9]{1,30})\s*+,\s*+(-?[0-9]{1,30})\s*+(?:,|\Z)")
# lcov 2.2 numbers the functions (FNL, FNA) where all before named them (FN, FNDA).
_FUNCTION = {
    b"FN": re.compile(rb"(?P<line>[0-9]{1,9}),(?:[0-9]{1,9},)?(?P<key>.+)"),
    b"FNL": re.compile(rb"(?P<key>[0-9]{1,9}),(?P<line>[0-9]{1,9})"),
}
_ENTERED = {
    b"FNDA": re.compile(rb"(?P<count>[0-9]{1,30}),(?P<key>.+)"),
    b"FNA": re.compile(rb"(?P<key>[0-9]{1,9}),(?P<count>[0-9]{1,30})"),
}


def recognises(head: bytes) -> bool:
    """Whether it opens with `TN:` or `SF:`, comments aside."""
    return bool(_OPENING.match(head))


def read(data: bytes, suite: str) -> Reading:
    """Lines with a count above zero ran, and so did the line on which a function that was entered begins.

    Where any test is named, what ran under no name ran outside of tests. Raises Unreadable while the files are read.
    """
    tests = list(dict.fromkeys(_text(name) for name in _NAMED.findall(data)))
    if tests:
        return Reading("lcov", Grain.TEST, tests, _files(data, {name: at for at, name in enumerate(tests)}))
    return Reading("lcov", Grain.SUITE, [suite], _files(data, {"": 0}))


@dataclass(slots=True)
class _Record:
    """One `SF:` record while it is read."""

    path: str
    ran: set[int] = field(default_factory=set)
    code: set[int] = field(default_factory=set)
    starts: dict[bytes, int] = field(default_factory=dict)
    twice: set[bytes] = field(default_factory=set)

    def line(self, number: int, count: int) -> None:
        """A line's count. A line that no file can have (geninfo writes line 0 for some compilers' code) is left out."""
        if 1 <= number <= MAX_LINE:
            self.code.add(number)
            if count > 0:
                self.ran.add(number)

    def function(self, key: bytes, number: bytes) -> None:
        """A function begins on that line, which is code even where no statement begins on it."""
        if 1 <= (line := int(number)) <= MAX_LINE:
            if key in self.starts:
                self.twice.add(key)
            self.starts[key] = line
            self.code.add(line)

    def entered(self, key: bytes, count: bytes) -> None:
        """How often a function was entered, which says nothing where two functions have one name."""
        if int(count) > 0 and key in self.starts and key not in self.twice:
            self.ran.add(self.starts[key])


def _files(data: bytes, indexes: dict[str, int]) -> Iterator[Measured]:
    test, record = indexes.get(""), None
    for found in _LINE.finditer(data):
        kind, _, rest = found.group().strip().partition(b":")
        if kind == b"TN":
            test = indexes.get(_text(rest.strip()))
        elif kind == b"SF":
            if record:
                raise Unreadable("It has a record that does not end before the next begins.")
            record = _Record(_text(rest))
        elif kind == b"end_of_record":
            if record:
                yield _measured(record, test)
            record = None
        elif record:
            _take(record, kind, rest)
    if record:
        raise Unreadable("It ends in the middle of a record; was it cut off?")


def _take(record: _Record, kind: bytes, rest: bytes) -> None:
    if kind == b"DA":
        if (found := _COUNT.match(rest)) is None:
            raise Unreadable("It has a DA entry whose line or count is no whole number.")
        record.line(int(found[1]), int(found[2]))
    elif kind in _FUNCTION and (found := _FUNCTION[kind].match(rest)):
        record.function(found["key"], found["line"])
    elif kind in _ENTERED and (found := _ENTERED[kind].match(rest)):
        record.entered(found["key"], found["count"])


def _measured(record: _Record, test: int | None) -> Measured:
    ran = lines_of(record.ran)
    return Measured(
        record.path,
        ran={test: ran} if ran and test is not None else {},
        outside=ran if test is None else 0,
        code=lines_of(record.code),
    )


def _text(name: bytes) -> str:
    return name.decode(errors="replace")
