"""Commands of `dotnet test`, for xUnit and NUnit."""

import posixpath
import re
from collections.abc import Sequence

from app.analysis.runners.model import Run, Runner, inside
from app.domain.suite import Command, Format, Suite, TestId

_SPECIAL = re.compile(r"[\\()&|=!~]")


def _run_tests(suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    wanted = [_wanted(test) for test in tests]
    return (_test(suite, results, ("--filter", "|".join(dict.fromkeys(wanted)))),)


def _run_all(suite: Suite, results: str) -> tuple[Command, ...]:
    return (_test(suite, results, ()),)


def _test(suite: Suite, results: str, chosen: Sequence[str]) -> Command:
    written = inside(suite.folder, results)
    folder, name = posixpath.split(written)
    told = ("--results-directory", folder or ".", "--logger", f"trx;LogFileName={name}")
    return Command((*suite.launcher, "test", "--nologo", *told, *chosen), Format.TRX, results, suite.folder)


def _collect(suite: Suite, _test_id: TestId) -> tuple[Command, ...]:
    return (Command((*suite.launcher, "test", "--nologo", "--list-tests"), folder=suite.folder),)


def _is_collected(_suite: Suite, test: TestId, run: Run) -> bool:
    """The list has full names, or the display names that the tests were given."""
    named = re.compile(rf"(?:^|[.+\s]){re.escape(test.name.rpartition('.')[2])}(?:\(.*)?\s*$", re.MULTILINE)
    return run.returncode == 0 and bool(named.search(run.output))


def _wanted(test: TestId) -> str:
    """`CartTests.Adds` -> `FullyQualifiedName~.CartTests.Adds`, whatever the namespace; of a file, the class of its name."""
    name = test.name.partition("(")[0] or posixpath.basename(test.path).partition(".")[0]
    return f"FullyQualifiedName~.{_SPECIAL.sub(lambda match: chr(92) + match[0], name)}"


DOTNET = Runner(_run_tests, _run_all, _collect, _is_collected)
