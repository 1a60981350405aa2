"""Undoes a fix on another commit: by its patch, and where the code moved on, by a three-way merge."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.git.diff import RawChange
from app.git.repository import FixCommits, Repository
from app.git.run import GitFailed
from app.git.worktrees import apply, merge_undone, read_reverse


def reverse_of(repository: Repository, fix: FixCommits, changes: Sequence[RawChange]) -> bytes:
    """The patch that undoes these changes of a fix; empty where it would be over 8 MB."""
    try:
        return read_reverse(repository, fix, list(changes))
    except GitFailed:
        return b""


def undoing(patch: bytes, fix: FixCommits | None = None, changes: Sequence[RawChange] = ()) -> Callable[[Path], bool]:
    """What takes a fix back in a worktree and says whether it could; nothing is changed where it could not.

    With the patch alone only what still stands as the fix left it can be undone; with the commits, also what was moved since.
    """

    def undo(folder: Path) -> bool:
        if patch and apply(folder, patch):
            return True
        return bool(fix and changes) and merge_undone(folder, fix, list(changes)) if fix else False

    return undo
