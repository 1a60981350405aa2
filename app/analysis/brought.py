"""Which tests a file holds, and which of them a change brought or changed, by comparing the file's text before and after."""

from collections.abc import Callable, Iterable

from app.analysis import languages
from app.analysis.languages import NamedTest, csharp, php, ruby, rust
from app.domain.suite import TestId

_MADE_BY_LOOPS = frozenset({"javascript", "typescript", "vue", "ruby"})
# Languages whose tests are read, though what else a report says of them is not.
_MORE: dict[str, Callable[[bytes], tuple[NamedTest, ...]]] = {
    "ruby": ruby.tests_in,
    "php": php.tests_in,
    "csharp": csharp.tests_in,
    "rust": rust.tests_in,
}


def tests_of(path: str, source: bytes) -> tuple[NamedTest, ...]:
    """The tests that a file defines, in source order; empty where its language is not read."""
    language = languages.language_of(path) or ""
    return _MORE[language](source) if language in _MORE else languages.tests_in(language, source)


def holds_test(source: bytes, test: TestId) -> bool:
    """Whether a file's text defines the test; where its tests cannot be read, whether it says the name at all."""
    name = test.name.partition("[")[0]
    known = {each.name for each in tests_of(test.path, source)}
    return name in known or name.rpartition(".")[2].rpartition(" > ")[2].encode(errors="surrogateescape") in source


def brought_tests(path: str, before: bytes | None, after: bytes) -> list[TestId]:
    """The tests that are new, or whose own lines are others than before; all of the file's where only lines around them changed.

    The whole file stands for its tests where they cannot be read: in another language, or made by a loop, with a title that is
    only known as they run (`it('takes ' + encoding)`).
    """
    now = tests_of(path, after)
    if not now:
        return [TestId(path)]
    old = _texts(before, tests_of(path, before)) if before else {}
    new = _texts(after, now)
    changed = [name for name, text in new.items() if old.get(name) != text]
    if not changed and languages.language_of(path) in _MADE_BY_LOOPS:
        return [TestId(path)]
    return [TestId(path, name) for name in changed or new]


def _texts(source: bytes, tests: Iterable[NamedTest]) -> dict[str, list[bytes]]:
    """The lines of each test; of several with one name, the last one's, which is the one that runs."""
    lines = source.split(b"\n")
    return {test.name: lines[test.span.start - 1 : test.span.end] for test in tests}
