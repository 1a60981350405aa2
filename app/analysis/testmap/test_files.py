r"""From a test's name in a map to the test file of the repository that holds it, by the forms in which runners name tests.

`tests/test_a.py::TestX::test_b[1]` (pytest), `tests.test_a.TestX.test_b` (coverage.py's test_function), `src/a.test.ts > cart >
adds` (vitest, jest), `org.shop.CartTest.adds(int)[1]` and `CartTest#adds` (JUnit), `example.com/shop/cart.TestAdd/empty` (Go),
`./spec/cart_spec.rb[1:2]` (RSpec), `Tests\Unit\\CartTest::adds` (PHPUnit).
"""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.analysis.languages import language_of

MAX_NAME = 2_000
_FILE = re.compile(r"^(?P<path>[^:>\s\[][^:>\[]*?\.[A-Za-z]{1,7})(?:\s*(?:::|:(?=\d)|>|›|\[)\s*(?P<rest>.*))?$", re.DOTALL)
_PARAMETERS = re.compile(r"[\[(].*$", re.DOTALL)
_GO = re.compile(r"^(?:(?P<package>[\w.~/-]+?)[. /])??(?P<test>(?:Test|Benchmark|Example|Fuzz)\w*)(?P<sub>/.*)?$", re.DOTALL)
_PACKAGES_ARE_FOLDERS = frozenset({"python", "java", "kotlin", "groovy", "scala"})
_SEPARATORS = re.compile(r"::|[.#$\\ ]")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a test of a map lives: its file, and what it is called within it (empty where the name says only the file)."""

    path: str
    id: str


def plain(name: str) -> str:
    """A test without its parameters: `test_bulk[100]` and `test_bulk[7]` are one function."""
    return _PARAMETERS.sub("", name)


class TestFiles:
    """The test files of a repository, found by the names of their tests. `home` remembers what it found."""

    __test__ = False

    def __init__(self, tests: Mapping[str, bytes]) -> None:
        """`tests` are the contents of the test files by path."""
        self._tests = tests
        self._found: dict[str, Home | None] = {}

    def home(self, name: str) -> Home | None:
        """The file that a test stands in; None where none of the repository's, or more than one, could be meant."""
        if name not in self._found:
            self._found[name] = self._look(name[:MAX_NAME])
        return self._found[name]

    def holds(self, name: str) -> bool:
        """Whether the file that the test's name leads to also spells the test's own name."""
        home = self.home(name)
        words = re.findall(r"[^\W\d]\w*", plain(home.id)) if home else []
        return home is not None and all(word.encode() in self._tests[home.path] for word in words)

    def _look(self, name: str) -> Home | None:
        return self._by_path(name) or self._by_go(name) or self._by_dots(name)

    def _by_path(self, name: str) -> Home | None:
        """A name that opens with a file's path, from the root or from a folder on the way to it."""
        match = _FILE.match(name)
        if match is None:
            return None
        path = self._file(posixpath.normpath(match["path"].strip().replace("\\", "/")))
        return Home(path, match["rest"] or "") if path else None

    def _file(self, written: str) -> str | None:
        if written in self._tests:
            return written
        parts = [part for part in written.split("/") if part not in ("", "..", ".")]
        near = [path for path in self._by_file_name.get(parts[-1], ()) if _fits(path.split("/"), parts)] if parts else []
        return near[0] if len(near) == 1 else None

    @cached_property
    def _by_file_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._tests:
            found.setdefault(posixpath.basename(path), []).append(path)
        return found

    def _by_go(self, name: str) -> Home | None:
        """A Go package with a function: the file of the package that defines the function."""
        match = _GO.match(name)
        if match is None:
            return None
        folders = (match["package"] or "").split("/")
        defined = [path for path in self._go.get(match["test"], ()) if _is_package(posixpath.dirname(path), folders)]
        return Home(defined[0], match["test"] + (match["sub"] or "")) if len(defined) == 1 else None

    @cached_property
    def _go(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, text in self._tests.items():
            if path.endswith("_test.go"):
                for each in re.findall(rb"^func (\w+)\(", text, re.MULTILINE):
                    found.setdefault(each.decode(), []).append(path)
        return found

    def _by_dots(self, name: str) -> Home | None:
        """A dotted name: the longest beginning that is a module's or a class's, whose file has a path that ends so."""
        plain_name = plain(name)
        parts = [part for part in _SEPARATORS.split(plain_name) if part]
        for length in range(len(parts), 0, -1):
            stem = parts[length - 1]
            near = [path for path in self._by_stem.get(stem, ()) if _ends_like(path, parts[:length])]
            if len(near) == 1:
                rest = ".".join(parts[length:])
                return Home(near[0], rest + name[len(plain_name) :] if rest else "")
        return None

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self._tests:
            found.setdefault(posixpath.basename(path).partition(".")[0], []).append(path)
        return found


def _fits(there: Sequence[str], written: Sequence[str]) -> bool:
    """Whether one path is the end of the other: tools write paths from below or from above the repository's root."""
    return all(one == other for one, other in zip(reversed(there), reversed(written), strict=False))


def _is_package(folder: str, package: list[str]) -> bool:
    if package == [""]:
        return True
    own = folder.split("/") if folder else []
    return package[len(package) - len(own) :] == own if own else True


def _ends_like(path: str, dotted: list[str]) -> bool:
    """`tests/shop/test_cart.py` and `shop.test_cart`: where packages are folders, as many as both name agree."""
    folders = posixpath.dirname(path).split("/") if "/" in path else []
    return language_of(path) not in _PACKAGES_ARE_FOLDERS or _fits(folders, dotted[:-1])
