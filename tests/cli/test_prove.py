"""`recall prove` ends in a receipt and an exit code: 0 proved, 1 not proved, 2 could not run; an interrupt leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import cli
from app.analysis.receipt import read_receipt
from app.domain.proof import Verdict
from tests.build import WorkingCopy
from tests.escaped import FEW, own_python, shop

__all__ = ["own_python", "shop"]
ROOT = Path(__file__).parents[2]


def told(capsys: pytest.CaptureFixture[str], shop: WorkingCopy, *arguments: str) -> tuple[int, str]:
    code = cli.run(["prove", "--repo", str(shop.path), "--no-tip", *arguments])
    return code, capsys.readouterr().out


def test_proved_is_zero_and_leaves_a_receipt(capsys: pytest.CaptureFixture[str], shop: WorkingCopy, tmp_path: Path) -> None:
    code, out = told(capsys, shop, "--fix", "HEAD", "--number", "7", "--out", str(tmp_path / "receipt.json"))
    receipt = read_receipt((tmp_path / "receipt.json").read_bytes())
    assert (code, receipt.verdict, receipt.issue) == (0, Verdict.PROVED, 7)
    assert out.startswith("Proved: tests/test_cart.py::test_many is red without the fix")


def test_not_proved_is_one_and_json_is_the_receipt(capsys: pytest.CaptureFixture[str], shop: WorkingCopy) -> None:
    code, out = told(capsys, shop, "tests/test_cart.py::test_few", "--fix", "HEAD", "--json")
    assert (code, json.loads(out)["verdict"]) == (1, "not-proved")


def test_what_could_not_run_is_two(capsys: pytest.CaptureFixture[str], shop: WorkingCopy) -> None:
    shop.write({"tests/test_cart.py": FEW.replace("shop.cart", "shop.none")})
    code, out = told(capsys, shop, "tests/test_cart.py::test_few", "--fix", "HEAD", "--markdown")
    assert code == 2
    assert out.startswith("**Could not run: ")


@pytest.mark.parametrize(
    "wrong", [["--fix", "nowhere"], ["../x.py", "--fix", "HEAD"], ["--json", "--markdown"], ["--fix", "HEAD~1"]]
)
def test_what_a_person_has_to_put_right_is_two(capsys: pytest.CaptureFixture[str], shop: WorkingCopy, wrong: list[str]) -> None:
    assert told(capsys, shop, *wrong) == (2, "")


# Whoever runs these tests in the background ignores Ctrl-C, and so would what they start.
HEARING = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); runpy.run_module('app', run_name='__main__')"
)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_tests_and_removes_the_worktrees(shop: WorkingCopy, tmp_path: Path, how: signal.Signals) -> None:
    started = tmp_path / "started"
    begin = f"pathlib.Path({str(started)!r}).write_text(str(os.getpid()))"
    text = f"import os, pathlib, time\n\n\ndef test_it():\n    {begin}\n    time.sleep(600)\n"
    shop.write({"tests/test_slow.py": text})
    (tmp_path / "tmp").mkdir()
    line = [sys.executable, "-c", HEARING, "prove", "tests/test_slow.py::test_it", "--fix", "HEAD", "--repo", str(shop.path)]
    process = subprocess.Popen(line, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, stderr=subprocess.PIPE)
    for _ in range(600):
        if started.exists() and started.read_text():
            break
        time.sleep(0.1)
    process.send_signal(how)
    assert process.wait(30) == 130
    assert list((tmp_path / "tmp").iterdir()) == []
    for _ in range(100):
        if not Path(f"/proc/{started.read_text()}").exists():
            return
        time.sleep(0.05)
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
