"""Who wrote which lines, as far as there was time to ask."""

import time

from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import Span
from app.git.blame import Run, parse_blame, read_runs
from app.git.repository import Repository
from tests.build import WorkingCopy


def runs(repository: Repository, commit: str, path: str, ignored: list[str] | None = None) -> list[Run]:
    told = read_runs(repository, commit, path, [Span(1, 2)], ignored=ignored or [], deadline=time.monotonic() + 20)
    assert told.whole
    return sorted(told.runs, key=lambda run: run.line)


def test_each_line_is_told_with_where_it_stood_in_its_commit(copy: WorkingCopy, repository: Repository) -> None:
    first = copy.git("rev-parse", "HEAD")
    second = copy.commit("second", {"a.txt": "zero\none\n"})
    assert runs(repository, second, "a.txt") == [Run(second, 1, 1, 1, "a.txt"), Run(first, 1, 2, 1, "a.txt")]


def test_blanks_alone_write_no_line(copy: WorkingCopy, repository: Repository) -> None:
    first = copy.git("rev-parse", "HEAD")
    second = copy.commit("indent", {"a.txt": "    one\ntwo\n"})
    assert [run.sha for run in runs(repository, second, "a.txt")] == [first, second]


def test_an_ignored_commit_writes_no_line(copy: WorkingCopy, repository: Repository) -> None:
    first = copy.git("rev-parse", "HEAD")
    formatted = copy.commit("format", {"a.txt": "'one'\n"})
    last = copy.commit("last", {"a.txt": "'one'\ntwo\n"})
    assert [run.sha for run in runs(repository, last, "a.txt", [formatted])] == [first, last]


def test_what_the_repository_configures_to_be_left_out_counts(copy: WorkingCopy, repository: Repository) -> None:
    last = copy.commit("last", {"a.txt": "one\ntwo\n"})
    (copy.path.parent / "ignored").write_text(f"{last}\n")
    copy.git("config", "blame.ignoreRevsFile", str(copy.path.parent / "ignored"))
    assert runs(repository, last, "a.txt")[-1].sha == last


def test_the_older_names_of_a_file_are_told(copy: WorkingCopy, repository: Repository) -> None:
    body = "".join(f"line {n}\n" for n in range(9))
    copy.commit("long", {"old näme.txt": body})
    moved = copy.commit("move", {"old näme.txt": None, "new.txt": "first\n" + body})
    told = read_runs(repository, moved, "new.txt", [Span(1, 3)], deadline=time.monotonic() + 20)
    assert told.names == {"old näme.txt", "new.txt"}


def test_without_time_nothing_is_told_and_that_is_said(copy: WorkingCopy, repository: Repository) -> None:
    told = read_runs(repository, copy.git("rev-parse", "HEAD"), "a.txt", [Span(1, 1)], deadline=time.monotonic() - 1)
    assert (told.runs, told.whole) == ((), False)


def test_an_entry_that_was_cut_off_is_left_out() -> None:
    sha = "a" * 40
    told = f"{sha} 1 2 3\nauthor x\nsummary filename y\nfilename a.txt\n{sha} 9 9 1\nauth".encode()
    assert parse_blame(told, whole=False).runs == (Run(sha, 1, 2, 3, "a.txt"),)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(told: bytes) -> None:
    parse_blame(told)
