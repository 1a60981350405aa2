"""The one reason why a test file could not see a bug, as ordered rules over what is known of the day on which the bug came in.

A rule claims only what its text, its imports or the day's test map show; where none holds, it is CANNOT_TELL, and `why` says
how far the data goes: `place-unknown`, `unread`, `asserts-about` (it asserts about what flows from the place, and was green),
`ran` (the map shows that), `language`, `e2e`, `unfollowed` (its imports cannot all be followed), `elsewhere` (they lead here
through other files at most), `unnamed` (it imports the file and names nothing of what changed), `reaches` (it reaches the place).
"""

from collections.abc import Callable

from app.analysis import languages
from app.analysis.green.asserted import about, asserted_elsewhere
from app.analysis.green.standing import Day, Standing, named, unseeing, users
from app.analysis.mocks import Mock, mocks
from app.analysis.severed import resolved
from app.analysis.skips import skips
from app.domain.evidence import Kind
from app.domain.green import UnseeingTest, Unseen

_MOST = 5


def reason_for(test: Standing, day: Day) -> UnseeingTest:
    """The first rule that holds."""
    found = next((one for rule in _RULES if (one := rule(test, day)) is not None), None)
    return found or _untold(test, day)


def _skipped(test: Standing, day: Day) -> UnseeingTest | None:
    """Each of its tests that names something of the changed file is skipped, or expected to fail; of all its tests, each, where
    none names what changed: then any may come to it.
    """
    asked = [one.span for one in (users(test, day) if named(test, day.leading) else test.tests)]
    standing = skips(test.language, test.text or b"")
    held = [next((skip for skip in standing if skip.holds_for(span)), None) for span in asked]
    by = list(dict.fromkeys(skip for skip in held if skip is not None))
    if not by or None in held:
        return None
    why = "expected-failure" if all(skip.fails for skip in by) else "skip"
    said = tuple(dict.fromkeys(skip.said for skip in by[:_MOST]))
    return unseeing(test, day, Unseen.SKIPPED, why, said, [skip.line for skip in by[:_MOST]])


def _skipped_in_run(test: Standing, day: Day) -> UnseeingTest | None:
    """The results of the mapped run say of all its tests that they were skipped."""
    if day.executed is None or test.path in day.executed.tests_by_file:
        return None
    names = [name for name in day.executed.no_cover if (home := day.executed.home(name)) and home.path == test.path]
    return unseeing(test, day, Unseen.SKIPPED, "in-run", by_map=True) if names else None


def _in_no_check(test: Standing, day: Day) -> UnseeingTest | None:
    """No command of the tree's own checks takes it in, and the map does not hold it."""
    if test.left_out is None or (day.executed is not None and test.path in day.executed.tests_by_file):
        return None
    command, path, line = test.left_out.commands[0]
    return unseeing(test, day, Unseen.NOT_IN_CHECKS, test.left_out.how, (command, f"{path}:{line}"))


def _never_ran(test: Standing, day: Day) -> UnseeingTest | None:
    """The map holds its tests, and none of them ran any of the lines."""
    if day.executed is None or day.hidden or not day.executed.aims or test.path not in day.executed.tests_by_file:
        return None
    if day.ran(test):
        return None
    files = dict.fromkeys(aim.path for aim in day.executed.aims)
    return unseeing(test, day, Unseen.NEVER_RAN, "by-map", tuple(files), by_map=True)


def _never_led_here(test: Standing, day: Day) -> UnseeingTest | None:
    """Nothing that it imports, however far it is followed, leads to a changed file."""
    if not test.apart or not test.tests or day.ran(test) or test.kind is not Kind.UNIT:
        return None
    return unseeing(test, day, Unseen.NEVER_RAN, "imports", tuple(file.before for file in day.files[:_MOST]))


def _replaced(test: Standing, day: Day) -> UnseeingTest | None:
    """It puts stand-ins in the place of all changed definitions, in each of its tests that names the changed file."""
    found = [mock for mock in mocks(test.language, test.text or b"") if mock.target and mock.scope != ()]
    standing = [(mock, gone) for mock in found if (gone := _replaced_by(mock, test, day))]
    changed = {(file.before, symbol.qualified) for file in day.files for symbol in file.symbols}
    asked = users(test, day) if standing and changed and all(file.symbols for file in day.files) else []
    for one in asked:
        within = [gone for mock, gone in standing if mock.scope is None or any(one.span.overlaps(span) for span in mock.scope)]
        if changed - set().union(*within):
            return None
    if not asked:
        return None
    names = tuple(dict.fromkeys(name for _, gone in standing for _, name in sorted(gone)))
    return unseeing(test, day, Unseen.MOCKED, "itself", names[:_MOST], [mock.line for mock, _ in standing[:_MOST]])


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
            lines = [one.line for one in cut.severed[:_MOST]]
            return unseeing(test, day, Unseen.MOCKED, "far-side", (crossing.far,), lines)
    return None


_RULES: tuple[Callable[[Standing, Day], UnseeingTest | None], ...] = (
    _skipped,
    _skipped_in_run,
    _in_no_check,
    _never_ran,
    _never_led_here,
    _replaced,
    _far_side_replaced,
    asserted_elsewhere,
)


def _untold(test: Standing, day: Day) -> UnseeingTest:
    """No claim, and how far the data goes."""
    joined, ran, asserts = day.joined(test), bool(day.ran(test)), about(test, day)
    leading = any(test.path in tests for (_, name), tests in day.places.items() if name)
    whys = (
        ("place-unknown", not day.files),
        ("unread", test.text is None),
        ("asserts-about", asserts is not None),
        ("ran", ran),
        ("language", not languages.is_parsed(test.language) or not any(languages.is_parsed(one.language) for one in day.files)),
        ("e2e", not joined and test.kind is not Kind.UNIT),
        ("unfollowed", not joined and test.apart is None),
        ("elsewhere", not day.touches(test)),
        ("unnamed", not leading and any(file.symbols for file in day.files)),
    )
    why = next((slug for slug, holds in whys if holds), "reaches")
    if why == "asserts-about" and asserts is not None:
        return unseeing(test, day, Unseen.CANNOT_TELL, why, (), [asserts.line], by_map=ran)
    names = tuple(dict.fromkeys(one.path for one in joined))
    return unseeing(test, day, Unseen.CANNOT_TELL, why, names, [one.line for one in joined[:1]], by_map=why == "ran")
