"""Checks commits out into folders of their own, lays files over them, and undoes a fix there; the repository stays as it is.

`git worktree add` would write into the repository that was named, leave an entry there when it is killed, and share its branches
and tags with whatever the tests do to "their" repository. So each folder is a small repository of its own that borrows the
objects of the one that was named (gitrepository-layout(5), `objects/info/alternates`).
"""

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from app.domain.errors import TellUser
from app.git.diff import RawChange
from app.git.objects import Entry
from app.git.repository import FixCommits, Repository, find_commit
from app.git.run import GitFailed, run

SECONDS = 300.0
MAX_PATCH = 8 << 20
_NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "recall"), ("EMAIL", "recall@localhost"), ("DATE", "@0 +0000"))
}


@contextlib.contextmanager
def worktree(repository: Repository, commit: str, folder: Path) -> Iterator[Path]:
    """`folder`, made anew with the files of `commit`; it is gone afterwards, whatever happened.

    Raises TellUser where the commit's files are not all in this clone.
    """
    sha = find_commit(repository, commit)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        _borrow(repository, folder)
        _check_out(folder, sha)
        yield folder
    finally:
        remove(folder)


def lay_over(folder: Path, files: Mapping[str, Entry | None]) -> None:
    """Puts those files into a worktree, and takes away those that are None; git keeps every path inside the folder."""
    if gone := [path for path, entry in files.items() if entry is None]:
        listed = _listed(gone)
        run(folder, "rm", "-q", "-f", "--ignore-unmatch", "--pathspec-from-file=-", "--pathspec-file-nul", stdin=_literal(listed))
    there = {path: entry for path, entry in files.items() if entry is not None}
    if there:
        index = b"".join(f"{entry.mode} {entry.oid}\t".encode() + _bytes(path) + b"\0" for path, entry in there.items())
        run(folder, "update-index", "-z", "--replace", "--index-info", stdin=index)
        run(folder, "checkout-index", "-f", "-z", "--stdin", stdin=_listed(there))


def keep(folder: Path, content: bytes) -> str:
    """The id of a blob with this content, written into a worktree's own objects."""
    return run(folder, "hash-object", "-w", "--stdin", stdin=content).decode().strip()


def blob_id(repository: Repository, content: bytes) -> str:
    """The id that a blob with this content would have; nothing is written."""
    return run(repository.path, "hash-object", "--stdin", stdin=content).decode().strip()


def is_ancestor(repository: Repository, earlier: str, later: str) -> bool:
    """Whether the one commit is part of the other's history."""
    try:
        run(repository.path, "merge-base", "--is-ancestor", earlier, later)
    except GitFailed:
        return False
    return True


def merge_base(repository: Repository, left: str, right: str) -> str | None:
    """The commit that both go back to; None where they share no history."""
    try:
        return run(repository.path, "merge-base", left, right).decode().split()[0]
    except (GitFailed, IndexError):
        return None


def read_reverse(repository: Repository, fix: FixCommits, changes: list[RawChange]) -> bytes:
    """The patch that undoes these changes of a fix, fit for `git apply`. Raises GitFailed where it is over 8 MB."""
    if not changes:
        return b""
    paths = dict.fromkeys(path for change in changes for path in (change.path, change.old_path))
    return run(
        repository.path,
        *("diff-tree", "-r", "-p", "-M", "--binary", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color"),
        *("--src-prefix=a/", "--dst-prefix=b/", fix.head, fix.base, "--"),
        *(f":(literal){path}" for path in paths),
        limit=MAX_PATCH,
    )


def apply(folder: Path, patch: bytes) -> bool:
    """Whether the patch could be applied in a worktree as it stands; if not, nothing is changed."""
    try:
        run(folder, "apply", "--index", "--whitespace=nowarn", "-", stdin=patch)
    except GitFailed:
        return False
    return True


def merge_undone(folder: Path, fix: FixCommits, changes: list[RawChange]) -> bool:
    """Undoes these changes of a fix in a worktree by a three-way merge, which follows files that were renamed since.

    What is merged is the fix's own state with the changes taken back, so that tests which it brought stay. False, and a worktree
    as it was, where the merge has conflicts, or changes nothing: what the fix did is gone already.
    """
    extra = {**_NOBODY, "GIT_INDEX_FILE": os.fspath(folder / ".git" / "undone")}
    zero = "0" * len(fix.head)
    index = b"".join(
        line
        for change in changes
        for line in (
            b"0 " + zero.encode() + b"\t" + _bytes(change.path) + b"\0",
            f"{change.old_mode} {change.old_oid}\t".encode() + _bytes(change.old_path) + b"\0" if change.status != "A" else b"",
        )
    )
    run(folder, "read-tree", fix.head, extra=extra)
    run(folder, "update-index", "-z", "--replace", "--index-info", stdin=index, extra=extra)
    tree = run(folder, "write-tree", extra=extra).decode().strip()
    undone = run(folder, "commit-tree", tree, "-p", fix.head, "-m", "undone", extra=extra).decode().strip()
    try:
        run(folder, "cherry-pick", "--no-commit", undone, extra=_NOBODY, seconds=SECONDS)
    except GitFailed:
        run(folder, "reset", "--quiet", "--hard", "HEAD")
        return False
    return bool(run(folder, "diff-index", "--cached", "--name-only", "HEAD", "--"))


def default_tip(repository: Repository) -> str | None:
    """The commit that the default branch stands at as far as this clone knows: its remote's, else main, master, or HEAD."""
    names = ("refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master")
    for name in (*names, "refs/heads/main", "refs/heads/master", "HEAD"):
        with contextlib.suppress(GitFailed):
            return (
                run(repository.path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
                .decode()
                .strip()
            )
    return None


def untracked(checkout: Path) -> list[str]:
    """What lies in a checkout and is not tracked, ignored or not; a folder that holds nothing else ends in `/`."""
    told = run(checkout, "ls-files", "--others", "--directory", "--no-empty-directory", "-z", "--", ".")
    return [path for path in told.decode(errors="surrogateescape").split("\0") if path]


def changed_files(checkout: Path) -> list[str]:
    """The files of a checkout that differ from its commit or are new to it, but for ignored ones."""
    told = run(checkout, "ls-files", "--modified", "--others", "--exclude-standard", "--full-name", "-z", "--", ".")
    staged = run(checkout, "diff-index", "--cached", "--name-only", "--no-renames", "-z", "HEAD", "--")
    return list(dict.fromkeys(path for path in (told + staged).decode(errors="surrogateescape").split("\0") if path))


def top_of(path: Path) -> Path | None:
    """The folder of the checkout that `path` lies in; None for a bare repository."""
    try:
        told = run(path, "rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n")
    except GitFailed:
        return None
    return Path(told).resolve() if told else None


def remove(folder: Path) -> None:
    """Takes a folder away with everything in it, also what tests made unwritable. What cannot be removed stays."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return
    for place, _, _ in os.walk(folder):
        with contextlib.suppress(OSError):
            Path(place).chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)


def _borrow(repository: Repository, folder: Path) -> None:
    """An empty repository that reads the objects, the tags and the shallow ends of the one that was named."""
    kept = run(repository.path, "rev-parse", "--show-object-format", "--git-path", "objects", "--git-path", "shallow")
    form, objects, shallow = kept.decode(errors="surrogateescape").splitlines()
    run(folder.parent, "init", "--quiet", "--template=", f"--object-format={form}", "--", folder.name)
    inside = folder / ".git"
    (inside / "objects" / "info").mkdir(parents=True, exist_ok=True)
    (inside / "objects" / "info" / "alternates").write_bytes(os.fsencode((repository.path / objects).resolve()) + b"\n")
    with contextlib.suppress(FileNotFoundError):
        (inside / "shallow").write_bytes((repository.path / shallow).read_bytes())
    tags = run(repository.path, "for-each-ref", "--format=%(objectname) %(refname)", "--sort=refname", "refs/tags")
    (inside / "packed-refs").write_bytes(b"# pack-refs with: sorted\n" + tags)


def _check_out(folder: Path, sha: str) -> None:
    try:
        run(folder, "checkout", "--quiet", "--detach", sha, "--", seconds=SECONDS, config=(("advice.detachedHead", "false"),))
        missing = run(folder, "ls-files", "--deleted", "-z")  # git tells of a blob that is not there, and goes on
    except GitFailed as error:
        raise TellUser(f"The files of {sha[:10]} cannot be checked out ({error}): fetch them first.") from error
    if missing:
        raise TellUser(f"The files of {sha[:10]} are not all in this clone: fetch them first.")


def _bytes(path: str) -> bytes:
    return path.encode(errors="surrogateescape")


def _listed(paths: Iterable[str]) -> bytes:
    return b"".join(_bytes(path) + b"\0" for path in paths)


def _literal(listed: bytes) -> bytes:
    return b"".join(b":(literal)" + path + b"\0" for path in listed.split(b"\0") if path)
