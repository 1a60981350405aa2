"""Commands of pytest, of unittest and of Django's runner."""

import re
from collections.abc import Sequence

from app.analysis.runners.model import Run, Runner, inside
from app.domain.suite import Command, Format, Suite, TestId

# What a repository's own settings add stays; only where results go, and how much is told of a failure, is said here.
_QUIET = ("-q", "--color=no", "--tb=short", "-p", "no:cacheprovider")


def _pytest_tests(suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    return (_pytest(suite, results, *(_node(suite, test) for test in tests)),)


def _pytest_all(suite: Suite, results: str) -> tuple[Command, ...]:
    return (_pytest(suite, results),)


def _pytest(suite: Suite, results: str, *nodes: str) -> Command:
    told = (f"--junitxml={inside(suite.folder, results)}", "-o", "junit_family=xunit1")
    arguments = (*suite.launcher, "-m", "pytest", *_QUIET, *told, *nodes)
    return Command(arguments, Format.JUNIT, results, suite.folder)


def _pytest_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    arguments = (*suite.launcher, "-m", "pytest", "--collect-only", "-q", "--color=no", "-p", "no:cacheprovider")
    return (Command((*arguments, _node(suite, test)), folder=suite.folder),)


def _is_collected(_suite: Suite, test: TestId, run: Run) -> bool:
    """The listing names each test; that of a test with parameters, once for each of them."""
    leaf = test.name.partition("[")[0].rpartition(".")[2]
    named = re.compile(rf"(?:::|<(?:Function|TestCaseFunction|Coroutine) ['\"]?){re.escape(leaf)}(?:\[.*)?['\">]*$")
    listed = any(named.search(line.rstrip()) for line in run.output.splitlines()) if leaf else True
    return run.returncode == 0 and listed


def _node(suite: Suite, test: TestId) -> str:
    """`TestCart.test_adds[a.b]` in pytest's own words: `tests/test_cart.py::TestCart::test_adds[a.b]`."""
    path = inside(suite.folder, test.path)
    if not test.name:
        return path
    plain, bracket, parameters = test.name.partition("[")
    return f"{path}::{plain.replace('.', '::')}{bracket}{parameters}"


PYTEST = Runner(_pytest_tests, _pytest_all, _pytest_collect, _is_collected)
