"""Patches become hunks: which lines were removed and added, without context; which files they are in is git's to say."""

import re
from itertools import pairwise

from unidiff import PatchSet
from unidiff.errors import UnidiffParseError

from app.domain.change import Hunk, Span

_SECTION = re.compile(rb"^diff --git ", re.MULTILINE)
_HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_INDEX = re.compile(rb"^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})", re.MULTILINE)
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


def read_spans(section: bytes) -> tuple[Hunk, ...] | None:
    """The hunks of one file's section without their text, which is all that carrying lines needs; None for a binary file."""
    if b"\n@@ " not in section:
        return None if b"\nBinary files " in section else ()
    return tuple(_spans(*(int(number or b"1") for number in match.groups())) for match in _HUNK.finditer(section))


def _spans(old: int, removed: int, new: int, added: int) -> Hunk:
    return Hunk(_span(old, removed), _span(new, added), after=old if removed == 0 else old - 1)


def read_index(section: bytes) -> tuple[str, str] | None:
    """The ids of the blobs that a section compares, where git told them in full; None where their contents are the same."""
    match = _INDEX.search(section.partition(b"\n@@ ")[0])
    return (match[1].decode(), match[2].decode()) if match else None


def _span(start: int, length: int) -> Span | None:
    return Span(start, start + length - 1) if length else None


def _content(line: str) -> str:
    return line.rstrip("\r\n")[:MAX_LINE]
