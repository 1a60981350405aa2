"""Starts git as a plain process with an argument list, a time limit and an output limit; what it says is read by others.

Nothing a repository or a user's machine configures can change what git does here: no global or system configuration, no
hooks, no pager, no external diff, no lazy fetching from a promisor remote, no prompt.
"""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from app.domain.errors import TellUser, TryLater

SECONDS = 60.0
BYTES = 1 << 30

_SAFE_CONFIG = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.quotePath", "false"),
    ("core.bigFileThreshold", "2m"),  # larger files are told as binary instead of being compared
    ("diff.interHunkContext", "0"),
    ("diff.orderFile", os.devnull),
    ("i18n.logOutputEncoding", "UTF-8"),
    ("log.showRoot", "true"),
    ("log.showSignature", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("protocol.ext.allow", "never"),
    ("safe.directory", "*"),  # the folder was named by whoever asks, and nothing in it can make git run a program
)


class GitFailed(TellUser):
    """git ended with an error. `code` is its exit status, `stderr` what it said (decoded, at most 4,000 characters)."""

    def __init__(self, sentence: str, code: int, stderr: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.stderr = stderr


class GitTooSlow(TryLater):
    """git did not end within its time limit, and was killed."""


def environment(extra: Mapping[str, str] | None = None, config: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """The environment git runs in. `config` is passed as variables, so that a secret in it is in no argument list."""
    settings = (*_SAFE_CONFIG, *config)
    kept = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR") if name in os.environ
    }
    return {
        **kept,
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_CONFIG_COUNT": str(len(settings)),
        **{f"GIT_CONFIG_KEY_{n}": key for n, (key, _) in enumerate(settings)},
        **{f"GIT_CONFIG_VALUE_{n}": value for n, (_, value) in enumerate(settings)},
        **(extra or {}),
    }


def start(
    repository: Path,
    *arguments: str,
    extra: Mapping[str, str] | None = None,
    config: Sequence[tuple[str, str]] = (),
) -> subprocess.Popen[bytes]:
    """A running `git -C repository …` with three pipes, for whoever reads it as it comes. The caller waits for it or kills it."""
    command = ["git", "-C", os.fspath(repository), "--no-pager", *arguments]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(extra, config),
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise TellUser("git was not found on this machine: install git 2.34 or newer and put it on the PATH.") from error


def run(
    repository: Path,
    *arguments: str,
    stdin: bytes = b"",
    seconds: float = SECONDS,
    limit: int = BYTES,
    extra: Mapping[str, str] | None = None,
    config: Sequence[tuple[str, str]] = (),
) -> bytes:
    """What `git -C repository …` printed.

    Raises GitFailed when it ends with an error or prints more than `limit` bytes, GitTooSlow after `seconds`.
    """
    process = start(repository, *arguments, extra=extra, config=config)
    said: dict[str, bytes] = {}
    threads = [
        threading.Thread(target=feed, args=(process.stdin, stdin), daemon=True),
        threading.Thread(target=_collect, args=(process.stdout, limit, said, "out"), daemon=True),
        threading.Thread(target=_collect, args=(process.stderr, 1 << 20, said, "err"), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        threads[1].join(seconds)
        if threads[1].is_alive():
            raise GitTooSlow(f"git {_verb(arguments)} took longer than {seconds:.0f} seconds.")
        if len(said["out"]) > limit:
            raise GitFailed(f"git {_verb(arguments)} printed more than {limit:,} bytes.", -1, "")
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise GitTooSlow(f"git {_verb(arguments)} took longer than {seconds:.0f} seconds.") from error
    finally:
        stop(process)
        for thread in threads:
            thread.join()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
    stderr = said["err"].decode(errors="replace")[:4000]
    if process.returncode:
        raise GitFailed(_sentence(arguments, stderr), process.returncode, stderr)
    return said["out"]


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process of `start` together with everything it started, and waits for it."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def feed(pipe: IO[bytes] | None, data: bytes) -> None:
    """Gives a running git its whole input; one that ends before it has read it all is nobody's fault here."""
    if pipe is None:
        return
    try:
        pipe.write(data)
        pipe.close()
    except BrokenPipeError:
        pass  # its exit status tells why


def _collect(pipe: IO[bytes] | None, limit: int, said: dict[str, bytes], name: str) -> None:
    said[name] = pipe.read(limit + 1) if pipe else b""


def _verb(arguments: Sequence[str]) -> str:
    return next((a for a in arguments if not a.startswith("-")), "")


def _sentence(arguments: Sequence[str], stderr: str) -> str:
    if "from promisor remote" in stderr:
        return f"git {_verb(arguments)} needs what is not in this partial clone: make one without --filter, then ask again."
    return f"git {_verb(arguments)} failed: {_first_line(stderr)}"


def _first_line(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0] if lines else "it said nothing")
    return told.removeprefix("fatal:").removeprefix("error:").strip()[:300]
