"""Finds the check boxes that somebody ticked on a digest; what ticking one does is `app.workflows.tick_boxes`'s."""

import re

from app.domain.digest import Box

MOST = 20
"""Boxes of one edit that are heard; nobody ticks more at once."""

_TICKED = re.compile(r"^ {0,8}[-*] \[[xX]\] <!-- recall:v1 do=([a-z]{1,20}) issue=([1-9][0-9]{0,9}) -->", re.MULTILINE)
_KINDS = frozenset(box.value for box in Box)
_TOLD = re.compile(r"([a-z]+) ([0-9]+)")

Ticked = tuple[tuple[Box, int], ...]


def newly_ticked(body: str, before: str) -> Ticked:
    """The boxes that are ticked now and were not, each with its issue. `before` is the body before the edit, "" where it was not
    edited: then none is new.
    """
    if not before:
        return ()
    known = set(_ticked(before))
    return tuple(box for box in dict.fromkeys(_ticked(body)) if box not in known)[:MOST]


def told(boxes: Ticked) -> str:
    """The boxes as the text of a job."""
    return "\n".join(f"{box} {issue}" for box, issue in boxes)


def heard(text: str) -> Ticked:
    """The boxes that such a text names."""
    matches = (match for match in map(_TOLD.fullmatch, text.splitlines()) if match)
    return tuple((Box(match[1]), int(match[2])) for match in matches if match[1] in _KINDS)


def _ticked(body: str) -> list[tuple[Box, int]]:
    return [(Box(kind), int(issue)) for kind, issue in _TICKED.findall(body.replace("\r\n", "\n")) if kind in _KINDS]
