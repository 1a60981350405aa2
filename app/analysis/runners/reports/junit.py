"""JUnit XML with what failures told: the cases that `app.analysis.coverage.junit` names, as a proof needs them."""

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
_TYPE = re.compile(r"((?:[a-z_]\w*\.)*[A-Z]\w*)(?::|$)")
_TOLD_TYPE = re.compile(r"^E\s+((?:[a-z_]\w*\.)*[A-Z]\w*)(?::|$)", re.MULTILINE)
_SCRIPTS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue")


def read(data: bytes) -> Iterator[Case]:
    """The cases in their order. Raises Unreadable, perhaps after some were given."""
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

    def closed(self, event: Closed) -> None:
        """An element within the case ends."""
        ending = _TOLD.get(event.name)
        if ending is not None and _ORDER.index(ending) < _ORDER.index(self.ending):
            self.ending, self.failure = ending, _failure(self.inside, event.text)
        self.inside = {}

    def case(self) -> Case:
        """What all of it says."""
        path, name = self._address()
        message = self.failure.message if self.failure else ""
        if message in _COLLECTION:  # pytest's: the case is a module that could not be imported
            path, name = _collected(self.attributes), ""
        return Case(path, name[:MAX_NAME], self.ending, _seconds(self.attributes.get("time", "")), self.failure)

    def _address(self) -> tuple[str, str]:
        suite = self.suites[-1] if self.suites else {}
        told = name_of(self.attributes, suite.get("name", ""), suite.get("file", ""))
        if ".py::" in told:
            path, _, name = told.partition("::")
            plain, bracket, parameters = name.partition("[")
            return path, plain.replace("::", ".") + bracket + parameters
        first, arrow, rest = told.partition(" > ")
        if first.endswith(_SCRIPTS):
            return first, rest if arrow else ""
        return _by_class(self.attributes, told)


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
    message = clipped(inside.get("message", "") or next(iter(text.strip().splitlines()), ""), MAX_MESSAGE)
    kind = inside.get("type", "") or _kind(message, text)
    return Failure(kind[:MAX_NAME], message, clipped(text))


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
