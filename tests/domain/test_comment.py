"""The marker that a comment is found by."""

from app.domain.comment import MARKER_PREFIX, marker
from app.domain.escape import IssueRef


def test_the_marker_names_the_issue_by_what_survives_a_rename() -> None:
    assert marker(IssueRef(7, 42)) == "<!-- recall:v1 issue=7/42 -->"
    assert marker(IssueRef(7, 42)).startswith(MARKER_PREFIX)
