"""Which tests of a file a change brought or changed, by comparing the file's text before and after."""

from collections.abc import Iterable

from app.analysis import languages
from app.analysis.languages import NamedTest
from app.domain.suite import TestId

_MADE_BY_LOOPS = frozenset({"javascript", "typescript", "vue", "ruby"})


def brought_tests(path: str, before: bytes | None, after: bytes) -> list[TestId]:
    """The tests that are new, or whose own lines are others than before; all of the file's where only lines around them changed.

    The whole file stands for its tests where they cannot be read: in another language, or made by a loop, with a title that is
    only known as they run (`it('takes ' + encoding)`).
    """
    language = languages.language_of(path)
    now = languages.tests_in(language, after)
    if not now:
        return [TestId(path)]
    old = _texts(before, languages.tests_in(language, before)) if before else {}
    new = _texts(after, now)
    changed = [name for name, text in new.items() if old.get(name) != text]
    if not changed and language in _MADE_BY_LOOPS:
        return [TestId(path)]
    return [TestId(path, name) for name in changed or new]


def _texts(source: bytes, tests: Iterable[NamedTest]) -> dict[str, list[bytes]]:
    """The lines of each test; of several with one name, the last one's, which is the one that runs."""
    lines = source.split(b"\n")
    return {test.name: lines[test.span.start - 1 : test.span.end] for test in tests}
