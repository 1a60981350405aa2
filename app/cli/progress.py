"""One line on standard error with what is being read, shown only to people and only where it takes over a second."""

import sys
import time
from types import TracebackType

PATIENCE = 1.0
BETWEEN = 0.1


class Progress:
    """Call it with what is being read now; leaving it wipes the line."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._begun = time.monotonic()
        self._patience = patience
        self._last = 0.0
        self._shown = False

    def __call__(self, doing: str) -> None:
        """Shows the sentence, if it is time to."""
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self._begun < self._patience or now - self._last < BETWEEN:
            return
        self._last, self._shown = now, True
        print(f"\r\x1b[K{doing[:78]}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
