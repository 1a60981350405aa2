"""Any text as a string or a title of Ruby, and nothing else than that."""

import re

from app.analysis.scaffold import prose
from app.analysis.scaffold.plain import one_line
from app.domain.scaffold import Story

MAX_STRING = 2_000
_EVALUATED = re.compile(r"#(?=[{$@])")


def string(text: str, quote: str) -> str:
    """A literal of one line; in double quotes nothing of it is evaluated."""
    shown = one_line(text, MAX_STRING).replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return quote + (_EVALUATED.sub(r"\\#", shown) if quote == '"' else shown) + quote


def quote_for(text: str, quote: str) -> str:
    """The neighbours' quote, or the other one where that saves an escape."""
    other = '"' if quote == "'" else "'"
    return other if quote in text and other not in text else quote


def title_text(story: Story) -> str:
    """`issue #123: cart is empty`, without what would have to be escaped: it reads the same in the file and in the output."""
    told = prose.headline(story)
    told = f"issue {told}" if story.number is not None else told
    told = re.sub(r"\s+>\s+", ">", _EVALUATED.sub("", told.replace("\\", "/")))
    if "'" in told and '"' in told:
        told = told.replace('"', "'")
    return told.strip() or "regression"
