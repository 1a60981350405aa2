"""The JSON of Mocha, from a file or from among what the tests printed."""

import re
from collections.abc import Iterator

from app.analysis.coverage.json import as_list, as_object
from app.analysis.runners.cases import MAX_NAME, Case
from app.analysis.runners.documents import find_object
from app.analysis.runners.errors import told_by
from app.domain.proof import Ending, Failure

_HOOK = re.compile(r'^(?P<suites>.*?) ?"(?:before|after) (?:all|each)" hook(?:: .*?)?(?: for "(?P<title>.*)"| in ".*")?$')


def read(data: bytes) -> Iterator[Case]:
    """The cases in the order of the report; a hook that failed is an error of the test it was for. Raises Unreadable."""
    report = find_object(data, "stats")
    pending = {_name(as_object(one)) for one in as_list(report.get("pending"))}
    failed: set[tuple[str, str]] = set()
    for each in as_list(report.get("failures")):
        one = as_object(each)
        hook = _HOOK.match(_name(one))
        name = f"{hook['suites']} {hook['title'] or ''}".strip() if hook else _name(one)
        failed.add((_path(one), name))
        yield Case(_path(one), name, Ending.ERROR if hook else Ending.FAILED, _seconds(one), _failure(one))
    for each in as_list(report.get("tests")):
        one = as_object(each)
        if (_path(one), _name(one)) not in failed:
            yield Case(_path(one), _name(one), Ending.SKIPPED if _name(one) in pending else Ending.PASSED, _seconds(one))


def _name(one: dict[str, object]) -> str:
    return str(one.get("fullTitle") or "")[:MAX_NAME]


def _path(one: dict[str, object]) -> str:
    return str(one.get("file") or "")


def _failure(one: dict[str, object]) -> Failure:
    error = as_object(one.get("err"))
    stack, message, kind = (str(error.get(key) or "") for key in ("stack", "message", "name"))
    return told_by(stack or message, kind if kind != "Error" else "", message)


def _seconds(one: dict[str, object]) -> float:
    duration = one.get("duration")
    return duration / 1000 if isinstance(duration, (int, float)) and 0 <= duration < 1e12 else 0.0
