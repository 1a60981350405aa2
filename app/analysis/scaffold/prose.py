"""The plain sentences of a scaffold, the same in every language: what the issue tells, what the fix changed, what is to be done.

Every line is one harmless line of text; which signs make a comment or a literal of it is the dialect's to know.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from app.analysis.scaffold.errors import is_trace
from app.analysis.scaffold.plain import MAX_LINE, code_line, one_line, title_of, wrapped
from app.domain.scaffold import Blueprint, Literal, Snippet, Story
from app.domain.seam import SeamKind

MOST_LINES = 12
MOST_ACTUAL = 4
MOST_SNIPPET = 24
MOST_LITERALS = 4
MOST_CHANGED = 3
MOST_ROWS = 12
MAX_CODE = 200
MAX_VALUE = 60
WIDTH = 76
_WORD = re.compile(r"[^\W\d]\w*")
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
_FIRST = ("failure", "concurrency", "data")


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
    """The values that the fix changed, each said once on a line; a long one is broken between values, never inside of one."""
    told: list[list[str]] = []
    for literal in literals:
        before, after = _apart(one_line(literal.before), one_line(literal.after))
        if before and after:
            parts = [f"The fix turned {before}", f"into {after}"]
        elif before or after:
            parts = [f"The fix brought {after}" if after else f"The fix took away {before}"]
        else:
            continue
        lines = _in_lines([*parts, f"({one_line(literal.path, 120)})"])
        if lines not in told:
            told.append(lines)
    return [line for lines in told[:MOST_LITERALS] for line in lines]


def _apart(before: str, after: str) -> tuple[str, str]:
    """Both values, shortened so that what differs still shows; twice nothing where that cannot be shown."""
    if before and after and max(len(before), len(after)) > MAX_VALUE:
        start = max(0, len(posixpath.commonprefix([before, after])) - 12)
        same = len(posixpath.commonprefix([before[start:][::-1], after[start:][::-1]])) - 12
        ends = [len(value) - same if same > 0 else len(value) for value in (before, after)]
        before, after = (
            f"{'…' if start else ''}{value[start:end]}{'…' if same > 0 else ''}"
            for value, end in zip((before, after), ends, strict=True)
        )
    before, after = one_line(before, MAX_VALUE), one_line(after, MAX_VALUE)
    return (before, after) if before != after else ("", "")


def _in_lines(parts: Sequence[str]) -> list[str]:
    """The parts in as few lines of `WIDTH` as they fit in, each of them whole."""
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + 1 + len(part) <= WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(f"  {part}")
    return lines


def named(blueprint: Blueprint, lines: Sequence[str]) -> list[str]:
    """What the fix changed and where, for a test whose lines speak of none of it; empty where they do."""
    names = {name.rpartition(".")[2] for _, found in blueprint.changed for name in found}
    names |= {target.name for target in blueprint.targets}
    if names & {word for line in lines for word in _WORD.findall(line)}:
        return []
    files = [file for file in blueprint.changed if file[1]] or (() if blueprint.literals else blueprint.changed)
    told = []
    for path, found in files[:MOST_CHANGED]:
        place, shown = one_line(path, 120), [f"{one_line(name, MAX_VALUE)}," for name in found[:MOST_CHANGED]]
        told += _in_lines(
            ["The fix changed", *shown[:-1], shown[-1][:-1], f"({place})"] if shown else [f"The fix changed {place}"]
        )
    return told


def quoted(snippet: Snippet) -> list[str]:
    """The lines of a snippet as text, each whole; `...` stands for what is left out."""
    lines = [_code(line) for line in snippet.text.splitlines()[: MOST_SNIPPET + 1]]
    while lines and lines[0] in ("", "..."):
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return [*lines[:MOST_SNIPPET], "..."] if len(lines) > MOST_SNIPPET else lines


def _code(line: str) -> str:
    shown = code_line(line)
    return shown if len(shown) <= MAX_CODE else "..."


def telling(story: Story) -> list[Snippet]:
    """The snippets to show: no trace of an error that is told anyway."""
    return [snippet for snippet in story.snippets if story.raised is None or not is_trace(snippet.text)]


def snippet_shown(story: Story) -> list[str]:
    """The snippet that shows most in few lines, as text: code before a shell's session, a session before a log."""
    best = min(telling(story), key=lambda one: (one.language in ("", "shell"), one.text.count("\n") > MOST_SNIPPET), default=None)
    return quoted(best) if best else []


def issue_shown(story: Story) -> str:
    """`#123`, or `the issue`."""
    return f"#{story.number}" if story.number is not None else "the issue"


def conditions(seams: Sequence[SeamKind]) -> list[str]:
    """What is missing in most tests of such a seam, as a list to be worked off."""
    lines = [line for kind in seams for line in _CONDITIONS[kind]]
    return [f"Also try: {line}" for line in dict.fromkeys(lines)][:6]


def rows(seams: Sequence[SeamKind]) -> list[str]:
    """The same conditions one by one, each told with its kind (`failure: time-out`); what the far side does wrong comes first."""
    told = [line.partition(": ") for kind in seams for line in _CONDITIONS[kind]]
    told.sort(key=lambda line: _FIRST.index(line[0]))
    return list(dict.fromkeys(f"{kind}: {one}" for kind, _, listed in told for one in listed.split(", ")))[:MOST_ROWS]


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
