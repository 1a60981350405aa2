"""OpenCover's XML, as OpenCover, AltCover and coverlet write it: sequence points and, with `-coverbytest`, the tests behind them.

Tests stand as `TrackedMethod`s in the module they belong to, which may follow those that they ran: the document is read twice.
A point that ran with no tracked method to blame ran outside of any test, if the document tracks tests at all.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.analysis.coverage.attributes import line_number, whole
from app.analysis.coverage.unreadable import Unreadable
from app.analysis.coverage.xml import Opened, events, first_elements
from app.domain.lines import lines_of
from app.domain.testmap import Grain, Measured, Reading

_LONGEST_STATEMENT = 2000
_MOST_TESTS = 1_000_000
# `System.Void Shop.Tests.CartTests::Adds(System.Int32)`: what it returns, its class and name, what it takes.
_METHOD = re.compile(r"(?:[^(]* )?(?P<type>[^\s:(]+)::(?P<name>[^\s(]+)")


def recognises(head: bytes) -> bool:
    """Whether a file begins as OpenCover's reports do."""
    found = first_elements(head, 1)
    return bool(found) and found[0].name == "CoverageSession"


def read(data: bytes, suite: str) -> Reading:
    """What the report says, by test where it tracks tests, else as run by `suite`. Raises Unreadable."""
    tests, index = _tests(data)
    if not tests:
        return Reading("opencover", Grain.SUITE, (suite,), _files(data, None))
    return Reading("opencover", Grain.TEST, tests, _files(data, index))


def name_of(signature: str) -> str:
    """`System.Void Shop.CartTests::Adds(System.Int32)` is `Shop.CartTests.Adds`; a nested class's `/` becomes `+`."""
    found = _METHOD.match(signature)
    return f"{found['type'].replace('/', '+')}.{found['name']}" if found else signature


def _tests(data: bytes) -> tuple[tuple[str, ...], dict[str, int]]:
    """The names of the tests, and by uid the place in them; overloads of a method are one test."""
    names: dict[str, int] = {}
    index: dict[str, int] = {}
    flow = events(data)
    if next(flow).name != "CoverageSession":
        raise Unreadable("It is no OpenCover report.")
    for event in flow:
        if isinstance(event, Opened) and event.name == "TrackedMethod" and event.attributes.get("name"):
            name = name_of(event.attributes["name"])
            index[event.attributes.get("uid", "")] = names.setdefault(name, len(names))
            if len(names) > _MOST_TESTS:
                raise Unreadable(f"It tracks more than {_MOST_TESTS:,} tests.")
    return tuple(names), index


class _File:
    """The lines of one source file, as its points tell them."""

    def __init__(self) -> None:
        self.code: set[int] = set()
        self.outside: set[int] = set()
        self.ran: dict[int, set[int]] = defaultdict(set)

    def measured(self, path: str) -> Measured:
        """All of it as one value."""
        ran = {test: lines_of(lines) for test, lines in self.ran.items()}
        return Measured(path, ran, lines_of(self.outside), lines_of(self.code))


def _files(data: bytes, index: Mapping[str, int] | None) -> Iterator[Measured]:
    """The files, module by module; `index` gives the tests by uid, or is None where none are tracked."""
    module = _Module(index)
    for event in events(data):
        if isinstance(event, Opened):
            module.opened(event.name, event.attributes)
        elif event.name == "SequencePoint":
            module.point_ended()
        elif event.name == "Module":
            yield from module.files()
            module = _Module(index)


class _Module:
    """One assembly while its elements come."""

    def __init__(self, index: Mapping[str, int] | None) -> None:
        self._index = index
        self._paths: dict[str, str] = {}
        self._files: dict[str, _File] = defaultdict(_File)
        self._method_file = ""
        self._point: Mapping[str, str] | None = None
        self._by: set[int] = set()

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """One element's beginning."""
        if name == "File":
            self._paths[attributes.get("uid", "")] = attributes.get("fullPath", "")
        elif name == "Method":
            self._method_file = ""
        elif name == "FileRef":
            self._method_file = attributes.get("uid", "")
        elif name == "SequencePoint":
            self._point, self._by = attributes, set()
        elif name == "TrackedMethodRef" and self._point is not None and self._index and whole(attributes, "vc"):
            test = self._index.get(attributes.get("uid", ""))
            self._by |= set() if test is None else {test}

    def point_ended(self) -> None:
        """The point whose tests have all been told."""
        point, self._point = self._point, None
        path = self._paths.get((point or {}).get("fileid") or self._method_file, "")
        start = line_number(point or {}, "sl")
        if point is None or not path or not start:
            return
        end = line_number(point, "el")
        lines = range(start, end + 1) if start <= end < start + _LONGEST_STATEMENT else (start,)
        file = self._files[path]
        file.code.update(lines)
        if whole(point, "vc") <= 0:
            return
        if self._index is None:
            file.ran[0].update(lines)
        elif not self._by:
            file.outside.update(lines)
        for test in self._by:
            file.ran[test].update(lines)

    def files(self) -> Iterator[Measured]:
        """The module's files, each once."""
        for path, file in self._files.items():
            yield file.measured(path)
