"""Commands of Cargo's runner."""

import posixpath
import re
from collections.abc import Sequence

from app.analysis.runners.model import Run, Runner
from app.domain.errors import TellUser
from app.domain.suite import Command, Format, Suite, TestId

_PATH = re.compile(r"(?:\w+(?:::\w*)*)?")


def _run_tests(suite: Suite, tests: Sequence[TestId], _results: str) -> tuple[Command, ...]:
    """One command for each target; a whole file runs all tests below its module."""
    chosen: dict[tuple[str, ...], list[str]] = {}
    for test in tests:
        chosen.setdefault(_target(suite, test.path), []).append(_full_name(suite, test))
    return tuple(_test(suite, target, names) for target, names in chosen.items())


def _run_all(suite: Suite, _results: str) -> tuple[Command, ...]:
    return (_test(suite, (), ("",)),)


def _test(suite: Suite, target: Sequence[str], names: Sequence[str]) -> Command:
    exact = ("--exact",) if all(names) and not any(name.endswith("::") for name in names) else ()
    chosen = ("--", *exact, *(name for name in names if name)) if any(names) else ()
    arguments = (*suite.launcher, "test", "--color=never", "--no-fail-fast", *target, *chosen)
    return Command(arguments, Format.CARGO, None, suite.folder)


def _collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    return (Command((*suite.launcher, "test", "--color=never", *_target(suite, test.path), "--", "--list"), folder=suite.folder),)


def _is_collected(suite: Suite, test: TestId, run: Run) -> bool:
    name = _full_name(suite, test)
    listed = re.compile(rf"^{re.escape(name)}{'.*' if not test.name else ''}: test$", re.MULTILINE)
    return run.returncode == 0 and bool(listed.search(run.output))


def _target(suite: Suite, path: str) -> tuple[str, ...]:
    """`tests/cart.rs` and `tests/cart/main.rs` are targets of their own; what is in `src/` is the library's or a program's."""
    parts = posixpath.relpath(path, suite.folder or ".").split("/")
    if parts[0] == "tests" and len(parts) > 1:
        return (f"--test={parts[1].removesuffix('.rs')}",)
    if parts[:2] == ["src", "bin"]:
        return (f"--bin={parts[2].removesuffix('.rs')}",)
    return ("--bins",) if parts == ["src", "main.rs"] else ("--lib",) if parts == ["src", "lib.rs"] else ()


def _full_name(suite: Suite, test: TestId) -> str:
    """`tests.adds` of `src/cart.rs` -> `cart::tests::adds`."""
    parts = posixpath.relpath(test.path, suite.folder or ".").removesuffix(".rs").split("/")
    root = parts[0] == "tests" or parts in (["src", "lib"], ["src", "main"]) or parts[:2] == ["src", "bin"]
    modules = [] if root else [part for part in parts[parts[0] == "src" :] if part != "mod"]
    name = test.name.replace(".", "::")
    full = "::".join([*modules, name]) if modules else name
    if not _PATH.fullmatch(full):
        raise TellUser(f"{test} does not name a test of Rust: write PATH::module.function.")
    return full


CARGO_TEST = Runner(_run_tests, _run_all, _collect, _is_collected)
