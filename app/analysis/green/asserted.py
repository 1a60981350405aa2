"""Whether the tests of a file that came to the place asserted anything about it, each judged by `app.analysis.strength`."""

from collections.abc import Iterator

from app.analysis.green.standing import Day, Standing, unseeing, users
from app.analysis.languages import NamedTest
from app.analysis.strength import judge, together
from app.analysis.testmap.test_files import plain
from app.domain.green import UnseeingTest, Unseen
from app.domain.strength import Says, Strength

# Judging a test takes time that grows with its file.
_MOST_JUDGED = 40
_MOST_BYTES = 200_000
_REASONS = {Says.NOTHING: Unseen.ASSERTS_NOTHING, Says.ELSEWHERE: Unseen.ASSERTS_ELSEWHERE}


def asserted_elsewhere(test: Standing, day: Day) -> UnseeingTest | None:
    """All of its tests that came to the place assert nothing, or only about something else."""
    told = []
    for one in _judged(test, day, day.leading):
        if one is None or one.says not in _REASONS:
            return None
        told.append(one)
    if not told:
        return None
    least = together(told)
    return unseeing(test, day, _REASONS[least.says], least.reason, least.names, [least.line], by_map=bool(day.ran(test)))


def about(test: Standing, day: Day) -> Strength | None:
    """The first assertion about what flows from a changed definition itself, where one is seen."""
    names = frozenset(symbol.name for file in day.files for symbol in file.symbols)
    return next((one for one in _judged(test, day, names) if one is not None and one.says is Says.ABOUT), None)


def _judged(test: Standing, day: Day, names: frozenset[str]) -> Iterator[Strength | None]:
    """What each of its tests that came to the place says of what comes from these names; None for those that are too many.

    Nothing where it is not known which of its tests came there.
    """
    if test.text is None or not names or len(test.text) > _MOST_BYTES:
        return
    came = _came(test, day)
    for one in came[:_MOST_JUDGED]:
        yield judge(test.language, test.text, one.span, names, statuses=day.statuses)
    if len(came) > _MOST_JUDGED:
        yield None


def _came(test: Standing, day: Day) -> list[NamedTest]:
    """Its tests that ran the place by the map; without one those that name the changed file's definitions."""
    ran = day.ran(test)
    if not ran:
        leads = any(test.path in tests for (_, name), tests in day.places.items() if name)
        return users(test, day) if leads and day.touches(test) and day.executed is None else []
    names = {_written(home.id) for name in ran if day.executed and (home := day.executed.home(name))}
    came = [one for one in test.tests if one.name in names]
    return came if len(came) == len(names) else []


def _written(name: str) -> str:
    """A test's name in a map as its file spells it: `TestX::test_b[1]` is `TestX.test_b`."""
    return plain(name).replace("::", ".").replace("#", ".")
