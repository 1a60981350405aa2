"""Opens a repository's objects behind a folder of our own, so that nothing configured in it changes what git tells.

A clone may name a file of commits to leave out of blame (and git fails where that file is not there), another way to compare,
or attributes of its own. None of these is read behind the seal: the same history gives the same answer on every machine.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import TryLater
from app.git.repository import Repository
from app.git.run import run

_CONFIG = "[core]\n\trepositoryformatversion = {version}\n\tbare = true\n{extensions}"
_SHA256 = "[extensions]\n\tobjectformat = sha256\n"

# What git knows a definition by, where a hunk's heading is looked for; other languages it reads by its own rule of thumb.
_HEADINGS = {
    "python": "py pyi pyx",
    "ruby": "rb rake",
    "golang": "go",
    "java": "java",
    "rust": "rs",
    "php": "php",
    "perl": "pl pm",
    "bash": "sh bash",
    "csharp": "cs",
    "kotlin": "kt",
}


@contextlib.contextmanager
def sealed(repository: Repository) -> Iterator[Repository]:
    """The same objects without refs, configuration and attributes: commits are named by their full sha. Nothing is written to
    the repository itself; what is made beside it is gone when the block ends. Raises TryLater where that cannot be written.
    """
    told = run(
        repository.path,
        *("rev-parse", "--path-format=absolute", "--git-path", "objects", "--git-path", "shallow", "--show-object-format"),
    )
    objects, shallow, form = told.decode(errors="surrogateescape").rstrip("\n").split("\n")[-3:]
    try:
        holder = tempfile.TemporaryDirectory(prefix="recall-sealed-", ignore_cleanup_errors=True)
        folder = Path(holder.name)
        _furnish(folder, objects, sha256=form == "sha256")
        if repository.shallow:
            shutil.copyfile(shallow, folder / "shallow")
    except OSError as error:
        raise TryLater(
            f"Nothing can be written to the folder for temporary files ({error.strerror}): make room there."
        ) from error
    with holder:
        yield Repository(folder, shallow=repository.shallow, partial=repository.partial)


def _furnish(folder: Path, objects: str, *, sha256: bool) -> None:
    for made in ("refs", "info", "objects/info"):
        (folder / made).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    (folder / "config").write_text(_CONFIG.format(version=int(sha256), extensions=_SHA256 if sha256 else ""))
    (folder / "objects/info/alternates").write_bytes(_quoted(objects) + b"\n")
    lines = (f"*.{extension} diff={driver}\n" for driver, all_ in _HEADINGS.items() for extension in all_.split())
    (folder / "info/attributes").write_text("".join(lines))


def _quoted(path: str) -> bytes:
    """A path as git reads it in a list of paths: like a string of C, so that no byte of it means anything else."""
    raw = path.encode(errors="surrogateescape")
    return b'"' + b"".join(b"\\%03o" % byte if byte < 0x20 or byte in b'"\\' else bytes([byte]) for byte in raw) + b'"'
