"""What git printed by the end of its time."""

import time

from app.git.repository import Repository
from app.git.timed import run_until


def soon() -> float:
    return time.monotonic() + 20


def test_what_git_prints_is_told_whole(repository: Repository) -> None:
    told = run_until(repository, "rev-parse", "--is-bare-repository", deadline=soon(), limit=100)
    assert (told.output, told.whole) == (b"false\n", True)


def test_without_time_nothing_is_started(repository: Repository) -> None:
    told = run_until(repository, "rev-parse", "--git-dir", deadline=time.monotonic() - 1, limit=100)
    assert (told.output, told.whole) == (b"", False)


def test_what_does_not_end_is_ended_and_what_it_said_is_kept(repository: Repository) -> None:
    waits = ("-c", "alias.waits=!printf started; sleep 60", "waits")
    told = run_until(repository, *waits, deadline=time.monotonic() + 1, limit=100)
    assert (told.output, told.whole) == (b"started", False)


def test_no_more_is_read_than_the_limit(repository: Repository) -> None:
    told = run_until(repository, "log", "--format=%H", deadline=soon(), limit=10)
    assert (len(told.output), told.whole) == (10, False)


def test_a_failure_is_not_whole(repository: Repository) -> None:
    assert not run_until(repository, "log", "no-such-commit", "--", deadline=soon(), limit=100).whole


def test_git_reads_what_it_is_given(repository: Repository) -> None:
    told = run_until(repository, "hash-object", "--stdin", stdin=b"", deadline=soon(), limit=100)
    assert told.output == b"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n"
