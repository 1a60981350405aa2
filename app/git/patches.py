"""Reads past commits with what they did to a few files, bounded in time and size; what they mean is for others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.analysis.patch_log import FORMAT, read_counts, read_patch_log
from app.domain.culprit import Candidate
from app.git.log import parse_log
from app.git.repository import Repository
from app.git.timed import Told, run_until

MAX_OUTPUT = 24 << 20
_PATCH = ("-p", "-U0", "-M", "-l200", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/")


@dataclass(frozen=True, slots=True)
class Commits:
    """Commits that were read, and whether these are all that were asked for (`whole`)."""

    commits: tuple[Candidate, ...]
    whole: bool


def read_last(repository: Repository, commits: Sequence[str], paths: Sequence[str], most: int, deadline: float) -> Commits:
    """The last `most` commits that lead to `commits` (they too) and changed one of `paths`, without merges, newest first."""
    if not (paths and commits):
        return Commits((), whole=True)
    arguments = ("log", "--no-merges", f"--max-count={most}", FORMAT, *_PATCH, *commits, "--", *_literal(paths))
    return _commits(run_until(repository, *arguments, deadline=deadline, limit=MAX_OUTPUT))


def read_named(repository: Repository, shas: Iterable[str], paths: Sequence[str], deadline: float) -> Commits:
    """The commits themselves with what they did to `paths`; a merge against its first parent."""
    asked = _lines(shas)
    if not asked:
        return Commits((), whole=True)
    arguments = ("log", "--no-walk=unsorted", "--diff-merges=first-parent", FORMAT, *_PATCH, "--stdin", "--", *_literal(paths))
    return _commits(run_until(repository, *arguments, stdin=asked, deadline=deadline, limit=MAX_OUTPUT))


def read_renames(repository: Repository, shas: Iterable[str], deadline: float) -> dict[str, dict[str, str]]:
    """Which files each commit renamed, old name by new one, told from their likeness in the whole commit."""
    asked = _lines(shas)
    if not asked:
        return {}
    shown = ("-z", "--raw", "--no-abbrev", "-M", "-l200", "--diff-filter=R", "--format=%x01%H %ct")
    told = run_until(repository, "log", "--no-walk=unsorted", *shown, "--stdin", stdin=asked, deadline=deadline, limit=MAX_OUTPUT)
    return {
        commit.sha: {change.path: change.old_path for change in commit.changes if change.old_path}
        for commit in parse_log(told.output)
    }


def count_files(repository: Repository, shas: Iterable[str], deadline: float) -> dict[str, int]:
    """How many files each whole commit changed, as far as the time allows; a merge against its first parent.

    Told from the trees alone: to count lines, all the contents would have to be compared, for seconds.
    """
    asked = _lines(shas)
    if not asked:
        return {}
    arguments = ("log", "--no-walk=unsorted", "--diff-merges=first-parent", FORMAT, "--raw", "--no-renames", "--stdin")
    return read_counts(run_until(repository, *arguments, stdin=asked, deadline=deadline, limit=MAX_OUTPUT).output)


def _commits(told: Told) -> Commits:
    return Commits(read_patch_log(told.output, whole=told.whole), told.whole)


def _lines(shas: Iterable[str]) -> bytes:
    return "".join(f"{sha}\n" for sha in shas).encode()


def _literal(paths: Sequence[str]) -> list[str]:
    return [f":(literal){path}" for path in paths]
