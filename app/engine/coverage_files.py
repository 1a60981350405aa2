"""Finds coverage data and test results among the files and folders that a person named, and opens them one after another.

What a file is, its content tells. Folders are searched, and what is neither coverage nor a result is passed over there; a file
that was named and that nothing reads is told.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.analysis.coverage import coverage_py, formats, jacoco_exec, jacoco_xml
from app.analysis.coverage.per_test import name_of
from app.analysis.coverage.sessions import file_test
from app.analysis.coverage.spelling import Spellings, spellings
from app.analysis.coverage.unreadable import Unreadable
from app.domain.errors import TellUser
from app.domain.testmap import Grain, Measured, Reading
from app.engine import coverage_data
from app.engine.class_files import read_classes

MAX_FILES = 100_000
MAX_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file of coverage data is about, without its lines. `names` are what the files that it speaks of may be called."""

    tool: str
    grain: Grain
    names: frozenset[Spellings]


@dataclass(frozen=True, slots=True)
class CoverageFile:
    """One file of coverage data. `format` is its reader, None for coverage.py's data file, which only SQLite reads.

    `run` is the folder of all that one run wrote. `test` names the one test that left the file, empty if it may be many's.
    """

    path: Path
    format: formats.Format | None
    run: Path
    test: str
    _read: Callable[[Path, str], Reading]
    _list: Callable[[Path], list[str]] | None = None

    def read(self, suite: str) -> Reading:
        """What it says. Raises TellUser, here or while its files are read."""
        with naming(self.path):
            reading = self._read(self.path, self.test or suite)
        grain = Grain.TEST if self.test and list(reading.tests) == [self.test] else reading.grain
        return replace(reading, grain=grain, files=self._named(reading))

    def look(self, suite: str) -> Contents:
        """What it is about. Raises TellUser."""
        reading = self.read(suite)
        if self._list:
            with naming(self.path):
                names = self._list(self.path)
        else:
            names = [measured.path for measured in reading.files]
        return Contents(reading.tool, reading.grain, frozenset(spellings(name, reading.roots) for name in names))

    def _named(self, reading: Reading) -> Iterator[Measured]:
        with naming(self.path):
            yield from reading.files


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Tells what goes wrong with a file by the file's name. Raises TellUser."""
    try:
        yield
    except Unreadable as error:
        raise TellUser(f"{path} cannot be read. {error}") from error
    except OSError as error:
        raise TellUser(f"{path} cannot be read: {error.strerror or error}.") from error


def find_coverage(named: Sequence[Path], classes: Sequence[Path] = (), *, per_test: bool = False) -> tuple[CoverageFile, ...]:
    """The coverage data among files and folders, in a fixed order, each once. Raises TellUser where there is none.

    `classes` are folders and jars of the Java classes that ran, for data that speak of classes alone. `per_test`: each file was
    left by one test, which is called like the file, as seen from the folder that was named.
    """
    found: dict[Path, CoverageFile] = {}
    for path in named:
        run = (path if path.is_dir() else path.parent) if per_test else None
        inside = [
            file for file in _walk(path) if (known := _recognised(file, classes, run)) and found.setdefault(file.resolve(), known)
        ]
        if not inside:
            what = "holds no coverage data" if path.is_dir() else "is not coverage data that recall reads"
            raise TellUser(f"{path} {what}. It reads {formats.KNOWN}.")
    return tuple(found.values())


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
        for name in sorted(names):
            file = Path(folder, name)
            if file.is_file():
                count += 1
                yield file
        if count > MAX_FILES:
            raise TellUser(f"{path} holds more than {MAX_FILES:,} files: name the folder that the coverage was written to.")


def _recognised(path: Path, classes: Sequence[Path], run: Path | None) -> CoverageFile | None:
    with naming(path), path.open("rb") as stream:
        head = stream.read(formats.HEAD)
    test = name_of(path.relative_to(run).as_posix()) if run else ""
    run = run or path.parent
    if coverage_py.recognises(head):
        return CoverageFile(path, None, run, test, coverage_data.read_data, coverage_data.list_paths)
    if (reader := formats.reader_of(head)) is None:
        return None
    if reader is jacoco_exec and classes:
        return CoverageFile(path, reader, run, test, lambda file, suite: _of_classes(file, suite, classes))
    if reader in (jacoco_exec, jacoco_xml):
        return CoverageFile(path, reader, run, test, lambda file, suite: _named_after(file, reader.read(_content(file), suite)))
    return CoverageFile(path, reader, run, test, lambda file, suite: reader.read(_content(file), suite))


def _of_classes(path: Path, suite: str, classes: Sequence[Path]) -> Reading:
    return _named_after(path, jacoco_exec.read(_content(path), suite, read_classes(tuple(classes))))


def _named_after(path: Path, reading: Reading) -> Reading:
    """What JaCoCo wrote for one test alone into a file that has the test's name, where its sessions do not tell it."""
    if reading.grain is Grain.SUITE and (test := file_test(path.name)):
        return replace(reading, grain=Grain.TEST, tests=(test,))
    return reading


def _content(path: Path) -> bytes:
    """All of a file. Raises Unreadable for one that would fill the memory."""
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"It is larger than {MAX_BYTES >> 30} GiB: split the run into shards.")
    return path.read_bytes()
