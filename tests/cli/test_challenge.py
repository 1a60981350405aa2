"""`recall challenge`: what it takes, what it ends with, and what it says when it cannot begin."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import cli
from tests.build import WorkingCopy, working_copy

BEFORE = "def total(n):\n    return n * 9 if n > 100 else n * 10\n"
GUARD = "from cart import total\n\n\ndef test_many():\n    assert total(100) == 900\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    """A bug, its fix with a test, and the receipt of that test's proof in `receipt.json` beside the repository."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    shop = working_copy(tmp_path / "shop")
    shop.commit("first", {"cart.py": BEFORE, "conftest.py": ""})
    shop.commit("fix", {"cart.py": BEFORE.replace("> 100", ">= 100"), "test_cart.py": GUARD})
    code = cli.run(["prove", "--fix", "HEAD", "--repo", str(shop.path), "--out", str(tmp_path / "receipt.json"), "--number", "7"])
    assert code == 0
    return shop


def test_a_receipt_is_challenged_until_its_guard_has_rotted(shop: WorkingCopy, capsys: pytest.CaptureFixture[str]) -> None:
    receipt = str(shop.path.parent / "receipt.json")
    assert cli.run(["challenge", receipt, "--repo", str(shop.path)]) == 0
    assert "The escape would be caught today." in capsys.readouterr().out
    shop.commit("weaken", {"test_cart.py": GUARD.replace(" == 900", "")})
    assert cli.run(["challenge", receipt, "--repo", str(shop.path), "--json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)["challenges"]
    assert (told["issue"], told["catch"], told["reason"]) == (7, "uncaught", "green-without-fix")


def test_a_cancelled_job_leaves_no_worktree_behind(shop: WorkingCopy, tmp_path: Path) -> None:
    started, temporary = tmp_path / "started", tmp_path / "tmp"
    temporary.mkdir()
    slow = f"import pathlib, time\n\npathlib.Path({str(started)!r}).touch()\ntime.sleep(600)\n"
    shop.commit("slow", {"test_cart.py": f"{slow}{GUARD}"})
    line = [sys.executable, "-m", "app", "challenge", str(tmp_path / "receipt.json"), "--repo", str(shop.path)]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(line, cwd=root, env={**os.environ, "TMPDIR": str(temporary)}, stderr=subprocess.DEVNULL)
    for _ in range(600):
        if started.exists():
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 130
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Nothing to challenge"),
        (["none.json"], "none.json cannot be read"),
        (["odd.json"], "odd.json: This is no receipt of recall"),
        (["escapes.json"], "escapes.json: This is no list of escapes"),
        (["--server", "http://example.com", "--name", "acme/shop"], "not an https:// address"),
        (["--server", "https://example.com", "--name", "shop"], "OWNER/NAME"),
    ],
)
def test_what_it_cannot_begin_with_is_one_sentence(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("odd.json").write_text("{}")
    Path("escapes.json").write_text('{"recall": "escapes", "version": 99}')
    assert cli.run(["challenge", *arguments]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_server_that_cannot_be_reached_is_no_bug_that_gets_through(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli.server.PAUSES", ())
    assert cli.run(["challenge", "--server", "http://127.0.0.1:1", "--name", "acme/shop"]) == 2
    assert "could not be reached" in capsys.readouterr().err
