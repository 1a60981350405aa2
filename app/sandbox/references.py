"""Which issues and commits a text names, by GitHub's rules for Markdown and for commit messages. Pure.

Input: `Fixes #7, see octo/shop#9` -> [Reference(None, 7, closing=True), Reference("octo/shop", 9, closing=False)]
"""

import re
from dataclasses import dataclass

from app.sandbox.markdown import prose

_REFERENCE = (
    r"(?:(?:https?://[^\s/]+/(?P<web>[\w.-]+/[\w.-]+)/(?:issues|pull)/(?P<web_number>\d+)\b)"
    r"|(?<![\w/`&#])(?P<repository>[\w.-]+/[\w.-]+)?(?:\#|(?<![\w#])GH-)(?P<number>\d+)\b)"
)
_KEYWORD = r"(?<![\w-])(?P<keyword>close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t]+"
_PATTERN = re.compile(rf"(?:{_KEYWORD})?{_REFERENCE}", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """An issue named in a text. `repository` None is the text's own; `closing` if a closing keyword stands before it."""

    repository: str | None
    number: int
    closing: bool


def references(text: str, markdown: bool = True) -> list[Reference]:
    """The issues a text names, each once, in order; in Markdown, code and comments name nothing."""
    found: dict[tuple[str | None, int], Reference] = {}
    for piece in prose(text) if markdown else [text]:
        for match in _PATTERN.finditer(piece):
            repository = match["web"] or match["repository"]
            key = (repository and repository.casefold(), int(match["number"] or match["web_number"]))
            closing = match["keyword"] is not None or (key in found and found[key].closing)
            found[key] = Reference(repository, key[1], closing)
    return list(found.values())
