"""Plays a scene: a sandbox GitHub, the real server beside it, an issue, its fix, the label, the comment and
the draft that appear.
"""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.demo.scene import Scene
from app.domain.comment import MARKER_PREFIX
from app.domain.errors import TellUser
from app.sandbox import Sandbox
from app.sandbox.sandbox import WRITING

LABEL = "escaped-bug"
STARTED_WITHIN = 60.0
COMMENTED_WITHIN = 60.0
DRAFTED_WITHIN = 20.0

_PAUSE = 0.05
_ROOT = Path(__file__).resolve().parents[2]  # a checkout is not installed, and the server runs in a folder of its own
_BRANCH = "demo-fix"
_TOLD = 2_000
_DRAFT = re.compile(r"draft \[#\d+\]\(([^)\s]+)\)")
_NO_DRAFT = re.compile(r"^(?:No draft: |\*\*The test to finish\*\* is )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: recall's comment, the seconds from label to comment, the draft that brings the test, and where to look.

    `draft` is None where no draft came in time, which `comment` says the reason of.
    """

    comment: str
    seconds: float
    issue: str
    pull: str
    server: str
    draft: str | None = None


@contextmanager
def play(scene: Scene, folder: Path, tell: Callable[[str], None]) -> Iterator[Played]:
    """Everything stays up until the context ends. `folder` takes all data; `tell` gets a sentence per act.

    Raises TellUser where the server does not start or no comment appears in time.
    """
    with Sandbox(folder / "github") as sandbox:
        port = free_port()
        repository = sandbox.create_repository(scene.name, source=scene.source)
        repository.git.set_ref(f"refs/heads/{repository.default_branch}", scene.base)
        repository.git.set_ref(f"refs/heads/{_BRANCH}", scene.fix)
        app = sandbox.create_app("recall", f"http://127.0.0.1:{port}/webhook", permissions=WRITING)
        tell(f"A sandbox GitHub is up at {sandbox.url}, with {scene.name} in it.")
        environment = {
            "RECALL_GITHUB_APP_ID": str(app.id),
            "RECALL_GITHUB_PRIVATE_KEY": app.private_key,
            "RECALL_GITHUB_WEBHOOK_SECRET": app.webhook_secret,
            "RECALL_GITHUB_API_URL": sandbox.api_url,
            "RECALL_GITHUB_WEB_URL": sandbox.url,
            "RECALL_DATA_DIR": str(folder / "recall"),
            "RECALL_LABEL": LABEL,
        }
        with serving(port, environment, folder) as server:
            tell(f"recall serve is up at {server}.")
            sandbox.install(app, scene.name)
            ada = sandbox.person("ada", scene.name, role="maintain")
            issue = ada.open_issue(scene.name, scene.issue_title, scene.issue_body)
            pull = ada.open_pull(scene.name, _BRANCH, scene.pull_title, f"{scene.pull_body}\n\nFixes #{issue.number}")
            ada.merge(pull)
            tell(f"Issue #{issue.number} was opened, and pull request #{pull.number} with the fix was merged.")
            github = httpx.Client(
                base_url=f"{sandbox.api_url}/repos/{scene.name}/issues/{issue.number}/",
                headers={"Authorization": f"Bearer {ada.token()}"},
                timeout=10.0,
            )
            with github:
                begun = time.monotonic()
                github.post("labels", json={"labels": [LABEL]}).raise_for_status()
                tell(f"The label {LABEL} was put on; waiting for the comment.")
                comment = first_comment(github, begun + COMMENTED_WITHIN, folder)
                seconds = time.monotonic() - begun
                comment, draft = with_draft(github, comment, time.monotonic() + DRAFTED_WITHIN)
            page = f"{sandbox.url}/{scene.name}"
            yield Played(comment, seconds, f"{page}/issues/{issue.number}", f"{page}/pull/{pull.number}", server, draft)


@contextmanager
def serving(port: int, environment: dict[str, str], folder: Path) -> Iterator[str]:
    """The real `recall serve` as a process of its own; its log is a file in the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RECALL_")}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "app", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with _log(folder).open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**kept, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _await_ready(process, address, folder)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", address: str, folder: Path) -> None:
    end = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=2.0).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(_PAUSE)
    raise TellUser(f"recall serve did not start. {_last_words(folder)}")


def first_comment(github: httpx.Client, end: float, folder: Path) -> str:
    """The body of the first comment by recall."""
    while time.monotonic() < end:
        for comment in github.get("comments").raise_for_status().json():
            if comment["user"]["login"] == "recall[bot]":
                return str(comment["body"])
        time.sleep(_PAUSE)
    raise TellUser(f"No comment came within {COMMENTED_WITHIN:.0f} seconds. {_last_words(folder)}")


def with_draft(github: httpx.Client, comment: str, end: float) -> tuple[str, str | None]:
    """The comment as it is once it speaks of the draft, and the draft's address; as it was where it never comes to."""
    while time.monotonic() < end:
        (now,) = [
            each["body"] for each in github.get("comments").raise_for_status().json() if each["body"].startswith(MARKER_PREFIX)
        ]
        if found := _DRAFT.search(now):
            return now, found[1]
        if _NO_DRAFT.search(now):
            return now, None
        time.sleep(_PAUSE)
    return comment, None


def _last_words(folder: Path) -> str:
    said = _log(folder).read_text(errors="replace")[-_TOLD:].strip()
    return f"The server said: {' / '.join(said.splitlines()[-5:])}" if said else "The server said nothing."


def _log(folder: Path) -> Path:
    return folder / "server.log"


def free_port() -> int:
    """A port of this machine that nobody listens on now.

    It lies below those that a system hands out by itself, or a connection might take it before a server does.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
