"""Reads from a checkout what `app.analysis.outfit` tells a repository's outfit from; nothing in it is run."""

from pathlib import Path

from app.analysis.outfit import Outfit, outfit
from app.git.objects import read_blobs, read_tree
from app.git.repository import default_branch, find_commit, open_repository


def read_outfit(path: Path) -> tuple[Outfit, str]:
    """What HEAD of the repository at `path` tells, and its default branch. Raises TellUser where there is no repository or no
    commit.
    """
    repository = open_repository(path)
    tree = read_tree(repository, find_commit(repository, "HEAD"))

    def read(path: str) -> str | None:
        entry = tree.get(path)
        content = read_blobs(repository, [entry.oid]).contents.get(entry.oid) if entry else None
        return None if content is None else content.decode(errors="replace")

    return outfit(tree.keys(), read), default_branch(repository)
