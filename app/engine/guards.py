"""Reads the tests that guard past escapes: which of them stand where a change begins, how they are run, what the change holds of
them.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.analysis import languages
from app.analysis.brought import brought_tests, holds_test, tests_of
from app.analysis.modules import ModuleIndex, manifests_needed
from app.analysis.review.counterpart import Sides
from app.analysis.runners.by_hand import by_hand
from app.analysis.runners.detect import find_suite
from app.domain.errors import TellUser
from app.domain.review import KnownEscape
from app.domain.suite import TestId
from app.engine.past_fixes import PastFixes
from app.git.diff import RawChange
from app.git.objects import Entry, read_blobs
from app.git.repository import Repository

MOST_FILES = 200
"""Test files of a change that are read, those of the guards first; a test that moved into one beyond is told as deleted."""

_MOST_TESTS = 50
_MOST_COMMANDS = 3
_MOST_NAMESAKES = 10


@dataclass
class GuardFiles:
    """The tests of escapes as they stand in the commit whose paths are `tree`. Every blob is read once."""

    repository: Repository
    tree: Mapping[str, Entry]
    past: PastFixes
    _texts: dict[str, bytes | None] = field(default_factory=dict)

    def standing(self, escape: KnownEscape) -> tuple[TestId, ...]:
        """The escape's tests that are still there, by the paths of today; of a file of the fix, the tests it brought."""
        found: dict[TestId, None] = {}
        for test in escape.tests[:_MOST_TESTS]:
            found.update(dict.fromkeys(self._standing(escape, test)))
        return tuple(found)[:_MOST_TESTS]

    def run(self, tests: Sequence[TestId]) -> str:
        """The line that runs these tests, by file where they are many; "" where nothing tells how."""
        files = dict.fromkeys(test.path for test in tests)
        alone = {path: [test for test in tests if test.path == path] for path in files}
        asked = [named[0] if len(named) == 1 else TestId(path) for path, named in alone.items()]
        lines = [self._line(test) for test in asked[:_MOST_COMMANDS]]
        return " && ".join(lines) if all(lines) else ""

    def sides(self, changes: Iterable[RawChange], first: Iterable[str]) -> tuple[Sides, ...]:
        """The test files of a change before and after it; those at the paths `first` are among them in any case."""
        guards = set(first)
        tests = [one for one in changes if one.old_path in guards or any(map(_is_for_tests, (one.old_path, one.path)))]
        read = sorted(tests, key=lambda one: one.old_path not in guards)[:MOST_FILES]
        blobs = read_blobs(self.repository, [oid for one in read for oid in (one.old_oid, one.new_oid) if oid.strip("0")])
        return tuple(
            Sides(
                one.old_path if one.status != "A" else "",
                one.path if one.status != "D" else "",
                blobs.contents.get(one.old_oid, b""),
                blobs.contents.get(one.new_oid, b""),
            )
            for one in read
            if not {one.old_oid, one.new_oid} & (blobs.large | blobs.missing)
        )

    def index(self) -> ModuleIndex:
        """Which files the imports of this commit mean."""
        manifests = manifests_needed(self.tree)
        texts = {path: text.decode("utf-8", "replace") for path in manifests if (text := self._text(path)) is not None}
        return ModuleIndex.build(self.tree, texts)

    def _standing(self, escape: KnownEscape, test: TestId) -> Iterator[TestId]:
        path = self.past.now_at(escape.fix, test.path)
        if not test.name:
            path = path or self.past.found_at(escape.fix, test.path)
            yield from self._brought(escape, test.path, path) if path else ()
            return
        for place in (path,) if path else self._namesakes(test.path):
            text = self._text(place)
            if text is not None and holds_test(text, test):
                yield TestId(place, test.name)
                return

    def _brought(self, escape: KnownEscape, path: str, now: str) -> Iterator[TestId]:
        """The tests that the fix brought in that file, as far as they are still in it; without new ones those that it changed."""
        sides = self.past.sides_of(escape, path)
        text = self._text(now)
        if sides is None or text is None:
            return
        known = {test.name for test in tests_of(path, sides[0] or b"")}
        brought = [test.name for test in brought_tests(path, *sides)]
        new = [name for name in brought if name not in known]
        named = [TestId(now, name) for name in new or brought]
        yield from (test for test in named if not test.name or holds_test(text, test))

    def _namesakes(self, path: str) -> list[str]:
        """Files of the same name elsewhere: a proved test came later than the fix, so git does not follow it from there."""
        name = posixpath.basename(path)
        return [other for other in self.tree if posixpath.basename(other) == name][:_MOST_NAMESAKES]

    def _line(self, test: TestId) -> str:
        suite = find_suite(test.path, self.tree.keys(), self._read)
        try:
            return by_hand(suite, test) if suite else ""
        except TellUser:
            return ""

    def _read(self, path: str) -> str | None:
        text = self._text(path)
        return None if text is None else text.decode("utf-8", "replace")

    def _text(self, path: str) -> bytes | None:
        if path not in self._texts:
            entry = self.tree.get(path)
            oids = [entry.oid] if entry is not None and entry.mode.startswith("100") else []
            contents = read_blobs(self.repository, oids).contents if oids else {}
            self._texts[path] = contents.get(oids[0]) if oids else None
        return self._texts[path]


def _is_for_tests(path: str) -> bool:
    """Whether tests may stand there: also base classes of tests do."""
    return languages.is_test(path) or (languages.is_test_support(path) and languages.language_of(path) is not None)
