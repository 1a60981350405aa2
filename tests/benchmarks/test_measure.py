import sys
from pathlib import Path

import pytest

from benchmarks.bugs import Bug, git, read_bugs, scratch_repository
from benchmarks.measure import Case, ask, coverage_of, summary
from benchmarks.report import write
from tests.build import working_copy


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Bug]:
    copy = working_copy(tmp_path_factory.mktemp("project"))
    base = copy.commit("Start", {"cart.py": "a = 1\n", "test_cart.py": "1\n", "old.py": "x\n"})
    fix = copy.commit("Fix the cart", {"cart.py": "a = 2\n", "test_cart.py": "2\n", "old.py": None})
    return copy.path / ".git", Bug("b", "o/r", "python", base, fix, frozenset({"test_cart.py"}), frozenset({"test_cart.py"}))


def test_the_scratch_repository_ends_at_the_fix_without_its_tests(fixed: tuple[Path, Bug]) -> None:
    mirror, bug = fixed
    with scratch_repository(mirror, bug) as (repository, fix):
        assert git(repository, "show", f"{fix}:cart.py") == b"a = 2\n"
        assert git(repository, "show", f"{fix}:test_cart.py") == b"1\n"
        assert git(repository, "ls-tree", "--name-only", fix).split() == [b"cart.py", b"test_cart.py"]
        assert git(repository, "log", "-1", "--format=%s %P", fix).decode().strip() == f"Fix the cart {bug.base}"


def answering(text: str) -> list[str]:
    return [sys.executable, "-c", f"print({text!r})"]


def test_an_answer_is_read_by_its_order(fixed: tuple[Path, Bug]) -> None:
    answer = '{{"tests": [{{"path": "x.py", "score": 0.5}}, {{"path": "test_cart.py", "score": 0.2}}], "placement": null}}'
    case = ask(fixed[1], fixed[0], answering(answer), 30)
    assert (case.rank, case.first, case.placed, case.error) == (2, 0.5, False, None)
    assert case.megabytes > 1


def test_a_command_that_fails_is_a_miss_and_is_told(fixed: tuple[Path, Bug]) -> None:
    case = ask(fixed[1], fixed[0], [sys.executable, "-c", "raise SystemExit('no')"], 30)
    assert case.rank is None
    assert case.error == "exit 1: no"


def test_a_map_is_made_of_the_coverage_before_the_command_is_asked(fixed: tuple[Path, Bug], tmp_path: Path) -> None:
    mirror, bug = fixed
    (tmp_path / f"o+r-{bug.base[:10]}.coverage").write_text("x.py")
    build = [sys.executable, "-c", "import shutil, sys; shutil.copy(*sys.argv[1:])", "{coverage}", "{map}"]
    read = "import json, sys; print(json.dumps(dict(tests=[dict(path=open(sys.argv[1]).read(), score=1)])))"
    case = ask(bug, mirror, [sys.executable, "-c", read, "{map}"], 30, coverage_of(bug, tmp_path), build)
    assert (case.rank, case.first, case.error) == (None, 1, None)


def test_a_map_that_cannot_be_made_is_a_miss(fixed: tuple[Path, Bug], tmp_path: Path) -> None:
    build = [sys.executable, "-c", "raise SystemExit('torn')"]
    case = ask(fixed[1], fixed[0], answering("{{}}"), 30, coverage_of(fixed[1], tmp_path), build)
    assert (case.rank, case.error) == (None, "no map, exit 1: torn")


def test_unlisted_bugs_count_as_nothing_in_the_mean() -> None:
    figures = summary([Case("a", "o/r", "go", rank=2, seconds=1.0), Case("b", "o/r", "go", seconds=3.0)])
    assert (figures["mrr"], figures["hit@1"], figures["hit@5"]) == (0.25, 0.0, 0.5)


def test_the_records_hold_facts_alone() -> None:
    bugs = read_bugs()
    assert len(bugs) == 526
    assert not any(bug.title or bug.body for bug in bugs)
    assert all(bug.right <= bug.hidden for bug in bugs)


def test_a_table_replaces_what_stands_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x -->\nold\n<!-- /x -->\nb\n")
    write(page, {"x": "new \\1"})
    assert page.read_text() == "a\n<!-- x -->\nnew \\1\n<!-- /x -->\nb\n"
    with pytest.raises(ValueError, match="no marks"):
        write(page, {"y": ""})
