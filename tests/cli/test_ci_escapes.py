"""`recall ci escapes` without a server: the past escapes that the checkout's own branch remembers."""

import json
from pathlib import Path

import pytest

from app.analysis.ledger import BRANCH, place, written
from app.analysis.past import read_escapes
from app.cli import run
from app.domain.draft import Guard, ProofState
from app.domain.job import Recall, State
from tests.build import working_copy

FIX, BASE = "f" * 40, "b" * 40
GUARD = Guard(proof=ProofState.PROVED, tests=("tests/test_cart.py::test_total",))
FIXED = Recall(
    *(9, 42, None, "acme/shop", State.REPORTED), report=json.dumps({"fix": {"sha": FIX}, "base": BASE}), fix_head=FIX, guard=GUARD
)


@pytest.fixture(autouse=True)
def in_a_job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/shop")
    monkeypatch.delenv("RECALL_SERVER", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_branch_tells_what_there_is_to_challenge() -> None:
    copy = working_copy(Path("clone"))
    copy.commit("begin", {"README.md": "x"})
    copy.git("checkout", "--quiet", "--orphan", BRANCH)
    copy.commit("remember", {place(42): written("", FIXED, "2026-11-23T09:00:00+00:00")})
    copy.git("checkout", "--quiet", "main")
    assert run(["ci", "escapes", "--repo", "clone", "--out", "escapes.json"]) == 0
    (found,) = read_escapes(Path("escapes.json").read_bytes())
    assert (found.issue, found.fix, found.parent, found.proof) == (42, FIX, BASE, ProofState.PROVED)
    assert [str(test) for test in found.tests] == ["tests/test_cart.py::test_total"]


def test_without_the_branch_there_is_none_and_no_error() -> None:
    working_copy(Path("clone")).commit("begin", {"README.md": "x"})
    assert run(["ci", "escapes", "--repo", "clone", "--out", "escapes.json"]) == 0
    assert read_escapes(Path("escapes.json").read_bytes()) == ()
