"""Commands of Jest, Vitest, Mocha, Node's own runner and Playwright Test."""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce

from app.analysis.coverage.unreadable import Unreadable
from app.analysis.runners import titles
from app.analysis.runners.cases import Case
from app.analysis.runners.matching import of_test, same_file
from app.analysis.runners.model import Run, Runner, by_file, inside, numbered
from app.analysis.runners.reports import jest_json, junit, mocha_json
from app.domain.proof import Ending
from app.domain.suite import Command, Format, Suite, TestId

# Selects no test of a file, which is loaded all the same.
_NOTHING = "(?!)"
# Since when Mocha can write its report into a file, and run dry.
_MOCHA_MODERN = (9, 2)
_PATH_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|]")


def _selection(names: Sequence[str]) -> str:
    """A pattern of exactly these titles, as the runners see them: joined by a space."""
    written = [titles.pattern(name) for name in dict.fromkeys(names)]
    return f"^{written[0]}$" if len(written) == 1 else f"^(?:{'|'.join(written)})$"


def _option(suite: Suite, name: str) -> tuple[str, ...]:
    """The values that the repository's own script gives to an option."""
    return tuple(slug.partition("=")[2] for slug in suite.also if slug.startswith(f"{name}="))


def _sets(suite: Suite) -> tuple[tuple[str, str], ...]:
    """What a run in CI sets, and the flags that its own script gives to Node."""
    flags = " ".join(_option(suite, "node-options"))
    return (("CI", "true"), *((("NODE_OPTIONS", flags),) if flags else ()))


def _tests(command: Callable[..., Command], suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    """One command for each file: the same title may stand in several."""
    return tuple(
        command(suite, numbered(results, n), path, _selection(names) if names else "")
        for n, (path, names) in enumerate(by_file(tests).items(), 1)
    )


def _all(command: Callable[..., Command], suite: Suite, results: str) -> tuple[Command, ...]:
    return (command(suite, results, "", ""),)


def _jest(suite: Suite, results: str, path: str, selection: str) -> Command:
    program = ("react-scripts", "test", "--watchAll=false") if "react-scripts" in suite.also else ("jest",)
    told = ("--ci", "--coverage=false", "--json", f"--outputFile={inside(suite.folder, results)}")
    chosen = ("--testNamePattern", selection) if selection else ()
    files = ("--runTestsByPath", inside(suite.folder, path)) if path else ()
    config = tuple(f"--config={value}" for value in _option(suite, "config"))
    return Command(
        (*suite.launcher, *program, *config, *told, *chosen, *files), Format.JEST_JSON, results, suite.folder, _sets(suite)
    )


def _jest_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    """By the repository's own patterns for files of tests, which a path given as such would pass over."""
    command = _jest(suite, "", "", _NOTHING)
    arguments = [each for each in command.arguments if not each.startswith("--outputFile=")]
    return (Command((*arguments, f"/{_escaped(test.path)}$"), Format.JEST_JSON, None, suite.folder, command.sets),)


def _vitest(suite: Suite, results: str, path: str, selection: str) -> Command:
    told: tuple[str, ...] = ("--reporter=json",)
    if results:  # what failed before a test is only told in words
        told = ("--reporter=default", "--reporter=json", f"--outputFile={inside(suite.folder, results)}")
    chosen = ("--testNamePattern", selection) if selection else ()
    config = tuple(f"--config={value}" for value in _option(suite, "config"))
    files = (inside(suite.folder, path),) if path else ()
    arguments = (*suite.launcher, "vitest", "run", *config, *told, *chosen, *files)
    return Command(arguments, Format.JEST_JSON, results or None, suite.folder, _sets(suite))


def _vitest_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    return (_vitest(suite, "", test.path, _NOTHING),)


def _mocha(suite: Suite, results: str, path: str, selection: str) -> Command:
    modern = _is_modern(suite) and bool(results)
    told = ("--reporter", "json", *(("--reporter-option", f"output={inside(suite.folder, results)}") if modern else ()))
    chosen = ("--grep", selection) if selection else ()
    files = (inside(suite.folder, path),) if path else ()
    arguments = (*suite.launcher, "mocha", *_mocha_options(suite), *told, *chosen, *files)
    return Command(arguments, Format.MOCHA_JSON, results if modern else None, suite.folder, _sets(suite))


def _mocha_options(suite: Suite) -> tuple[str, ...]:
    """What the repository's own script gives to Mocha, beyond its files and its reporter."""
    given = ("config", "require", "import", "loader", "ui", "timeout", "extension", "file")
    valued = tuple(f"--{name}={value}" for name in given for value in _option(suite, name))
    return (*valued, *(f"--{name}" for name in ("exit", "check-leaks", "recursive") if name in suite.also))


def _mocha_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    command = _mocha(suite, "", test.path, "" if _is_modern(suite) else _selection([test.name]))
    dry = ("--dry-run",) if _is_modern(suite) else ()
    return (Command((*command.arguments, *dry), Format.MOCHA_JSON, None, suite.folder, command.sets),)


def _is_modern(suite: Suite) -> bool:
    version = tuple(int(part) for part in suite.version.split(".") if part.isdigit())
    return not version or version >= _MOCHA_MODERN


def _node(suite: Suite, results: str, path: str, selection: str) -> Command:
    """Beside the report the run is told in words: why a file could not be loaded stands nowhere else."""
    given = ("import", "require", "loader", "experimental-loader")
    options = tuple(f"--{name}={value}" for name in given for value in _option(suite, name))
    report = ("--test-reporter=junit", f"--test-reporter-destination={inside(suite.folder, results) or 'stdout'}")
    told = (*report, *(("--test-reporter=spec", "--test-reporter-destination=stdout") if results else ()))
    chosen = (f"--test-name-pattern={selection}",) if selection else ()
    files = (inside(suite.folder, path),) if path else ()
    arguments = (*suite.launcher, *options, "--test", *told, *chosen, *files)
    return Command(arguments, Format.JUNIT, results or None, suite.folder, _sets(suite))


def _node_tests(suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    """Node looks for a title at any depth, so it is asked for the last one; what it takes besides is not read."""
    return tuple(
        _node(suite, numbered(results, n), path, f"^(?:{'|'.join(map(_last_title, names))})$" if names else "")
        for n, (path, names) in enumerate(by_file(tests).items(), 1)
    )


def _last_title(name: str) -> str:
    """`A > b` -> `(?:A > )?b`: a title may hold the sign that stands between titles."""
    first, *rest = (titles.pattern(part) for part in name.split(" > "))
    return reduce(lambda before, title: f"(?:{before} > )?{title}", rest, first)


def _node_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    return (_node(suite, "", test.path, _NOTHING),)


def _playwright(suite: Suite, results: str, path: str, selection: str) -> Command:
    """The name that is searched begins with the project and the file, and may end in tags."""
    chosen = ("--grep", f"(?:^|\\s){selection[1:-1]}(?:$|\\s+@)") if selection else ()
    config = tuple(f"--config={value}" for value in _option(suite, "config"))
    files = (f"(?:^|/){_escaped(posixpath.relpath(path, suite.folder or '.'))}$",) if path else ()
    written = inside(suite.folder, results)
    leaves = (("PLAYWRIGHT_JUNIT_OUTPUT_NAME", written), ("PLAYWRIGHT_JUNIT_OUTPUT_FILE", written))
    arguments = (*suite.launcher, "playwright", "test", *config, "--reporter=junit", *chosen, *files)
    return Command(arguments, Format.JUNIT, results, suite.folder, (*_sets(suite), *leaves))


def _playwright_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    command = _playwright(suite, "", test.path, _selection([test.name]) if test.name else "")
    arguments = tuple("--list" if each == "--reporter=junit" else each for each in command.arguments)
    return (Command(arguments, folder=suite.folder, sets=_sets(suite)),)


def _escaped(path: str) -> str:
    return _PATH_SPECIAL.sub(lambda match: "\\" + match[0], path)


def _is_listed(_suite: Suite, _test: TestId, run: Run) -> bool:
    return run.returncode == 0 and bool(re.search(r"^Total: [1-9]", run.output, re.MULTILINE))


def _is_told(read: Callable[[bytes], Iterable[Case]], _suite: Suite, test: TestId, run: Run) -> bool:
    """Whether the report of a run that ran nothing names the test, and knows its file for good."""
    try:
        cases = list(read(run.results or run.output.encode()))
    except Unreadable:
        return False
    unread = any(not case.name and case.ending is Ending.ERROR and same_file(test.path, case.path) for case in cases)
    return not unread and of_test(test, cases).ending is not Ending.ABSENT


JEST = Runner(partial(_tests, _jest), partial(_all, _jest), _jest_collect, partial(_is_told, jest_json.read))
VITEST = Runner(partial(_tests, _vitest), partial(_all, _vitest), _vitest_collect, partial(_is_told, jest_json.read))
MOCHA = Runner(partial(_tests, _mocha), partial(_all, _mocha), _mocha_collect, partial(_is_told, mocha_json.read))
NODE_TEST = Runner(_node_tests, partial(_all, _node), _node_collect, partial(_is_told, partial(junit.read, unselected=True)))
PLAYWRIGHT = Runner(partial(_tests, _playwright), partial(_all, _playwright), _playwright_collect, _is_listed)
