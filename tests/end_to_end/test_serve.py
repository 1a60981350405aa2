"""`recall serve` as people start and end it: one clear sentence or more, and an exit code."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.demo.play import free_port
from tests.end_to_end.conftest import BODY, LABEL
from tests.jobs.build import until
from tests.jobs.undying import ROOT
from tests.shop import SHOP, Shop, open_shop


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Shop]:
    with open_shop(tmp_path_factory.mktemp("github"), webhook_url=f"http://127.0.0.1:{port}/webhook") as opened:
        yield opened


def start(folder: Path, *arguments: object, **settings: str) -> "subprocess.Popen[str]":
    """`recall serve` in that folder, with these settings and no other."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECALL_")}
    environment |= {"PYTHONPATH": str(ROOT)} | {f"RECALL_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "app", "serve", *(str(argument) for argument in arguments)]
    return subprocess.Popen(command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def settings(shop: Shop, folder: Path) -> dict[str, str]:
    return {
        "github_app_id": str(shop.app.id),
        "github_private_key": shop.app.private_key,
        "github_webhook_secret": shop.app.webhook_secret,
        "github_api_url": shop.sandbox.api_url,
        "github_web_url": shop.sandbox.url,
        "data_dir": str(folder),
    }


def test_without_settings_it_says_what_to_set(tmp_path: Path) -> None:
    out, err = (process := start(tmp_path)).communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.splitlines() == [
        "recall: RECALL_GITHUB_APP_ID is not set. Set it to the App ID or client ID on the App's page at GitHub.",
        "recall: RECALL_GITHUB_WEBHOOK_SECRET is not set. Set it to the webhook secret on the App's page at GitHub,"
        " at least 8 characters.",
    ]


def test_an_app_that_github_does_not_know_is_told(shop: Shop, tmp_path: Path) -> None:
    _, err = (process := start(tmp_path, **settings(shop, tmp_path) | {"github_app_id": "12345678"})).communicate(timeout=60)
    assert process.returncode == 2
    assert err.startswith("recall: GitHub does not know this App and key")
    assert "Traceback" not in err


def test_a_taken_port_is_told(shop: Shop, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        _, err = (process := start(tmp_path, "--port", number, **settings(shop, tmp_path))).communicate(timeout=60)
    assert process.returncode == 2
    assert err.splitlines()[-1].startswith(f"recall: Cannot listen on 127.0.0.1 port {number} (Address already in use).")


def test_it_says_where_it_is_and_ends_well_after_the_running_job(shop: Shop, tmp_path: Path, port: int) -> None:
    process = start(tmp_path, "--port", port, **settings(shop, tmp_path))
    assert process.stdout
    assert process.stderr
    said = process.stdout.readline()
    assert said == (
        f"recall takes deliveries at http://127.0.0.1:{port}/webhook."
        f" It works as recall[bot] at {shop.sandbox.url} on the label escaped-bug, with SQLite in {tmp_path}.\n"
    )
    until(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200)
    second = start(tmp_path, "--port", "0", **settings(shop, tmp_path))
    _, err = second.communicate(timeout=60)
    assert second.returncode == 2
    assert err.startswith(f"recall: Another recall uses {tmp_path / 'recall.db'}. Stop it, or")
    slow = shop.sandbox.faults.add("slow", method="POST", path="*/comments", seconds=2.0)
    issue = shop.mona.open_issue(SHOP, "Total is wrong", BODY)
    shop.mona.label(issue, LABEL)
    until(lambda: slow.times == 0, 30)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(issue.comments) == 1
    assert '"drained": true' in err
    assert "Traceback" not in err
