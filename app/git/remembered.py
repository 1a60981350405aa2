"""Reads what recall remembers of a repository from a clone, on the branch that its Action writes to."""

from pathlib import Path

from app.analysis import ledger
from app.domain.errors import TellUser
from app.domain.job import Recall
from app.git.objects import read_blobs, read_tree
from app.git.repository import Repository, find_commit, open_repository

_LARGEST = 1 << 20


def read_remembered(path: Path, *, needed: bool = True) -> tuple[Recall, ...]:
    """The recalls on the branch `recall-data` of the clone at `path`, as it was last fetched. Without that branch there are none;
    where it is `needed`, raises TellUser.
    """
    repository = open_repository(path)
    tip = _tip(repository)
    if tip is None:
        if not needed:
            return ()
        raise TellUser(
            f"{repository.path} has no branch {ledger.BRANCH}: fetch it (git fetch origin {ledger.BRANCH}:{ledger.BRANCH}),"
            " or name a repository as OWNER/NAME."
        )
    tree = read_tree(repository, tip)
    prefix = f"{ledger.FOLDER}/"
    oids = {
        number: entry.oid
        for name, entry in tree.items()
        if name.startswith(prefix) and (number := ledger.number_of(name.removeprefix(prefix))) is not None
    }
    contents = read_blobs(repository, oids.values(), _LARGEST).contents
    texts = (contents.get(oid, b"").decode(errors="replace") for _, oid in sorted(oids.items()))
    return tuple(recall for text in texts if (recall := ledger.read(text)) is not None)


def _tip(repository: Repository) -> str | None:
    for name in (f"refs/remotes/origin/{ledger.BRANCH}", f"refs/heads/{ledger.BRANCH}"):
        try:
            return find_commit(repository, name)
        except TellUser:
            continue
    return None
