"""Which guards a change disarms: deletes, skips, expects to fail, asserts less of, or mocks away what they guard.

Every rule reads the test before and after; what only reads differently (moved, renamed, put into a loop or a table, assertions
joined in one) disarms nothing.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from app.analysis import languages
from app.analysis.assertions import Assertion, assertions_in
from app.analysis.mocks import Mock, mocks
from app.analysis.modules import ModuleIndex
from app.analysis.review.counterpart import Place, Sides, counterpart, standing, uncollected
from app.analysis.severed import resolved
from app.analysis.skips import Skip, skips
from app.domain.change import Span, Symbol
from app.domain.review import Disarmed, How
from app.domain.suite import TestId

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_REPEATS = re.compile(
    r"\bparametri[sz]e\b|\bsubTest\b|\bfor\b|\.each\b|\.forEach\b|\brange\b|@ParameterizedTest|@CsvSource|@ValueSource|\bt\.Run\b"
)
_WORDS = frozenset(
    [
        "self",
        "this",
        "is",
        "not",
        "in",
        "and",
        "or",
        "None",
        "True",
        "False",
        "nil",
        "null",
        "true",
        "false",
        "undefined",
        "expect",
        "assert",
        "require",
        "t",
        "s",
        "err",
        "to",
        "be",
        "should",
    ]
)
_MOST_HELPERS = 20
_LONGEST = 80


class Guards:
    """The test files that a change touches, and what is asked of them. `fixed` are the functions of past fixes by file, as they
    stand before the change; `index` leads from names in tests to files.
    """

    def __init__(self, files: Sequence[Sides], index: ModuleIndex | None = None) -> None:
        self._files = files
        self._by_path = {sides.path: sides for sides in files if sides.path}
        self._index = index

    def disarmed(self, test: TestId, fixed: Mapping[str, Collection[str]]) -> tuple[Disarmed, ...]:
        """What the change does to one guard that stood before it; nothing where its file is as it was."""
        own = self._by_path.get(test.path)
        if own is None:
            return ()
        if not test.name:
            gone = not own.now and not any(sides.after == own.before for sides in self._files if sides.now)
            return (Disarmed(test, How.DELETED, own.path),) if gone else ()
        before = standing(test, own.path, own.before)
        if before is None or _skips(before):
            return ()  # what did not stand, or never ran, guarded nothing
        after = counterpart(before, own, self._files)
        if after is None:
            return (_gone(test, before, own),)
        if after.lines == before.lines and after.source == before.source:
            return ()
        return tuple(self._weakened(test, before, after, fixed))

    def _weakened(self, test: TestId, before: Place, after: Place, fixed: Mapping[str, Collection[str]]) -> Iterator[Disarmed]:
        kept = _kept_from_running(after)
        if kept is not None:
            how = How.EXPECTED_TO_FAIL if kept.fails else How.SKIPPED
            yield Disarmed(test, how, after.path, kept.line, after=kept.said[:_LONGEST])
            return
        told = _asserts_less(test, before, after)
        if told is not None:
            yield told
        mocked = self._mocked(before, after, fixed)
        if mocked is not None:
            yield Disarmed(test, How.MOCKED_AWAY, after.path, mocked.line, after=_dotted(mocked)[:_LONGEST])

    def _mocked(self, before: Place, after: Place, fixed: Mapping[str, Collection[str]]) -> Mock | None:
        """A stand-in that is new, and takes the place of what the fix changed."""
        index = self._index
        if index is None:
            return None
        known = {_dotted(mock) for mock in _mocks(before)}
        return next((mock for mock in _mocks(after) if _dotted(mock) not in known and _replaces(mock, after, index, fixed)), None)


def _gone(test: TestId, before: Place, own: Sides) -> Disarmed:
    hidden = uncollected(before, own)
    if hidden is not None:
        return Disarmed(test, How.SKIPPED, own.now, hidden[1], after=hidden[0])
    return Disarmed(test, How.DELETED, own.now or own.path)


def _kept_from_running(after: Place) -> Skip | None:
    """What keeps the test from running now, or lets it fail."""
    return min(_skips(after), key=lambda one: (one.fails, one.line), default=None)


def _skips(place: Place) -> list[Skip]:
    found = skips(languages.language_of(place.path), place.source)
    return [one for one in found if one.holds_for(place.test.span)]


def _mocks(place: Place) -> list[Mock]:
    found = mocks(languages.language_of(place.path), place.source)
    return [mock for mock in found if mock.scope is None or any(place.test.span.overlaps(span) for span in mock.scope)]


def _dotted(mock: Mock) -> str:
    return ".".join(part for part in (mock.target, *mock.names) if part) or mock.stands_for or mock.how


def _replaces(mock: Mock, place: Place, index: ModuleIndex, fixed: Mapping[str, Collection[str]]) -> bool:
    """Whether the stand-in takes the place of a fixed file as a whole, of a fixed function, or of the class it is in."""
    if not mock.target:
        return False
    files, rest = resolved(mock, place.path, index)
    name = ".".join(part for part in rest if part != "default")
    for path in files:
        functions = fixed.get(path)
        if functions is not None and (not name or any(one == name or one.startswith(f"{name}.") for one in functions)):
            return True
    return False


def _asserts_less(test: TestId, before: Place, after: Place) -> Disarmed | None:
    """Fewer assertions, or looser ones in the place of exact ones, those of the file's own helpers counted in."""
    had, has = _both_assert(before, after)
    lost, new = _without(had, has), _without(has, had)
    if not lost:
        return None
    if len(has) < len(had) and not _repeats_now(before, after) and not _are_told_by(lost, new, has):
        line = _first_difference(before, after)
        return Disarmed(test, How.FEWER_ASSERTIONS, after.path, line, str(len(had)), str(len(has)))
    pairs = zip(_strictest(lost), _strictest(new), strict=False)
    loosened = next(((was, now) for was, now in pairs if now.exactness < was.exactness), None)
    if loosened is None:
        return None
    was, now = loosened
    return Disarmed(test, How.LOOSER_ASSERTIONS, after.path, now.line, was.call, now.call)


def _both_assert(before: Place, after: Place) -> tuple[list[Assertion], list[Assertion]]:
    """The assertions of the test before and after, with those of the functions of its file that it names.

    A function that the test names all along, and that only one of the files defines, came from elsewhere or went there: what it
    asserts is as it was, and counts on neither side.
    """
    found = []
    for place, other in ((before, after), (after, before)):
        language, elsewhere = languages.language_of(place.path), _helpers(other)
        own = list(assertions_in(language, place.source, place.test.span))
        for name, spans in _helpers(place).items():
            if name in elsewhere or name not in _names(other):
                own.extend(one for span in spans for one in assertions_in(language, place.source, span))
        found.append(own)
    return found[0], found[1]


def _helpers(place: Place) -> dict[str, list[Span]]:
    """The functions of the file that the test names, and where they stand: those of its own class or of none first."""
    names, owner = _names(place), place.test.name.rpartition(".")[0]
    found: dict[str, list[Symbol]] = {}
    for symbol in languages.symbols(languages.language_of(place.path), place.source):
        if symbol.kind != "class" and symbol.name in names and not symbol.span.overlaps(place.test.span):
            found.setdefault(symbol.name, []).append(symbol)
    near = {name: [one for one in all_of if one.qualified.rpartition(".")[0] in (owner, "")] for name, all_of in found.items()}
    return {name: [one.span for one in near[name] or found[name]] for name in list(found)[:_MOST_HELPERS]}


def _names(place: Place) -> set[str]:
    return set(_IDENTIFIER.findall("\n".join(place.lines)))


def _without(all_of: Sequence[Assertion], others: Sequence[Assertion]) -> list[Assertion]:
    """Those that say something that none of the others says, each text as often as it is told more."""
    left = Counter(one.text for one in others)
    found = []
    for one in all_of:
        if left[one.text]:
            left[one.text] -= 1
        else:
            found.append(one)
    return found


def _are_told_by(lost: Sequence[Assertion], new: Sequence[Assertion], has: Sequence[Assertion]) -> bool:
    """Whether nothing is lost with the lost: all gave way to a more exact one, or each of them is part of a new one that is as
    exact, or of any that is more exact (`x is not None` of `x.total == 10`).
    """
    if new and max(one.exactness for one in new) > max(one.exactness for one in lost):
        return True
    return all(
        any(_is_told(was, now, now.exactness) for now in new) or any(_is_told(was, now, now.exactness - 1) for now in has)
        for was in lost
    )


def _is_told(was: Assertion, now: Assertion, most: int) -> bool:
    return was.exactness <= most and _speaks_of(was) <= _speaks_of(now)


def _speaks_of(one: Assertion) -> set[str]:
    return set(one.names) - _WORDS - set(_IDENTIFIER.findall(one.call))


def _strictest(found: Sequence[Assertion]) -> list[Assertion]:
    return sorted(found, key=lambda one: (-one.exactness, one.line))


def _repeats_now(before: Place, after: Place) -> bool:
    """Whether the test runs its assertions over a table or in a loop that was not there."""
    return len(_REPEATS.findall("\n".join(after.lines))) > len(_REPEATS.findall("\n".join(before.lines)))


def _first_difference(before: Place, after: Place) -> int:
    """The first line of the test that is not as it was; of one that only ends earlier, its last."""
    start = after.test.span.start
    pairs = zip(before.lines, after.lines, strict=False)
    same = next((n for n, (was, now) in enumerate(pairs) if was != now), len(after.lines) - 1)
    return start + max(0, min(same, len(after.lines) - 1))
