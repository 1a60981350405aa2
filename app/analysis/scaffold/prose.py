"""The plain sentences of a scaffold, the same in every language: what the issue tells, what the fix changed, what is to be done.

Every line is one harmless line of text; which signs make a comment or a literal of it is the dialect's to know.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from app.analysis.scaffold.plain import MAX_LINE, code_line, one_line, title_of, wrapped
from app.domain.scaffold import Blueprint, Literal, Snippet, Story
from app.domain.seam import SeamKind

MOST_LINES = 12
MOST_ACTUAL = 4
MOST_SNIPPET = 24
MOST_LITERALS = 4
WIDTH = 76
_CONDITIONS = {
    SeamKind.DATABASE: (
        "data: empty, one row, many, missing or null fields, non-ASCII text",
        "concurrency: two writers at once, a retry after half of the work",
        "failure: the connection is lost, the transaction is rolled back",
    ),
    SeamKind.HTTP: (
        "data: an empty body, missing fields, an unexpected type, non-ASCII text",
        "concurrency: the same request twice at once",
        "failure: time-out, 429, 500, a body that is cut off",
    ),
    SeamKind.QUEUE: (
        "data: an empty message, an unknown version of it",
        "concurrency: delivered twice, out of order, to two workers",
        "failure: the broker is gone, the worker dies half way",
    ),
    SeamKind.SUBPROCESS: (
        "data: empty output, very long output, non-ASCII output",
        "failure: a non-zero exit, a time-out, the program is missing",
    ),
    SeamKind.SERVICE: (
        "data: an empty answer, missing fields, an unexpected type",
        "failure: time-out, refused, an answer that is cut off",
    ),
    SeamKind.MODULE: (),
}


def headline(story: Story) -> str:
    """`#123: Cart is empty after login`, in one line."""
    number = f"#{story.number}: " if story.number is not None else ""
    return f"{number}{title_of(story.title, WIDTH) or 'regression'}"


def given(story: Story) -> list[str]:
    """What was there before, from the issue; empty where it does not say."""
    return _told("Given: ", story.given)


def when(story: Story) -> list[str]:
    """What people did."""
    return _told("When: ", story.when)


def then(story: Story) -> list[str]:
    """What they expected, and what happened instead."""
    actual = [line for line in story.actual if one_line(line).rstrip(".") != one_line(story.title).rstrip(".")]
    told = _told("Expected: ", story.then) + _told("Actual: ", actual, MOST_ACTUAL)
    if story.raised and (story.raised.type or story.raised.message):
        error = ": ".join(part for part in (one_line(story.raised.type, 100), one_line(story.raised.message, 200)) if part)
        told += wrapped([error], WIDTH, "Raised: ")
    return told


def changed(literals: Sequence[Literal]) -> list[str]:
    """The values that the fix changed, each said once."""
    lines: dict[str, None] = {}
    for literal in literals:
        place = f" ({one_line(literal.path, 120)})"
        before, after = one_line(literal.before, 60), one_line(literal.after, 60)
        if before and after:
            lines[f"The fix turned {before} into {after}{place}"] = None
        elif after:
            lines[f"The fix brought {after}{place}"] = None
        elif before:
            lines[f"The fix took away {before}{place}"] = None
    return [line for told in islice(lines, MOST_LITERALS) for line in wrapped([told], WIDTH, indent="  ")]


def quoted(snippet: Snippet) -> list[str]:
    """The lines of a snippet as text."""
    lines = [code_line(line, WIDTH) for line in snippet.text.splitlines()[: MOST_SNIPPET + 1]]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return [*lines[:MOST_SNIPPET], "..."] if len(lines) > MOST_SNIPPET else lines


def snippet_shown(story: Story) -> list[str]:
    """The snippet that shows most in few lines, as text: code before a shell's session, a session before a log."""
    best = min(story.snippets, key=lambda one: (one.language in ("", "shell"), one.text.count("\n") > MOST_SNIPPET), default=None)
    return quoted(best) if best else []


def issue_shown(story: Story) -> str:
    """`#123`, or `the issue`."""
    return f"#{story.number}" if story.number is not None else "the issue"


def conditions(seams: Sequence[SeamKind]) -> list[str]:
    """What is missing in most tests of such a seam, as a list to be worked off."""
    lines = [line for kind in seams for line in _CONDITIONS[kind]]
    return [f"Also try: {line}" for line in dict.fromkeys(lines)][:6]


def finish(blueprint: Blueprint) -> str:
    """The sentence that an unfilled test fails with: what to assert."""
    story = blueprint.story
    expected = one_line(" ".join(story.then[:2]), 70).rstrip(".")
    of = issue_shown(story)
    if expected:
        return f"Unfinished: assert what {of} expects: {expected}"
    if story.raised and story.raised.type and story.raised.type != "AssertionError":
        return f"Unfinished: assert what {of} expects instead of {one_line(story.raised.type, 80)}"
    return f"Unfinished: assert what {of} expects"


def _told(first: str, lines: Sequence[str], most: int = MOST_LINES) -> list[str]:
    return list(_capped(wrapped((one_line(line, MAX_LINE) for line in lines), WIDTH, first), most))


def _capped(lines: Iterator[str], most: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == most:
            yield "..."
            return
        yield line
