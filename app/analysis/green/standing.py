"""What is known of the day on which a bug came in, and of each test file that stood there; what follows is the rules' to say."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.analysis import languages
from app.analysis.executed import Executed
from app.analysis.green.checks import LeftOut
from app.analysis.imports import line_of
from app.analysis.languages import NamedTest
from app.analysis.question import Reached
from app.analysis.reach import names_leading_to
from app.analysis.seams import Crossings, Sides
from app.domain.change import FileChange, Span
from app.domain.evidence import ONE_HOP, Kind
from app.domain.green import UnseeingTest, Unseen

_IMPORTS = {
    "python": re.compile(rb"^[ \t]*(?:from|import)\b[^\n(]*(?:\([^)]*\))?[^\n]*", re.MULTILINE),
    "go": re.compile(rb"^import\b[^\n(]*(?:\([^)]*\))?[^\n]*", re.MULTILINE),
    "java": re.compile(rb"^import\b[^;]*;", re.MULTILINE),
}
_SCRIPT_IMPORTS = re.compile(
    rb"^import\b[^;'\"`]*['\"][^'\"\n]*['\"]|^(?:const|let|var)\b[^=;]*=\s*(?:await\s+)?(?:require|import)\([^)\n]*\)",
    re.MULTILINE,
)
_NOT_A_NEWLINE = re.compile(rb"[^\n]")


@dataclass(frozen=True, slots=True)
class Standing:
    """A test file that stood in the tree at the introducing commit; `text` is None where it could not be read.

    `apart` says that its imports, and those of all that they lead to, lead to no changed file, None where that cannot be told;
    `left_out` why no check of that tree ran it, None where one did or nobody knows.
    """

    path: str
    kind: Kind
    text: bytes | None
    apart: bool | None = None
    left_out: LeftOut | None = None

    @property
    def language(self) -> str | None:
        """Its language by its name."""
        return languages.language_of(self.path)

    @property
    def tests(self) -> tuple[NamedTest, ...]:
        """The tests that it holds."""
        return languages.tests_in(self.language, self.text or b"")


@dataclass
class Day:
    """What is known of the introducing commit: `files` are the fix's places as they stood there, `reached` what its tests import
    of them, `places` which tests lead to which definition, `executed` what its test map says, None without one.

    `hidden` says that something of the run cannot be seen in that map, so that its silence proves nothing; `statuses` that the
    fix speaks of a status, so that a check of one is a check of what was wrong.
    """

    commit: str
    files: Sequence[FileChange]
    sides: Sides
    crossings: Crossings
    reached: Mapping[str, Sequence[Reached]]
    places: Mapping[tuple[str, str], Collection[str]]
    executed: Executed | None = None
    hidden: bool = False
    statuses: bool = False

    @cached_property
    def known(self) -> frozenset[str]:
        """The names by which a test may come to a changed file: all that it defines at its top, and its own."""
        return frozenset[str]().union(*(self.sides.near(file.before).known_by for file in self.files))

    @cached_property
    def leading(self) -> frozenset[str]:
        """The names by which a test comes to the changed definitions."""
        return frozenset[str]().union(*(names_leading_to(file, self.sides.sources[file.before]) for file in self.files))

    def joined(self, test: Standing) -> list[Reached]:
        """What the imports of the test lead to among the changed files."""
        paths = {file.before for file in self.files}
        return [one for one in self.reached.get(test.path, ()) if one.path in paths]

    def touches(self, test: Standing) -> bool:
        """Whether it imports a changed file itself, or hands through what re-exports it."""
        return any(one.reason != ONE_HOP for one in self.joined(test))

    def ran(self, test: Standing) -> frozenset[str]:
        """Its single tests, as the map names them, that ran the place; none without a map."""
        hits = self.executed.hits.values() if self.executed else ()
        return frozenset(name for by in hits for name in by.files.get(test.path, ()))


def users(test: Standing, day: Day) -> list[NamedTest]:
    """The tests of a file that name something of the changed one; all of them where what they share does."""
    tests = test.tests
    return list(tests) if _names_any(_shared(test.language, test.text or b"", tests), day.known) else named(test, day.known)


def named(test: Standing, names: frozenset[str]) -> list[NamedTest]:
    """The tests of a file that name any of these."""
    lines = (test.text or b"").split(b"\n")
    return [one for one in test.tests if _names_any(b"\n".join(lines[one.span.start - 1 : one.span.end]), names)]


def unseeing(
    test: Standing,
    day: Day,
    reason: Unseen,
    why: str,
    names: tuple[str, ...] = (),
    lines: Sequence[int | None] = (),
    *,
    by_map: bool = False,
) -> UnseeingTest:
    """The reason as people are shown it, with the lines of the test file that show it."""
    spans = tuple(dict.fromkeys(Span(line, line) for line in lines if line))
    return UnseeingTest(test.path, test.kind, reason, names, spans, day.commit, by_map, why)


def _shared(language: str | None, text: bytes, tests: Sequence[NamedTest]) -> bytes:
    """What is in no test and is no import: fixtures, helpers, what runs before each test."""
    kept = (_IMPORTS.get(language or "") or _SCRIPT_IMPORTS).sub(lambda found: _NOT_A_NEWLINE.sub(b" ", found[0]), text)
    lines = kept.split(b"\n")
    for one in tests:
        lines[one.span.start - 1 : one.span.end] = [b""] * (one.span.end - one.span.start + 1)
    return b"\n".join(lines)


def _names_any(text: bytes, names: frozenset[str]) -> bool:
    return any(line_of(text, name.encode()) is not None for name in names)
