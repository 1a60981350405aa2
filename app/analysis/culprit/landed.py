"""Reads which pull request a commit landed from the subject that GitHub gives it."""

import re

_LANDED = re.compile(r"^Merge pull request #(\d{1,9}) from |\(#(\d{1,9})\)$")
_FROM = re.compile(r"^Merge pull request #\d{1,9} from \S+$")
_OF = re.compile(r"^(Merge (?:remote-tracking )?branch(?:es)? .{1,200}?) (?:of|from) \S+[:/]\S+")
_BEHIND = re.compile(r"\s*\(#\d{1,9}\)$")


def pull_request_of(subject: str) -> int | None:
    """The number in `Round once (#431)` and in `Merge pull request #431 from acme/round`; None for any other subject."""
    match = _LANDED.search(subject.strip())
    return int(match[1] or match[2]) if match else None


def without_pull_request(subject: str) -> str:
    """`Round once (#431)` -> `Round once`: the subject beside which the number stands as a link.

    Of a merge nothing is left of whose branch or repository it came from: that is a person's name.
    """
    return _OF.sub(r"\1", _FROM.sub("", _BEHIND.sub("", subject.strip())))
