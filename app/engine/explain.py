"""The evidence engine's one entrance: a repository and a fix (or named places) in, a report out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from app.analysis import languages
from app.analysis.answer import Case, answer
from app.analysis.overrides import NONE, Overrides
from app.analysis.question import Question
from app.analysis.rank import Weights, shortlist
from app.analysis.words import TestWords, read_test
from app.domain.change import ChangeSet, FileChange
from app.domain.culprit import Origin, Speech
from app.domain.errors import TellUser, TryLater
from app.domain.escape import Fix
from app.domain.evidence import Kind, TestFile
from app.domain.history import PastCommit
from app.domain.report import Report
from app.domain.testmap import Maps
from app.domain.unchecked import Unchecked
from app.engine.cache import Cache
from app.engine.change_set import read_change_set
from app.engine.culprit import trace
from app.engine.gather import Corpus, blame_neighbours, possible_tests, read_files, read_sources, read_tests
from app.engine.imported import read_reached
from app.engine.mapped import Found, MapLimits, find_map
from app.engine.places import named_files
from app.engine.seams import read_crossings
from app.engine.weights import load_weights
from app.git.log import commit_time, read_log
from app.git.repository import Repository, find_commit, find_fix, open_repository
from app.git.run import GitTooSlow

# More test files than this are not all read: what is far from the change by name, folder and history is left out and said.
MOST_TESTS = 500
Progress = Callable[[str], None]
CONFIGURATION = ".github/recall.yml"
NO_CACHE = Cache(None)
NO_MAP = Found(None)
LIMITS = MapLimits()


def _silent(_doing: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be explained: a fix by any name git knows (commit, merge, range), or paths and an issue's text without one.

    `speech` is whose word on the culprit counts; without it, nobody looks for the culprit.
    """

    fix: str | None = None
    paths: tuple[str, ...] = ()
    text: str = ""
    speech: Speech | None = None


def explain(
    path: Path,
    asked: Asked,
    weights: Weights,
    *,
    maps: Maps | None = None,
    limits: MapLimits = LIMITS,
    cache: Cache = NO_CACHE,
    progress: Progress = _silent,
) -> Report:
    """Which tests touch what the fix changed, on what evidence, what none touches, and where the regression test belongs.

    Everything is read from the commit before the fix and its history; the fix itself only says what changed. With `maps`, the
    nearest one tells which tests ran it; beyond `limits` it is a hint. Raises TellUser where the repository or the fix is not
    there, TryLater where git takes too long.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        traced = pool.submit(_origin, path, asked.fix, asked.speech) if asked.fix and asked.speech else None
        case = gather(path, asked, maps=maps, limits=limits, cache=cache, progress=progress)
        progress("weighing the evidence")
        report = answer(case, weights)
        if traced is None:
            return report
        progress("looking for the culprit")
        return replace(report, origin=traced.result())


def _origin(path: Path, fix: str, speech: Speech) -> Origin:
    """Which change let the bug in; where that cannot be found out, the report stands without it and says so."""
    try:
        return trace(path, fix, speech=speech)
    except TryLater:
        return Origin(unchecked=(Unchecked("culprit-too-slow"),))
    except TellUser:
        return Origin(unchecked=(Unchecked("culprit-no-history"),))


def gather(
    path: Path,
    asked: Asked,
    *,
    maps: Maps | None = None,
    limits: MapLimits = LIMITS,
    cache: Cache = NO_CACHE,
    progress: Progress = _silent,
) -> Case:
    """Everything that `explain` decides from, read from the repository. Raises as it does."""
    repository = open_repository(path)
    fix = find_fix(repository, asked.fix) if asked.fix else None
    base = fix.base if fix else find_commit(repository, "HEAD")
    when = commit_time(repository, fix.head if fix else base)
    with ThreadPoolExecutor(max_workers=2) as pool:
        progress("reading the history")
        past = pool.submit(_history, repository, base, cache)
        corpus = read_files(repository, base)
        near = pool.submit(find_map, repository, base, corpus.tree, maps, limits) if maps else None
        overrides, problems = _overrides(repository, corpus)
        progress("reading the change")
        change = read_change_set(repository, fix, overrides) if fix else None
        files = change.code if change else named_files(repository, corpus, asked.paths, asked.text)
        message = "\n\n".join(part for part in (change.message if change else "", asked.text) if part)
        blame = pool.submit(blame_neighbours, repository, base, files)
        progress("reading the tests")
        possible = possible_tests(corpus)
        wanted = _near(possible, message, files, lambda: past.result()[0], when) if len(possible) > MOST_TESTS else possible
        corpus = read_tests(repository, corpus, wanted, left_out=len(possible) - len(wanted))
        sources = read_sources(repository, corpus, [file.before for file in files])
        progress("following imports")
        imported = read_reached(repository, corpus, files, sources)
        crossings = read_crossings(repository, corpus, files, sources, imported)
        words = cache.words(_key(corpus), lambda: {path: read_test(text) for path, text in corpus.tests.items()})
        history, in_time = past.result()
        if near:
            progress("reading the test map")
        found = near.result() if near else NO_MAP
    return Case(
        change=change,
        base=base,
        files=files,
        message=message,
        tests=corpus.tests,
        words=words,
        sources=sources,
        overrides=overrides,
        history=history,
        blame=blame.result(),
        reached=imported.reached,
        imports=imported.imports,
        packages=imported.packages,
        when=when,
        places=() if change else tuple(file.path for file in files),
        crossings=crossings,
        unchecked=(*_unchecked(repository, corpus, change, in_time, problems), *found.unchecked),
        map=found.mapped.view([*(file.before for file in files), *crossings.far_files]) if found.mapped else None,
    )


def _near(
    possible: Sequence[str], message: str, files: tuple[FileChange, ...], history: Callable[[], tuple[PastCommit, ...]], when: int
) -> list[str]:
    """Of very many tests those that are worth reading: the nearest to the change by name, folder and history."""
    tests = tuple(TestFile(path, languages.language_of(path), Kind.UNIT, "") for path in possible)
    unread = dict.fromkeys(possible, TestWords({}, {}))
    question = Question(message, files, tests, unread, history=history(), when=when)
    return shortlist(question, load_weights(), MOST_TESTS)


def _key(corpus: Corpus) -> str:
    """What the words of the tests depend on: the commit, and which of its tests were read."""
    if not corpus.left_out:
        return corpus.commit
    return f"{corpus.commit}-{sha256(repr(sorted(corpus.tests)).encode(errors='surrogateescape')).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class ExplainEscape:
    """The same for the bot: on the fix that was resolved for an issue, or on the places that the issue's text names."""

    cache: Cache = NO_CACHE
    limits: MapLimits = LIMITS

    def __call__(
        self, mirror: Path, *, fix: Fix | None, text: str, maps: Maps | None = None, speech: Speech | None = None
    ) -> Report:
        """The report; where the kept map cannot be read, without it, which is then said. Raises as `explain` does."""
        revision = None if fix is None else f"{fix.base}..{fix.head}" if fix.base else fix.head
        asked = Asked(fix=revision, text=text, speech=speech)
        try:
            return explain(mirror, asked, load_weights(), maps=maps, limits=self.limits, cache=self.cache)
        except TellUser:
            if maps is None:
                raise
            report = explain(mirror, asked, load_weights(), cache=self.cache)  # raises the same if it was not the map
            return replace(report, unchecked=(*report.unchecked, Unchecked("map-unreadable")))


def _history(repository: Repository, base: str, cache: Cache) -> tuple[tuple[PastCommit, ...], bool]:
    """The past commits, and whether they could be read in time. What a shallow or partial clone holds can grow: not kept."""
    kept = NO_CACHE if repository.shallow or repository.partial else cache
    try:
        return kept.history(base, lambda: read_log(repository, base)), True
    except GitTooSlow:
        return (), False


def _overrides(repository: Repository, corpus: Corpus) -> tuple[Overrides, tuple[str, ...]]:
    text = read_sources(repository, corpus, [CONFIGURATION]).get(CONFIGURATION)
    if text is None:
        return NONE, ()
    from app.analysis.settings.reader import read_overrides  # most repositories have none, and loading YAML takes its time

    return read_overrides(text.decode("utf-8", "replace"))


def _unchecked(
    repository: Repository, corpus: Corpus, change: ChangeSet | None, in_time: bool, problems: Iterable[str]
) -> Iterator[Unchecked]:
    """What the gathering had to leave out, by reason."""
    if repository.shallow:
        yield Unchecked("shallow")
    if not in_time:
        yield Unchecked("history-too-slow")
    if corpus.unread:
        yield Unchecked("tests-not-read", corpus.unread)
    if corpus.left_out:
        yield Unchecked("too-many-tests", (str(corpus.left_out),))
    yield from (Unchecked("configuration", (told,)) for told in problems)
    for reason, paths in _opaque(change.files if change else ()).items():
        yield Unchecked(reason, tuple(paths))


def _opaque(files: tuple[FileChange, ...]) -> Mapping[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for file in files:
        if file.opaque:
            reasons.setdefault(file.opaque, []).append(file.path)
    return reasons
