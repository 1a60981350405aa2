"""What the tests near a change assert of it: those of one listed file, and all together that ran the changed lines.

How one test is judged is `app.analysis.strength`'s.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.analysis import languages
from app.analysis.aims import Aim, Depth
from app.analysis.executed import By, Executed
from app.analysis.languages import NamedTest
from app.analysis.strength import judge, together
from app.analysis.testmap.test_files import plain
from app.domain.change import FileChange, Symbol
from app.domain.evidence import RankedTest
from app.domain.strength import Says, Strength

_MOST_FILES = 8
_MOST_BYTES = 150_000
_MOST_TESTS = 300
_NEAR = (Depth.CHANGED, Depth.AROUND)
_STATUS = re.compile(r"status|exit|return_?code|\b[1-5]\d\d\b|abort|redirect", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """What assertions would have to be about: the short names by which tests come to the changed code; `statuses` says that a
    changed line is about a status, so that a check of one is a check of it.
    """

    names: frozenset[str]
    statuses: bool


def subject_of(files: Sequence[FileChange]) -> Subject:
    """The subject of a change."""
    names = frozenset(_known_by(symbol) for file in files for symbol in file.symbols)
    return Subject(names, speaks_of_status(files))


def speaks_of_status(files: Sequence[FileChange]) -> bool:
    """Whether a changed line is about a status, of a page or of a process, so that a check of one checks the change."""
    return any(_STATUS.search(line) for file in files for hunk in file.hunks for line in (*hunk.removed, *hunk.added))


def _known_by(symbol: Symbol) -> str:
    """The name by which it is called: a constructor, or what an operator calls, by that of its class."""
    is_special = symbol.name == "constructor" or (symbol.name.startswith("__") and symbol.name.endswith("__"))
    owner = symbol.qualified.rpartition(".")[0].rpartition(".")[2]
    return owner if is_special and owner else symbol.name


def with_strength(
    ranked: Iterable[RankedTest], tests: Mapping[str, bytes], subject: Subject, executed: Executed | None
) -> tuple[RankedTest, ...]:
    """The first of the tests, each with what those of its file assert that ran the change, or without a map those that name it; a
    very long file is left unread.
    """
    return tuple(
        replace(test, strength=_of_file(test, tests, subject, executed)) if place < _MOST_FILES else test
        for place, test in enumerate(ranked)
    )


def all_say(executed: Executed, tests: Mapping[str, bytes], subject: Subject) -> Says | None:
    """NOTHING or ELSEWHERE where none of the tests that ran the changed lines asserts about them; None where one does, or may."""
    hits = {aim: by for aim, by in executed.hits.items() if aim.depth in _NEAR}
    names = frozenset[str]().union(*(by.tests for by in hits.values()))
    homes = {home for name in names if (home := executed.home(name)) is not None}
    if not names or len(names) > _MOST_TESTS or executed.suites or any(executed.home(name) is None for name in names):
        return None
    least = Says.NOTHING
    for home in sorted(homes, key=lambda one: (one.path, one.id)):
        said = _of_tests(home.path, tests[home.path], [home.id], subject).says
        if said not in {Says.NOTHING, Says.ELSEWHERE}:
            return None
        least = Says.ELSEWHERE if said is Says.ELSEWHERE else least
    return least


def _of_file(test: RankedTest, tests: Mapping[str, bytes], subject: Subject, executed: Executed | None) -> Strength | None:
    path = test.test.path
    ids = _ids(path, executed) if executed is not None else []
    if len(tests.get(path, b"")) not in range(1, _MOST_BYTES) or not (ids or test.touches):
        return None
    if ids:
        return _of_tests(path, tests[path], ids, subject)
    return judge(languages.language_of(path), tests[path], None, subject.names, statuses=subject.statuses)


def _ids(path: str, executed: Executed) -> list[str]:
    """The tests of a file that ran the change, or else the functions that it falls in."""
    for hits in (executed.hits, executed.in_function):
        if names := _names(path, hits):
            return [home.id for name in sorted(names)[:_MOST_TESTS] if (home := executed.home(name)) is not None]
    return []


def _names(path: str, hits: Mapping[Aim, By]) -> set[str]:
    return {name for by in hits.values() for name in by.files.get(path, ())}


def _of_tests(path: str, text: bytes, ids: Collection[str], subject: Subject) -> Strength:
    """What these tests of a file say together; one that is not found in it may say anything."""
    language = languages.language_of(path)
    there = languages.tests_in(language, text)
    told = []
    for written in dict.fromkeys(map(_written, ids)):
        found = _found(written, there)
        if not found:
            return Strength(Says.CANNOT_TELL, "no-test")
        told += [judge(language, text, one.span, subject.names, statuses=subject.statuses) for one in found]
    return together(told)


def _written(name: str) -> str:
    """A test's name in a map as its file spells it: `TestX::test_b[1]` is `TestX.test_b`, `TestAdd/empty` is in `TestAdd`."""
    return plain(name).replace("::", ".").replace("#", ".").strip()


def _found(name: str, there: Iterable[NamedTest]) -> list[NamedTest]:
    exact = [one for one in there if one.name == name] or [one for one in there if one.name == name.partition("/")[0]]
    return exact or [one for one in there if name and one.name.endswith((f".{name}", f" > {name}"))]
