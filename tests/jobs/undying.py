"""Runs a server again whenever it is killed, as a service manager would, without importing everything anew each time."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def undying(main: Callable[[], object]) -> None:
    """Runs `main` in a child process, and in another one as long as they end by SIGKILL. Call it before any thread starts."""
    while True:
        child = os.fork()
        if child == 0:
            main()
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status != -signal.SIGKILL:
            sys.exit(status)


class Service:
    """A module run as such a service, from outside."""

    def __init__(self, module: str, *arguments: object, log: Path, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", module, *(str(argument) for argument in arguments)]
        with log.open("ab") as out:
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        """Kills the service and whatever it runs, for good."""
        if not self.ended:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
