"""Runs one command of a repository: an argument list, a process group of its own, bounded in time and output, without secrets.

Never a shell. What the output means is `app.analysis.runners`' to say.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.domain.suite import Command

SECONDS = 600.0
MAX_OUTPUT = 16 << 20
MAX_ERRORS = 1 << 20
# What a run may say after its group was ended: a process that left the group can hold the pipe for ever.
_PATIENCE = 5.0
# By which what a run started is known, and how often is looked, since what is being ended may start more.
_MARK = "RECALL_RUN"
_ROUNDS = 5

# Tokens and keys, and what a GitHub runner hands to steps: files by which later steps could be told what to do.
_SECRET = re.compile(
    r"(?:^|_)(?:TOKEN|SECRET|SECRETS|KEY|APIKEY|PAT|CREDENTIALS?|PRIVATE)(?:_|$)|TOKEN$|^(?:GITHUB|ACTIONS|RUNNER|INPUT|RECALL)_"
    r"|^(?:SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO|GIT_ASKPASS|SSH_ASKPASS|KUBECONFIG|DOCKER_AUTH_CONFIG|NETRC)$|^GIT_(?!SSL)",
    re.IGNORECASE,
)
_KEPT = frozenset({"GITHUB_ACTIONS", "RUNNER_OS", "RUNNER_ARCH", "RUNNER_TEMP", "RUNNER_TOOL_CACHE"})


@dataclass(frozen=True, slots=True)
class Done:
    """How a process ended. `returncode` is None where it was not found or not allowed to start; `output` is its standard output,
    of which the middle is cut out where it is over 16 MB, `errors` the other stream, over 1 MB.
    """

    returncode: int | None
    output: str
    errors: str
    seconds: float
    timed_out: bool = False

    @property
    def said(self) -> str:
        """Both streams, one after the other."""
        return f"{self.output}\n{self.errors}" if self.errors else self.output


def clean_environment(given: Mapping[str, str]) -> dict[str, str]:
    """The variables that a repository's tests may see: all but secrets and what a CI runner keeps for itself."""
    return {name: value for name, value in given.items() if name in _KEPT or not _SECRET.search(name)}


def run_command(command: Command, root: Path, environment: Mapping[str, str], seconds: float = SECONDS) -> Done:
    """Runs a command in the worktree `root`; when it ends, is too slow or is interrupted, its whole group ends."""
    folder = root / command.folder
    mark = uuid.uuid4().hex
    sets = {**environment, **dict(command.sets), _MARK: mark}
    program = _program(command.arguments[0], folder, sets) if folder.is_dir() else None
    if program is None:
        return Done(None, "", f"{command.arguments[0]} was not found.", 0.0)
    begun = time.monotonic()
    try:
        process = subprocess.Popen(
            [program, *command.arguments[1:]],
            cwd=folder,
            env=sets,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return Done(None, "", f"{command.arguments[0]} could not be started: {error.strerror}.", 0.0)
    output, errors = _Said(process.stdout, MAX_OUTPUT), _Said(process.stderr, MAX_ERRORS)
    timed_out = False
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        _end(process, mark)
    return Done(process.returncode, output.read(), errors.read(), time.monotonic() - begun, timed_out)


def _program(name: str, folder: Path, environment: Mapping[str, str]) -> str | None:
    """The file to start: relative to the command's folder where it names one (`./mvnw`), else on the PATH."""
    if "/" in name:
        path = folder / name
        return os.fspath(path) if path.is_file() and os.access(path, os.X_OK) else None
    return shutil.which(name, path=environment.get("PATH", os.defpath))


def _end(process: subprocess.Popen[bytes], mark: str) -> None:
    """Ends the process and everything of its group, also what it left behind; on Linux also what left the group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(_ROUNDS):
        if not (left := _marked(f"{_MARK}={mark}".encode())):
            return
        for number in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)


def _marked(mark: bytes) -> list[int]:
    """The processes that were started with that variable: a daemon leaves its group, but keeps its environment. See proc(5)."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # another user's, or gone meanwhile
            if mark in place.read_bytes().split(b"\0"):
                found.append(int(place.parent.name))
    return found


class _Said:
    """What a process prints, read as it comes: as many bytes of its beginning as of its end."""

    def __init__(self, pipe: IO[bytes] | None, most: int) -> None:
        self._pipe, self._half = pipe, most // 2
        self._head, self._tail, self._cut = bytearray(), bytearray(), False
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def read(self) -> str:
        """All of it; called once, when the process has ended."""
        self._thread.join(_PATIENCE)
        if self._pipe and not self._thread.is_alive():
            self._pipe.close()
        between = b"\n[...]\n" if self._cut else b""
        return (bytes(self._head) + between + bytes(self._tail)).decode(errors="replace")

    def _collect(self) -> None:
        while self._pipe and (piece := os.read(self._pipe.fileno(), 1 << 16)):
            room = self._half - len(self._head)
            self._head += piece[:room]
            self._tail += piece[max(0, room) :]
            if len(self._tail) > self._half:
                self._cut = True
                del self._tail[: len(self._tail) - self._half]
