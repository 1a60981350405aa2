"""File locks between processes and threads, shared or exclusive; they end with whoever holds them, even when it is killed."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from app.domain.errors import TryLater

_SECONDS = 900.0
_PAUSE = 0.05


class Busy(TryLater):
    """Another process holds the lock."""


class Lock:
    """The lock that the file at `path` stands for; the file is made when needed and stays."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def __enter__(self) -> "Lock":
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self._file)

    def share(self, seconds: float = _SECONDS) -> None:
        """Holds it together with others who share it. Raises Busy where somebody owns it for longer than `seconds`."""
        self._take(fcntl.LOCK_SH, seconds)

    def own(self, seconds: float = _SECONDS) -> None:
        """Holds it alone; while waiting, a share held before is let go. Raises Busy after `seconds`."""
        self._take(fcntl.LOCK_EX, seconds)

    def release(self) -> None:
        """Lets it go."""
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def touch(self) -> None:
        """Marks it as used now: the time the file was changed."""
        os.utime(self._path)

    def _take(self, kind: int, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= ends:
                    raise Busy(f"{self._path.name} is held by another process.") from None
                time.sleep(_PAUSE)
            else:
                return
