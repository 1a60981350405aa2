"""Patches become hunks: which lines were removed and added, without context; which files they are in is git's to say."""

import re
from itertools import pairwise

from unidiff import PatchSet
from unidiff.errors import UnidiffParseError

from app.domain.change import Hunk, Span

_SECTION = re.compile(rb"^diff --git ", re.MULTILINE)
MAX_LINE = 2000


def split_patch(patch: bytes) -> tuple[bytes, ...]:
    """The sections of a patch, one for each file, in the order in which git lists the files.

    A line of content begins with a space, `+`, `-` or a backslash, so `diff --git` at the start of a line is always git's.
    """
    starts = [match.start() for match in _SECTION.finditer(patch)]
    return tuple(patch[start:end] for start, end in pairwise([*starts, len(patch)]))


def read_hunks(section: bytes) -> tuple[Hunk, ...] | None:
    """The hunks of one file's section of a `-U0` patch; None where git calls the file binary or the section is damaged.

    Undecodable bytes become U+FFFD and lines are cut at 2,000 characters: the text is for comparing words, not for applying.
    """
    begin = section.find(b"\n@@ ")
    if begin < 0:
        return None if b"\nBinary files " in section else ()
    text = "--- a/file\n+++ b/file\n" + section[begin + 1 :].decode(errors="replace")
    try:
        patch = PatchSet.from_string(text)
    except UnidiffParseError:
        return None
    return tuple(
        Hunk(
            old=_span(hunk.source_start, hunk.source_length),
            new=_span(hunk.target_start, hunk.target_length),
            after=hunk.source_start if hunk.source_length == 0 else hunk.source_start - 1,
            removed=tuple(_content(line.value) for line in hunk if line.is_removed),
            added=tuple(_content(line.value) for line in hunk if line.is_added),
        )
        for file in patch
        for hunk in file
    )


def _span(start: int, length: int) -> Span | None:
    return Span(start, start + length - 1) if length else None


def _content(line: str) -> str:
    return line.rstrip("\r\n")[:MAX_LINE]
