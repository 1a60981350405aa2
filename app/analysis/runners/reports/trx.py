"""The TRX of `dotnet test`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.analysis.coverage.xml import Closed, Opened, events
from app.analysis.runners.cases import MAX_MESSAGE, MAX_NAME, Case, clipped
from app.domain.proof import Ending, Failure

_MAX_TEXT = 64_000
_ENDINGS = {"passed": Ending.PASSED, "failed": Ending.FAILED, "timeout": Ending.TIMEOUT, "error": Ending.FAILED}


def read(data: bytes) -> Iterator[Case]:
    """The tests in their order, named with their namespaces; their files are not told. Raises Unreadable."""
    report = _Report()
    for event in events(data, _MAX_TEXT):
        if isinstance(event, Opened):
            report.opened(event)
        else:
            report.closed(event)
    for attributes, message, trace in report.results:
        yield _case(attributes, report.methods.get(attributes.get("testId", ""), ""), message, trace)


@dataclass(slots=True)
class _Report:
    """The results as they come, and the methods that are defined behind them."""

    results: list[tuple[Mapping[str, str], str, str]] = field(default_factory=list)
    methods: dict[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    test: str = ""

    def opened(self, event: Opened) -> None:
        """An element begins."""
        if event.name == "UnitTestResult":
            self.attributes, self.texts = event.attributes, {}
        elif event.name == "UnitTest":
            self.test = event.attributes.get("id", "")
        elif event.name == "TestMethod":
            self.methods[self.test] = _full_name(event.attributes)

    def closed(self, event: Closed) -> None:
        """An element ends."""
        if event.name in ("Message", "StackTrace"):
            self.texts.setdefault(event.name, event.text.strip("\r\n"))
        elif event.name == "UnitTestResult":
            self.results.append((self.attributes, self.texts.get("Message", ""), self.texts.get("StackTrace", "")))


def _full_name(attributes: Mapping[str, str]) -> str:
    owner, name = attributes.get("className", "").partition(",")[0].replace("+", "."), attributes.get("name", "")
    return name if not owner or name.startswith(f"{owner}.") else f"{owner}.{name}"


def _case(attributes: Mapping[str, str], method: str, message: str, trace: str) -> Case:
    ending = _ENDINGS.get(attributes.get("outcome", "").lower(), Ending.SKIPPED)
    failure = None
    if ending is not Ending.PASSED and ending is not Ending.SKIPPED:
        kind, colon, _ = message.partition(" : ")
        failure = Failure(
            kind if colon and " " not in kind else "AssertionError" if "Assert" in message else "",
            clipped(message, MAX_MESSAGE),
            clipped(f"{message}\n{trace}"),
        )
    name = method or attributes.get("testName", "")
    return Case("", name[:MAX_NAME], ending, _seconds(attributes.get("duration", "")), failure)


def _seconds(text: str) -> float:
    """`00:00:01.5` -> 1.5."""
    try:
        hours, minutes, seconds = text.split(":")
        told = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return 0.0
    return told if 0 <= told < 1e9 else 0.0
