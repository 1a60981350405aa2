"""The JSON of Jest, which Vitest writes too."""

from collections.abc import Iterator

from app.analysis.coverage.json import as_list, as_object
from app.analysis.runners.cases import MAX_NAME, Case, clipped
from app.analysis.runners.documents import find_object
from app.analysis.runners.errors import told_by
from app.domain.proof import Ending, Failure

_ENDINGS = {"passed": Ending.PASSED, "failed": Ending.FAILED}
# How Vitest's stack of a test that took too long begins.
_TIMED_OUT = "Error: STACK_TRACE_ERROR"


def read(data: bytes) -> Iterator[Case]:
    """The cases in their order; a file that could not be loaded is one without a name. Raises Unreadable."""
    for each in as_list(find_object(data, "testResults").get("testResults")):
        file = as_object(each)
        path = str(file.get("name") or "")
        cases = [_case(path, as_object(one)) for one in as_list(file.get("assertionResults"))]
        if file.get("status") == "failed" and not any(case.ending is Ending.FAILED for case in cases):
            yield Case(path, "", Ending.ERROR, failure=_of_file(str(file.get("message") or "")))
            cases = [case for case in cases if case.ending is Ending.PASSED]
        yield from cases


def _case(path: str, one: dict[str, object]) -> Case:
    titles = [str(title) for title in (*as_list(one.get("ancestorTitles")), one.get("title") or "")]
    duration = one.get("duration")
    seconds = duration / 1000 if isinstance(duration, (int, float)) and 0 <= duration < 1e12 else 0.0
    ending = _ENDINGS.get(str(one.get("status")), Ending.SKIPPED)
    failure = _failure(one) if ending is Ending.FAILED else None
    return Case(path, " > ".join(titles)[:MAX_NAME], ending, seconds, failure)


def _failure(one: dict[str, object]) -> Failure:
    stack = "\n".join(str(message) for message in as_list(one.get("failureMessages")))
    if stack.startswith(_TIMED_OUT):
        stack = "Error: Test timed out." + stack[len(_TIMED_OUT) :]
    matched = any("matcherResult" in as_object(detail) for detail in as_list(one.get("failureDetails")))
    return told_by(stack, "AssertionError" if matched else "")


def _of_file(message: str) -> Failure:
    """The error itself, without the heading `Test suite failed to run`."""
    text = clipped(message)
    return told_by(text.partition("Test suite failed to run")[2].strip() or text)
