"""Finds every file that coverage data speak of among the files of the covered commit, before any line of it is read."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.analysis.coverage.formats import Format
from app.analysis.coverage.paths import Hints, Lost, Prefix, Resolution, resolve
from app.analysis.coverage.same_test import matched
from app.analysis.coverage.spelling import Spellings
from app.domain.errors import TellUser
from app.domain.testmap import Grain, TestResult
from app.engine.commit_files import CommitFiles, read_commit
from app.engine.coverage_files import CoverageFile, find_coverage, read_results
from app.git.repository import Repository, find_commit, open_repository

Progress = Callable[[str], None]
Group = tuple[Format | None, Path]
"""Files of one format in the folder of one run, so that they share their prefixes."""


def silent(doing: str) -> None:
    """Shows no progress."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to build a map of: coverage data and results, the commit they were measured at, and the run they come from.

    `under` is the folder of the repository that the tests ran in, if a person told it; `classes` are folders and jars of the
    compiled Java classes, which JaCoCo's exec files mean nothing without. `per_test`: each file is one test's.
    """

    files: Sequence[Path]
    repository: Path
    commit: str
    suite: str
    branch: str = ""
    run: str = ""
    shard: int = 1
    shards: int = 1
    under: str = ""
    classes: Sequence[Path] = ()
    per_test: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What the data are, and where the files that they speak of stand in the repository.

    `results` go by the names that the data have for the tests; `idle` are the tests among them that do not count as cover.
    """

    repository: Repository
    commit: CommitFiles
    sources: tuple[CoverageFile, ...]
    tools: tuple[str, ...]
    grain: Grain
    places: Mapping[Group, Resolution]
    results: tuple[TestResult, ...] = ()
    idle: frozenset[str] = frozenset()

    def places_of(self, source: CoverageFile) -> Resolution:
        """Where the files of one source stand."""
        return self.places[_group(source)]

    @property
    def resolved(self) -> frozenset[str]:
        """The files of the repository that were measured."""
        return frozenset(path for place in self.places.values() for path in place.found.values())

    @property
    def lost(self) -> dict[Spellings, Lost]:
        """The files that did not resolve anywhere."""
        return {spelled: lost for place in self.places.values() for spelled, lost in place.lost.items()}

    @property
    def prefixes(self) -> dict[Prefix, int]:
        """The prefixes that were taken, with how many files each resolved."""
        counts: dict[Prefix, int] = defaultdict(int)
        for place in self.places.values():
            for prefix, count in place.prefixes:
                counts[prefix] += count
        return counts


def survey(order: Order, progress: Progress = silent) -> Survey:
    """Looks at all the data. Raises TellUser for what cannot be read, and where a map cannot be made of all of it."""
    repository = open_repository(order.repository)
    given = find_coverage(order.files, order.classes, per_test=order.per_test)
    commit = read_commit(repository, find_commit(repository, order.commit))
    names: dict[Group, set[Spellings]] = defaultdict(set)
    tools: dict[str, None] = {}
    grains: dict[CoverageFile, Grain] = {}
    tests: dict[str, None] = {}
    for source in given.coverage:
        progress(f"Looking at {source.path}")
        contents = source.look(order.suite)
        names[_group(source)] |= contents.names
        tools[contents.tool], grains[source] = None, contents.grain
        tests |= dict.fromkeys(contents.tests)
    grain = _grain(grains)
    results = matched(read_results(given.results), tests)
    return Survey(
        repository,
        commit,
        given.coverage,
        tuple(tools),
        grain,
        {group: _resolved(group, told, commit, repository, order.under) for group, told in names.items()},
        results,
        frozenset(result.name for result in results if not result.ended.counts and result.name in tests),
    )


def _resolved(group: Group, names: set[Spellings], commit: CommitFiles, repository: Repository, under: str) -> Resolution:
    return resolve(names, commit.files, Hints(commit.modules, under.strip("/") or _folder(group[1], repository)))


def _folder(folder: Path, repository: Repository) -> str:
    """The folder as the repository calls it, empty where it is not in its work tree or is its root."""
    git = repository.path
    top = (git.parent if git.name == ".git" else git).resolve()
    inside = folder.resolve()
    return inside.relative_to(top).as_posix().strip(".") if inside.is_relative_to(top) and not inside.is_relative_to(git) else ""


def _group(source: CoverageFile) -> Group:
    return source.format, source.run


def _grain(grains: Mapping[CoverageFile, Grain]) -> Grain:
    """One map has one grain. coverage.py's files without tests may be those of subprocesses; they ran outside of tests."""
    single = [source for source, grain in grains.items() if grain is Grain.TEST]
    whole = [source for source, grain in grains.items() if grain is Grain.SUITE]
    formats = {source.format for source in single}
    if single and (other := next((source for source in whole if {source.format} != formats), None)):
        raise TellUser(
            f"{single[0].path} knows single tests and {other.path} knows only a whole suite: build a map of each by itself."
        )
    return Grain.TEST if single else Grain.SUITE
