"""The comment on the issue: facts become Markdown through `templates/comment.md.j2`, marked, defused, and short enough.

Which facts there are is the workflow's; the sentences are in `templates/words/`.
"""

from app.domain.comment import MARKER_PREFIX, CommentFacts, marker
from app.domain.delivery import Repository
from app.domain.escape import Issue
from app.domain.job import State
from app.domain.report import Report
from app.render import words
from app.render.links import Links
from app.render.view import View

LIMIT = 60_000
"""Characters; GitHub refuses a body of more than 65,536."""

_KEEP = ((8, 40), (8, 15), (8, 5), (8, 1), (4, 1), (1, 1))
"""Rows of the table and entries of each fold to keep, tried from the left until the comment is short enough."""


def comment(facts: CommentFacts) -> str:
    """The body of recall's comment, at most `LIMIT` characters, opening with its hidden marker.

    A second comment of ours (`duplicate_of`) only points at the first and carries no marker, so that it is never taken for it.
    """
    if facts.duplicate_of is not None:
        url = Links(facts.web_url, facts.repository).comment(facts.issue.number, facts.duplicate_of)
        return words.markdown().say("page", "second", url=url)
    for rows, entries in _KEEP:
        body = words.markdown().fill("comment.md.j2", view=View(facts, rows, entries))
        if len(body) <= LIMIT:
            return _checked(body, facts)
    raise ValueError(f"a comment of {len(body):,} characters cannot be cut to {LIMIT:,}")


def report_markdown(report: Report, *, repository: str = "", web_url: str = "") -> str:
    """The same comment for a report made by hand; without a repository's address its names are not links."""
    issue = Issue(Repository(0, repository), 0, "")
    facts = CommentFacts(issue, State.REPORTED, web_url, report=report, base=report.base)
    return comment(facts)


def _checked(body: str, facts: CommentFacts) -> str:
    """The body, if it opens with its marker and holds no other: a comment that cannot be found again is never posted."""
    if not body.startswith(marker(facts.issue.ref) + "\n") or body.count(MARKER_PREFIX) != 1:
        raise ValueError("a comment has to open with its marker and hold no other")
    return body
