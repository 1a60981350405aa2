"""The JSON of RSpec."""

import re
from collections.abc import Iterator

from app.analysis.coverage.json import as_list, as_object
from app.analysis.runners.cases import MAX_MESSAGE, MAX_NAME, Case, clipped
from app.analysis.runners.documents import find_object
from app.domain.proof import Ending, Failure

_ENDINGS = {"passed": Ending.PASSED, "failed": Ending.FAILED}
_LOADING = re.compile(r"An error occurred while loading (\S+?)\.?\s")
_TYPE = re.compile(r"^\s*((?:[A-Z]\w*::)*[A-Z]\w*(?:Error|Exception)?):\s*$", re.MULTILINE)


def read(data: bytes) -> Iterator[Case]:
    """The examples in their order; a file that could not be loaded is a case without a name. Raises Unreadable."""
    report = find_object(data, "examples")
    for each in as_list(report.get("examples")):
        yield _case(as_object(each))
    for message in as_list(report.get("messages")):
        text = clipped(str(message))
        if loading := _LOADING.search(f"{text}\n"):
            kind = _TYPE.search(text)
            failure = Failure(kind[1] if kind else "", clipped(text[kind.end() :].strip() if kind else text, MAX_MESSAGE), text)
            yield Case(loading[1], "", Ending.ERROR, failure=failure)


def _case(one: dict[str, object]) -> Case:
    ending = _ENDINGS.get(str(one.get("status")), Ending.SKIPPED)
    seconds = one.get("run_time")
    failure = None
    if ending is Ending.FAILED:
        error = as_object(one.get("exception"))
        kind, message = str(error.get("class") or ""), str(error.get("message") or "")
        trace = "\n".join(str(line) for line in as_list(error.get("backtrace")))
        failure = Failure(kind[:MAX_NAME], clipped(message, MAX_MESSAGE), clipped(f"{kind}: {message}\n{trace}"))
    return Case(
        str(one.get("file_path") or ""),
        str(one.get("full_description") or "")[:MAX_NAME],
        ending,
        seconds if isinstance(seconds, float) and 0 <= seconds < 1e9 else 0.0,
        failure,
    )
