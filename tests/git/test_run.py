"""How git is started: what it may print, how long it may take, and what a repository may not make it do."""

from pathlib import Path

import pytest

from app.git.run import GitFailed, GitTooSlow, run
from tests.build import WorkingCopy, working_copy


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "repo")
    copy.commit("first", {"a.txt": "one\n"})
    return copy


def test_gives_what_git_printed(copy: WorkingCopy) -> None:
    assert run(copy.path, "cat-file", "-p", "HEAD:a.txt") == b"one\n"


def test_standard_input_reaches_git(copy: WorkingCopy) -> None:
    assert run(copy.path, "hash-object", "--stdin", stdin=b"one\n").strip() == b"5626abf0f72e58d7a153368ba57db4c673c0e171"


def test_an_error_says_what_git_said(copy: WorkingCopy) -> None:
    with pytest.raises(GitFailed, match="git rev-parse failed: Needed a single revision"):
        run(copy.path, "rev-parse", "--verify", "nowhere")


def test_output_over_the_limit_is_refused(copy: WorkingCopy) -> None:
    with pytest.raises(GitFailed, match="printed more than 2 bytes"):
        run(copy.path, "cat-file", "-p", "HEAD:a.txt", limit=2)


def test_a_command_that_waits_is_killed(copy: WorkingCopy) -> None:
    copy.git("config", "alias.wait", "!sleep 30")
    with pytest.raises(GitTooSlow, match="longer than 0 seconds"):
        run(copy.path, "wait", seconds=0.2)


def test_a_hook_of_the_repository_is_not_run(copy: WorkingCopy) -> None:
    trap = copy.path / "trapped"
    hook = copy.path / ".git" / "hooks" / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {trap}\n")
    hook.chmod(0o755)
    run(copy.path, "update-ref", "refs/heads/other", "HEAD")
    assert not trap.exists()


def test_nothing_is_fetched_from_elsewhere(copy: WorkingCopy, tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="transport 'file' not allowed"):
        run(tmp_path, "clone", "--bare", f"file://{copy.path}", "copy.git")
