"""Opens a repository on disk, bare or not, and finds in it the commit, merge or range that a person named as the fix."""

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import TellUser
from app.git.run import GitFailed, run

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that can be read. `shallow` and `partial` tell what may be missing in it."""

    path: Path
    shallow: bool
    partial: bool


@dataclass(frozen=True, slots=True)
class FixCommits:
    """A fix as two commits: everything known before it is `base`; `message` is what its authors said of it."""

    base: str
    head: str
    message: str


def open_repository(path: Path) -> Repository:
    """The repository at or above `path`. Raises TellUser where there is none."""
    if not path.is_dir():
        raise TellUser(f"{path} is not a folder: name the folder of a git repository with --repo.")
    try:
        told = (
            run(path, "rev-parse", "--absolute-git-dir", "--is-shallow-repository").decode(errors="surrogateescape").splitlines()
        )
    except GitFailed as error:
        raise TellUser(f"{path} is not a git repository: name one with --repo.") from error
    names = run(path, "config", "--list", "--name-only", "-z").decode(errors="replace").split("\0")
    partial = any(name == "extensions.partialclone" or name.endswith((".promisor", ".partialclonefilter")) for name in names)
    return Repository(Path(told[0]), shallow=told[1] == "true", partial=partial)


def find_commit(repository: Repository, revision: str) -> str:
    """The full sha of the commit that `revision` names. Raises TellUser where there is none, or where it names several."""
    if revision.startswith("-") or "\0" in revision or not revision.strip():
        raise TellUser(f"{revision!r} is not a commit: name a sha, a branch, a tag, or a range A..B.")
    try:
        told = run(repository.path, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except GitFailed as error:
        if "ambiguous" in error.stderr:
            raise TellUser(f"{revision!r} is the beginning of more than one commit: give more of its sha.") from error
        raise TellUser(f"There is no commit {revision!r} in {repository.path}{_remedy(repository)}.") from error
    sha = told.decode().strip().splitlines()[-1]
    if not _SHA.fullmatch(sha):
        raise TellUser(f"{revision!r} does not name one commit in {repository.path}.")
    return sha


def default_branch(repository: Repository) -> str:
    """The name of the default branch as far as this clone knows: its remote's, else the one that is checked out, else main."""
    for name in ("refs/remotes/origin/HEAD", "HEAD"):
        with contextlib.suppress(GitFailed):
            told = run(repository.path, "symbolic-ref", "--quiet", "--", name).decode(errors="replace").strip()
            return told.removeprefix("refs/remotes/origin/").removeprefix("refs/heads/")
    return "main"


def find_fix(repository: Repository, revision: str) -> FixCommits:
    """The fix that a commit, a merge commit (against its first parent) or a range `A..B` (against the merge base) stands for.

    Raises TellUser for what is not there, for a first commit (nothing is before it) and for an empty range.
    """
    if "..." in revision:
        left, _, right = revision.partition("...")
    elif ".." in revision:
        left, _, right = revision.partition("..")
    else:
        return _one_commit(repository, find_commit(repository, revision))
    head = find_commit(repository, right or "HEAD")
    base = _merge_base(repository, find_commit(repository, left or "HEAD"), head)
    messages = run(repository.path, "log", "--no-merges", "--format=%B", "-n", "200", f"{base}..{head}", "--").decode(
        errors="replace"
    )
    if base == head:
        raise TellUser(f"The range {revision} is empty: nothing lies between its two ends.")
    return FixCommits(base, head, messages.strip())


def _one_commit(repository: Repository, head: str) -> FixCommits:
    told = run(repository.path, "log", "-1", "--format=%P%n%B", head, "--").decode(errors="replace")
    parents, _, message = told.partition("\n")
    if not parents:
        if repository.shallow:
            raise TellUser(f"{head[:10]} is where this shallow clone ends: run `git fetch --unshallow`, then ask again.")
        raise TellUser(
            f"{head[:10]} is the first commit of its history: there is nothing before it that tests could have guarded."
        )
    return FixCommits(parents.split()[0], head, _merged_messages(repository, parents.split(), message.strip()))


def _merged_messages(repository: Repository, parents: list[str], message: str) -> str:
    """A merge's own message says little ("Merge pull request #5"), so those of the commits it brought in follow it."""
    if len(parents) < 2:
        return message
    brought = run(repository.path, "log", "--no-merges", "--format=%B", "-n", "50", f"{parents[0]}..{parents[1]}", "--")
    return f"{message}\n\n{brought.decode(errors='replace').strip()}".strip()


def _merge_base(repository: Repository, left: str, right: str) -> str:
    try:
        return run(repository.path, "merge-base", left, right).decode().strip().splitlines()[0]
    except (GitFailed, IndexError) as error:
        raise TellUser(f"{left[:10]} and {right[:10]} share no history{_remedy(repository)}.") from error


def _remedy(repository: Repository) -> str:
    if repository.shallow:
        return " (a shallow clone: run `git fetch --unshallow`)"
    return " (fetch it first, if it is on a remote)"
