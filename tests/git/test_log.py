"""The history in one pass, and blame of a few lines."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import Span
from app.domain.history import PathChange
from app.git.log import parse_coming, parse_log, read_blame, read_coming, read_log
from app.git.repository import Repository
from tests.build import WorkingCopy

BODY = "".join(f"line {n}\n" for n in range(20))


def test_commits_come_newest_first_with_their_messages(copy: WorkingCopy, repository: Repository) -> None:
    copy.commit("second\n\nwith a body", {"a.txt": "two\n"})
    assert [c.message for c in read_log(repository, "HEAD")] == ["second\n\nwith a body", "first"]


def test_a_commit_carries_the_paths_it_changed(copy: WorkingCopy, repository: Repository) -> None:
    copy.commit("second", {"a.txt": None, "new\nline.txt": "n", "b/naïve name.py": "x"})
    assert set(read_log(repository, "HEAD")[0].changes) == {
        PathChange("D", "a.txt"),
        PathChange("A", "new\nline.txt"),
        PathChange("M", "b/naïve name.py"),
    }


def test_a_rename_carries_both_paths(copy: WorkingCopy, repository: Repository) -> None:
    copy.commit("long", {"long.txt": BODY})
    copy.commit("move", {"long.txt": None, "moved.txt": BODY + "and more\n"})
    assert read_log(repository, "HEAD")[0].changes == (PathChange("R", "moved.txt", "long.txt"),)


def test_a_merge_has_no_changes_of_its_own(copy: WorkingCopy, repository: Repository) -> None:
    copy.git("checkout", "--quiet", "-b", "topic")
    copy.commit("topic", {"t.txt": "t"})
    copy.git("checkout", "--quiet", "main")
    copy.commit("main", {"m.txt": "m"})
    copy.git("merge", "--quiet", "--no-ff", "-m", "merged", "topic")
    assert read_log(repository, "HEAD")[0].changes == ()


def test_the_limit_bounds_the_walk(copy: WorkingCopy, repository: Repository) -> None:
    copy.commit("second")
    assert [c.subject for c in read_log(repository, "HEAD", limit=1)] == ["second"]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(told: bytes) -> None:
    told = told.replace(b"\x01", b"")
    assert list(parse_log(told)) == []


def test_blame_names_the_commit_of_each_line(copy: WorkingCopy, repository: Repository) -> None:
    first = copy.git("rev-parse", "HEAD")
    second = copy.commit("second", {"a.txt": "one\ntwo\nthree\n"})
    blamed = read_blame(repository, second, "a.txt", [Span(1, 2)])
    assert [(line.line, line.sha) for line in blamed] == [(1, first), (2, second)]


def test_a_file_came_with_the_commit_that_made_it(copy: WorkingCopy, repository: Repository) -> None:
    made = copy.commit("make it", {"long.txt": BODY})
    copy.commit("write on", {"long.txt": BODY + "more\n"})
    came = read_coming(repository, "HEAD~2", "HEAD", "long.txt")
    assert came is not None
    assert (came.sha, came.when, came.older_path) == (made, "2020-09-15T12:26:40+00:00", "")


def test_a_file_that_was_renamed_was_there_by_its_older_path(copy: WorkingCopy, repository: Repository) -> None:
    copy.commit("make it", {"old.txt": BODY})
    copy.commit("rename it", {"old.txt": None, "new.txt": BODY})
    copy.commit("write on", {"new.txt": BODY + "more\n"})
    came = read_coming(repository, "HEAD~2", "HEAD", "new.txt")
    assert came is not None
    assert came.older_path == "old.txt"


def test_a_file_that_nothing_touched_did_not_come(repository: Repository) -> None:
    assert read_coming(repository, "HEAD", "HEAD", "a.txt") is None


@given(st.binary(max_size=300))
def test_how_a_file_came_is_read_from_whatever_git_prints(told: bytes) -> None:
    came = parse_coming(b"\x01abc 2020\0" + told)
    assert came is None or isinstance(came.sha, str)
