"""Real git repositories for tests, made commit by commit with fixed names and dates."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "dev",
    "GIT_AUTHOR_EMAIL": "dev@example.com",
    "GIT_COMMITTER_NAME": "dev",
    "GIT_COMMITTER_EMAIL": "dev@example.com",
}


@dataclass
class WorkingCopy:
    """A repository with a work tree under `path`; each commit is a day after the one before it."""

    path: Path
    day: int = 0

    def git(self, *arguments: str, stdin: bytes | None = None) -> str:
        """What git printed, without the newline at its end."""
        when = f"{1_600_000_000 + self.day * 86_400} +0000"
        environment = {**_ENVIRONMENT, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        done = subprocess.run(["git", "-C", self.path, *arguments], input=stdin, capture_output=True, env=environment, check=True)
        return done.stdout.decode(errors="surrogateescape").rstrip("\n")

    def write(self, files: dict[str, str | bytes | None]) -> None:
        """Writes the files; None removes one."""
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, message: str, files: dict[str, str | bytes | None] | None = None) -> str:
        """Commits everything that changed; the sha."""
        self.write(files or {})
        self.day += 1
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


def working_copy(path: Path) -> WorkingCopy:
    """An empty repository with the branch main."""
    path.mkdir(parents=True, exist_ok=True)
    copy = WorkingCopy(path)
    copy.git("init", "--quiet", "--initial-branch", "main")
    return copy
