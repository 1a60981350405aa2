"""Whether the imports of a test, followed as far as they go, lead to the changed files: told only where nothing is loaded unseen.

Python, Go and JavaScript are followed; in other languages a test comes to code that it does not import. What is loaded by a
name that is made while running, or run in another process, is loaded unseen.
"""

import posixpath
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.analysis import languages
from app.analysis.blindness import STARTS_PROCESSES
from app.analysis.languages import Import
from app.analysis.modules import ModuleIndex

_SCRIPTS = frozenset({"javascript", "typescript", "vue"})
_FAMILIES = {"python": "python", "go": "go", **dict.fromkeys(_SCRIPTS, "script")}
_LOADS_BY_NAME = {
    "python": re.compile(
        rb"\bimportlib\b|__import__|\bpkgutil\b|\bentry_points\b|\bstevedore\b|\bimport_(?:string|module|object)\b|\brunpy\b|\bexec\("
        rb"|\bload_(?:module|source)\b|\bspec_from_file|\bpytest_plugins\b"
    ),
    "go": re.compile(rb"\bplugin\.Open\b"),
    "script": re.compile(rb"\b(?:require|import)\(\s*[^'\"\s)]|import\.meta\.glob|require\.context|\bproxyquire\b|\bvm\."),
}


@dataclass
class Followed:
    """The imports of one tree as far as they were read: `texts` by path, to be filled with what `wanted` names (None: unread)."""

    index: ModuleIndex
    texts: dict[str, bytes | None] = field(default_factory=dict)
    _leads: dict[str, frozenset[str] | None] = field(default_factory=dict)

    def wanted(self, tests: Iterable[str]) -> tuple[str, ...]:
        """Files that the tests' imports lead to and that were not read yet."""
        found: dict[str, None] = {}
        for test in tests:
            found.update(dict.fromkeys(path for path in self._reach(test)[0] if path not in self.texts))
        return tuple(found)

    def apart(self, test: str, changed: Collection[str]) -> bool | None:
        """Whether nothing that the test loads is one of the changed files; None where that cannot be told."""
        families = {_family(path) for path in (test, *changed)}
        if len(families) != 1 or None in families or not changed:
            return None
        reached, told = self._reach(test)
        if not reached.isdisjoint(changed):
            return False
        return True if told and all(path in self.texts for path in reached) else None

    def _reach(self, test: str) -> tuple[set[str], bool]:
        """All files that the test leads to, itself among them, and whether each could be read and loads nothing unseen."""
        waiting, seen, told = [test], {test}, True
        while waiting:
            path = waiting.pop()
            leads = self._from(path)
            if leads is None:
                told = told and path not in self.texts
                continue
            waiting.extend(leads - seen)
            seen |= leads
        return seen, told

    def _from(self, path: str) -> frozenset[str] | None:
        """The files that one file loads; None where it was not read, or loads something unseen."""
        if path not in self.texts:
            return None
        if path not in self._leads:
            text = self.texts[path]
            self._leads[path] = None if text is None else self._read(path, text)
        return self._leads[path]

    def _read(self, path: str, text: bytes) -> frozenset[str] | None:
        family, index = _family(path), self.index
        if family is None:
            return frozenset()  # data and styles that a script imports load nothing
        for_tests = languages.is_test(path) or languages.is_test_support(path)
        if _LOADS_BY_NAME[family].search(text) or (for_tests and STARTS_PROCESSES.search(text)):
            return None
        found = set(self._beside(path))
        for one in languages.imports(languages.language_of(path), text):
            files = index.resolve(path, one)
            if not files and _may_be_ours(one, family, index):
                return None
            found.update(files)
            if family == "python":
                found.update(init for file in files for init in _packages(file, index))
        return frozenset(found)

    def _beside(self, path: str) -> Iterator[str]:
        """What is loaded with a file without being imported: its Go package, a Python test's `conftest.py` and packages."""
        folder = posixpath.dirname(path)
        if path.endswith(".go"):
            yield from self.index.go_folders.get(folder, ())
            yield from self._go_tests.get(folder, ()) if path.endswith("_test.go") else ()
        elif path.endswith(".py"):
            yield from _packages(path, self.index)
            if languages.is_test(path):
                yield from (one for above in _above(folder) if (one := posixpath.join(above, "conftest.py")) in self.index.paths)

    @cached_property
    def _go_tests(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.index.paths:
            if path.endswith("_test.go"):
                found.setdefault(posixpath.dirname(path), []).append(path)
        return found


def _family(path: str) -> str | None:
    return _FAMILIES.get(languages.language_of(path) or "")


def _packages(path: str, index: ModuleIndex) -> Iterator[str]:
    return (one for above in _above(posixpath.dirname(path)) if (one := posixpath.join(above, "__init__.py")) in index.paths)


def _above(folder: str) -> Iterator[str]:
    """The folder and all around it."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _may_be_ours(one: Import, family: str, index: ModuleIndex) -> bool:
    """Whether an import that leads to no file may be of this repository all the same: built, generated, or found by a path."""
    if family == "go":
        if not index.go_modules:
            return "." in one.target.partition("/")[0]
        return any(one.target == module or one.target.startswith(f"{module}/") for module, _ in index.go_modules)
    if family == "script":
        return one.target.startswith((".", "/", "@/", "~", "#"))
    first = one.target.lstrip(".").partition(".")[0]
    # Where the repository's own folder is a package, its modules are imported under a name that no path in it has.
    whole = "__init__.py" in index.paths
    return one.target.startswith(".") or (first not in sys.stdlib_module_names and (whole or first in index.python_names))
