"""Writes the change of one text file as a patch that `git apply` takes; applying one is left to git."""

import difflib
from collections.abc import Iterator

_SHORT = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}
_NO_NEWLINE = "\\ No newline at end of file\n"


def patch(path: str, before: str | None, after: str) -> str:
    r"""The change from `before` (None where there is no such file) to `after`; empty where nothing changes.

    `patch("a.py", "x\n", "x\ny\n")` ends in ` x`, `+y`. The form is git's own: docs, `git-diff`, "Generating patch text with -p".
    """
    if before == after:
        return ""
    old, new = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    head = f"diff --git {old} {new}\n"
    if before is None:
        head += "new file mode 100644\n"
        old = "/dev/null"
    hunks = difflib.unified_diff(list(_lines(before or "")), list(_lines(after)), _tabbed(old), _tabbed(new))
    return head + "".join(_ended(line) for line in hunks)


def _lines(text: str) -> Iterator[str]:
    r"""Lines as git knows them: only `\n` ends one."""
    *whole, rest = text.split("\n")
    yield from (f"{line}\n" for line in whole)
    if rest:
        yield rest


def _ended(line: str) -> str:
    """A line of the diff; the last one of a text that ends without a newline says so."""
    return line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"


def _tabbed(name: str) -> str:
    """A name with a blank is followed by a tab in the two lines above the hunks, as git writes it."""
    return f"{name}\t" if " " in name and not name.startswith('"') else name


def _quoted(name: str) -> str:
    """A name as git writes it: in quotes, with octal bytes, where it holds anything unusual."""
    if all(_is_plain(sign) for sign in name):
        return name
    parts = []
    for sign in name:
        if sign in _SHORT:
            parts.append(f"\\{_SHORT[sign]}")
        elif _is_plain(sign):
            parts.append(sign)
        else:
            parts += [f"\\{byte:03o}" for byte in sign.encode("utf-8", "surrogateescape")]
    return f'"{"".join(parts)}"'


def _is_plain(sign: str) -> bool:
    return " " <= sign <= "~" and sign not in _SHORT
