"""The time of recall's culprit beside PyDriller's blame."""

import json
import sys
from pathlib import Path

import pytest

from app.git.repository import find_fix, open_repository
from benchmarks.culprit_blame import blamed
from benchmarks.culprit_speed import Pair, Spent, compare, read_fixes, report
from tests.build import working_copy


@pytest.fixture
def mirrors(tmp_path: Path) -> Path:
    copy = working_copy(tmp_path / "copy")
    copy.commit("Start", {"cart.py": "a = 1\n"})
    fix = copy.commit("Fix", {"cart.py": "a = 2\n"})
    copy.git("clone", "--quiet", "--bare", str(copy.path), str(tmp_path / "o+r.git"))
    records = [
        {"id": name, "repo": repo, "language": "python", "fix_commit": fix} for name, repo in (("a", "o/r"), ("b", "o/none"))
    ]
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records))
    return tmp_path


def test_only_fixes_of_repositories_that_are_there_are_asked(mirrors: Path) -> None:
    assert [bug.repo for _, bug in read_fixes(mirrors / "truth.jsonl", mirrors, None)] == ["o/r"]


def test_the_command_answers_and_its_time_is_taken(mirrors: Path) -> None:
    ((mirror, bug),) = read_fixes(mirrors / "truth.jsonl", mirrors, None)
    pair = compare(mirror, bug, None, 60, 0)
    assert 0 < pair.blame.work < pair.recall.work
    assert 0 < pair.recall.seconds < 60
    assert pair.pydriller is None


def test_an_interpreter_without_pydriller_is_told_as_missing(mirrors: Path) -> None:
    ((mirror, bug),) = read_fixes(mirrors / "truth.jsonl", mirrors, None)
    assert compare(mirror, bug, sys.executable, 60, 1).pydriller is None


def test_the_ratio_is_of_the_fixes_that_both_answered() -> None:
    both = Pair("o/r", Spent(1.0, 0.5), Spent(0.5, 0.1), (Spent(4.0, 2.0), Spent(3.0, 1.0)))
    recall, own, process, blame, beside = report([both, Pair("o/r", Spent(9.0, 9.0), Spent(0.5, 0.3), None)])[-5:]
    assert "n 2" in recall
    assert "mean 5.00" in recall
    assert "work 0.20" in own
    assert "n 1" in blame
    assert process.endswith("ratio 4.00 by the clock, 4.00 by work")
    assert blame.endswith("ratio 6.00 by the clock, 10.00 by work")
    assert beside.endswith("ratio 3.00 by the clock, 2.00 by work")


def test_blame_alone_asks_who_wrote_the_lines_that_the_fix_removed(tmp_path: Path) -> None:
    copy = working_copy(tmp_path)
    copy.commit("Start", {"cart.py": "a = 1\nb = 1\n"})
    cause = copy.commit("Change", {"cart.py": "a = 1\nb = 2\n"})
    fix = copy.commit("Fix", {"cart.py": "a = 1\nb = 1\n", "new.py": "c = 1\n"})
    repository = open_repository(copy.path)
    assert blamed(repository, find_fix(repository, fix)) == {"cart.py": frozenset({cause})}
