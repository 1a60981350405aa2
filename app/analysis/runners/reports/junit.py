"""JUnit XML with what failures told: the cases that `app.analysis.coverage.junit` names, as a proof needs them."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.analysis.coverage.junit import name_of
from app.analysis.coverage.xml import Closed, Opened, events
from app.analysis.runners.cases import MAX_MESSAGE, MAX_NAME, Case, clipped
from app.domain.proof import Ending, Failure

_MOST = 200_000
_MAX_TEXT = 64_000
_TOLD = {"failure": Ending.FAILED, "error": Ending.ERROR, "skipped": Ending.SKIPPED}
# How sure the elements of one case are of what happened: a case that failed may also break when it is torn down.
_ORDER = (Ending.FAILED, Ending.ERROR, Ending.SKIPPED, Ending.PASSED)
_COLLECTION = ("collection failure", "collection skipped")
# Node's, of tests it was not asked for, and of what it never ran.
_NODE = "test"
_NOT_SELECTED = "test name does not match pattern"
_NEVER_RAN = ("cancelledByParent", "parentAlreadyFinished", "hookFailed")
_CAUSE = re.compile(r"^\s*cause: (\w+)(?: \[\w+\])?:", re.MULTILINE)
# Names of cases by which JUnit 4 and PHPUnit say that there was nothing to run.
_NO_TESTS = ("initializationError", "warning", "Warning")
_PHP_TEST = re.compile(r"^[\w\\]+::\w+(?: with data set .*)?$")
_TYPE = re.compile(r"((?:[a-z_]\w*\.)*[A-Z]\w*)(?::|$)")
_TOLD_TYPE = re.compile(r"^E\s+((?:[a-z_]\w*\.)*[A-Z]\w*)(?::|$)", re.MULTILINE)
_SCRIPTS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue")


def read(data: bytes, *, unselected: bool = False) -> Iterator[Case]:
    """The cases in their order; with `unselected` also those that Node only tells of since they were not asked for.

    Raises Unreadable, perhaps after some were given.
    """
    suites: list[Mapping[str, str]] = []
    case: _Case | None = None
    count = 0
    for event in events(data, _MAX_TEXT):
        if isinstance(event, Opened) and event.name == "testsuite":
            suites.append(event.attributes)
        elif isinstance(event, Closed) and event.name == "testsuite" and suites:
            suites.pop()
        elif isinstance(event, Opened) and event.name == "testcase":
            case = _Case(event.attributes, tuple(suites))
        elif case and isinstance(event, Closed) and event.name == "testcase":
            if unselected or not case.unselected:
                yield case.case()
            case, count = None, count + 1
            if count >= _MOST:
                return
        elif case and isinstance(event, Opened):
            case.inside = event.attributes
        elif case and isinstance(event, Closed):
            case.closed(event)


@dataclass(slots=True)
class _Case:
    """One test case while its elements come."""

    attributes: Mapping[str, str]
    suites: tuple[Mapping[str, str], ...]
    ending: Ending = Ending.PASSED
    failure: Failure | None = None
    inside: Mapping[str, str] = field(default_factory=dict)
    unselected: bool = False

    def closed(self, event: Closed) -> None:
        """An element within the case ends."""
        ending = _TOLD.get(event.name)
        if ending is Ending.ERROR and not self._is_python():
            ending = Ending.FAILED  # an exception of the code; only pytest calls so what came before the test
        if ending is Ending.SKIPPED and self.inside.get("message") == _NOT_SELECTED:
            self.unselected = True
        if ending is not None and _ORDER.index(ending) < _ORDER.index(self.ending):
            self.ending, self.failure = ending, _failure(self.inside, event.text)
        self.inside = {}

    def _is_python(self) -> bool:
        return self.attributes.get("file", "").endswith(".py") or any(suite.get("name") == "pytest" for suite in self.suites)

    def case(self) -> Case:
        """What all of it says."""
        path, name = self._address()
        message = self.failure.message if self.failure else ""
        ending = self.ending
        if message in _COLLECTION:  # pytest's: the case is a module that could not be imported
            path, name = _collected(self.attributes), ""
        elif ending is Ending.FAILED and (not name or self._came_to_nothing()):
            ending = Ending.ERROR
        return Case(path, name[:MAX_NAME], ending, _seconds(self.attributes.get("time", "")), self.failure)

    def _came_to_nothing(self) -> bool:
        """Whether what is told is no test's own failure: its group's set-up failed, or its class could not be made."""
        kind = self.failure.type if self.failure else ""
        return kind in _NEVER_RAN or self.attributes.get("name") in _NO_TESTS

    def _address(self) -> tuple[str, str]:
        suite = self.suites[-1] if self.suites else {}
        if self.attributes.get("classname") == _NODE:
            return self._node_address()
        told = name_of(self.attributes, suite.get("name", ""), suite.get("file", ""))
        if ".py::" in told:
            path, _, name = told.partition("::")
            plain, bracket, parameters = name.partition("[")
            return path, plain.replace("::", ".") + bracket + parameters
        first, arrow, rest = told.partition(" > ")
        if first.endswith(_SCRIPTS):
            return first, rest if arrow else ""
        return _by_class(self.attributes, told)

    def _node_address(self) -> tuple[str, str]:
        """Node nests suites as groups, and writes quotes twice as entities; a file that failed to load is a case itself."""
        name = html.unescape(self.attributes.get("name", ""))
        groups = [html.unescape(suite.get("name", "")) for suite in self.suites]
        if not groups and name.endswith(_SCRIPTS) and "/" in name:
            return name, ""
        return self.attributes.get("file", ""), " > ".join([*groups, name])


def _by_class(attributes: Mapping[str, str], told: str) -> tuple[str, str]:
    """`org.shop.CartTest$Inner` and `adds()` -> (`org/shop/CartTest`, `CartTest.Inner.adds`)."""
    place = attributes.get("classname", "")
    name = told.removeprefix(f"{place}.") if place else told
    package, _, inner = place.replace("\\", ".").rpartition(".")
    outer = inner.partition("$")[0]
    path = attributes.get("file") or f"{package.replace('.', '/')}/{outer}".strip("/")
    return path, ".".join(filter(None, (inner.replace("$", "."), name)))


def _collected(attributes: Mapping[str, str]) -> str:
    """`tests.test_cart` -> `tests/test_cart`, the module that pytest could not collect."""
    place = ".".join(filter(None, (attributes.get("classname", ""), attributes.get("name", ""))))
    return attributes.get("file") or place.removesuffix(".py").replace(".", "/")


def _failure(inside: Mapping[str, str], text: str) -> Failure:
    message = clipped(inside.get("message", "") or _first_told(text), MAX_MESSAGE)
    kind = inside.get("type", "")
    if cause := _CAUSE.search(text):
        kind = kind if kind in _NEVER_RAN else cause[1]
    kind = kind or _kind(message, text)
    message = message.removeprefix(f"{kind}: ") if kind else message
    return Failure(kind[:MAX_NAME], message, clipped(text))


def _first_told(text: str) -> str:
    """The first line, but for PHPUnit's own, which only names the test."""
    lines = [line for line in text.strip().splitlines() if not _PHP_TEST.match(line)]
    return lines[0] if lines else ""


def _kind(message: str, text: str) -> str:
    """The error's type where no attribute has it, as pytest tells it: `E   shop.Refused: no`, `assert 1 == 2`."""
    if message.startswith("assert "):
        return "AssertionError"
    if named := _TYPE.match(message):
        return named[1]
    told = _TOLD_TYPE.findall(text)
    return told[-1] if told else ""


def _seconds(text: str) -> float:
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 1e9 else 0.0
