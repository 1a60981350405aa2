"""What differs between two commits, and who last touched the lines of a file, read from git's own output."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.sandbox.gitfolder import EMPTY_TREE, NOTHING, GitFolder

PATCH_BYTES = 500_000
STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "T": "changed", "C": "copied"}
_BLAMED = re.compile(rb"^([0-9a-f]{40}) \d+ (\d+)(?: (\d+))?$", re.MULTILINE)


@dataclass(frozen=True)
class ChangedFile:
    """One changed file. `patch` is None for binary and over-large files and for pure renames, as on GitHub."""

    path: str
    previous: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None


@dataclass(frozen=True)
class BlameRange:
    """Lines `start` to `end`, 1-based and inclusive, that one commit brought."""

    start: int
    end: int
    sha: str


def changes(git: GitFolder, base: str | None, head: str) -> list[ChangedFile]:
    """The files that differ between two commits (`base` None: from nothing), renames found."""
    pair = [base or EMPTY_TREE, head]
    raw = iter(git.git("diff-tree", "-r", "-M", "--raw", "--no-abbrev", "-z", *pair, "--").split(b"\0")[:-1])
    numbers = iter(git.git("diff-tree", "-r", "-M", "--numstat", "-z", *pair, "--").split(b"\0"))
    patches = iter(_patches(git.git("diff-tree", "-r", "-M", "-p", *pair, "--")))
    return [_changed(facts.decode().split(), raw, numbers, patches) for facts in raw]


def _changed(facts: list[str], raw: Iterator[bytes], numbers: Iterator[bytes], patches: Iterator[str | None]) -> ChangedFile:
    """The next file of three outputs of git that list the same files in the same order."""
    letter = facts[4][0]
    renamed = letter in "RC"
    paths = [next(raw).decode(errors="replace") for _ in range(2 if renamed else 1)]
    added, removed = next(numbers).split(b"\t")[:2]
    if renamed:
        next(numbers), next(numbers)
    patch = next(patches)
    if letter == "T":  # told as a removal and an addition
        patch = next(patches)
    return ChangedFile(
        path=paths[-1],
        previous=paths[0] if renamed else None,
        status=STATUS[letter],
        sha=facts[3] if facts[3] != NOTHING else facts[2],
        additions=_number(added),
        deletions=_number(removed),
        patch=patch,
    )


def blame(git: GitFolder, revision: str, path: str) -> list[BlameRange]:
    """Who brought each line of a file as it stands in a commit; raises GitFailed when it is not there."""
    told = git.git("blame", "--porcelain", revision, "--", path)
    ranges: list[BlameRange] = []
    for sha, line, _ in _BLAMED.findall(told):
        name, number = sha.decode(), int(line)
        if ranges and ranges[-1].sha == name and ranges[-1].end == number - 1:
            ranges[-1] = BlameRange(ranges[-1].start, number, name)
        else:
            ranges.append(BlameRange(number, number, name))
    return ranges


def _patches(printed: bytes) -> list[str | None]:
    """The hunks of each file of a `git diff -p`, in its order."""
    files = re.split(rb"^diff --git .*\n", printed, flags=re.MULTILINE)[1:]
    return [_hunks(text) for text in files]


def _hunks(text: bytes) -> str | None:
    start = re.search(rb"^@@ ", text, re.MULTILINE)
    if start is None or len(text) > PATCH_BYTES:
        return None
    return text[start.start() :].decode(errors="replace").removesuffix("\n")


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() else 0
