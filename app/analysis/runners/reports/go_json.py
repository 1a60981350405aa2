"""What `go test -json` prints: events of packages and tests, with whatever else the compiler says between them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.analysis.runners.cases import MAX_MESSAGE, MAX_NAME, Case, clipped
from app.domain.proof import Ending, Failure

_ENDINGS = {"pass": Ending.PASSED, "fail": Ending.FAILED, "skip": Ending.SKIPPED}
_FAILED_BUILD = re.compile(r"^FAIL\s+(\S+) \[(?:build|setup) failed\]")
_NOISE = re.compile(r"^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)|--- (?:FAIL|PASS|SKIP):|FAIL\b|exit status|ok\s)")
_TOLD = re.compile(r"^\s*(?:panic: (?P<panic>.*)|\w[\w./-]*\.go:\d+: ?(?P<said>.*))")
_TESTIFY = re.compile(r"^\s*Error:\s+(?P<first>.*(?:\n\s+\t.*)*)", re.MULTILINE)
_MOST_LINES = 2_000_000
_MAX_OUTPUT = 400_000


@dataclass(slots=True)
class _Heard:
    """What was heard of one test, or of a package as a whole."""

    ending: Ending | None = None
    seconds: float = 0.0
    output: list[str] = field(default_factory=list)
    size: int = 0

    def hear(self, text: str) -> None:
        if self.size < _MAX_OUTPUT:
            self.output.append(text)
            self.size += len(text)


def read(data: bytes) -> Iterator[Case]:
    """Each test of each package in the order they began; a package that came to no test is a case without a name.

    A case's path is the package's with a slash at its end, for Go does not tell the file.
    """
    heard: dict[tuple[str, str], _Heard] = {}
    unbuilt: list[str] = []
    loose: list[str] = []
    for line in data.decode("utf-8", "replace").split("\n", _MOST_LINES):
        event = _event(line)
        if event is None:
            if failed := _FAILED_BUILD.match(line):
                unbuilt.append(failed[1])
            loose.append(line[:2_000])
            continue
        _hear(heard, event)
    yield from _cases(heard)
    for package in unbuilt:
        if (package, "") not in heard:
            yield Case(f"{package}/", "", Ending.ERROR, failure=Failure("build", "the build failed", clipped("\n".join(loose))))


def _event(line: str) -> dict[str, object] | None:
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "Action" in found else None


def _hear(heard: dict[tuple[str, str], _Heard], event: dict[str, object]) -> None:
    package = str(event.get("Package") or str(event.get("ImportPath") or "").partition(" ")[0])
    one = heard.setdefault((package, str(event.get("Test") or "")), _Heard())
    action, elapsed = event.get("Action"), event.get("Elapsed")
    if action in ("output", "build-output"):
        one.hear(str(event.get("Output") or ""))
    elif action in _ENDINGS:
        one.ending = _ENDINGS[str(action)]
        one.seconds = float(elapsed) if isinstance(elapsed, (int, float)) and 0 <= elapsed < 1e9 else 0.0


def _cases(heard: dict[tuple[str, str], _Heard]) -> Iterator[Case]:
    ran = {package for package, test in heard if test}
    for (package, test), one in heard.items():
        if test:
            yield _case(package, test, one, heard)
        elif one.ending is Ending.FAILED and package not in ran:
            yield Case(f"{package}/", "", Ending.ERROR, one.seconds, _failure("".join(one.output)))


def _case(package: str, test: str, one: _Heard, heard: dict[tuple[str, str], _Heard]) -> Case:
    ending, output = one.ending or Ending.BROKEN, "".join(one.output)
    if ending in (Ending.PASSED, Ending.SKIPPED):
        return Case(f"{package}/", test[:MAX_NAME], ending, one.seconds)
    inner = [other for (where, name), other in heard.items() if where == package and name.startswith(f"{test}/")]
    output += "".join("".join(other.output) for other in inner if other.ending is not Ending.PASSED)
    if one.ending is None:  # the process ended in the middle of it; what it said last is the package's
        output += "".join(heard.get((package, ""), _Heard()).output)
    if "panic: test timed out" in output:
        ending = Ending.TIMEOUT
    return Case(f"{package}/", test[:MAX_NAME], ending, one.seconds, _failure(output))


def _failure(output: str) -> Failure:
    lines = [line for line in output.splitlines() if not _NOISE.match(line)]
    trace = clipped("\n".join(lines))
    if testify := _TESTIFY.search(trace):
        return Failure("AssertionError", clipped(re.sub(r"\n\s+\t\s*", "\n", testify["first"]), MAX_MESSAGE), trace)
    every = [match for line in lines if (match := _TOLD.match(line))]
    # What is noted before a test fails is told like the failure itself, which comes last; a panic is followed by its stack.
    told = next((match for match in every if match["panic"] is not None), every[-1] if every else None)
    if told is None:
        return Failure("", clipped(lines[0] if lines else "", MAX_MESSAGE), trace)
    if told["panic"] is not None:
        return Failure("panic", clipped(told["panic"], MAX_MESSAGE), trace)
    return Failure("", clipped(told["said"], MAX_MESSAGE), trace)
