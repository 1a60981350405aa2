"""Reads which pull request a commit landed from the subject that GitHub gives it."""

import re

_LANDED = re.compile(r"^Merge pull request #(\d{1,9}) from |\(#(\d{1,9})\)$")
_BEHIND = re.compile(r"\s*\(#\d{1,9}\)$")


def pull_request_of(subject: str) -> int | None:
    """The number in `Round once (#431)` and in `Merge pull request #431 from acme/round`; None for any other subject."""
    match = _LANDED.search(subject.strip())
    return int(match[1] or match[2]) if match else None


def without_pull_request(subject: str) -> str:
    """`Round once (#431)` -> `Round once`: the subject beside which the number stands as a link."""
    return _BEHIND.sub("", subject.strip())
