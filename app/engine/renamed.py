"""Follows files to their older names: the past commits on a file go on before the one that renamed it."""

from collections.abc import Iterable, Sequence

from app.domain.culprit import Candidate
from app.git.patches import Commits, read_last, read_named, read_renames
from app.git.repository import Repository

MOST_NAMES = 3
"""How often one file is followed to a name before."""
MOST_AT_ONCE = 12
FEWEST = 30
"""Commits under the older names that are read at least, though the newer ones were as many as were asked for."""


def with_older_names(
    repository: Repository, paths: Sequence[str], found: Commits, most: int, deadline: float
) -> tuple[Commits, frozenset[str]]:
    """The commits on `paths` that were `found`, and those before the files were renamed; and all the names that they had.

    A commit that made a file is asked whether it renamed it. Its patch is then read anew under both names, as is that of every
    commit before it that had been read under the later names alone.
    """
    commits = {one.sha: one for one in found.commits}
    names, whole = set(paths), found.whole
    for _ in range(MOST_NAMES):
        made = _made(commits.values(), names)[:MOST_AT_ONCE]
        renames = read_renames(repository, made, deadline)
        renamed = {
            sha: olds for sha in made if (olds := {old for new, old in renames.get(sha, {}).items() if new in names} - names)
        }
        if not renamed:
            break
        names.update(*renamed.values())
        at = read_named(repository, renamed, sorted(names), deadline)
        before = read_last(repository, [f"{sha}^" for sha in renamed], sorted(names), max(FEWEST, most - len(commits)), deadline)
        commits.update({one.sha: one for one in (*before.commits, *at.commits)})
        whole = whole and at.whole and before.whole
    return Commits(tuple(commits.values()), whole), frozenset(names)


def _made(commits: Iterable[Candidate], names: set[str]) -> list[str]:
    """The commits that seem to have made one of the files, first commits of a history apart."""
    return [one.sha for one in commits if one.parents and any(f.path in names and f.old_path is None for f in one.patch)]
