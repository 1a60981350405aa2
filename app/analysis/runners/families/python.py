"""Commands of pytest, of unittest and of Django's runner."""

import posixpath
import re
from collections.abc import Sequence

from app.analysis.runners.model import Run, Runner, by_file, inside
from app.domain.errors import TellUser
from app.domain.suite import Command, Format, Suite, TestId

# What a repository's own settings add stays; only where results go, and how much is told of a failure, is said here.
_FAILED = "unittest.loader._FailedTest"
_QUIET = ("-q", "--color=no", "--tb=short")


def _pytest_tests(suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    return (_pytest(suite, results, *(_node(suite, test) for test in tests)),)


def _pytest_all(suite: Suite, results: str) -> tuple[Command, ...]:
    return (_pytest(suite, results),)


def _pytest(suite: Suite, results: str, *nodes: str) -> Command:
    told = (f"--junitxml={inside(suite.folder, results)}", "-o", "junit_family=xunit1")
    arguments = (*suite.launcher, "-m", "pytest", *_QUIET, *told, *nodes)
    return Command(arguments, Format.JUNIT, results, suite.folder)


def _pytest_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    arguments = (*suite.launcher, "-m", "pytest", "--collect-only", "-q", "--color=no")
    return (Command((*arguments, _node(suite, test)), folder=suite.folder),)


def _is_collected(_suite: Suite, test: TestId, run: Run) -> bool:
    """The listing names each test, one with parameters once for each of them; where settings ask for less, only its file.

    A test that pytest is given by its id and does not find ends the run with 4, one that settings deselect with 5.
    """
    leaf = test.name.partition("[")[0].rpartition(".")[2]
    named = re.compile(rf"(?:::|<(?:Function|TestCaseFunction|Coroutine) ['\"]?){re.escape(leaf)}(?:\[.*)?['\">]*$")
    lines = [line.rstrip() for line in run.output.splitlines()]
    lists = any("::" in line or "<Function" in line for line in lines)
    return run.returncode == 0 and (not leaf or not lists or any(named.search(line) for line in lines))


def _node(suite: Suite, test: TestId) -> str:
    """`TestCart.test_adds[a.b]` in pytest's own words: `tests/test_cart.py::TestCart::test_adds[a.b]`."""
    path = inside(suite.folder, test.path)
    if not test.name:
        return path
    plain, bracket, parameters = test.name.partition("[")
    return f"{path}::{plain.replace('.', '::')}{bracket}{parameters}"


def _unittest_tests(suite: Suite, tests: Sequence[TestId], _results: str) -> tuple[Command, ...]:
    return tuple(_unittest(suite, path, names) for path, names in by_file(tests).items())


def _unittest(suite: Suite, path: str, names: Sequence[str]) -> Command:
    """By discovery in the file's folder, which finds helpers beside it as well as packages; by its module in a package that
    imports within itself.
    """
    if _is_package(suite):
        module = _module(suite, path)
        chosen = [f"{module}.{name}" for name in names] or [module]
        return _told(suite, (*suite.launcher, "-m", "unittest", "-v", *chosen))
    start, name = posixpath.split(inside(suite.folder, path))
    only = [each for name in names for each in ("-k", f"*.{_unglobbed(name)}")]
    where = (f"--start-directory={start or '.'}", f"--pattern={_unglobbed(name)}", *_top(suite))
    return _told(suite, (*suite.launcher, "-m", "unittest", "discover", "-v", *where, *only))


def _unittest_all(suite: Suite, _results: str) -> tuple[Command, ...]:
    return (_told(suite, (*suite.launcher, "-m", "unittest", "discover", "-v")),)


def _unittest_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    """A run that skips what it finds: the loader itself has no listing."""
    command = _unittest(suite, test.path, [test.name] if test.name else ())
    listing = (*suite.launcher, "-c", _LISTING, *command.arguments[len(suite.launcher) + 2 :])
    return (Command(listing, folder=suite.folder),)


# Loads what `python -m unittest ...` would run, and prints its names instead; the arguments stay arguments.
_LISTING = (
    "import sys, unittest\n"
    "sys.path.insert(0, '')\n"
    "class Names:\n"
    "    def run(self, suite):\n"
    "        for test in suite:\n"
    "            self.run(test) if isinstance(test, unittest.TestSuite) else print('collected', test.id())\n"
    "        return unittest.TestResult()\n"
    "unittest.main(module=None, argv=['unittest', *sys.argv[1:]], testRunner=Names(), exit=False)\n"
)


def _is_loaded(_suite: Suite, test: TestId, run: Run) -> bool:
    names = re.findall(r"^collected (\S+)$", run.output, re.MULTILINE)
    return run.returncode == 0 and any(
        name == test.name or name.endswith(f".{test.name}") or not test.name for name in names if _FAILED not in name
    )


def _django_tests(suite: Suite, tests: Sequence[TestId], _results: str) -> tuple[Command, ...]:
    labels = [".".join(filter(None, (_module(suite, test.path), test.name))) for test in tests]
    return (_told(suite, (*_django(suite), *labels)),)


def _django_all(suite: Suite, _results: str) -> tuple[Command, ...]:
    return (_told(suite, _django(suite)),)


def _django_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    """That the file compiles: Django makes databases before it looks for tests."""
    return (Command((suite.launcher[0], "-c", _COMPILES, inside(suite.folder, test.path)), folder=suite.folder),)


_COMPILES = "import ast, sys; ast.parse(open(sys.argv[1], 'rb').read(), sys.argv[1])"


def _compiles(_suite: Suite, _test: TestId, run: Run) -> bool:
    return run.returncode == 0


def _django(suite: Suite) -> tuple[str, ...]:
    program = ("test",) if suite.launcher[-1] == "manage.py" else ()
    return (*suite.launcher, *program, "--noinput", "-v", "2")


def _told(suite: Suite, arguments: tuple[str, ...]) -> Command:
    return Command(arguments, Format.UNITTEST, None, suite.folder)


def _is_package(suite: Suite) -> bool:
    return "package" in suite.also


def _top(suite: Suite) -> tuple[str, ...]:
    return tuple(f"--top-level-directory={inside(suite.folder, slug[4:])}" for slug in suite.also if slug.startswith("top="))


def _module(suite: Suite, path: str) -> str:
    """`tests/test_cart.py` -> `tests.test_cart`. Raises TellUser for a path that no module can have."""
    name = posixpath.relpath(path, suite.folder or ".").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    if not all(part.isidentifier() for part in name.split(".")):
        raise TellUser(f"{path} cannot be imported as a module, so none of its tests can be run by itself.")
    return name


def _unglobbed(text: str) -> str:
    return re.sub(r"[*?\[]", lambda match: f"[{match[0]}]", text)


PYTEST = Runner(_pytest_tests, _pytest_all, _pytest_collect, _is_collected)
UNITTEST = Runner(_unittest_tests, _unittest_all, _unittest_collect, _is_loaded)
DJANGO = Runner(_django_tests, _django_all, _django_collect, _compiles)
