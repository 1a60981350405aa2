"""Keeps on disk what depends on a commit alone: its history and the words of its tests. Bounded; losing it only costs time."""

import hashlib
import marshal
import os
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from app.analysis.words import TestWords
from app.domain.history import PastCommit, PathChange

Made = TypeVar("Made")

MAX_BYTES = 256 << 20
# Part of every name: what another form of the values, another reading of them, or another Python wrote is not found.
FORM = f"3-{sys.version_info.major}{sys.version_info.minor}"
_DIGEST = 32


class Cache:
    """A folder of small files, the least recently used of which go first. `folder` None keeps nothing."""

    def __init__(self, folder: Path | None, max_bytes: int = MAX_BYTES) -> None:
        """Makes nothing until there is something to keep."""
        self._folder = folder
        self._max_bytes = max_bytes

    def history(self, key: str, make: Callable[[], tuple[PastCommit, ...]]) -> tuple[PastCommit, ...]:
        """The past commits kept under `key`, made if they are not there."""
        return self._get("history", key, make, _pack_history, _unpack_history)

    def words(self, key: str, make: Callable[[], dict[str, TestWords]]) -> dict[str, TestWords]:
        """The words of test files by path kept under `key`, made if they are not there."""
        return self._get("words", key, make, _pack_words, _unpack_words)

    def _get(
        self, kind: str, key: str, make: Callable[[], Made], pack: Callable[[Made], list[Any]], unpack: Callable[[Any], Made]
    ) -> Made:
        if self._folder is None:
            return make()
        path = self._folder / f"{kind}-{key}-{FORM}"
        kept = _read(path)
        if kept is not None:
            return unpack(marshal.loads(kept))  # noqa: S302  # our own bytes, by their digest
        made = make()
        self._keep(path, zlib.compress(marshal.dumps(pack(made)), 1))
        return made

    def _keep(self, path: Path, packed: bytes) -> None:
        """Writes whole or not at all. A full or forbidden disk is no reason to fail: then nothing is kept."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as file:
                file.write(hashlib.sha256(packed).digest() + packed)
            Path(file.name).replace(path)
            self._prune(path.parent)
        except OSError:
            return

    def _prune(self, folder: Path) -> None:
        files = sorted(((stat.st_mtime, stat.st_size, path) for path in folder.iterdir() if (stat := path.stat())), reverse=True)
        kept = 0
        for _, size, path in files:
            kept += size
            if kept > self._max_bytes:
                path.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """What was kept, unpacked; None if it is not there or not as it was written."""
    try:
        data = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    packed = data[_DIGEST:]
    return zlib.decompress(packed) if hashlib.sha256(packed).digest() == data[:_DIGEST] else None


def _pack_history(commits: tuple[PastCommit, ...]) -> list[Any]:
    return [(c.sha, c.when, c.message, [(p.status, p.path, p.old_path) for p in c.changes]) for c in commits]


def _unpack_history(packed: list[tuple[str, int, str, list[tuple[str, str, str | None]]]]) -> tuple[PastCommit, ...]:
    return tuple(PastCommit(sha, when, message, tuple(PathChange(*p) for p in changes)) for sha, when, message, changes in packed)


def _pack_words(words: dict[str, TestWords]) -> list[Any]:
    return [(path, (dict(w.identifiers), dict(w.parts), w.titles, dict(w.title_parts))) for path, w in words.items()]


_PackedWords = tuple[str, tuple[dict[str, int], dict[str, int], tuple[frozenset[str], ...], dict[str, int]]]


def _unpack_words(packed: list[_PackedWords]) -> dict[str, TestWords]:
    return {path: TestWords(*words) for path, words in packed}
