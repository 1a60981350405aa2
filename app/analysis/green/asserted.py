"""Whether the tests of a file that came to the place asserted anything about it, each judged by `app.analysis.strength`."""

from app.analysis.green.standing import Day, Standing, unseeing, users
from app.analysis.languages import NamedTest
from app.analysis.strength import judge, weakest
from app.analysis.testmap.test_files import plain
from app.domain.green import UnseeingTest, Unseen
from app.domain.strength import Says, Strength

_REASONS = {Says.NOTHING: Unseen.ASSERTS_NOTHING, Says.ELSEWHERE: Unseen.ASSERTS_ELSEWHERE}


def asserted_elsewhere(test: Standing, day: Day) -> UnseeingTest | None:
    """All of its tests that came to the place assert nothing, or only about something else."""
    told = _strength(test, day, day.leading)
    reason = _REASONS.get(told.says) if told else None
    if told is None or reason is None:
        return None
    return unseeing(test, day, reason, told.reason, told.names, [told.line], by_map=bool(day.ran(test)))


def about(test: Standing, day: Day) -> Strength | None:
    """The assertion about what flows from a changed definition itself, where one is seen."""
    told = _strength(test, day, frozenset(symbol.name for file in day.files for symbol in file.symbols))
    return told if told is not None and told.says is Says.ABOUT else None


def _strength(test: Standing, day: Day, names: frozenset[str]) -> Strength | None:
    """What they say together of what comes from these names; None where it is not known which of its tests came to the place."""
    came = _came(test, day)
    if not came or test.text is None or not names:
        return None
    text = test.text
    return weakest([judge(test.language, text, one.span, names, statuses=day.statuses) for one in came])


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
