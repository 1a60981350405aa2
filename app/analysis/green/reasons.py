"""The one reason why a test file could not see a bug, as ordered rules over what is known of the day on which the bug came in.

A rule claims only what its text, its imports or the day's test map show; where none holds, it is CANNOT_TELL, and `why` says
what is missing: `unread`, `language`, `place-unknown`, `e2e`, `elsewhere` (its imports lead here through other files at most),
`unnamed` (it imports the file and names nothing of what changed), `reaches` (it reaches the place, by its imports), `ran`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.analysis import languages
from app.analysis.executed import Executed
from app.analysis.imports import line_of
from app.analysis.mocks import Mock, mocks
from app.analysis.question import Reached
from app.analysis.seams import Crossings, Sides
from app.analysis.severed import resolved
from app.analysis.skips import Skip, skips
from app.domain.change import FileChange, Span
from app.domain.evidence import ONE_HOP, Kind
from app.domain.green import UnseeingTest, Unseen


@dataclass(frozen=True, slots=True)
class Standing:
    """A test file that stood in the tree at the introducing commit; `text` is None where it could not be read."""

    path: str
    kind: Kind
    text: bytes | None

    @property
    def language(self) -> str | None:
        """Its language by its name."""
        return languages.language_of(self.path)


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of the introducing commit: `files` are the fix's places as they stood there, `reached` what its tests import
    of them, `places` which tests lead to which definition, `executed` what its test map says, None without one.

    `hidden` says that something of the run cannot be seen in that map, so that its silence proves nothing.
    """

    commit: str
    files: Sequence[FileChange]
    sides: Sides
    crossings: Crossings
    reached: Mapping[str, Sequence[Reached]]
    places: Mapping[tuple[str, str], Collection[str]]
    executed: Executed | None = None
    hidden: bool = False
    known: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        names = [self.sides.near(file.before).known_by for file in self.files]
        object.__setattr__(self, "known", frozenset[str]().union(*names))


def reason_for(test: Standing, day: Day) -> UnseeingTest:
    """The first rule that holds."""
    found = next((one for rule in _RULES if (one := rule(test, day)) is not None), None)
    return found or _untold(test, day)


def _skipped(test: Standing, day: Day) -> UnseeingTest | None:
    """Each of its tests that names something of the changed file is skipped, or expected to fail; without such, each of all."""
    if test.text is None:
        return None
    asked = _users(test.language, test.text, day.known)
    asked = asked or [one.span for one in languages.tests_in(test.language, test.text)]
    standing = skips(test.language, test.text)
    held = [next((skip for skip in standing if skip.holds_for(span)), None) for span in asked]
    if not held or any(skip is None for skip in held):
        return None
    by = list(dict.fromkeys(skip for skip in held if skip is not None))
    why = "expected-failure" if all(skip.fails for skip in by) else "skip"
    return _unseeing(test, day, Unseen.SKIPPED, why, tuple(skip.said for skip in by[:_MOST]), _lines(by))


def _skipped_in_run(test: Standing, day: Day) -> UnseeingTest | None:
    """The results of the mapped run say of all its tests that they were skipped."""
    if day.executed is None or test.path in day.executed.tests_by_file:
        return None
    names = [name for name in day.executed.no_cover if (home := day.executed.home(name)) and home.path == test.path]
    return _unseeing(test, day, Unseen.SKIPPED, "in-run", by_map=True) if names else None


def _never_ran(test: Standing, day: Day) -> UnseeingTest | None:
    """The map holds its tests, and none of them ran any of the lines."""
    if day.executed is None or day.hidden or not day.executed.aims or test.path not in day.executed.tests_by_file:
        return None
    if any(test.path in by.files for by in day.executed.hits.values()):
        return None
    files = dict.fromkeys(aim.path for aim in day.executed.aims)
    return _unseeing(test, day, Unseen.NEVER_RAN, "", tuple(files), by_map=True)


def _replaced(test: Standing, day: Day) -> UnseeingTest | None:
    """It puts stand-ins in the place of all changed definitions, in each of its tests that names the changed file."""
    if test.text is None:
        return None
    found = [mock for mock in mocks(test.language, test.text) if mock.target and mock.scope != ()]
    standing = [(mock, gone) for mock in found if (gone := _replaced_by(mock, test, day))]
    changed = {(file.before, symbol.qualified) for file in day.files for symbol in file.symbols}
    users = _users(test.language, test.text, day.known) if standing and changed else []
    for span in users:
        within = [gone for mock, gone in standing if mock.scope is None or any(span.overlaps(one) for one in mock.scope)]
        if changed - set().union(*within):
            return None
    if not users:
        return None
    lines = tuple(dict.fromkeys(Span(mock.line, mock.line) for mock, _ in standing))
    names = tuple(dict.fromkeys(name for _, gone in standing for _, name in sorted(gone)))
    return _unseeing(test, day, Unseen.MOCKED, "itself", names[:_MOST], lines[:_MOST])


def _replaced_by(mock: Mock, test: Standing, day: Day) -> set[tuple[str, str]]:
    """The changed definitions, by path and name, that a stand-in takes the place of: by its own name or a whole around it."""
    files, rest = resolved(mock, test.path, day.crossings.index)
    rest = tuple(name for name in rest if name != "default")
    return {
        (file.before, symbol.qualified)
        for file in day.files
        if file.before in files
        for symbol in file.symbols
        if tuple(symbol.qualified.split("."))[: len(rest)] == rest
    }


def _far_side_replaced(test: Standing, day: Day) -> UnseeingTest | None:
    """What a changed line calls is replaced in all of its tests that come to the changed code."""
    for crossing in day.crossings.all:
        if crossing.edge.distance or test.path not in day.sides.leading(crossing.edge.near):
            continue
        cut = day.sides.cuts(crossing, [test.path], day.crossings.index).get(test.path)
        if cut is not None and cut.whole:
            lines = tuple(Span(one.line, one.line) for one in cut.severed[:_MOST])
            return _unseeing(test, day, Unseen.MOCKED, "far-side", (crossing.far,), lines)
    return None


_MOST = 5
_RULES: tuple[Callable[[Standing, Day], UnseeingTest | None], ...] = (
    _skipped,
    _skipped_in_run,
    _never_ran,
    _replaced,
    _far_side_replaced,
)


def _untold(test: Standing, day: Day) -> UnseeingTest:
    """No claim, and what keeps one from being made."""
    joined = [one for one in day.reached.get(test.path, ()) if any(one.path == file.before for file in day.files)]
    ran = [by for by in day.executed.hits.values() if test.path in by.files] if day.executed else []
    leading = any(test.path in tests for (_, name), tests in day.places.items() if name)
    whys = (
        ("place-unknown", not day.files),
        ("unread", test.text is None),
        ("ran", bool(ran)),
        ("language", not languages.is_parsed(test.language) or not any(languages.is_parsed(one.language) for one in day.files)),
        ("e2e", not joined and test.kind is not Kind.UNIT),
        ("elsewhere", all(one.reason == ONE_HOP for one in joined)),
        ("unnamed", not leading and any(file.symbols for file in day.files)),
    )
    why = next((slug for slug, holds in whys if holds), "reaches")
    lines = tuple(Span(one.line, one.line) for one in joined[:1] if one.line)
    names = tuple(dict.fromkeys(one.path for one in joined))
    found = _unseeing(test, day, Unseen.CANNOT_TELL, why, names, lines)
    return replace(found, by_map=why == "ran")


def _unseeing(
    test: Standing,
    day: Day,
    reason: Unseen,
    why: str,
    names: tuple[str, ...] = (),
    lines: tuple[Span, ...] = (),
    by_map: bool = False,
) -> UnseeingTest:
    return UnseeingTest(test.path, test.kind, reason, names, lines, day.commit, by_map, why)


def _users(language: str | None, text: bytes, known: frozenset[str]) -> list[Span]:
    """The tests of a file that name something of the changed one."""
    return [one.span for one in languages.tests_in(language, text) if _names_any(text, one.span, known)]


def _names_any(text: bytes, span: Span, names: frozenset[str]) -> bool:
    lines = b"\n".join(text.split(b"\n")[span.start - 1 : span.end])
    return any(line_of(lines, name.encode()) is not None for name in names)


def _lines(by: Sequence[Skip]) -> tuple[Span, ...]:
    return tuple(Span(skip.line, skip.line) for skip in by[:_MOST])
