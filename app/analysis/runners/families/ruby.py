"""Commands of RSpec and Minitest."""

import re
from collections.abc import Sequence

from app.analysis.runners import titles
from app.analysis.runners.model import Run, Runner, by_file, inside, numbered
from app.domain.suite import Command, Format, Suite, TestId


def _rspec_tests(suite: Suite, tests: Sequence[TestId], results: str) -> tuple[Command, ...]:
    """One command for each file: titles are chosen in all files alike."""
    return tuple(_rspec(suite, numbered(results, n), path, names) for n, (path, names) in enumerate(by_file(tests).items(), 1))


def _rspec_all(suite: Suite, results: str) -> tuple[Command, ...]:
    return (_rspec(suite, results, "", ()),)


def _rspec(suite: Suite, results: str, path: str, names: Sequence[str]) -> Command:
    """The groups' descriptions stand before the example's, with a space between unless the next begins with `#` or `.`."""
    chosen = [each for name in names for each in ("--example-matches", f"^{titles.pattern(name, ' ?')}$")]
    told = ("--no-color", "--format", "json", "--out", inside(suite.folder, results))
    files = (inside(suite.folder, path),) if path else ()
    arguments = (*suite.launcher, "rspec", *told, *chosen, *files)
    return Command(arguments, Format.RSPEC_JSON, results, suite.folder)


def _rspec_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    chosen = ("--example-matches", f"^{titles.pattern(test.name, ' ?')}$") if test.name else ()
    arguments = (*suite.launcher, "rspec", "--dry-run", "--no-color", *chosen, inside(suite.folder, test.path))
    return (Command(arguments, folder=suite.folder),)


def _rspec_is_collected(_suite: Suite, _test: TestId, run: Run) -> bool:
    return run.returncode == 0 and bool(re.search(r"^[1-9]\d* examples?, 0 failures", run.output, re.MULTILINE))


def _minitest_tests(suite: Suite, tests: Sequence[TestId], _results: str) -> tuple[Command, ...]:
    return tuple(_minitest(suite, path, names) for path, names in by_file(tests).items())


def _minitest(suite: Suite, path: str, names: Sequence[str]) -> Command:
    chosen = ("-n", f"/{'|'.join(map(_method, names))}/") if names else ()
    file = inside(suite.folder, path)
    start = (*suite.launcher, "test") if _is_rails(suite) else (*suite.launcher, "ruby", "-Ilib", "-Itest")
    return Command((*start, file, "-v", *chosen), Format.MINITEST, None, suite.folder)


def _minitest_all(suite: Suite, _results: str) -> tuple[Command, ...]:
    start = (*suite.launcher, "test", "-v") if _is_rails(suite) else (*suite.launcher, "rake", "test", "TESTOPTS=-v")
    return (Command(start, Format.MINITEST, None, suite.folder),)


def _minitest_collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    """Ruby's own check of the syntax, then a run of no test, which loads the file."""
    command = _minitest(suite, test.path, ())
    start = () if _is_rails(suite) else suite.launcher
    checked = Command((*start, "ruby", "-c", inside(suite.folder, test.path)), folder=suite.folder)
    return checked, Command((*command.arguments, "-n", "/(?!)/"), folder=suite.folder)


def _minitest_is_collected(_suite: Suite, _test: TestId, run: Run) -> bool:
    return run.returncode == 0 and bool(re.search(r"\b\d+ (?:runs|tests)\b", run.output))


def _is_rails(suite: Suite) -> bool:
    return suite.launcher[-1:] == ("bin/rails",)


def _method(name: str) -> str:
    """`CartTest.test_total` or the title of a block, as the method that Minitest, Rails, Shoulda or a spec makes of it."""
    group, title = _split(name)
    if title.startswith("test_") and " " not in title:
        owner = f"(?:^|::){re.escape(group.replace('.', '::'))}#" if group and " " not in group else "(?:^|#)"
        return f"{owner}{re.escape(title)}$"
    words = titles.pattern(title).replace(r"\s+", r"[\s_]+")
    return rf"(?:^|#)test(?:_\d+_|_|_?: .*){words}\.?\s*$"


def _split(name: str) -> tuple[str, str]:
    """`Cart > adds 1.5` -> (`Cart`, `adds 1.5`), `Shop.CartTest.test_total` -> (`Shop.CartTest`, `test_total`)."""
    group, arrow, title = name.rpartition(" > ")
    if arrow:
        return group, title
    owner, dot, method = name.partition(" ")[0].replace("#", ".").rpartition(".")
    return (owner, method + name[len(owner) + 1 + len(method) :]) if dot else ("", name)


RSPEC = Runner(_rspec_tests, _rspec_all, _rspec_collect, _rspec_is_collected)
MINITEST = Runner(_minitest_tests, _minitest_all, _minitest_collect, _minitest_is_collected)
