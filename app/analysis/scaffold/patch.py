"""A scaffold as a patch that `git apply` takes."""

from collections.abc import Iterator
from difflib import unified_diff

from app.domain.scaffold import Scaffold


def scaffold_patch(scaffold: Scaffold) -> str:
    """The change in git's own form, for a file that is there or for a new one."""
    path = scaffold.test.path
    before = (scaffold.before or "").splitlines(keepends=True)
    after = scaffold.text.splitlines(keepends=True)
    opening = [f"diff --git a/{path} b/{path}\n"]
    if scaffold.new:
        opening.append("new file mode 100644\n")
    old = "/dev/null" if scaffold.new else f"a/{path}"
    return "".join([*opening, *_whole(unified_diff(before, after, old, f"b/{path}"))])


def _whole(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
