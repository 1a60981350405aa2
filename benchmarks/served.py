"""The whole way of a real project's map: built in CI, brought to a running server by token and by artifact, used in a comment.

GitHub is the sandbox, holding the project's real history up to the fix's parent; the server is a real `recall serve` beside it.
The map comes as two shards of one suite: the first is sent by `recall map upload` with the OIDC token of its run, the second is
an artifact, which the server fetches once the run has completed. Then the fix is merged and its issue labelled.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import httpx

from app.demo.play import COMMENTED_WITHIN, LABEL, first_comment, free_port, serving
from app.domain.errors import TellUser
from app.sandbox import Sandbox

LEARNED_WITHIN = 60.0

_ROOT = Path(__file__).resolve().parents[1]
_BRANCH = "the-fix"
_PAUSE = 0.2


@dataclass(frozen=True)
class Served:
    """What came of it: the comment, the seconds from label to comment, what the upload said, what the server then had."""

    comment: str
    seconds: float
    uploaded: str
    kept: str


def serve(name: str, mirror: Path, fix: str, shards: Sequence[Path], folder: Path) -> Served:
    """Plays it. `shards` are two map files of the fix's parent; `folder` takes all data. Raises TellUser where nothing comes."""
    base, subject = (_git(mirror, *words) for words in (("rev-parse", f"{fix}^"), ("log", "-1", "--format=%s", fix)))
    with Sandbox(folder / "github") as sandbox:
        repository = sandbox.create_repository(name, source=mirror)
        repository.git.set_ref(f"refs/heads/{repository.default_branch}", base)
        repository.git.set_ref(f"refs/heads/{_BRANCH}", fix)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        app = sandbox.create_app("recall", f"{address}/webhook")
        settings = {
            "RECALL_GITHUB_APP_ID": str(app.id),
            "RECALL_GITHUB_PRIVATE_KEY": app.private_key,
            "RECALL_GITHUB_WEBHOOK_SECRET": app.webhook_secret,
            "RECALL_GITHUB_API_URL": sandbox.api_url,
            "RECALL_GITHUB_WEB_URL": sandbox.url,
            "RECALL_OIDC_ISSUER": sandbox.issuer.url,
            "RECALL_PUBLIC_URL": address,
            "RECALL_DATA_DIR": str(folder / "recall"),
            "RECALL_LABEL": LABEL,
        }
        with serving(port, settings, folder):
            sandbox.install(app, name)
            ada = sandbox.person("ada", name, role="maintain")
            tested = sandbox.start_run(name)
            uploaded = recall("map", "upload", str(shards[0]), "--server", address, environment=sandbox.environment(tested))
            sandbox.add_artifact_of(tested, "recall-map-2", _zipped(shards[1]))
            sandbox.complete_run(tested)
            asking = {"GITHUB_TOKEN": ada.token(), "GITHUB_REPOSITORY": name}
            kept = _kept(address, asking, folder)
            issue = ada.open_issue(name, subject, "It worked before, and all tests were green.")
            ada.merge(ada.open_pull(name, _BRANCH, subject, f"Fixes #{issue.number}"))
            begun = time.monotonic()
            ada.label(issue, LABEL)
            with httpx.Client(
                base_url=f"{sandbox.api_url}/repos/{name}/issues/{issue.number}/",
                headers={"Authorization": f"Bearer {ada.token()}"},
                timeout=10.0,
            ) as github:
                comment = first_comment(github, begun + COMMENTED_WITHIN, folder)
            return Served(comment, time.monotonic() - begun, uploaded, kept)


def recall(*words: str, environment: Mapping[str, str] | None = None) -> str:
    """What the command printed. Raises TellUser with what it said instead."""
    given = {**os.environ, "PYTHONPATH": str(_ROOT), **(environment or {})}
    done = subprocess.run(
        [sys.executable, "-m", "app", *words], check=False, capture_output=True, env=given, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise TellUser(f"recall {' '.join(words)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def _kept(address: str, asking: Mapping[str, str], folder: Path) -> str:
    """What `recall map show --server` says once both shards are there."""
    end = time.monotonic() + LEARNED_WITHIN
    told = ""
    while time.monotonic() < end:
        told = recall("map", "show", "--server", address, environment=asking)
        if len(told.splitlines()) > 1:
            return told
        time.sleep(_PAUSE)
    raise TellUser(f"The server learned no second shard. It has: {told} Its log is in {folder}.")


def _zipped(path: Path) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.write(path, "map.recall")
    return out.getvalue()


def _git(repository: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(repository), *words], check=True, capture_output=True)
    return done.stdout.decode(errors="replace").strip()
