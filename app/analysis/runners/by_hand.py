"""The command that a person types to run one test; what recall itself runs, with results to read, is `commands`'s."""

import re
import shlex
from collections.abc import Callable

from app.domain.suite import Framework, Suite, TestId


def by_hand(suite: Suite, test: TestId) -> str:
    """One line for a POSIX shell, every name quoted; it changes into the suite's folder first where that is not the root.

    `by_hand(Suite(Framework.PYTEST), TestId("tests/test_cart.py", "TestCart.test_total"))` ->
    `python -m pytest tests/test_cart.py::TestCart::test_total`. Empty where the test cannot stand on one line.
    """
    if not str(test).isprintable() or not suite.folder.isprintable():
        return ""
    path = test.path.removeprefix(f"{suite.folder}/") if suite.folder else test.path
    program, arguments = _BY_HAND[suite.framework]
    command = shlex.join((*(suite.launcher or program), *arguments(suite, TestId(path, test.name))))
    return f"(cd {shlex.quote(suite.folder)} && {command})" if suite.folder else command


Arguments = Callable[[Suite, TestId], tuple[str, ...]]


def _pytest(_suite: Suite, test: TestId) -> tuple[str, ...]:
    return ("-m", "pytest", "::".join((test.path, *_nested(test.name))))


def _unittest(_suite: Suite, test: TestId) -> tuple[str, ...]:
    return ("-m", "unittest", ".".join((_module(test.path), *_nested(test.name))))


def _django(_suite: Suite, test: TestId) -> tuple[str, ...]:
    return ("test", ".".join((_module(test.path), *_nested(test.name))))


def _titled(*words: str, option: str) -> Arguments:
    """The runners of JavaScript, which find a test by a pattern over its whole title."""

    def arguments(_suite: Suite, test: TestId) -> tuple[str, ...]:
        title = re.sub(r"([.*+?^${}()|\[\]\\])", r"\\\1", " ".join(test.name.split(" > ")))
        return (*words, test.path, *((option, title) if title else ()))

    return arguments


def _node(_suite: Suite, test: TestId) -> tuple[str, ...]:
    leaf = re.sub(r"([.*+?^${}()|\[\]\\/])", r"\\\1", test.name.rpartition(" > ")[2])
    return ("--test", *((f"--test-name-pattern={leaf}",) if leaf else ()), test.path)


def _go(_suite: Suite, test: TestId) -> tuple[str, ...]:
    folder = test.path.rpartition("/")[0]
    name = "/".join(f"^{part}$" for part in test.name.split("/")) if test.name else "."
    return ("test", f"./{folder}" if folder else ".", "-run", name)


def _java(suite: Suite, test: TestId) -> tuple[str, ...]:
    """Maven's and Gradle's own ways to name one method."""
    kind = test.path.rpartition("/")[2].partition(".")[0]
    if "gradle" in "".join(suite.launcher):
        return ("test", "--tests", ".".join((kind, *_last(test.name))))
    return ("test", f"-Dtest={'#'.join((kind, *_last(test.name)))}")


def _rspec(_suite: Suite, test: TestId) -> tuple[str, ...]:
    title = " ".join(test.name.split(" > "))
    return ("rspec", test.path, *(("-e", title) if title else ()))


def _minitest(suite: Suite, test: TestId) -> tuple[str, ...]:
    words = ("test",) if "rails" in "".join(suite.launcher) else ("ruby", "-Itest", "-Ilib")
    return (*words, test.path, *(part for name in _last(test.name) for part in ("-n", name)))


def _phpunit(_suite: Suite, test: TestId) -> tuple[str, ...]:
    return (*(part for name in _last(test.name) for part in ("--filter", f"::{name}$")), test.path)


def _dotnet(_suite: Suite, test: TestId) -> tuple[str, ...]:
    return ("test", *(("--filter", f"FullyQualifiedName~{test.name}") if test.name else ()))


def _cargo(_suite: Suite, test: TestId) -> tuple[str, ...]:
    return ("test", *_last(test.name))


def _last(name: str) -> tuple[str, ...]:
    """The innermost part of a nested name, alone; nothing for a whole file."""
    return _nested(name)[-1:]


def _nested(name: str) -> tuple[str, ...]:
    """The parts of a nested name; what stands in brackets is no nesting."""
    plain, bracket, parameters = name.partition("[")
    parts = tuple(part for part in re.split(r"\.|::", plain) if part)
    return (*parts[:-1], f"{parts[-1]}{bracket}{parameters}") if parts else ()


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


_BY_HAND: dict[Framework, tuple[tuple[str, ...], Arguments]] = {
    Framework.PYTEST: (("python",), _pytest),
    Framework.UNITTEST: (("python",), _unittest),
    Framework.DJANGO: (("python", "manage.py"), _django),
    Framework.JEST: (("npx",), _titled("jest", option="-t")),
    Framework.VITEST: (("npx",), _titled("vitest", "run", option="-t")),
    Framework.MOCHA: (("npx",), _titled("mocha", option="-g")),
    Framework.NODE_TEST: (("node",), _node),
    Framework.PLAYWRIGHT: (("npx",), _titled("playwright", "test", option="-g")),
    Framework.GO_TEST: (("go",), _go),
    Framework.JUNIT5: (("mvn",), _java),
    Framework.JUNIT4: (("mvn",), _java),
    Framework.RSPEC: ((), _rspec),
    Framework.MINITEST: ((), _minitest),
    Framework.PHPUNIT: (("phpunit",), _phpunit),
    Framework.XUNIT: (("dotnet",), _dotnet),
    Framework.NUNIT: (("dotnet",), _dotnet),
    Framework.CARGO_TEST: (("cargo",), _cargo),
}
