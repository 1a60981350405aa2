"""Any text as a string literal or a title of JavaScript, and nothing else than that."""

import re

from app.analysis.scaffold import prose
from app.analysis.scaffold.plain import one_line
from app.domain.scaffold import Story

MAX_STRING = 2_000


def string(text: str, quote: str) -> str:
    """A literal of one line. Line breaks, control signs and U+2028 are dropped before; backslashes and quotes are escaped."""
    shown = one_line(text, MAX_STRING)
    return quote + shown.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def quote_for(text: str, quote: str) -> str:
    """The neighbours' quote, or the other one where that saves an escape."""
    other = '"' if quote == "'" else "'"
    return other if quote in text and other not in text else quote


def title_text(story: Story) -> str:
    """`issue #123: cart is empty`, so that it reads the same in the file, in the runner's output and in its filters.

    Backslashes, quotes at its ends, both kinds of quotes at once and ` > ` (which parts the groups from the test) would not.
    """
    told = prose.headline(story)
    told = f"issue {told}" if story.number is not None else told
    told = re.sub(r"@(?=(?:vitest|jest)-)", "", told)  # Vitest looks for its orders in the whole file
    told = re.sub(r"\s+>\s+", ">", told.replace("\\", "/").replace("`", "'"))
    if "'" in told and '"' in told:
        told = told.replace('"', "'")
    return told.strip("'\" ").strip() or "regression"
