"""Commands of PHPUnit."""

import posixpath
import re
from collections.abc import Sequence

from app.analysis.runners.model import Run, Runner, by_file, inside, numbered
from app.domain.suite import Command, Format, Suite, TestId

_QUIET = ("--no-coverage", "--colors=never")


def _run_tests(suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    return tuple(_phpunit(suite, numbered(results, n), path, names) for n, (path, names) in enumerate(by_file(tests).items(), 1))


def _run_all(suite: Suite, results: str) -> tuple[Command, ...]:
    return (_phpunit(suite, results, "", ()),)


def _phpunit(suite: Suite, results: str, path: str, names: Sequence[str]) -> Command:
    chosen = ("--filter", f"/{'|'.join(_pattern(path, name) for name in dict.fromkeys(names))}/") if names else ()
    files = (inside(suite.folder, path),) if path else ()
    arguments = (*suite.launcher, *_QUIET, "--log-junit", inside(suite.folder, results), *chosen, *files)
    return Command(arguments, Format.JUNIT, results, suite.folder)


def _pattern(path: str, name: str) -> str:
    r"""`CartTest.testAdds` -> `(?:^|\\)CartTest::testAdds(?: with data set .*)?$`; a bare method is of the file's class."""
    owner, _, method = name.replace("::", ".").replace("\\", ".").rpartition(".")
    owner = owner.rpartition(".")[2] or posixpath.basename(path).partition(".")[0]
    plain, _, data = method.partition("[")
    with_data = " with data set .*" if not data else f" with data set .*{re.escape(data.rstrip(']'))}.*"
    return rf"(?:^|\\){re.escape(owner)}::{re.escape(plain)}(?:{with_data}){'?' if not data else ''}$"


def _collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    return (Command((*suite.launcher, "--list-tests", inside(suite.folder, test.path)), folder=suite.folder),)


def _is_collected(_suite: Suite, test: TestId, run: Run) -> bool:
    r"""The listing names each test as ` - Shop\CartTest::testAdds`, with its data behind a quote or a number sign."""
    method = test.name.rpartition(".")[2].rpartition("::")[2].partition("[")[0]
    named = re.compile(rf"^ - \S+::{re.escape(method) if method else '.*'}(?:[\"#].*)?$", re.MULTILINE)
    return run.returncode == 0 and bool(named.search(run.output))


PHPUNIT = Runner(_run_tests, _run_all, _collect, _is_collected)
