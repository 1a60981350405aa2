"""Where a test stands after a change: under its own name, moved or renamed; a test is known again by its text.

Whether it still guards there is `disarmed`'s to say.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from app.analysis import languages
from app.analysis.brought import tests_of
from app.analysis.languages import NamedTest
from app.domain.review import Touch
from app.domain.suite import TestId

LIKE_ENOUGH = 0.6
"""Of a renamed test so much of the text has to be the same that nobody would call it another one."""

_MOST_COMPARED = 100
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Sides:
    """One test file before and after a change: `path` is "" for a new one, `now` is "" for one that goes away."""

    path: str
    now: str
    before: bytes = b""
    after: bytes = b""


@dataclass(frozen=True, slots=True)
class Place:
    """One test in the text of its file."""

    path: str
    source: bytes
    test: NamedTest

    @property
    def lines(self) -> list[str]:
        """Its own lines."""
        return list(_split(self.source)[self.test.span.start - 1 : self.test.span.end])

    @property
    def body(self) -> list[str]:
        """What it says apart from its name, empty lines and indentation."""
        name = leaf(self.test.name)
        return [text for line in self.lines if (text := line.strip()) and name not in text]


@lru_cache(maxsize=16)
def _split(source: bytes) -> tuple[str, ...]:
    """The lines of a file, which has as many tests as a stranger likes."""
    return tuple(source.decode("utf-8", "replace").split("\n"))


def leaf(name: str) -> str:
    """`Cart > total > adds` -> `adds`, `TestCart.test_total[1]` -> `test_total`."""
    return name.rpartition(" > ")[2] if " > " in name else name.partition("[")[0].rpartition(".")[2]


def standing(test: TestId, path: str, source: bytes) -> Place | None:
    """The test in the text of a file; None where it is not there, or where the tests of its language cannot be read."""
    wanted = test.name.partition("[")[0]
    found = {each.name: each for each in tests_of(path, source)}
    named = found.get(test.name) or found.get(wanted)
    return Place(path, source, named) if named is not None else None


def counterpart(place: Place, own: Sides, files: Iterable[Sides]) -> Place | None:
    """The same test after the change: of the same name in its file, else one that is new somewhere and says the same, has the
    same name, or is very much alike.
    """
    here = {each.name: each for each in tests_of(own.now, own.after)} if own.now else {}
    if place.test.name in here:
        return Place(own.now, own.after, here[place.test.name])
    new = [one for sides in (own, *(each for each in files if each is not own)) for one in _new(sides)]
    body, name = place.body, leaf(place.test.name)
    for one in new:
        if body and one.body == body:
            return one
    for one in new:
        if leaf(one.test.name) == name:
            return one
    return _likest(body, [one for one in new if one.path == own.now])


def uncollected(place: Place, own: Sides) -> tuple[str, int] | None:
    """A function of the file that says the same under a name which no runner collects (`_test_total`), and its line."""
    if not own.now:
        return None
    language = languages.language_of(own.now)
    known = {symbol.name for symbol in languages.symbols(language, own.before)}
    name = leaf(place.test.name).lower()
    for symbol in languages.symbols(language, own.after):
        if symbol.kind != "class" and symbol.name not in known and symbol.name.lower().endswith(name.removeprefix("test")):
            written = Place(own.now, own.after, NamedTest(symbol.name, symbol.span))
            if _ratio(place.body, written.body) >= LIKE_ENOUGH:
                return symbol.name, symbol.span.start
    return None


def brings_tests(sides: Sides, touches: Iterable[Touch]) -> bool:
    """Whether a changed test file is about what is touched: it names the file or a function, or is in its Go package."""
    if not sides.now or sides.after == sides.before or not languages.is_test(sides.now):
        return False
    words = set(_IDENTIFIER.findall(sides.after.decode("utf-8", "replace")))
    return any(_is_about(sides.now, words, touch) for touch in touches)


def _is_about(path: str, words: set[str], touch: Touch) -> bool:
    if touch.path.endswith(".go") and path.rpartition("/")[0] == touch.path.rpartition("/")[0]:
        return True
    return languages.stem(touch.path) in words or (touch.symbol or "").rpartition(".")[2] in words


def _new(sides: Sides) -> Iterator[Place]:
    """The tests of a file that it did not have before."""
    known = {each.name for each in tests_of(sides.path, sides.before)} if sides.path else set()
    if sides.now:
        yield from (Place(sides.now, sides.after, each) for each in tests_of(sides.now, sides.after) if each.name not in known)


def _likest(body: list[str], places: list[Place]) -> Place | None:
    rated = [(_ratio(body, one.body), n, one) for n, one in enumerate(places[:_MOST_COMPARED])]
    best = max(rated, default=None)
    return best[2] if best and best[0] >= LIKE_ENOUGH else None


def _ratio(one: list[str], other: list[str]) -> float:
    """0 where it cannot come near `LIKE_ENOUGH`, which is cheap to tell: to compare thousands of lines is not."""
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    near = matcher.real_quick_ratio() >= LIKE_ENOUGH and matcher.quick_ratio() >= LIKE_ENOUGH
    return matcher.ratio() if near else 0.0
