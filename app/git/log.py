"""Reads the history in one `git log`: past commits with the paths they changed, and blame of a few lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.change import Span
from app.domain.history import BlamedLine, PastCommit, PathChange
from app.git.repository import Repository
from app.git.run import GitFailed, run

COMMITS = 5000
_NO_DATE = 0
_DIGITS = 11  # of any date up to the year 5138
_BLAMED = re.compile(rb"^([0-9a-f]{40,64}) \d+ (\d+)", re.MULTILINE)


def read_log(repository: Repository, commit: str, limit: int = COMMITS, seconds: float = 30.0) -> tuple[PastCommit, ...]:
    """The last `limit` commits that lead to `commit` (itself first), with renames found by git's own similarity of content."""
    arguments = (
        "log",
        "-z",
        "--raw",
        "--no-abbrev",
        "-M",
        "-l400",
        "--no-textconv",
        f"--max-count={limit}",
        "--format=%x01%H %ct%n%B",
    )
    try:
        told = run(repository.path, *arguments, commit, "--", seconds=seconds)
    except GitFailed:
        # Likeness is told from contents, which a partial clone may lack; files moved as they are, from the trees alone.
        told = run(repository.path, *arguments, "-M100%", commit, "--", seconds=seconds)
    return tuple(parse_log(told))


def parse_log(told: bytes) -> Iterator[PastCommit]:
    """Commits from `log -z --raw --format=%x01%H %ct%n%B`: a header, then `:modes oids status`, path[, path] for each change."""
    tokens = iter(told.decode(errors="surrogateescape").split("\0"))
    header, changes = "", list[PathChange]()
    for token in tokens:
        if token.startswith("\x01"):
            if header:
                yield _past_commit(header, changes)
            header, changes = token, []
        elif token.lstrip("\n").startswith(":"):
            status = token.rpartition(" ")[2][:1]
            path = next(tokens, "")
            if status in "RC":
                changes.append(PathChange(status, next(tokens, ""), path))
            else:
                changes.append(PathChange(status, path))
    if header:
        yield _past_commit(header, changes)


def _past_commit(header: str, changes: list[PathChange]) -> PastCommit:
    first, _, message = header[1:].partition("\n")
    sha, _, when = first.partition(" ")
    return PastCommit(sha, seconds_of(when), message.strip(), tuple(changes))


def read_blame(
    repository: Repository, commit: str, path: str, spans: Sequence[Span], seconds: float = 10.0
) -> tuple[BlamedLine, ...]:
    """Which commit last wrote each line of `spans` (a commit that only re-indented it counts, too)."""
    ranges = [f"-L{span.start},{span.end}" for span in spans]
    told = run(repository.path, "blame", "--porcelain", "--no-textconv", *ranges, commit, "--", path, seconds=seconds)
    return tuple(BlamedLine(int(match[2]), match[1].decode()) for match in _BLAMED.finditer(told))


def commit_time(repository: Repository, commit: str) -> int:
    """When a commit was made, in seconds since 1970 by its committer's clock; 0 where it does not tell."""
    return seconds_of(run(repository.path, "log", "-1", "--format=%ct", commit, "--").decode())


def author_time(repository: Repository, commit: str) -> int:
    """When a commit was written, in seconds since 1970 by its author's clock; 0 where it does not tell."""
    return seconds_of(run(repository.path, "log", "-1", "--format=%at", commit, "--").decode())


def seconds_of(told: str) -> int:
    """A date as git prints it (`%ct`); 0 for none and for one that no clock shows, since anybody can write any into a commit."""
    told = told.strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _DIGITS else _NO_DATE


@dataclass(frozen=True, slots=True)
class Came:
    """When a file came between two commits: the commit and its committer date (ISO 8601), and the older commit's path of it, ""
    where it had none.
    """

    sha: str
    when: str
    older_path: str = ""


def read_coming(repository: Repository, older: str, newer: str, path: str, seconds: float = 5.0) -> Came | None:
    """How a file that stands at `newer` came after `older`, through renames one after another; None where no commit tells."""
    arguments = ("log", "--follow", "-z", "--raw", "--no-abbrev", "--format=%x01%H %cI")
    asked = (f"{older}..{newer}", "--", path)
    try:
        told = run(repository.path, *arguments, "-M", *asked, seconds=seconds)
    except GitFailed:
        # Likeness is told from contents, which a partial clone may lack; files moved as they are, from the trees alone.
        told = run(repository.path, *arguments, "-M100%", *asked, seconds=seconds)
    return parse_coming(told)


def parse_coming(told: bytes) -> Came | None:
    """The oldest change of `log --follow -z --raw --format=%x01%H %cI`, or the one that made the file as a copy of another."""
    found: Came | None = None
    header = ""
    tokens = iter(told.decode(errors="surrogateescape").split("\0"))
    for token in tokens:
        if token.startswith("\x01"):
            header = token[1:].partition("\n")[0]
        elif (status := token.lstrip("\n")).startswith(":"):
            letter, before = status.rpartition(" ")[2][:1], next(tokens, "")
            sha, _, when = header.partition(" ")
            found = Came(sha, when.strip(), "" if letter in "AC" else before)
            if letter == "C":
                break
            if letter == "R":
                next(tokens, "")
    return found
