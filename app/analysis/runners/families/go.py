"""Commands of Go's own runner, one for each package."""

import posixpath
import re
from collections.abc import Sequence

from app.analysis.runners.model import Run, Runner, inside
from app.domain.suite import Command, Format, Suite, TestId


def _run_tests(suite: Suite, tests: Sequence[TestId], _results: str) -> tuple[Command, ...]:
    """Tests of one package go together; a test within a test has a pattern of its own, level by level."""
    plain: dict[str, list[str]] = {}
    commands: list[Command] = []
    for test in tests:
        package = _package(suite, test.path)
        if not test.name or "/" in test.name or "." in test.name:
            commands.append(_test(suite, package, _pattern(test.name)))
        else:
            plain.setdefault(package, []).append(test.name)
    together = (_test(suite, package, _any_of(names)) for package, names in plain.items())
    return (*together, *commands)


def _run_all(suite: Suite, _results: str) -> tuple[Command, ...]:
    return (_test(suite, "./...", ""),)


def _test(suite: Suite, package: str, pattern: str) -> Command:
    """Go prints its results; `-count=1` keeps it from telling those of an earlier run again."""
    chosen = ("-run", pattern) if pattern else ()
    return Command(
        (*suite.launcher, "test", "-json", "-count=1", *_tags(suite), *chosen, package), Format.GO_JSON, None, suite.folder
    )


def _collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    arguments = (*suite.launcher, "test", *_tags(suite), "-list", ".*", _package(suite, test.path))
    return (Command(arguments, folder=suite.folder),)


def _is_collected(_suite: Suite, test: TestId, run: Run) -> bool:
    """The list has the names of whole tests; methods of a suite and tests within tests only show when they run."""
    first = test.name.partition("/")[0]
    named = not first or "." in first or first in run.output.splitlines()
    return run.returncode == 0 and named and bool(re.search(r"^(?:Test|Fuzz|Example)", run.output, re.MULTILINE))


def _package(suite: Suite, path: str) -> str:
    folder = inside(suite.folder, posixpath.dirname(path) or ".")
    return folder if folder in {".", ".."} or folder.startswith("./") else f"./{folder}"


def _tags(suite: Suite) -> tuple[str, ...]:
    tags = [slug.partition("=")[2] for slug in suite.also if slug.startswith("tags=")]
    return (f"-tags={','.join(tags)}",) if tags else ()


def _any_of(names: Sequence[str]) -> str:
    written = [re.escape(name) for name in dict.fromkeys(names)]
    return f"^{written[0]}$" if len(written) == 1 else f"^(?:{'|'.join(written)})$"


def _pattern(name: str) -> str:
    """`TestTotal/of nothing` -> `^TestTotal$/^of_nothing$`. What runs a suite's method cannot be told from its name."""
    if "." in name and "/" not in name:
        return f"/^{re.escape(name.rpartition('.')[2])}$"
    levels = re.sub(r"\s", "_", name).split("/") if name else []
    return "/".join(f"^{re.escape(level)}$" for level in levels)


GO_TEST = Runner(_run_tests, _run_all, _collect, _is_collected)
