"""The bugs with known answers, and a scratch repository for each in which history ends at the fix.

`tests.jsonl` holds facts alone: where the bug was fixed, and which test files the real fix changed that existed before. The
repositories themselves are bare clones of the projects, `DIR/owner+name.git` (or `DIR/owner+name/repo`):

    git clone --bare https://github.com/owner/name DIR/owner+name.git
"""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

RECORDS = Path(__file__).with_name("tests.jsonl")
_AUTHOR = {
    "GIT_AUTHOR_NAME": "dev",
    "GIT_AUTHOR_EMAIL": "dev@example.com",
    "GIT_COMMITTER_NAME": "dev",
    "GIT_COMMITTER_EMAIL": "dev@example.com",
}


@dataclass(frozen=True)
class Bug:
    """One fixed bug. `hidden` are the test files that the real fix changed, `right` those of them that existed before."""

    id: str
    repo: str
    language: str
    base: str
    fix: str
    hidden: frozenset[str]
    right: frozenset[str]
    title: str = ""
    body: str = ""


def read_bugs(path: Path = RECORDS) -> tuple[Bug, ...]:
    """All bugs of a file of records, in their order. Records may carry the text of the issue (`issue_title`, `issue_body`)."""
    return tuple(_bug(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _bug(record: Mapping[str, object]) -> Bug:
    def files(key: str) -> frozenset[str]:
        value = record[key]
        return frozenset(map(str, value)) if isinstance(value, list) else frozenset()

    return Bug(
        id=str(record["id"]),
        repo=str(record["repo"]),
        language=str(record["language"]),
        base=str(record["base_commit"]),
        fix=str(record["fix_commit"]),
        hidden=files("test_files"),
        right=files("test_files_existing_before"),
        title=str(record.get("issue_title") or ""),
        body=str(record.get("issue_body") or ""),
    )


def mirror_of(mirrors: Path, repo: str) -> Path | None:
    """The folder of objects' parent of a project's bare clone; None if there is none."""
    flat = repo.replace("/", "+")
    places = (mirrors / flat / "repo" / ".git", mirrors / flat / "repo", mirrors / f"{flat}.git")
    return next((place for place in places if (place / "objects").is_dir()), None)


def git(repository: Path, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
    """What git printed. Raises CalledProcessError."""
    command = ["git", "-C", str(repository), "-c", "core.quotepath=off", *arguments]
    done = subprocess.run(
        command, input=stdin, capture_output=True, check=True, env={**os.environ, **_AUTHOR, **(environment or {})}
    )
    return done.stdout


@contextmanager
def scratch_repository(mirror: Path, bug: Bug) -> Iterator[tuple[Path, str]]:
    """A bare repository with one branch: the history before the fix, then the fix with its real message but without its tests.

    Gives the folder and the sha of that last commit. Objects are borrowed from the mirror.
    """
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        repository = folder / "repo.git"
        git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", str(repository))
        (repository / "objects" / "info" / "alternates").write_text(f"{(mirror / 'objects').resolve()}\n")
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        git(repository, "read-tree", bug.base, environment=index)
        git(
            repository, "update-index", "-z", "--index-info", stdin=b"".join(_visible_changes(repository, bug)), environment=index
        )
        tree = git(repository, "write-tree", environment=index).decode().strip()
        message = git(repository, "log", "-1", "--format=%B", bug.fix).decode(errors="replace").strip() or "fix"
        when = git(repository, "log", "-1", "--format=%cI", bug.fix).decode().strip()
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        made = git(repository, "commit-tree", tree, "-p", bug.base, "-F", "-", stdin=message.encode(), environment=dates)
        commit = made.decode().strip()
        git(repository, "update-ref", "refs/heads/main", commit)
        yield repository, commit


def _visible_changes(repository: Path, bug: Bug) -> Iterator[bytes]:
    """The fix's changes, without those to test files, as `update-index --index-info` reads them."""
    told = git(repository, "diff-tree", "-r", "-z", "--no-renames", bug.base, bug.fix).split(b"\0")
    for meta, path in zip(told[::2], told[1::2], strict=False):
        if path.decode(errors="surrogateescape") in bug.hidden:
            continue
        _, mode, _, oid, _ = meta.split(b" ")
        gone = mode == b"000000"
        yield (b"0 " + b"0" * 40 if gone else mode + b" " + oid) + b"\t" + path + b"\0"
