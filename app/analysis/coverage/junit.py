"""JUnit XML, the results of a run as nearly every runner writes them: which tests ran, how they ended, why they did not run.

The dialects told apart are those of pytest (both families), surefire, Gradle, JUnit's console, jest-junit, vitest, Go's reporters
and googletest. Which of a map's tests a result speaks of is `same_test`'.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.analysis.coverage.unreadable import Unreadable
from app.analysis.coverage.xml import Closed, Opened, events, first_elements
from app.domain.testmap import Ended, TestResult

_MOST = 1_000_000
_LONGEST_REASON = 300
_LONGEST_NAME = 2000
_SUITES = ("testsuites", "testsuite")
_FAILED = ("failure", "error")
_FLAKY = ("flakyFailure", "flakyError")
_NOT_RUN = ("notrun", "disabled", "skipped", "ignored", "suppressed")
_QUARANTINE = ("quarantined", "quarantine", "is_quarantined")
_NO = ("", "0", "false", "no")
_SCRIPTS = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte")


def recognises(head: bytes) -> bool:
    """Whether a file begins as JUnit's results do."""
    found = first_elements(head, 1)
    return bool(found) and found[0].name in _SUITES


def read_results(data: bytes) -> tuple[TestResult, ...]:
    """The results, each test once; one that failed before it passed is passed, with the reason `flaky`. Raises Unreadable."""
    found: dict[str, TestResult] = {}
    for result in _results(data):
        earlier = found.get(result.name)
        found[result.name] = _again(earlier, result) if earlier else result
        if len(found) > _MOST:
            raise Unreadable(f"It tells of more than {_MOST:,} tests.")
    return tuple(found.values())


def name_of(attributes: Mapping[str, str], suite: str, path: str = "") -> str:
    """The name by which the runner itself would call the test, from a test case's attributes and its suite's name and file.

    pytest: `tests/test_a.py::TestX::test_b[1]`; JavaScript: `tests/a.test.ts > cart > adds`; others: `com.shop.CartTest.adds`.
    """
    place, name = attributes.get("classname", ""), attributes.get("name", "")
    path = (attributes.get("file") or path).removeprefix("./")
    if path.endswith(".py") or suite == "pytest":
        return _pytest_name(place, name, path)
    if place.endswith(_SCRIPTS) or path.endswith(_SCRIPTS):
        return " > ".join(filter(None, (place if place.endswith(_SCRIPTS) else path, name)))
    name = name.removesuffix("()")
    return name if not place or name == place or name.startswith(f"{place}.") else f"{place}.{name}"


@dataclass(slots=True)
class _Case:
    """One test case while its elements come."""

    name: str
    attributes: Mapping[str, str]
    ended: Ended = Ended.PASSED
    reason: str = ""
    quarantined: bool = False
    inside: Mapping[str, str] = field(default_factory=dict)

    def opened(self, event: Opened) -> None:
        """An element within the case begins."""
        self.inside = event.attributes
        if event.name == "property":
            self._property(event.attributes.get("value", ""))

    def closed(self, event: Closed) -> None:
        """An element within the case ends."""
        told = self.inside.get("message") or event.text
        if event.name in _FAILED:
            self.ended, self.reason = Ended.FAILED, ""
        elif event.name == "skipped" and self.ended is Ended.PASSED:
            expected = "xfail" in self.inside.get("type", "").lower()
            self.ended, self.reason = Ended.EXPECTED_FAILURE if expected else Ended.SKIPPED, _first_line(told)
        elif event.name in _FLAKY and self.ended is Ended.PASSED:
            self.reason = "flaky"
        elif event.name == "property" and event.text.strip():
            self._property(event.text)
        self.inside = {}

    def _property(self, value: str) -> None:
        if self.inside.get("name", "").lower() in _QUARANTINE and value.strip().lower() not in _NO:
            self.quarantined = True

    def result(self) -> TestResult:
        """What all of it says."""
        ended = self.ended
        if ended is Ended.PASSED and any(self.attributes.get(key, "").lower() in _NOT_RUN for key in ("status", "result")):
            ended = Ended.SKIPPED
        if ended.counts and self.quarantined:
            ended = Ended.QUARANTINED
        return TestResult(self.name, ended, self.reason, _seconds(self.attributes.get("time", "")))


def _results(data: bytes) -> Iterator[TestResult]:
    case: _Case | None = None
    suite = path = ""
    first = True
    for event in events(data):
        if first and event.name not in _SUITES:
            raise Unreadable("It is no JUnit XML.")
        first = False
        if isinstance(event, Opened) and event.name == "testsuite":
            suite, path = event.attributes.get("name", ""), event.attributes.get("file", "")
        elif isinstance(event, Opened) and event.name == "testcase":
            case = _Case(name_of(event.attributes, suite, path)[:_LONGEST_NAME], event.attributes)
        elif case and isinstance(event, Closed) and event.name == "testcase":
            if case.name:
                yield case.result()
            case = None
        elif case and isinstance(event, Opened):
            case.opened(event)
        elif case and isinstance(event, Closed):
            case.closed(event)


def _again(earlier: TestResult, later: TestResult) -> TestResult:
    """A test told twice: run anew until it passed, or failing once in its body and once in its teardown."""
    if {earlier.ended, later.ended} == {Ended.PASSED, Ended.FAILED}:
        return TestResult(later.name, Ended.PASSED, "flaky", later.seconds)
    return later if later.ended.counts or not earlier.ended.counts else earlier


def _pytest_name(place: str, name: str, path: str) -> str:
    """Pytest writes the path with dots before the classes; only the older family names the file beside."""
    module = path.removesuffix(".py").replace("/", ".").replace("\\", ".")
    if path and (place == module or place.startswith(f"{module}.")):
        classes = place[len(module) + 1 :].split(".")
    else:
        parts = place.split(".") if place else []
        start = next((index for index, part in enumerate(parts) if part[:1].isupper()), len(parts))
        path, classes = "/".join(parts[:start]) + ".py" if start else "", parts[start:]
    return "::".join(filter(None, (path.replace("\\", "/"), *classes, name)))


def _first_line(text: str) -> str:
    return next((line.strip()[:_LONGEST_REASON] for line in text.splitlines() if line.strip()), "")


def _seconds(text: str) -> float | None:
    """Seconds as the runner wrote them, thousands apart or not; None where they are no time."""
    try:
        seconds = float(text.replace(",", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
