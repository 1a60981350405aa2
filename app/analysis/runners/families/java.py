"""Commands of Maven and Gradle for JUnit, one for each class of tests."""

import posixpath
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.analysis.runners.model import Run, Runner, by_file
from app.domain.errors import TellUser
from app.domain.suite import Command, Format, Suite, TestId

_SOURCES = re.compile(r"^(?P<module>(?:.*/)?)src/(?P<set>\w+)/(?:java|kotlin)/(?P<package>.+)\.(?:java|kt)$")
# What would refuse a file of tests for its header or its spaces before it is even compiled.
_LINTERS_OFF = ("-Dcheckstyle.skip=true", "-Drat.skip=true", "-Dspotless.check.skip=true", "-Dpmd.skip=true")


class _Place(NamedTuple):
    """Where a file of tests lies: its module's folder below the build, the set of sources, and its class in full."""

    module: str
    sources: str
    name: str


def _run_tests(suite: Suite, tests: Sequence[TestId], _results: str) -> tuple[Command, ...]:
    command = _command_of(suite)
    return tuple(command(suite, _place(suite, path), names) for path, names in by_file(tests).items()) if command else ()


def _command_of(suite: Suite) -> Callable[[Suite, _Place, Sequence[str]], Command] | None:
    tool = suite.launcher[-1] if suite.launcher else ""
    return _maven if "mvn" in tool else _gradle if "gradle" in tool else None


def _place(suite: Suite, path: str) -> _Place:
    below = posixpath.relpath(path, suite.folder or ".")
    found = _SOURCES.match(below)
    if found:
        return _Place(found["module"].strip("/"), found["set"], found["package"].replace("/", "."))
    name = posixpath.basename(below).rpartition(".")[0]
    if name.startswith("-"):
        raise TellUser(f"{path} cannot hold a class of tests.")
    return _Place("", "test", name)


def _selected(place: _Place, name: str) -> tuple[str, str]:
    """`CartTest.Inner.adds` of `org.shop.CartTest` -> (`org.shop.CartTest$Inner`, `adds`); without a method, "" for it."""
    package, _, _ = place.name.rpartition(".")
    plain = re.sub(r"[\[({].*$", "", name)
    classes, _, method = plain.rpartition(".")
    if not classes:
        return place.name, method if method and method != place.name.rpartition(".")[2] else ""
    return ".".join(filter(None, (package, classes.replace(".", "$")))), method


def _maven(suite: Suite, place: _Place, names: Sequence[str]) -> Command:
    """With the modules that this one needs, in which the test need not be; a method's parameters are all meant."""
    selected = [_selected(place, name) for name in names or ("",)]
    tests = ",".join(f"{where}#{method}*" if method else where for where, method in selected)
    options = ("-Dsurefire.failIfNoSpecifiedTests=false", "-DfailIfNoTests=false", "-DtrimStackTrace=false", *_LINTERS_OFF)
    modules = ("-pl", place.module, "-am") if place.module else ()
    arguments = (*suite.launcher, "-B", *modules, f"-Dtest={tests}", *options, "test")
    report = posixpath.join(suite.folder, place.module, "target/surefire-reports", f"TEST-{place.name}*.xml")
    return Command(arguments, Format.JUNIT, report, suite.folder)


def _gradle(suite: Suite, place: _Place, names: Sequence[str]) -> Command:
    project = f":{place.module.replace('/', ':')}:" if place.module else ""
    selected = [_selected(place, name) for name in names or ("",)]
    chosen = [each for where, method in selected for each in ("--tests", f"{where}.{method}" if method else where)]
    clean = f"{project}clean{place.sources[:1].upper()}{place.sources[1:]}"
    arguments = (*suite.launcher, "--console=plain", "--continue", clean, f"{project}{place.sources}", *chosen)
    report = posixpath.join(suite.folder, place.module, "build/test-results", place.sources, f"TEST-{place.name}*.xml")
    return Command(arguments, Format.JUNIT, report, suite.folder)


def _run_all(suite: Suite, _results: str) -> tuple[Command, ...]:
    if _command_of(suite) is _maven:
        arguments = (*suite.launcher, "-B", "-fae", "-DtrimStackTrace=false", *_LINTERS_OFF, "test")
        reports = "**/target/surefire-reports/TEST-*.xml"
    elif _command_of(suite) is _gradle:
        arguments = (*suite.launcher, "--console=plain", "--continue", "test")
        reports = "**/build/test-results/*/TEST-*.xml"
    else:
        return ()
    return (Command(arguments, Format.JUNIT, posixpath.join(suite.folder, reports), suite.folder),)


def _collect(suite: Suite, test: TestId) -> tuple[Command, ...]:
    """That the module's tests compile: neither tool lists tests without running them."""
    place = _place(suite, test.path)
    if _command_of(suite) is _maven:
        modules = ("-pl", place.module, "-am") if place.module else ()
        return (Command((*suite.launcher, "-B", "-q", *modules, *_LINTERS_OFF, "test-compile"), folder=suite.folder),)
    if _command_of(suite) is _gradle:
        project = f":{place.module.replace('/', ':')}:" if place.module else ""
        return (Command((*suite.launcher, "--console=plain", f"{project}{place.sources}Classes"), folder=suite.folder),)
    return ()


def _is_collected(_suite: Suite, _test: TestId, run: Run) -> bool:
    return run.returncode == 0


JUNIT = Runner(_run_tests, _run_all, _collect, _is_collected)
