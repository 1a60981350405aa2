"""What a test map says, for machines: the dicts that `recall map show` and `recall map query` print with --json."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from app.analysis.testmap.ran import Ran
from app.domain.lines import LineSet, spans_of
from app.domain.testmap import Segment


def segment_json(segment: Segment, files: int) -> dict[str, Any]:
    """One segment by what it is; `results` counts the tests of the run's report by how they ended."""
    return {
        **asdict(segment.origin),
        "grain": segment.grain.value,
        "tests": len(segment.tests),
        "files": files,
        "results": dict(Counter(result.ended.value for result in segment.results)),
    }


def ran_json(commits: Iterable[str], ran: Ran) -> dict[str, Any]:
    """Who ran the lines; `never` is null where the data do not say which lines are code."""
    return {
        "commits": list(commits),
        "path": ran.path,
        "lines": None if ran.lines is None else _spans(ran.lines),
        "tests": [{"name": test.name, "lines": _spans(test.lines)} for test in ran.tests],
        "outside": _spans(ran.outside),
        "never": None if ran.never is None else _spans(ran.never),
    }


def _spans(lines: LineSet) -> list[list[int]]:
    return [[span.start, span.end] for span in spans_of(lines)]
