"""A repository's files as detection asks for them: what stands above a path, which tests are nearest, what a file says."""

import json
import posixpath
from collections.abc import Callable, Collection, Iterator
from functools import cached_property

from app.analysis.languages import imports as imports_of
from app.analysis.languages import is_test, language_of
from app.analysis.languages.model import Import

MAX_TEXT = 300_000
NEIGHBOURS = 6
# Of one folder with thousands of files only so many names are looked at.
_MOST_NAMES = 2_000


class Files:
    """The tree of one commit and the texts in it, each read once. Nothing here raises on what a file holds."""

    def __init__(self, tree: Collection[str], read: Callable[[str], str | None]) -> None:
        self.tree = tree if isinstance(tree, (set, frozenset, dict)) else frozenset(tree)
        self._read = read
        self._texts: dict[str, str] = {}

    def text(self, path: str) -> str:
        """What the file says, cut at `MAX_TEXT` characters; empty where there is none."""
        if path not in self._texts:
            self._texts[path] = (self._read(path) or "")[:MAX_TEXT] if path in self.tree else ""
        return self._texts[path]

    def imports(self, path: str) -> tuple[Import, ...]:
        """What the file imports; empty where it is not there."""
        return imports_of(language_of(path), self.text(path).encode("utf-8", "replace"))

    def json(self, path: str) -> dict[str, object]:
        """The object that the file holds; empty where it holds none."""
        try:
            found = json.loads(self.text(path))
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def nearest(self, path: str, *names: str) -> str | None:
        """The first file of one of these names in the path's own folder or one above it."""
        return next((found for folder in above(path) for name in names if (found := join(folder, name)) in self.tree), None)

    def with_ending(self, folder: str, *endings: str) -> tuple[str, ...]:
        """The files right in the folder that end so, in order."""
        return tuple(sorted(name for name in self._folders.get(folder, ()) if name.endswith(endings)))

    def in_folder(self, folder: str, *beginnings: str) -> tuple[str, ...]:
        """The files right in the folder whose names begin so, in order."""
        return tuple(sorted(p for p in self._folders.get(folder, ()) if posixpath.basename(p).startswith(beginnings)))

    def neighbours(self, path: str, most: int = NEIGHBOURS) -> tuple[str, ...]:
        """The test files of the same language that are nearest: the file itself if it exists, its folder, those around it."""
        language = language_of(path)
        found = [path] if path in self.tree else []
        for folder in self._around(posixpath.dirname(path)):
            for other in self._folders[folder][:_MOST_NAMES]:
                if len(found) >= most:
                    return tuple(found)
                if other != path and language_of(other) == language and is_test(other, language):
                    found.append(other)
        return tuple(found)

    def _around(self, folder: str) -> Iterator[str]:
        """All folders, those first that share the longest way with this one."""
        parts = folder.split("/") if folder else []

        def distance(other: str) -> tuple[int, int, str]:
            theirs = other.split("/") if other else []
            shared = next(
                (n for n, (a, b) in enumerate(zip(parts, theirs, strict=False)) if a != b), min(len(parts), len(theirs))
            )
            return -shared, len(theirs) - shared, other

        yield from sorted(self._folders, key=distance)

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.tree):
            found.setdefault(posixpath.dirname(path), []).append(path)
        return found


def above(path: str) -> Iterator[str]:
    """The folders from the path's own up to the root, which is ""."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def join(folder: str, name: str) -> str:
    """The path of a file in a folder, "" being the root."""
    return f"{folder}/{name}" if folder else name
