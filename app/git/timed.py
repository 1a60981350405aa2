"""Runs git for as long as there is time, and keeps what it has printed by then: for answers that are worth having in part."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from app.git.repository import Repository
from app.git.run import feed, start, stop


@dataclass(frozen=True, slots=True)
class Told:
    """What git printed. `whole` says that it came to its own good end; else it ran out of time or room, or failed."""

    output: bytes
    whole: bool


def run_until(
    repository: Repository,
    *arguments: str,
    deadline: float,
    limit: int,
    stdin: bytes = b"",
    config: Sequence[tuple[str, str]] = (),
) -> Told:
    """What `git …` printed before `deadline` (of `time.monotonic`) and within `limit` bytes. Fails never for what git says."""
    left = deadline - time.monotonic()
    if left <= 0:
        return Told(b"", whole=False)
    process = start(repository.path, *arguments, config=config)
    timer = threading.Timer(left, stop, args=(process,))
    feeder = threading.Thread(target=feed, args=(process.stdin, stdin), daemon=True)
    drain = threading.Thread(target=_drain, args=(process.stderr,), daemon=True)
    for thread in (timer, feeder, drain):
        thread.start()
    try:
        output = process.stdout.read(limit + 1) if process.stdout else b""
        if len(output) <= limit:
            process.wait()
    finally:
        timer.cancel()
        stop(process)
        feeder.join()
        drain.join()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
    return Told(output[:limit], whole=len(output) <= limit and process.returncode == 0)


def _drain(pipe: IO[bytes] | None) -> None:
    """Reads what git complains of, so that it never waits for somebody to do so."""
    while pipe and pipe.read(1 << 16):
        pass
