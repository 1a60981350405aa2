"""One bare git repository of the sandbox, read and written through real git; what it means for issues is decided elsewhere."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.git.run import GitFailed, run

NOTHING = "0" * 40
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclass(frozen=True)
class Person:
    """Who wrote a commit, and when."""

    name: str
    email: str
    date: datetime


@dataclass(frozen=True)
class Commit:
    """A commit as git stores it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


@dataclass(frozen=True)
class Entry:
    """One entry of a tree. `size` is None for anything but a blob."""

    mode: str
    type: str
    sha: str
    size: int | None
    path: str


class Conflict(Exception):
    """Two sides changed the same lines; the message names the paths."""


class GitFolder:
    """A bare repository in `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.signed: set[str] = set()
        self._commits: dict[str, Commit] = {}
        self._between: dict[tuple[str, str], frozenset[str]] = {}

    @classmethod
    def create(cls, path: Path, branch: str) -> "GitFolder":
        """A new empty repository whose HEAD is `branch`."""
        path.mkdir(parents=True)
        run(path, "init", "--quiet", "--bare", ".")
        run(path, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
        return cls(path)

    @classmethod
    def clone(cls, source: Path, path: Path) -> "GitFolder":
        """A bare clone of a repository on this machine; the source is never written to."""
        path.parent.mkdir(parents=True, exist_ok=True)
        source = source.resolve()
        run(
            path.parent,
            *("clone", "--quiet", "--bare", "--", os.fspath(source), os.fspath(path)),
            extra={"GIT_ALLOW_PROTOCOL": "file"},
            seconds=600,
        )
        return cls(path)

    def git(self, *arguments: str, stdin: bytes = b"", extra: dict[str, str] | None = None) -> bytes:
        """What git printed; raises GitFailed."""
        return run(self.path, *arguments, stdin=stdin, extra=extra)

    def text(self, *arguments: str) -> str:
        """What git printed, as text without the newline at its end."""
        return self.git(*arguments).decode(errors="replace").rstrip("\n")

    def head(self, otherwise: str) -> str:
        """The name of the branch that HEAD names; a detached HEAD is given the branch `otherwise`."""
        try:
            return self.text("symbolic-ref", "--short", "HEAD")
        except GitFailed:
            self.set_ref(f"refs/heads/{otherwise}", self.text("rev-parse", "HEAD"))
            self.git("symbolic-ref", "HEAD", f"refs/heads/{otherwise}")
            return otherwise

    def resolve(self, name: str, kind: str = "commit") -> str | None:
        """The full sha of a branch, tag, ref or (short) sha, or None. Names that look like options resolve to nothing."""
        for candidate in (f"refs/heads/{name}", name):
            try:
                return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{candidate}^{{{kind}}}")
            except GitFailed:
                continue
        return None

    def ref(self, name: str) -> str | None:
        """The sha a full ref name points to, or None."""
        return self.refs(name).get(name)

    def refs(self, prefix: str = "refs/heads") -> dict[str, str]:
        """All refs under a prefix with their shas."""
        lines = self.text("for-each-ref", "--format=%(refname) %(objectname)", "--", prefix).splitlines()
        return {name: sha for name, _, sha in (line.partition(" ") for line in lines)}

    def set_ref(self, name: str, new: str, old: str | None = None) -> None:
        """Moves or makes a ref; with `old` only from there (NOTHING: only when it does not exist). Raises GitFailed."""
        self.git("update-ref", name, new, *([old] if old else []))

    def fetch(self, source: "GitFolder", sha: str) -> None:
        """Brings a commit and its history from another repository of the sandbox."""
        if source is not self:
            self.git("fetch", "--quiet", "--", os.fspath(source.path), sha, extra={"GIT_ALLOW_PROTOCOL": "file"})

    def delete_ref(self, name: str) -> None:
        """Removes a ref."""
        self.git("update-ref", "-d", name)

    def commit(self, sha: str) -> Commit:
        """The commit with that full sha; raises GitFailed when there is none."""
        if sha not in self._commits:
            self._commits[sha] = _read_commit(sha, self.git("cat-file", "commit", sha).decode(errors="replace"))
        return self._commits[sha]

    def log(self, what: str, limit: int = 250, path: str | None = None) -> list[Commit]:
        """Commits of a revision or range, newest first, at most `limit`, those that touch `path` if given."""
        paths = [path] if path else []
        shas = self.text("rev-list", f"--max-count={limit}", "--end-of-options", what, "--", *paths).split()
        return [self.commit(sha) for sha in shas]

    def between(self, base: str, head: str) -> frozenset[str]:
        """The shas of the commits that `head` has and `base` has not; both are full shas."""
        if (base, head) not in self._between:
            self._between[base, head] = frozenset(self.text("rev-list", f"{base}..{head}", "--").split())
        return self._between[base, head]

    def count(self, what: str) -> int:
        """How many commits a range has."""
        return int(self.text("rev-list", "--count", "--end-of-options", what, "--"))

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor, or None when the histories are unrelated."""
        try:
            return self.text("merge-base", one, other).split("\n")[0]
        except GitFailed:
            return None

    def contains(self, tip: str, sha: str) -> bool:
        """Whether `sha` is `tip` or one of its ancestors."""
        return self.merge_base(tip, sha) == sha

    def entry(self, revision: str, path: str) -> Entry | None:
        """What stands at a path in a commit or tree, or None; the empty path is the root."""
        path = path.strip("/")
        if not path:
            return Entry("040000", "tree", self.text("rev-parse", f"{revision}^{{tree}}"), None, "")
        return next((found for found in self.tree(revision, paths=[path]) if found.path == path), None)

    def tree(self, revision: str, recursive: bool = False, paths: Sequence[str] = ()) -> list[Entry]:
        """The entries of a tree, folders included."""
        flags = ["-r", "-t"] if recursive else []
        listed = self.git("ls-tree", "-z", "-l", "--full-tree", *flags, revision, "--", *paths)
        return [_read_entry(line) for line in listed.decode(errors="replace").split("\0") if line]

    def blob(self, sha: str) -> bytes:
        """The bytes of a blob."""
        return self.git("cat-file", "blob", sha)

    def file(self, revision: str, path: str) -> bytes | None:
        """The bytes of a file in a commit, or None."""
        found = self.entry(revision, path)
        return self.blob(found.sha) if found and found.type == "blob" else None

    def write_blob(self, content: bytes) -> str:
        """Stores bytes; gives their sha."""
        return self.git("hash-object", "-w", "--stdin", stdin=content).decode().strip()

    def write_tree(self, base: str | None, entries: Sequence[tuple[str, str | None, str]]) -> str:
        """A tree: `base` with (mode, sha, path) entries laid over it; a sha of None takes the path out."""
        with self.index() as extra:
            if base:
                self.git("read-tree", base, extra=extra)
            for mode, sha, path in entries:
                if mode == "040000" and sha:
                    self.git("read-tree", f"--prefix={path}/", sha, extra=extra)
            lines = [
                f"{mode} {sha}\t{path}\0" if sha else f"0 {NOTHING}\t{path}\0" for mode, sha, path in entries if mode != "040000"
            ]
            self.git("update-index", "-z", "--index-info", stdin="".join(lines).encode(), extra=extra)
            return self.git("write-tree", extra=extra).decode().strip()

    def write_commit(
        self, tree: str, parents: Sequence[str], message: str, author: Person, committer: Person | None = None
    ) -> str:
        """Stores a commit; gives its sha."""
        extra = {}
        for role, person in (("AUTHOR", author), ("COMMITTER", committer or author)):
            extra[f"GIT_{role}_NAME"] = person.name
            extra[f"GIT_{role}_EMAIL"] = person.email
            extra[f"GIT_{role}_DATE"] = f"{int(person.date.timestamp())} +0000"
        flags = [flag for parent in parents for flag in ("-p", parent)]
        return self.git("commit-tree", tree, *flags, "-F", "-", stdin=message.encode(), extra=extra).decode().strip()

    def merge_trees(self, base: str, ours: str, theirs: str) -> str:
        """The tree of a three-way merge of commits or trees, by content but without renames; raises Conflict."""
        with self.index() as extra:
            self.git("read-tree", "-i", "-m", "--aggressive", base, ours, theirs, extra=extra)
            unmerged: dict[str, dict[str, str]] = {}
            for line in self.git("ls-files", "-u", "-z", extra=extra).decode().split("\0")[:-1]:
                (mode, sha, stage), path = line.partition("\t")[0].split(), line.partition("\t")[2]
                unmerged.setdefault(path, {"mode": mode})[stage] = sha
            merged = [f"{sides['mode']} {self._merge_file(path, sides)}\t{path}\0" for path, sides in unmerged.items()]
            self.git("update-index", "-z", "--index-info", stdin="".join(merged).encode(), extra=extra)
            return self.git("write-tree", extra=extra).decode().strip()

    def _merge_file(self, path: str, sides: dict[str, str]) -> str:
        if not {"1", "2", "3"} <= set(sides):
            raise Conflict(path)
        with tempfile.TemporaryDirectory() as folder:
            names = [Path(folder, stage) for stage in "213"]
            for name in names:
                name.write_bytes(self.blob(sides[name.name]))
            try:
                return self.write_blob(self.git("merge-file", "-p", *map(os.fspath, names)))
            except GitFailed as error:
                raise Conflict(path) from error

    @contextmanager
    def index(self) -> Iterator[dict[str, str]]:
        """An index of its own for a few commands, as the environment that names it."""
        with tempfile.TemporaryDirectory() as folder:
            yield {"GIT_INDEX_FILE": os.fspath(Path(folder, "index"))}


def _read_commit(sha: str, raw: str) -> Commit:
    head, _, message = raw.partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        name, _, value = line.partition(" ")
        fields.setdefault(name, []).append(value)
    author, committer = _read_person(fields["author"][0]), _read_person(fields["committer"][0])
    return Commit(sha, fields["tree"][0], tuple(fields.get("parent", ())), author, committer, message.rstrip("\n"))


def _read_person(line: str) -> Person:
    """`Mona <mona@example.com> 1700000000 +0100` -> Person."""
    name, _, rest = line.rpartition(" <")
    email, _, when = rest.partition("> ")
    return Person(name, email, datetime.fromtimestamp(int(when.split()[0]), UTC))


def _read_entry(line: str) -> Entry:
    r"""`100644 blob SHA     12\tpath` -> Entry."""
    facts, _, path = line.partition("\t")
    mode, kind, sha, size = facts.split()
    return Entry(mode, kind, sha, int(size) if size.isdigit() else None, path)
