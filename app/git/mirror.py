"""Bare mirrors of repositories on GitHub: cloned once, fetched after that, kept in a folder of bounded size.

Several processes may share the folder. A mirror is changed by one at a time and removed only while nobody reads it, both by
file locks that end with the process that held them.
"""

import contextlib
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from app.domain.delivery import Remote, Repository
from app.domain.escape import Fix
from app.git.fetching import Damaged, Fetching, folder_size
from app.git.locks import Busy, Lock
from app.git.run import GitFailed, GitTooSlow, run

_GRAPH_SECONDS = 300.0
_MANY_PACKS = 40


class Mirrors:
    """The mirrors below `folder`, at most `most_bytes` together; the one used longest ago goes first, never one in use."""

    def __init__(self, folder: Path, most_bytes: int = 20 << 30, fetching: Fetching | None = None) -> None:
        self._folder = folder.resolve()
        self._most = most_bytes
        self._fetching = fetching or Fetching()

    @contextlib.contextmanager
    def fetch(self, repository: Repository, remote: Remote, fix: Fix | None) -> Iterator[Path]:
        """An up-to-date bare mirror that holds the fix's commits as far as GitHub has them; it stays while the block runs.

        Raises TryLater where GitHub or another process keeps it from being brought up to date, GiveUp where recall may not
        read the code, TellUser where the repository is too large.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        mirror = self._folder / _name(repository, remote)
        with Lock(mirror.with_suffix(".use")) as use, Lock(mirror.with_suffix(".change")) as change:
            use.share()
            if not _is_repository(mirror):
                self._make(mirror, repository, remote, use)
            seen = _identity(mirror)
            try:
                self._update(mirror, repository, remote, fix, change)
            except Damaged:
                self._make(mirror, repository, remote, use, instead_of=seen)
                self._update(mirror, repository, remote, fix, change)
            use.touch()
            self._shrink(mirror)
            yield mirror

    def _make(self, mirror: Path, repository: Repository, remote: Remote, use: Lock, instead_of: int | None = None) -> None:
        """Clones beside its place and moves it there at once, so that a half made mirror is never seen.

        `instead_of` is the damaged one; where another is there by now, another process was quicker, and that one is taken.
        """
        use.own()
        for left in self._folder.glob(f"{mirror.stem}.new-*"):
            _remove(left)
        if _is_repository(mirror) and _identity(mirror) != instead_of:
            use.share()
            return
        fresh = self._folder / f"{mirror.stem}.new-{secrets.token_hex(4)}"
        try:
            run(self._folder, "init", "--quiet", "--bare", "--template=", "--", fresh.name)
            self._fetching.branches(fresh, repository, remote)
            _remove(mirror)
            fresh.rename(mirror)
        finally:
            _remove(fresh)
        use.share()

    def _update(self, mirror: Path, repository: Repository, remote: Remote, fix: Fix | None, change: Lock) -> None:
        change.own()
        try:
            _clear_leftovers(mirror)
            self._fetching.branches(mirror, repository, remote)
            self._fetching.fix(mirror, repository, remote, fix)
            _index(mirror)
        finally:
            change.release()

    def _shrink(self, kept: Path) -> None:
        """Removes mirrors, the one used longest ago first, until the rest is small enough."""
        for left in self._folder.glob("*.gone-*"):
            shutil.rmtree(left, ignore_errors=True)
        mirrors = {mirror: folder_size(mirror) for mirror in self._folder.glob("*.git")}
        total = sum(mirrors.values())
        for mirror in sorted(mirrors, key=lambda m: _last_used(m.with_suffix(".use"))):
            if total <= self._most:
                return
            if mirror == kept:
                continue
            with Lock(mirror.with_suffix(".use")) as use, contextlib.suppress(Busy):
                use.own(seconds=0)
                _remove(mirror)
                total -= mirrors[mirror]


def _name(repository: Repository, remote: Remote) -> str:
    """One folder for each host and id: numbers collide between hosts, and names change."""
    host = re.sub(r"[^a-z0-9.-]", "_", (urlsplit(remote.url).netloc.rpartition("@")[2] or "local").casefold())
    return f"{host}-{repository.id}.git"


def _identity(mirror: Path) -> int | None:
    """Tells one folder from another that took its place."""
    try:
        told = mirror.stat()
    except FileNotFoundError:
        return None
    return told.st_ino


def _is_repository(mirror: Path) -> bool:
    if not mirror.is_dir():
        return False
    try:
        return run(mirror, "rev-parse", "--is-bare-repository", "--git-dir").split() == [b"true", b"."]
    except GitFailed:
        return False


def _index(mirror: Path) -> None:
    """Makes history quick to read. Without it everything still works, only slower, so its failing is no failure."""
    with contextlib.suppress(GitFailed, GitTooSlow):
        run(mirror, "commit-graph", "write", "--reachable", "--changed-paths", "--split", "--no-progress", seconds=_GRAPH_SECONDS)
        if len(list((mirror / "objects" / "pack").glob("*.pack"))) > _MANY_PACKS:
            run(mirror, "repack", "--geometric=2", "-d", "--quiet", seconds=_GRAPH_SECONDS)


def _clear_leftovers(mirror: Path) -> None:
    """What a killed git left behind would fill the disk or, as a lock, refuse every fetch to come; nobody else writes now."""
    pack = mirror / "objects" / "pack"
    graphs = mirror / "objects" / "info" / "commit-graphs"
    for left in (*mirror.glob("*.lock"), *mirror.glob("refs/**/*.lock"), *pack.glob("tmp_*"), *graphs.glob("*.lock")):
        left.unlink(missing_ok=True)


def _remove(folder: Path) -> None:
    """Takes the folder away under another name first, so that nobody finds half of it."""
    if folder.exists():
        gone = folder.with_name(f"{folder.stem}.gone-{secrets.token_hex(4)}")
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _last_used(lock: Path) -> float:
    try:
        return lock.stat().st_mtime
    except FileNotFoundError:
        return 0.0
