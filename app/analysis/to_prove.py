"""What a run of CI is to prove, from the event that it is for: a draft of recall, or a fix that brings its own tests.

The event is GitHub's, but its texts are people's: what is no sha, no test and no number is as if it were not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.analysis.testmap.safe import is_object_id, is_plain, is_safe
from app.domain.draft import read_marker
from app.domain.suite import TestId

MOST_TESTS = 100


@dataclass(frozen=True, slots=True)
class ToProve:
    """Full shas: `parent` is the state without the fix, `head` where the tests are, `base` the branch that it goes into.

    `draft` says that `head` brings `tests` for a fix that has landed; else the pull request is the fix, with tests of its own.
    """

    parent: str
    fix: str
    head: str
    base: str
    tests: tuple[TestId, ...] = ()
    issue: int | None = None
    draft: bool = False


def to_prove(event: Mapping[str, object]) -> ToProve | None:
    """What the event of a pull request asks for; None for any other event."""
    pull = _at(event, "pull_request")
    head, base = _at(pull, "head").get("sha"), _at(pull, "base").get("sha")
    if not isinstance(head, str) or not isinstance(base, str) or not is_object_id(head) or not is_object_id(base):
        return None
    body = pull.get("body")
    marker = read_marker(body) if isinstance(body, str) else None
    if marker is None or not is_object_id(marker.fix) or not is_object_id(marker.parent):
        return ToProve(base, head, head, base)
    tests = tuple(test for test in marker.tests if is_safe(test.path) and is_plain(test.name))[:MOST_TESTS]
    return ToProve(marker.parent, marker.fix, head, base, tests, marker.issue.number, draft=True)


def _at(fields: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = fields.get(key)
    return found if isinstance(found, Mapping) else {}
