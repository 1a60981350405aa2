"""What is installed in a checkout and unknown to git, brought into a worktree: packages, and files that an installation made.

Caches stay out, and nothing is written back: files are copied, since a run may write into its packages (an autoloader that is
dumped anew, a generated client), and through a hard link that would be the checkout's file. Only what is too large to be written
by hand or generator, binaries mostly, is a hard link where the disk allows it. Links between packages of one repository lead into
the worktree, so that the code under test is the worktree's.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.git.worktrees import untracked

_FOLDERS = frozenset({"node_modules", "bower_components", "vendor", ".yarn", ".bundle"})
_FILES = (".pnp.cjs", ".pnp.loader.mjs", "_version.py", "version.py", "__version__.py", ".so", ".pyd")
_CACHES = frozenset({".cache", ".vite", ".vite-temp", ".vitest", "__pycache__", ".git"})
_ENVIRONMENTS = (".venv", "venv", "env", ".env")
_LARGE = 1 << 20
# Of an untracked folder, how deep packages are looked for: `packages/a/node_modules` of a repository that ignores `packages`.
_DEEP = 3


def bring(checkout: Path, folder: Path) -> tuple[str, ...]:
    """Brings what is installed in `checkout` into the worktree `folder`; the paths, as far as they were not there already."""
    brought = []
    for path in _installed(checkout, untracked(checkout)):
        source, target = checkout / path, folder / path
        if os.path.lexists(target) or not _stands_in(target.parent, folder):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir() and not source.is_symlink():
            _link_folder(source, target, checkout, folder)
        else:
            _link(source, target, checkout, folder)
        brought.append(path)
    return tuple(brought)


def environments(checkout: Path) -> tuple[Path, ...]:
    """The folders of programs of the virtual environments that lie in a checkout; they are used where they are."""
    places = (checkout / name / part for name in _ENVIRONMENTS for part in ("bin", "Scripts"))
    return tuple(place for place in places if (place / "python").exists() or (place / "python.exe").exists())


def _installed(checkout: Path, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        name = path.rstrip("/").rpartition("/")[2]
        if not path.endswith("/"):
            if name in _FOLDERS or name.endswith(_FILES):
                yield path
        elif name in _FOLDERS:
            yield path.rstrip("/")
        elif name not in _ENVIRONMENTS and name not in _CACHES:
            yield from _below(checkout, path.rstrip("/"), _DEEP)


def _below(checkout: Path, path: str, deep: int) -> Iterator[str]:
    """Packages within a folder that is not tracked itself."""
    if deep == 0:
        return
    with contextlib.suppress(OSError), os.scandir(checkout / path) as entries:
        for entry in entries:
            if entry.name in _FOLDERS:
                yield f"{path}/{entry.name}"
            elif entry.is_dir(follow_symlinks=False) and entry.name not in _CACHES:
                yield from _below(checkout, f"{path}/{entry.name}", deep - 1)


def _link_folder(source: Path, target: Path, checkout: Path, folder: Path) -> None:
    target.mkdir()
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.name in _CACHES:
                continue
            if entry.is_dir(follow_symlinks=False):
                _link_folder(Path(entry.path), target / entry.name, checkout, folder)
            else:
                _link(Path(entry.path), target / entry.name, checkout, folder)


def _link(source: Path, target: Path, checkout: Path, folder: Path) -> None:
    """One file or symbolic link; a link that leads out of what is brought leads to the same place, in the worktree if it can."""
    if source.is_symlink():
        target.symlink_to(_led(source, target, checkout, folder))
        return
    if not source.is_file():
        return  # a socket or a pipe
    if source.stat().st_size >= _LARGE:
        with contextlib.suppress(OSError):  # another disk, or too many links
            os.link(source, target)
            return
    shutil.copy2(source, target)


def _led(source: Path, target: Path, checkout: Path, folder: Path) -> str:
    written = source.readlink()
    place = Path(os.path.normpath(source.parent / written))
    if place.is_relative_to(checkout):
        return os.path.relpath(folder / place.relative_to(checkout), target.parent)
    return os.fspath(place)


def _stands_in(path: Path, folder: Path) -> bool:
    """Whether a path lies in the worktree when its links are followed: a tracked link may lead elsewhere."""
    return path.resolve().is_relative_to(folder)
