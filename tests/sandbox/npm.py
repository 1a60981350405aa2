"""What others published about GitHub, from npm, into a temporary folder: an emulator and GitHub's own descriptions.

None of it is kept here. Tests that need it are marked `emulator` and run by `make conformance` alone.
"""

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.shop import SHOP, mint

PACKAGES = ("emulate@0.11.2", "@octokit/openapi@23.0.2", "@octokit/graphql-schema@15.26.1")
ASKED = "RECALL_TEST_NPM"
INSTALL_SECONDS = 300
PERMISSIONS = {"metadata": "read", "issues": "write", "contents": "write", "pull_requests": "write", "checks": "write"}
APP_ID, INSTALLATION_ID = 4242, 77


def install(folder: Path) -> Path:
    """The folder of the installed packages; skips where npm or its registry is missing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("npm is not on this machine")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm did not answer in time")
    if done.returncode:
        pytest.skip("npm could not install the packages")
    return folder / "node_modules"


@dataclass
class Github:
    """A GitHub of whichever make: its API, and an App that is installed on `octo/shop`."""

    api_url: str
    app_id: int
    key: str
    installation_id: int

    def as_app(self, ends: float = 540) -> httpx.Client:
        """A client that speaks as the App."""
        return self._client(mint(self.app_id, self.key, ends=ends))

    def token(self, **wish: object) -> httpx.Response:
        """The answer that brings an installation token."""
        with self.as_app() as client:
            return client.post(f"/app/installations/{self.installation_id}/access_tokens", json=wish)

    def as_bot(self) -> httpx.Client:
        """A client that speaks as the installation."""
        return self._client(self.token().json()["token"])

    def _client(self, token: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
        return httpx.Client(base_url=self.api_url, headers=headers, trust_env=False, verify=False)


@contextmanager
def emulator(modules: Path) -> Iterator[Github]:
    """The independent emulator, seeded with the same App and repository as the sandbox."""
    owner, name = SHOP.split("/")
    where = {"installation_id": INSTALLATION_ID, "account": owner, "repositories": [SHOP], "permissions": PERMISSIONS}
    app = {"app_id": APP_ID, "slug": "recall", "name": "recall", "permissions": PERMISSIONS, "installations": [where]}
    repository = {"owner": owner, "name": name, "private": True, "auto_init": True}
    seed = {"github": {"users": [{"login": owner}, {"login": "mona"}], "repos": [repository], "apps": [app]}}
    script, seeded = modules.parent / "emulator.mjs", modules.parent / "seed.json"
    shutil.copy(Path(__file__).with_name("emulator.mjs"), script)
    seeded.write_text(json.dumps(seed))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["node", str(script), str(seeded), str(port)]
    environment = {**os.environ, "NODE_ENV": "test"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as process:
        try:
            told = json.loads(process.stdout.readline() if process.stdout else "{}")
            yield Github(f"http://127.0.0.1:{port}", APP_ID, told["key"], INSTALLATION_ID)
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(10)
