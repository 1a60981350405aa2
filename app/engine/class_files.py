"""The compiled Java classes that a person named, in folders and jars, for the formats that speak of classes and not of lines."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from app.analysis.coverage.class_file import is_class
from app.analysis.coverage.jacoco_probes import ProbedClass, probed_class
from app.analysis.coverage.unreadable import Unreadable
from app.domain.errors import TellUser

MAX_CLASSES = 200_000
MAX_BYTES = 16 << 20
_MAX_ALL = 4 << 30


@cache
def read_classes(named: tuple[Path, ...]) -> Mapping[int, ProbedClass]:
    """The classes with their probes, by JaCoCo's class id. Raises TellUser where there are none, or one cannot be read."""
    found: dict[int, ProbedClass] = {}
    for path in named:
        count = 0
        for name, data in _contents(path):
            count += 1
            try:
                known = probed_class(data)
            except Unreadable as error:
                raise TellUser(f"{name} cannot be read. {error}") from error
            if known:
                found[known.number] = known
        if not count:
            raise TellUser(
                f"{path} holds no compiled Java classes: name the folder that the compiler wrote them to with --classes."
            )
    return found


def _contents(named: Path) -> Iterator[tuple[str, bytes]]:
    """The class files by name. Raises TellUser for what cannot be read, and for too many of them."""
    count = size = 0
    for path in _files(named):
        for name, data in _jar(path) if path.suffix in (".jar", ".war") else [(str(path), _head(path))]:
            if not is_class(data):
                continue
            count, size = count + 1, size + len(data)
            if count > MAX_CLASSES or size > _MAX_ALL:
                raise TellUser(f"{named} holds more than {MAX_CLASSES:,} classes: name the folders of your own with --classes.")
            yield name, data


def _files(named: Path) -> Sequence[Path]:
    if named.is_dir():
        return sorted(path for path in named.rglob("*") if path.suffix in (".class", ".jar", ".war") and path.is_file())
    if not named.exists():
        raise TellUser(f"There is no {named}: name the folder that the compiler wrote the classes to with --classes.")
    return [named]


def _head(path: Path) -> bytes:
    """All of a file that is no larger than a class can be; else nothing."""
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    except OSError as error:
        raise TellUser(f"{path} cannot be read: {error.strerror or error}.") from error


def _jar(path: Path) -> Iterator[tuple[str, bytes]]:
    """The class files in a jar, each read within bounds whatever its header declares."""
    try:
        with zipfile.ZipFile(path) as jar:
            for member in jar.infolist()[:MAX_CLASSES]:
                if member.filename.endswith(".class") and member.file_size <= MAX_BYTES:
                    with jar.open(member) as stream:
                        yield f"{path}!{member.filename}", stream.read(MAX_BYTES)
    except (
        OSError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        zlib.error,
        lzma.LZMAError,
    ) as error:
        raise TellUser(f"{path} is no jar that can be read: {error}.") from error
