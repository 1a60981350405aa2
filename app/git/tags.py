"""Reads which tags contain a commit, each with the moment it was made and the moment of the commit that it names."""

from dataclasses import dataclass

from app.git.repository import Repository
from app.git.run import run

_FORMAT = "%(refname:strip=2)%00%(creatordate:unix)%00%(committerdate:unix)%(*committerdate:unix)"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. `made` is when it was made (of a lightweight one nobody knows: as `committed`), `committed` when the commit was that
    it names; seconds since 1970.
    """

    name: str
    made: int
    committed: int


def tags_containing(repository: Repository, commit: str, seconds: float = 10.0) -> tuple[Tag, ...]:
    """The tags that lead to `commit`, in no order; those without a readable date are left out. Raises GitTooSlow, GitFailed."""
    told = run(
        repository.path, "for-each-ref", f"--contains={commit}", f"--format={_FORMAT}", "refs/tags/", seconds=seconds
    ).decode(errors="replace")
    rows = (line.split("\0") for line in told.splitlines())
    return tuple(Tag(row[0], int(row[1]), int(row[2])) for row in rows if len(row) == 3 and row[1].isdigit() and row[2].isdigit())
