"""How tools write a file's name, brought to one form: forward slashes, no `.`, no `..` that can be taken away, NFC.

Where the file stands in the repository is found by `app.analysis.coverage.paths`.
"""

import re
import unicodedata
from collections.abc import Iterable

Spellings = tuple[str, ...]
"""The names that one file may have, one for each root that its tool searched; empty where it has none that could be."""

MAX_BYTES = 4096
MAX_ROOTS = 50
_DRIVE = re.compile(r"(?:[\\/]{2}[?.][\\/])?[A-Za-z]:[\\/]")
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def spellings(path: str, roots: Iterable[str] = ()) -> Spellings:
    r"""The names of the file that a tool calls `path`: as it is if it is absolute, else below each of the tool's `roots`.

    `("pkg/a.py", ["/work/src"])` -> `("/work/src/pkg/a.py",)`; `("D:\\a\\x\\b.cs", [])` -> `("D:/a/x/b.cs",)`
    """
    if (name := _plain(path)) is None:
        return ()
    folders = [folder for root in list(roots)[:MAX_ROOTS] if (folder := _plain(root))]
    if is_absolute(name) or not folders:
        return (name,)
    return tuple(dict.fromkeys(joined for folder in folders if (joined := _plain(f"{folder}/{name}"))))


def is_absolute(name: str) -> bool:
    """Whether a name in the one form begins at a root: `/app/a.py`, `D:/a/x/b.cs`."""
    return name.startswith("/") or name[1:3] == ":/"


def _plain(path: str) -> str | None:
    if not path or len(path) > MAX_BYTES or _CONTROL.search(path):
        return None
    if path.startswith("file://"):
        path = _unescaped(path.removeprefix("file://"))
        path = path[1:] if _DRIVE.match(path[1:]) else path
    if _DRIVE.match(path) or ("\\" in path and "/" not in path):
        path = path.replace("\\", "/")
        path = path[4:] if path.startswith(("//?/", "//./")) else path
    kept: list[str] = []
    for part in path.split("/"):
        if part == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif part not in ("", "."):
            kept.append(part)
    name = unicodedata.normalize("NFC", ("/" if path.startswith("/") else "") + "/".join(kept))
    return name if kept and len(name.encode()) <= MAX_BYTES and not _CONTROL.search(name) else None


def _unescaped(url: str) -> str:
    """The path of a URL: `/a%20b.js` -> `/a b.js` (RFC 3986, 2.1)."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), url.encode(errors="surrogatepass")).decode(
        errors="replace"
    )
