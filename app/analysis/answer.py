"""One call from what was gathered to the report: kinds, imports, ranking, gaps, placement, verdict, each decided elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.analysis import languages
from app.analysis.asserted import all_say, subject_of, with_strength
from app.analysis.blindness import blind_spots
from app.analysis.crossed import find_seams
from app.analysis.executed import Executed
from app.analysis.gaps import find_gaps
from app.analysis.kinds import kind_of
from app.analysis.languages import Import
from app.analysis.overrides import Overrides
from app.analysis.placement import place
from app.analysis.posterior import weigh
from app.analysis.question import Question, Reached
from app.analysis.rank import LISTED, Weights, rank
from app.analysis.reach import reached_places
from app.analysis.seams import Crossings, Sides
from app.analysis.swallowed import find_swallowed
from app.analysis.tally import run_gaps, tally
from app.analysis.testmap.test_files import TestFiles
from app.analysis.testmap.view import MapView
from app.analysis.verdict import Facts, is_sure, judge
from app.analysis.words import TestWords
from app.domain.change import ChangeSet, FileChange
from app.domain.evidence import RankedTest, TestFile
from app.domain.history import BlamedLine, PastCommit
from app.domain.report import Blind, Gap, Ran, Report
from app.domain.seam import Seam
from app.domain.strength import Says
from app.domain.unchecked import Unchecked


@dataclass(frozen=True, slots=True)
class Case:
    """Everything gathered about one fix, as it stood at `base`, the commit before it.

    `files` is the changed code, or without a fix the places that were named. By path: `tests` is the bytes of every test
    file, `words` what they say, `sources` the bytes of the changed files before the fix, `reached` what each test imports of
    them, `imports` all it imports, `packages` the repository's own packages among that.
    `when` is the time of the fix in seconds since 1970, `crossings` the calls that lead from the change to other parts,
    `map` what the nearest test map knows, None without one.
    """

    change: ChangeSet | None
    base: str
    files: tuple[FileChange, ...]
    message: str
    tests: Mapping[str, bytes]
    words: Mapping[str, TestWords]
    sources: Mapping[str, bytes]
    overrides: Overrides
    history: Sequence[PastCommit]
    blame: Mapping[str, Sequence[BlamedLine]]
    reached: Mapping[str, Sequence[Reached]]
    imports: Mapping[str, Sequence[Import]]
    packages: Mapping[str, Collection[str]]
    when: int
    places: tuple[str, ...] = ()
    unchecked: tuple[Unchecked, ...] = field(default=())
    crossings: Crossings | None = None
    map: MapView | None = None


def answer(case: Case, weights: Weights) -> Report:
    """The report on a case. Tests that the fix itself brings are listed apart and are no evidence."""
    question = question_of(case)
    tests = question.tests
    ranked = rank(question, weights) if case.files or case.message else ()
    seen = _see(case, ranked)
    ranked, brought = seen.ranked, _tests_in_fix(case)
    places = reached_places(case.files, case.sources, case.reached, question.words)
    listed = with_strength(ranked[:LISTED], case.tests, subject_of(case.files), seen.executed)
    gaps = find_gaps(case.files, {test.path: test for test in tests}, places)
    seams = _seams(case, places)
    return Report(
        verdict=judge(
            Facts(
                change=case.change,
                places=case.places,
                tests=ranked,
                searched=len(tests),
                can_tell=any(languages.is_parsed(file.language) for file in case.files),
                brought=bool(brought),
                mapped=case.map is not None,
                trusted=case.map is None or case.map.use.trusted,
                ran=seen.ran,
                blind=tuple(Blind(item.reason) for item in seen.blind),
                say=seen.say,
            )
        ),
        change=case.change,
        base=case.base,
        tests=listed,
        tests_in_fix=brought,
        placement=place(case.files, ranked, tests),
        gaps=(*seen.gaps, *(gap for gap in gaps if gap.path not in seen.mapped)),
        unchecked=(*case.unchecked, *seen.blind, *_not_read(case.files)),
        places=case.places,
        sure=is_sure(ranked),
        searched=len(tests),
        seams=seams,
        swallowed=find_swallowed(case.files, case.sources, seams),
        map=case.map.use if case.map else None,
    )


def _seams(case: Case, places: Mapping[tuple[str, str], Collection[str]]) -> tuple[Seam, ...]:
    if case.crossings is None:
        return ()
    covers = case.map.covers if case.map is not None and case.map.use.trusted else {}
    return find_seams(case.crossings, Sides(case.files, case.sources, case.tests, places, case.reached), covers)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the test map adds: the ranking with it, its numbers and gaps, the files it speaks of, where it is blind, and what the
    tests that ran the change assert of it.
    """

    ranked: tuple[RankedTest, ...]
    ran: Ran | None = None
    gaps: tuple[Gap, ...] = ()
    mapped: frozenset[str] = frozenset()
    blind: tuple[Unchecked, ...] = ()
    executed: Executed | None = None
    say: Says | None = None


def _see(case: Case, ranked: tuple[RankedTest, ...]) -> _Seen:
    if case.map is None:
        return _Seen(ranked)
    use = case.map.use
    executed = Executed(case.files, case.sources, case.map, TestFiles(case.tests))
    weighed = weigh(ranked, executed, trusted=use.trusted)
    blind = blind_spots(case.files, case.map, executed, case.tests, weighed)
    partial = use.missing_shards or any(item.reason == Blind.NO_INTEGRATION for item in blind)
    seen = _Seen(weighed, tally(executed, weighed), blind=blind, executed=executed)
    if not use.trusted or partial:  # what such a map did not see may well have been run
        return seen
    gaps = tuple(run_gaps(case.files, executed, weighed))
    say = all_say(executed, case.tests, subject_of(case.files))
    return replace(seen, gaps=gaps, mapped=frozenset(aim.path for aim in executed.aims), say=say)


def question_of(case: Case) -> Question:
    """What the ranking asks of a case; the benchmarks measure the evidence on the same."""
    tests = tuple(_test(case, path, text) for path, text in case.tests.items() if not case.overrides.ignores(path))
    return Question(
        message=case.message,
        files=case.files,
        tests=tests,
        words=case.words,
        history=case.history,
        blame=case.blame,
        sources={path: text.decode("utf-8", "replace") for path, text in case.sources.items()},
        defined={path: languages.symbols(languages.language_of(path), text) for path, text in case.sources.items()},
        reached=case.reached,
        when=case.when,
    )


def _test(case: Case, path: str, text: bytes) -> TestFile:
    language, packages = languages.language_of(path), case.packages.get(path, ())
    return kind_of(path, language, text, packages, case.overrides, case.imports.get(path, ()))


def _tests_in_fix(case: Case) -> tuple[TestFile, ...]:
    if case.change is None:
        return ()
    brought = [file.path for file in case.change.tests if languages.is_test(file.path) and file.status != "D"]
    return tuple(kind_of(path, languages.language_of(path), case.tests.get(path, b""), (), case.overrides) for path in brought)


def _not_read(files: Sequence[FileChange]) -> list[Unchecked]:
    """Changed code in languages whose imports recall cannot read: for these, silence is no evidence."""
    unread = sorted({file.language or file.before for file in files if not languages.is_parsed(file.language)})
    return [Unchecked("unknown-language", tuple(unread))] if unread else []
