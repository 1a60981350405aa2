"""The files of the covered commit as far as coverage is measured against them: paths, blobs, and which lines can have run."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.analysis.coverage.paths import Files, Prefix
from app.analysis.testmap.safe import is_safe
from app.domain.lines import MAX_LINE, LineSet, lines_of
from app.git.objects import Entry, read_blobs, read_tree
from app.git.repository import Repository

_REGULAR = ("100644", "100755")
_SUBMODULE = "160000"
_AT_ONCE = 500
_SLASHED = (".go", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".java", ".kt", ".cs", ".rs", ".php")
_MOST_MODULES = 500
_MODULE = re.compile(rb'^[ \t]*module[ \t]+"?([^\s"]+)"?', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CommitFiles:
    """The files of one commit that a map may speak of."""

    commit: str
    tree: Mapping[str, Entry]
    files: Files
    modules: tuple[Prefix, ...]

    def blob(self, path: str) -> str:
        """The object id of a file."""
        return self.tree[path].oid


@dataclass(frozen=True, slots=True)
class Lines:
    """What is known of one file's lines: how many there are, and which of them nothing can run.

    No tool says that a line of `idle` ran; one of `bare` may be told with the block of code that it stands in.
    """

    count: int
    idle: LineSet = 0
    bare: LineSet = 0

    def strange(self, ran: LineSet) -> LineSet:
        """Those of the lines that cannot have run: they lie beyond the file's end, or are blank or a comment."""
        return (ran >> self.count + 1 << self.count + 1) | (ran & self.idle)


def read_commit(repository: Repository, commit: str) -> CommitFiles:
    """The files of a commit. Raises TellUser where they are not all there."""
    tree = read_tree(repository, commit)
    regular = {path: entry for path, entry in tree.items() if entry.mode in _REGULAR and is_safe(path)}
    files = Files(regular, [path for path, entry in tree.items() if entry.mode == _SUBMODULE])
    return CommitFiles(commit, regular, files, tuple(_modules(repository, regular)))


def read_lines(repository: Repository, commit: CommitFiles, paths: Collection[str]) -> dict[str, Lines]:
    """The lines of those files; what is too large or not in a partial clone is left out."""
    known: dict[str, Lines] = {}
    wanted = sorted(paths)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        contents = read_blobs(repository, [commit.blob(path) for path in part]).contents
        known |= {path: _lines(path, contents[oid]) for path in part if (oid := commit.blob(path)) in contents}
    return known


def _lines(path: str, content: bytes) -> Lines:
    """Python's lines are told one by one. Elsewhere tools may tell whole blocks, blank lines and all."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    count = max(1, len(lines) - (not lines[-1]))
    if not path.endswith(".py"):
        return Lines(
            count, bare=lines_of(number for number, line in enumerate(lines[:MAX_LINE], 1) if _is_bare(path, line.strip()))
        )
    idle = 0
    for number, line in enumerate(lines[1:], 2):  # an empty module runs its line 1
        text = line.strip()
        # A `#` may also be text in a string of many lines, where an expression in braces has that line's number.
        if not text or (text.startswith(b"#") and b"{" not in text):
            idle |= 1 << number
    return Lines(count, idle)


def _is_bare(path: str, text: bytes) -> bool:
    """Blank, or a comment by its first signs; in a string of many lines it may be text, which nobody runs either."""
    return not text or (text.startswith(b"//") and path.endswith(_SLASHED))


def _modules(repository: Repository, tree: Mapping[str, Entry]) -> Iterator[Prefix]:
    """The import paths that Go's modules declare: files of `github.com/owner/repo/v2` stand in the folder of its `go.mod`."""
    paths: Sequence[str] = [path for path in tree if path.rpartition("/")[2] == "go.mod"][:_MOST_MODULES]
    contents = read_blobs(repository, [tree[path].oid for path in paths]).contents if paths else {}
    for path in paths:
        if declared := _MODULE.search(contents.get(tree[path].oid, b"")):
            yield Prefix(f"{declared[1].decode(errors='replace')}/", path.removesuffix("go.mod"))
