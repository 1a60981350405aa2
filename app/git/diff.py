"""Reads what lies between two commits: which paths changed and how, and the text of the changes as one patch."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.git.repository import Repository
from app.git.run import GitFailed, run

MAX_PATCH = 64 << 20


@dataclass(frozen=True, slots=True)
class RawChange:
    """One changed path as git lists it: status letter, modes and object ids on both sides (all zero where absent)."""

    status: str
    path: str
    old_path: str
    old_mode: str
    new_mode: str
    old_oid: str
    new_oid: str


def read_changes(repository: Repository, base: str, head: str, paths: Sequence[str] = ()) -> tuple[RawChange, ...]:
    """Every path that differs between two commits, renames found; of `paths` alone where there are any, renames among them."""
    literal = (f":(literal){path}" for path in paths)
    arguments = ("diff-tree", "-r", "-z", "--raw", "--no-abbrev", base, head, "--", *literal)
    try:
        told = run(repository.path, *arguments[:2], "-M", *arguments[2:])
    except GitFailed:
        told = run(repository.path, *arguments)  # contents that renames are found by are not in this clone
    return tuple(parse_raw(told))


def parse_raw(told: bytes) -> list[RawChange]:
    """`:old-mode new-mode old-oid new-oid status` NUL path NUL [path NUL], as `diff-tree -z --raw` prints it."""
    tokens = iter(told.decode(errors="surrogateescape").split("\0"))
    changes = []
    for token in tokens:
        if not token.startswith(":"):
            continue
        old_mode, new_mode, old_oid, new_oid, status = token[1:].split(" ")
        old_path = next(tokens)
        path = next(tokens) if status[:1] in "RC" else old_path
        changes.append(RawChange(status[:1], path, old_path, old_mode, new_mode, old_oid, new_oid))
    return changes


def read_patch(repository: Repository, base: str, head: str, paths: Sequence[str]) -> bytes:
    """The patch of `paths` without context lines. Raises GitFailed where it is over 64 MB or contents are missing."""
    return run(
        repository.path,
        *("-c", "core.quotePath=true"),
        *(
            "diff-tree",
            "-r",
            "-p",
            "-M",
            "-U0",
            "--full-index",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--src-prefix=a/",
            "--dst-prefix=b/",
        ),
        *(base, head, "--"),
        *(f":(literal){path}" for path in paths),
        limit=MAX_PATCH,
    )
