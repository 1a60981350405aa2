"""Builds a test map of one commit from coverage data, file by file, so that nothing large is held.

What cannot be of this commit is left out or refused: a file that ran lines which its version at the commit does not have was
measured at another one.
"""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.analysis.coverage.paths import Why
from app.analysis.coverage.spelling import spellings
from app.analysis.testmap.mapfile import Written, write_map
from app.analysis.testmap.merged import merged
from app.domain.errors import TellUser
from app.domain.lines import LineSet
from app.domain.testmap import Measured, Origin
from app.engine.commit_files import Lines, read_lines
from app.engine.coverage_files import CoverageFile
from app.engine.survey import Order, Progress, Survey, silent, survey

_MOST = 0.5
_MANY = 0.1


@dataclass(frozen=True, slots=True)
class Built:
    """What became of the data. `strange` are the files that were left out, with lines that they ran and do not have."""

    origin: Origin
    survey: Survey
    written: Written
    strange: Mapping[str, LineSet]


@dataclass(frozen=True, slots=True)
class Checked:
    """What would become of the data. `wrong` is why no map would be made of them, None if one would."""

    survey: Survey
    strange: Mapping[str, LineSet]
    wrong: TellUser | None


def build_map(order: Order, out: Path, progress: Progress = silent) -> Built:
    """Writes the map of the data to `out`, which stays as it was if anything is wrong with them. Raises TellUser."""
    known = survey(order, progress)
    if wrong := _unresolved(known):
        raise wrong
    origin = Origin(
        commit=known.commit.commit,
        branch=order.branch,
        run=order.run,
        suite=order.suite,
        shard=order.shard,
        shards=order.shards,
        tool=", ".join(known.tools)[:200],
        made=int(time.time()),
    )
    stream = _Stream(known, order.suite, read_lines(known.repository, known.commit, known.resolved), progress)
    with _replacing(out) as part, part.open("wb") as written:
        told = write_map(written, origin, known.grain, stream.tests, stream.files(), known.results)
        if wrong := _other_commit(known, stream):
            raise wrong
    return Built(origin, known, told, stream.strange)


def check_map(order: Order, progress: Progress = silent) -> Checked:
    """Goes through all the data as `build_map` does, and writes nothing. Raises TellUser for data that cannot be read."""
    known = survey(order, progress)
    stream = _Stream(known, order.suite, read_lines(known.repository, known.commit, known.resolved), progress)
    for _ in stream.files():
        pass
    return Checked(known, stream.strange, _unresolved(known) or _other_commit(known, stream))


@dataclass(slots=True)
class _Stream:
    """The files of all the data under their own paths, one after another, and the dictionary of tests that grows meanwhile."""

    known: Survey
    suite: str
    lines: Mapping[str, Lines]
    progress: Progress
    tests: list[str] = field(default_factory=list)
    strange: dict[str, LineSet] = field(default_factory=dict)
    run: set[str] = field(default_factory=set)
    _index: dict[str, int] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[Measured, str]]:
        """Each file with its blob. Raises TellUser for data that are damaged."""
        parts = (part for source in self.known.sources for part in self._files(source))
        yield from merged(parts) if len(self.known.sources) > 1 else parts

    def _files(self, source: CoverageFile) -> Iterator[tuple[Measured, str]]:
        reading, places = source.read(self.suite), self.known.places_of(source).found
        own = reading.grain is self.known.grain
        owners = [self._number(test) if own and test not in self.known.idle else None for test in reading.tests]
        same = owners == list(range(len(owners)))
        for count, measured in enumerate(reading.files):
            if count % 100 == 0:
                self.progress(f"Reading {source.path}: {count:,} files")
            path = places.get(spellings(measured.path, reading.roots))
            if path is None or not self._is_of_commit(path, measured):
                continue
            ran = measured.ran if same else _renumbered(measured.ran, owners)
            outside = measured.outside if own else _all(measured)
            whole = replace(measured, path=path, ran=ran, outside=outside)
            yield self._without_bare(whole), self.known.commit.blob(path)

    def _without_bare(self, measured: Measured) -> Measured:
        """Only lines that hold something: Go's and V8's blocks take in the comments and blank lines between."""
        if (lines := self.lines.get(measured.path)) is None or not (bare := lines.bare):
            return measured
        ran = {test: held for test, run in measured.ran.items() if (held := run & ~bare)}
        code = None if measured.code is None else measured.code & ~bare
        return replace(measured, ran=ran, outside=measured.outside & ~bare, code=code)

    def _number(self, test: str) -> int:
        number = self._index.setdefault(test, len(self.tests))
        if number == len(self.tests):
            self.tests.append(test)
        return number

    def _is_of_commit(self, path: str, measured: Measured) -> bool:
        """Whether the file may have run these lines at the commit; if not, which lines it cannot have run is noted."""
        ran = _all(measured)
        if ran:
            self.run.add(path)
        if (lines := self.lines.get(path)) is None or not (strange := lines.strange(ran)):
            return True
        self.strange[path] = self.strange.get(path, 0) | strange
        return False


def _all(measured: Measured) -> LineSet:
    """The lines that ran at all."""
    lines = measured.outside
    for ran in measured.ran.values():
        lines |= ran
    return lines


def _renumbered(ran: Mapping[int, LineSet], owners: Sequence[int | None]) -> dict[int, LineSet]:
    """The lines by the map's own numbers of tests; a test that has none is left out."""
    renumbered: dict[int, LineSet] = {}
    for test, lines in ran.items():
        if (owner := owners[test]) is not None:
            renumbered[owner] = renumbered.get(owner, 0) | lines
    return renumbered


def _unresolved(known: Survey) -> TellUser | None:
    """What is wrong where the files are not those of the commit."""
    commit, found, lost = known.commit.commit[:10], known.resolved, known.lost
    if not found:
        example = next((spelled[0] for spelled in sorted(lost) if spelled), "")
        seen = f"{len(lost)} files, such as {example}" if example else "no files"
        return TellUser(
            f"No measured file is in the repository at {commit}: the data speak of {seen}. `recall map check` says why."
        )
    if sum(each.why is Why.ABSENT for each in lost.values()) > len(found):
        return TellUser(
            f"Most of the measured files are not in {commit}: name the commit that the tests ran at with --commit "
            "(`recall map check` lists the files)."
        )
    return None


def _other_commit(known: Survey, stream: _Stream) -> TellUser | None:
    """What is wrong where too many files ran lines that they do not have: one may have been made anew by the build."""
    strange, run = len(stream.strange), len(stream.run)
    if strange <= _MANY * run or (strange == 1 and strange <= _MOST * run):
        return None
    return TellUser(
        f"{strange} of {run} files ran lines that are blank or missing in {known.commit.commit[:10]}, such as "
        f"{min(stream.strange)}: name the commit that the tests ran at with --commit."
    )


@contextlib.contextmanager
def _replacing(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place when all went well, and is gone when not. Raises TellUser."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.touch(exist_ok=False)
        yield part
        part.replace(out)
    except OSError as error:
        raise TellUser(f"{out} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
