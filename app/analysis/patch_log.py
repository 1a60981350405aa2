r"""Reads what `git log -p -U0` prints: commits with the patches of a few files each. Written for speed: hundreds come at once.

    \x01<sha> <committer date> <parents>\x02<subject>

    diff --git a/cart.py b/cart.py
    --- a/cart.py
    +++ b/cart.py
    @@ -3 +3 @@ def total(self):
    -    return 1
    +    return 3

A line of a patch never begins with \x01, and a subject is one line, so a commit's head cannot be forged by its contents.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.analysis.diffs import MAX_LINE
from app.analysis.quoting import unquoted
from app.domain.change import Hunk, Span
from app.domain.culprit import Candidate, PatchedFile

FORMAT = "--format=%x01%H %ct %P%x02%s"
MAX_LINES = 4000
"""Lines of a commit's patch that are kept in full; of each hunk behind them only the first `CUT` of either side."""
CUT = 20

_HEAD = re.compile(rb"\x01([0-9a-f]{40,64}) (\d*) ([0-9a-f ]*)\x02(.*)")
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)")
_SHOWN_HEADING = 120
_DIGITS = 11  # of a date; some commits tell none, or one that no clock shows


def read_patch_log(told: bytes, *, whole: bool = True) -> tuple[Candidate, ...]:
    """The commits in the order in which git told them; the last one is left out where the text was cut off (not `whole`)."""
    starts = [0] if told.startswith(b"\x01") else []
    at = told.find(b"\n\x01")
    while at >= 0:
        starts.append(at + 1)
        at = told.find(b"\n\x01", at + 1)
    ends = [*starts[1:], len(told)][: None if whole else -1]
    found = (_candidate(told[start:end]) for start, end in zip(starts, ends, strict=False))
    return tuple(one for one in found if one)


def read_counts(told: bytes) -> dict[str, int]:
    """How many files each commit changed, from `log --raw` under the same heads."""
    counts: dict[str, int] = {}
    sha = ""
    for line in told.split(b"\n"):
        if head := _HEAD.fullmatch(line):
            sha = head[1].decode()
            counts[sha] = 0
        elif sha and line.startswith(b":"):
            counts[sha] += 1
    return counts


def _candidate(told: bytes) -> Candidate | None:
    lines = told.split(b"\n")
    head = _HEAD.fullmatch(lines[0])
    if head is None:
        return None
    patch = tuple(_files(lines[1:]))
    spans = [(hunk.old, hunk.new) for file in patch for hunk in file.hunks]
    return Candidate(
        sha=head[1].decode(),
        when=int(head[2]) if 0 < len(head[2]) <= _DIGITS else 0,
        subject=head[4].decode(errors="replace").strip()[:MAX_LINE],
        parents=len(head[3].split()),
        inserted=sum(new.end - new.start + 1 for _, new in spans if new),
        deleted=sum(old.end - old.start + 1 for old, _ in spans if old),
        patch=patch,
    )


@dataclass
class _Section:
    """One file of a patch while it is read."""

    old: str | None = None
    new: str | None = None
    hunks: list[Hunk] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    def done(self) -> PatchedFile:
        return PatchedFile(self.new, self.old, tuple(self.hunks), tuple(self.headings))


def _files(lines: list[bytes]) -> Iterator[PatchedFile]:
    section: _Section | None = None
    kept = 0
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith(b"diff --git "):
            if section:
                yield section.done()
            section = _section(line)
        elif section is None:
            continue
        elif line.startswith(b"@@ ") and (match := _HUNK.match(line)):
            removed, added = int(match[2] or b"1"), int(match[4] or b"1")
            most = MAX_LINES if kept <= MAX_LINES else CUT
            start, at = at, _end_of_hunk(lines, at)
            section.hunks.append(_hunk(match, removed, added, lines[start:at], most))
            section.headings.append(match[5].decode(errors="replace").rstrip()[:_SHOWN_HEADING])
            kept += removed + added
        else:
            _name(section, line)
    if section:
        yield section.done()


def _end_of_hunk(lines: list[bytes], at: int) -> int:
    while at < len(lines) and lines[at][:1] in (b"+", b"-", b"\\", b" "):
        at += 1
    return at


def _hunk(match: re.Match[bytes], removed: int, added: int, lines: list[bytes], most: int) -> Hunk:
    old, new = int(match[1]), int(match[3])
    return Hunk(
        old=Span(old, old + removed - 1) if removed else None,
        new=Span(new, new + added - 1) if added else None,
        after=old if removed == 0 else old - 1,
        removed=_texts((line for line in lines if line[:1] == b"-"), most),
        added=_texts((line for line in lines if line[:1] == b"+"), most),
    )


def _texts(lines: Iterable[bytes], most: int) -> tuple[str, ...]:
    cut = (line for line, _ in zip(lines, range(most), strict=False))
    return tuple(line[1:].decode(errors="replace").rstrip("\r")[:MAX_LINE] for line in cut)


def _section(line: bytes) -> _Section:
    """What the first line tells of the names: `diff --git a/P b/P`, of use where no other line tells them."""
    names = line.removeprefix(b"diff --git ")
    half = (len(names) - 1) // 2
    left, right = unquoted(names[:half]), unquoted(names[half + 1 :])
    same = left[2:] if left[:2] == "a/" and right[:2] == "b/" and left[2:] == right[2:] else None
    return _Section(same, same)


def _name(section: _Section, line: bytes) -> None:
    """Takes a name from one of git's lines between `diff --git` and the first hunk."""
    if line.startswith((b"rename from ", b"copy from ")):
        section.old = unquoted(line.partition(b" from ")[2])
    elif line.startswith((b"rename to ", b"copy to ")):
        section.new = unquoted(line.partition(b" to ")[2])
    elif line.startswith(b"--- "):
        section.old = _side(line[4:])
    elif line.startswith(b"+++ "):
        section.new = _side(line[4:])
    elif line.startswith(b"new file mode "):
        section.old = None
    elif line.startswith(b"deleted file mode "):
        section.new = None


def _side(told: bytes) -> str | None:
    """`a/cart.py`, quoted where need be, with a tab behind it where it has blanks; `/dev/null` for none."""
    return None if told == b"/dev/null" else unquoted(told.removesuffix(b"\t"))[2:]
