"""The commands of a suite: to run some of its tests, all of them, or to see that one is collected without running it."""

from collections.abc import Sequence

from app.analysis.runners.families import dotnet, go, java, javascript, php, python, ruby, rust
from app.analysis.runners.model import Run, Runner
from app.domain.errors import TellUser
from app.domain.suite import Command, Framework, Suite, TestId

_RUNNERS: dict[Framework, Runner] = {
    Framework.PYTEST: python.PYTEST,
    Framework.UNITTEST: python.UNITTEST,
    Framework.DJANGO: python.DJANGO,
    Framework.JEST: javascript.JEST,
    Framework.VITEST: javascript.VITEST,
    Framework.MOCHA: javascript.MOCHA,
    Framework.NODE_TEST: javascript.NODE_TEST,
    Framework.PLAYWRIGHT: javascript.PLAYWRIGHT,
    Framework.GO_TEST: go.GO_TEST,
    Framework.JUNIT5: java.JUNIT,
    Framework.JUNIT4: java.JUNIT,
    Framework.RSPEC: ruby.RSPEC,
    Framework.MINITEST: ruby.MINITEST,
    Framework.PHPUNIT: php.PHPUNIT,
    Framework.XUNIT: dotnet.DOTNET,
    Framework.NUNIT: dotnet.DOTNET,
    Framework.CARGO_TEST: rust.CARGO_TEST,
}


def run_tests(suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    """What runs exactly these tests, several commands where one cannot; nothing where the suite's runner is not known.

    `results` is the file to leave results in, relative to the worktree's root or absolute; further commands get files of
    their own beside it (`Command.results` says which). Raises TellUser for a test that cannot stand in a command.
    """
    runner = _RUNNERS.get(suite.framework)
    return runner.run_tests(suite, [_checked(test) for test in tests], results) if runner and tests else ()


def run_all(suite: Suite, results: str) -> tuple[Command, ...]:
    """What runs the whole suite; nothing where its runner is not known."""
    runner = _RUNNERS.get(suite.framework)
    return runner.run_all(suite, results) if runner else ()


def collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    """The runner's own dry run for one test, to be run in this order; nothing where there is none."""
    runner = _RUNNERS.get(suite.framework)
    return runner.collect(suite, _checked(test)) if runner else ()


def is_collected(suite: Suite, test: TestId, returncode: int, output: str, results: bytes = b"") -> bool:
    """Whether the last of `collect`'s commands (those before it having ended with 0) says that the test is one of the suite's."""
    runner = _RUNNERS.get(suite.framework)
    return bool(runner and runner.is_collected(suite, test, Run(returncode, output, results)))


def _checked(test: TestId) -> TestId:
    """The test, if it can stand in arguments: one line, and a path that stays within the repository."""
    if any(not character.isprintable() for character in str(test)) or ".." in test.path.split("/") or test.path.startswith("/"):
        raise TellUser("A test's address has to be PATH::NAME on one line, the path relative to the repository's root.")
    return test
