"""Finds coverage data and test results among the files and folders that a person named, and opens them one after another.

What a file is, its content tells. Folders are searched, and what is neither coverage nor a result is passed over there; a file
that was named and that nothing reads is told.
"""

import contextlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from app.analysis.coverage import coverage_py, formats, jacoco_exec, jacoco_xml, junit, v8
from app.analysis.coverage.per_test import name_of
from app.analysis.coverage.sessions import file_test
from app.analysis.coverage.spelling import Spellings, spellings
from app.analysis.coverage.unreadable import Unreadable
from app.domain.errors import TellUser
from app.domain.testmap import Grain, Measured, Reading, TestResult
from app.engine.class_files import read_classes
from app.engine.coverage_data import list_paths, read_data

MAX_FILES = 200_000
MAX_BYTES = 1 << 30
_JSON = "coverage-final.json"
_TOLD_BY_JSON = frozenset({"lcov.info", "clover.xml", "cobertura-coverage.xml"})
"""What nyc, c8, Jest and Vitest write beside their JSON: the same run, without what tells running from loading."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file of coverage data is about, without its lines. `names` are what the files that it speaks of may be called."""

    tool: str
    grain: Grain
    tests: tuple[str, ...]
    names: frozenset[Spellings]


@dataclass(frozen=True, slots=True)
class CoverageFile:
    """Coverage data of one run. `format` is their reader, None for coverage.py's data file, which only SQLite reads.

    `run` is the folder of all that one run wrote. `test` names the one test that left the file, empty if it may be many's.
    """

    path: Path
    format: formats.Format | None
    run: Path
    _read: Callable[[str], Reading]
    _list: Callable[[], list[str]] | None = None
    test: str = ""

    def read(self, suite: str) -> Reading:
        """What it says. Raises TellUser, here or while its files are read."""
        with naming(self.path):
            reading = self._read(self.test or suite)
        grain = Grain.TEST if self.test and list(reading.tests) == [self.test] else reading.grain
        return replace(reading, grain=grain, files=self._named(reading))

    def look(self, suite: str) -> Contents:
        """What it is about. Raises TellUser."""
        reading = self.read(suite)
        if self._list:
            with naming(self.path):
                names = self._list()
        else:
            names = [measured.path for measured in reading.files]
        return Contents(
            reading.tool, reading.grain, tuple(reading.tests), frozenset(spellings(name, reading.roots) for name in names)
        )

    def _named(self, reading: Reading) -> Iterator[Measured]:
        with naming(self.path):
            yield from reading.files


@dataclass(frozen=True, slots=True)
class Given:
    """What was found: coverage data, and the files of test results."""

    coverage: tuple[CoverageFile, ...]
    results: tuple[Path, ...]


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Tells what goes wrong with a file by the file's name. Raises TellUser."""
    try:
        yield
    except Unreadable as error:
        raise TellUser(f"{path} cannot be read. {error}") from error
    except OSError as error:
        raise TellUser(f"{path} cannot be read: {error.strerror or error}.") from error


def find_coverage(named: Sequence[Path], classes: Sequence[Path] = (), *, per_test: bool = False) -> Given:
    """The coverage data and results among files and folders, in a fixed order, each once. Raises TellUser where there are none.

    `classes` are folders and jars of the Java classes that ran, for data that speak of classes alone. `per_test`: each file was
    left by one test, which is called like the file, as seen from the folder that was named.
    """
    search = _Search(tuple(classes), per_test)
    for path in named:
        if not sum(search.take(file, path) for file in _walk(path)):
            what = "holds no coverage data" if path.is_dir() else "is not coverage data that recall reads"
            raise TellUser(f"{path} {what}. It reads {formats.KNOWN}.")
    if not (coverage := search.coverage()):
        raise TellUser(f"{', '.join(map(str, named[:3]))}: no coverage data among these. recall reads {formats.KNOWN}.")
    return Given(coverage, tuple(search.results.values()))


class _Search:
    """What was found so far, each file once, however often it was named."""

    def __init__(self, classes: tuple[Path, ...], per_test: bool) -> None:
        self.results: dict[Path, Path] = {}
        self._classes = classes
        self._per_test = per_test
        self._data: dict[Path, CoverageFile] = {}
        self._raw: dict[Path, CoverageFile] = {}
        self._execs: dict[tuple[Path, str], dict[Path, Path]] = defaultdict(dict)

    def take(self, file: Path, named: Path) -> bool:
        """Notes a file for what its content says that it is; False where it is nothing to recall."""
        with naming(file), file.open("rb") as stream:
            head = stream.read(formats.HEAD)
        folder = named if named.is_dir() else named.parent
        test = name_of(file.relative_to(folder).as_posix()) if self._per_test else ""
        run = folder if self._per_test else file.parent
        whole = file.resolve()
        if junit.recognises(head):
            self.results[whole] = file
        elif coverage_py.recognises(head):
            self._data[whole] = CoverageFile(file, None, run, partial(read_data, file), partial(list_paths, file), test)
        elif (reader := formats.reader_of(head)) is jacoco_exec:
            self._execs[run, test or file_test(file.name)][whole] = file
        elif reader:
            test = test or (file_test(file.name) if reader is jacoco_xml else "")
            kept = self._raw if reader is v8 and named.is_dir() else self._data
            kept[whole] = CoverageFile(file, reader, run, partial(_read, reader, file), None, test)
        else:
            return False
        return True

    def coverage(self) -> tuple[CoverageFile, ...]:
        """All coverage data. Exec files of one folder are read as one, since each of them speaks of every class.

        What c8 leaves of V8's beside its report is only taken, and then refused, where there is no report.
        """
        joined = (
            CoverageFile(
                run if len(files) > 1 else next(iter(files.values())),
                jacoco_exec,
                run,
                partial(_read_execs, tuple(files.values()), self._classes),
                None,
                test,
            )
            for (run, test), files in self._execs.items()
        )
        return (*self._data.values(), *joined) or tuple(self._raw.values())


def read_results(paths: Sequence[Path]) -> list[TestResult]:
    """What reports of results say, one after another. Raises TellUser."""
    found: list[TestResult] = []
    for path in paths:
        with naming(path):
            found += junit.read_results(_content(path))
    return found


def _read(reader: formats.Format, path: Path, suite: str) -> Reading:
    return reader.read(_content(path), suite)


def _read_execs(paths: Sequence[Path], classes: tuple[Path, ...], suite: str) -> Reading:
    """One after another they are as one that was appended to."""
    return jacoco_exec.read(b"".join(map(_content, paths)), suite, read_classes(classes))


def _walk(path: Path) -> Iterator[Path]:
    """The file itself, or the files below a folder. Raises TellUser for what is neither, and for too many."""
    if not path.is_dir():
        if not path.exists():
            raise TellUser(f"There is no {path}: name the files that the tests' coverage was written to.")
        yield path
        return
    count = 0
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(set(names) - (_TOLD_BY_JSON if _JSON in names else set())):
            file = Path(folder, name)
            if file.is_file():
                count += 1
                yield file
        if count > MAX_FILES:
            raise TellUser(f"{path} holds more than {MAX_FILES:,} files: name the folder that the coverage was written to.")


def _content(path: Path) -> bytes:
    """All of a file. Raises Unreadable for one that would fill the memory."""
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"It is larger than {MAX_BYTES >> 30} GiB: split the run into shards.")
    return path.read_bytes()
