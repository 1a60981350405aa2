"""The whole loop, with the sandbox's Actions played by really running the action's own steps.

Label, comment, draft, a person fills it in, proof, check run green, escape proven; later a challenge finds its guard rotten and
says so on the issue, and a mended guard is found to hold again.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.draft import ProofState, read_marker
from app.domain.suite import TestId
from app.sandbox.sandbox import WRITING
from app.sandbox.state import CheckRun, Issue, WorkflowRun
from tests.end_to_end.conftest import LABEL, Bot, serving, step
from tests.gate import zipped_folder
from tests.shop import SHOP

FIXED = "RATE = 2\n\n\ndef total(n):\n    return n * RATE + (n > 100)\n"
FILLED = "from shop.pricing import total\n\n\ndef {}():\n    assert total(101) == 203\n"
ROTTEN = "def {}():\n    assert True\n"


@dataclass
class Loop:
    """A served recall, a scratch folder, and the issue that everything is about."""

    bot: Bot
    folder: Path
    issue: Issue

    @property
    def proof(self) -> ProofState:
        """What is kept of the escape's guard."""
        (guard,) = self.bot.ask("SELECT guard FROM recall_recall WHERE number = :number", number=self.issue.number)
        return ProofState(json.loads(guard)["proof"])

    def course(self) -> tuple[list[str], list[str]]:
        """The stages that the escape went through, and when."""
        (course,) = self.bot.ask("SELECT course FROM recall_recall WHERE number = :number", number=self.issue.number)
        moments = json.loads(course)["moments"]
        return [each["stage"] for each in moments], [each["when"] for each in moments]

    @property
    def checks(self) -> list[CheckRun]:
        return self.bot.shop.repository.checks

    def said(self, mark: str) -> list[str]:
        """Our comments on the issue that carry that mark."""
        return [one.body for one in self.bot.comments(self.issue) if one.body.startswith(f"<!-- recall:v1 {mark} ")]

    def checkout(self, commit: str) -> Path:
        """What actions/checkout leaves, with the whole history."""
        where = self.folder / f"checkout-{commit[:10]}"
        if not where.exists():
            subprocess.run(["git", "clone", "-q", str(self.bot.shop.repository.git.path), str(where)], check=True)
            subprocess.run(["git", "checkout", "-q", commit], cwd=where, check=True)
        return where

    def act(self, run: WorkflowRun, mode: str, **inputs: str) -> "subprocess.CompletedProcess[str]":
        """Plays a run: the action's step, its artifact, and the end of the run."""
        output = self.folder / "output"
        output.write_text("")
        usual = {"REPO": str(self.checkout(run.head_sha)), "COMMAND": "", "SERVER": "", "FILES": "", "ALL": "false"}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        summary = {"GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"), "PATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        done = step(self.bot, run, self.folder, mode, **usual | summary | inputs)
        told = dict(line.split("=", 1) for line in output.read_text().splitlines())
        sandbox = self.bot.shop.sandbox
        if told:
            sandbox.add_artifact_of(run, told["name"], zipped_folder(Path(told["folder"])))
        sandbox.complete_run(run, "success" if done.returncode == 0 else "failure")
        self.bot.settle()
        return done

    def prove(self, pull: Issue, **inputs: str) -> "subprocess.CompletedProcess[str]":
        return self.act(self.bot.shop.sandbox.start_run_on(pull, id_token=False), "prove", **inputs)

    def challenge(self) -> "subprocess.CompletedProcess[str]":
        """A run of the default branch that asks the server for its escapes and puts each bug back."""
        return self.act(self.bot.shop.sandbox.start_run(SHOP, "schedule"), "challenge", SERVER=self.bot.address)

    def escaped(self) -> None:
        """The fix lands, and somebody sets the label."""
        mona = self.bot.shop.mona
        mona.push(SHOP, {"shop/pricing.py": FIXED}, "Fix the total", branch="fix")
        mona.merge(mona.open_pull(SHOP, "fix", "Fix the total", f"Fixes #{self.issue.number}"))
        mona.label(self.issue, LABEL)
        self.bot.settle()

    def drafted(self) -> Issue:
        """The draft pull request that the label led to."""
        (pull,) = [each for each in self.bot.shop.repository.pulls() if each.author.login == "recall[bot]"]
        return pull

    def guard(self, pull: Issue) -> TestId:
        """The test that the draft brings."""
        marker = read_marker(pull.body)
        assert marker is not None
        (test,) = marker.tests
        return test

    def fill_in(self, pull: Issue, content: str) -> None:
        """A person finishes the test, and pushes it to the draft's branch."""
        facts, guard = pull.pull, self.guard(pull)
        assert facts is not None
        self.bot.shop.mona.push(SHOP, {guard.path: content.format(guard.name)}, "Fill it in", branch=facts.head_ref)
        self.bot.settle()


@pytest.fixture
def loop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Loop]:
    with serving("sqlite", request, permissions=WRITING) as bot:
        yield Loop(bot, tmp_path, bot.issue("Total is wrong"))


def test_from_the_label_to_a_proven_escape_and_a_rotten_guard(loop: Loop) -> None:
    mona = loop.bot.shop.mona
    loop.escaped()
    pull = loop.drafted()

    unfilled = loop.prove(pull)
    assert unfilled.returncode == 1, unfilled.stderr
    assert loop.proof is ProofState.NOT_PROVED
    assert [check.conclusion for check in loop.checks] == ["neutral"]

    loop.fill_in(pull, FILLED)
    filled = loop.prove(pull)
    assert filled.returncode == 0, filled.stdout + filled.stderr
    assert "Proved" in (loop.folder / "summary.md").read_text()
    assert loop.proof in (ProofState.PROVED, ProofState.GUARDED)
    assert [(check.name, check.conclusion) for check in loop.checks[-1:]] == [("recall / proof", "success")]
    assert len({check.head_sha for check in loop.checks}) == len(loop.checks)

    mona.ready(pull)
    mona.merge(pull)
    loop.bot.settle()
    caught = loop.challenge()
    assert caught.returncode == 0, caught.stdout + caught.stderr
    assert (loop.proof, loop.said("rotten")) == (ProofState.GUARDED, [])

    guard = loop.guard(pull)
    mona.push(SHOP, {guard.path: ROTTEN.format(guard.name)}, "Simplify the test")
    assert loop.challenge().returncode == 1
    assert loop.proof is ProofState.ROTTEN
    (said,) = loop.said("rotten")
    assert "would get through again today" in said
    assert len(loop.said("issue=" + said.partition("issue=")[2].partition(" ")[0])) == 1

    mona.push(SHOP, {guard.path: FILLED.format(guard.name)}, "Bring the assertion back")
    assert loop.challenge().returncode == 0
    assert (loop.proof, len(loop.said("rotten")), len(loop.said("mended"))) == (ProofState.GUARDED, 0, 1)

    stages, moments = loop.course()
    funnel = ("labelled", "linked", "commented", "drafted", "red", "proved", "guarded", "rotten")
    assert [stages.index(stage) for stage in funnel] == sorted(stages.index(stage) for stage in funnel)
    assert stages[-1] == "guarded"
    assert stages.count("rotten") == 1
    assert moments == sorted(moments)


def test_nothing_of_a_pull_request_reaches_a_shell_or_the_runner(loop: Loop) -> None:
    mona = loop.bot.shop.mona
    branch, path = "fix/$(touch${IFS}pwned);`touch${IFS}pwned`", "tests/test_$(touch pwned)_`x`.py"
    noisy = "import sys\n\nsys.stderr.write('\\n::error::pwned\\n')\n\n\ndef test_x():\n    assert False, '\\n::error::pwned'\n"
    mona.push(SHOP, {path: noisy, "shop/pricing.py": FIXED}, "::error::pwned", branch=branch)
    pull = mona.open_pull(SHOP, branch, "$(touch pwned)\n::error::pwned", "<!-- recall:v1 draft issue=$(touch pwned) -->")
    done = loop.prove(pull, COMMAND="", STRICT="false")
    lines = done.stdout.splitlines()
    word = next(line for line in lines if line.startswith("::stop-commands::")).removeprefix("::stop-commands::")
    muted = range(lines.index(f"::stop-commands::{word}"), lines.index(f"::{word}::"))
    loud = [line for at, line in enumerate(lines) if line.startswith("::") and at not in muted]
    assert loud == [f"::{word}::", "::warning title=recall::Not proved; see the log of this step."]
    assert list(loop.folder.rglob("pwned")) == []


def test_a_change_without_tests_has_nothing_to_prove(loop: Loop) -> None:
    mona = loop.bot.shop.mona
    mona.push(SHOP, {"README.md": "more\n"}, "Say more", branch="more")
    done = loop.prove(mona.open_pull(SHOP, "more", "More"))
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "::notice title=recall::Nothing to prove here; see the log of this step."
    assert loop.bot.shop.repository.artifacts == []


def test_killed_behind_any_step_there_is_one_check_run(loop: Loop) -> None:
    loop.escaped()
    pull = loop.drafted()
    loop.fill_in(pull, FILLED)
    for boundary in range(1, 14, 2):
        (loop.bot.death / f"die-read-receipts-{boundary}").touch()
    for boundary in range(1, 9, 2):
        (loop.bot.death / f"die-check-proof-{boundary}").touch()
    assert loop.prove(pull).returncode == 0
    loop.bot.settle(120)
    assert list(loop.bot.death.glob("die-*")) == []
    head = pull.pull and pull.pull.head_sha
    assert [check.conclusion for check in loop.checks if check.head_sha == head] == ["success"]
