"""Test suites as recall runs them: the framework, one test's address, the command for it, and how its results are read."""

from dataclasses import dataclass
from enum import StrEnum


class Framework(StrEnum):
    """The test frameworks that recall writes tests for and runs; `templates/scaffold/` has a file of each name."""

    PYTEST = "pytest"
    UNITTEST = "unittest"
    DJANGO = "django"
    JEST = "jest"
    VITEST = "vitest"
    MOCHA = "mocha"
    NODE_TEST = "node-test"
    PLAYWRIGHT = "playwright"
    GO_TEST = "go-test"
    JUNIT5 = "junit5"
    JUNIT4 = "junit4"
    RSPEC = "rspec"
    MINITEST = "minitest"
    PHPUNIT = "phpunit"
    XUNIT = "xunit"
    NUNIT = "nunit"
    CARGO_TEST = "cargo-test"


class Format(StrEnum):
    """What a run leaves its results in; `EXIT` knows nothing but the exit code."""

    JUNIT = "junit"
    GO_JSON = "go-json"
    JEST_JSON = "jest-json"
    MOCHA_JSON = "mocha-json"
    RSPEC_JSON = "rspec-json"
    CARGO = "cargo"
    MINITEST = "minitest"
    TRX = "trx"
    UNITTEST = "unittest"
    EXIT = "exit"


@dataclass(frozen=True, slots=True, order=True)
class TestId:
    """One test as people write it: `path` of its file, and its `name` in there (nested by `.`, titles by ` > `).

    An empty name is the whole file. `tests/test_cart.py::TestCart.test_total` in the form of one argument.
    """

    __test__ = False

    path: str
    name: str = ""

    def __str__(self) -> str:
        """`PATH::NAME`, or `PATH` for a whole file."""
        return f"{self.path}::{self.name}" if self.name else self.path


@dataclass(frozen=True, slots=True)
class Command:
    """One process to run, never in a shell. `folder` is relative to the worktree's root, "" for the root itself.

    `results` is the file it leaves its results in, relative to the root, or a glob of several files where it holds `*`; None
    where they are its standard output. What lies there from before has to be removed first. `sets` are environment variables on
    top of the caller's.
    """

    arguments: tuple[str, ...]
    format: Format = Format.EXIT
    results: str | None = None
    folder: str = ""
    sets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite that a test file belongs to, as its repository sets it up.

    `folder` is where its commands run (the nearest package, module or project), "" for the root. `launcher` is what the
    framework's program is started with there (`("npx", "--no-install")`, `("./mvnw",)`); `version` as far as files tell it.
    `also` are slugs of what neighbours use besides: `testify`, `spring`, `django`, `pytest-asyncio`.
    """

    framework: Framework
    folder: str = ""
    launcher: tuple[str, ...] = ()
    version: str = ""
    also: tuple[str, ...] = ()
