"""The records of real fixes: what the rule takes from a commit, and what is read from runners' reports."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.by_hand import Ran, Told, bears, verdict
from benchmarks.prove import same
from benchmarks.regressions import choose, read_projects, read_regressions
from benchmarks.scaffold import parses, place
from tests.build import working_copy


def sides(parent: list[str], fix: list[str]) -> dict[str, dict[str, object]]:
    return {"test.py::test_total": {"parent": list(parent), "fix": list(fix)}}


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = working_copy(tmp_path_factory.mktemp("mux"))
    old = "package mux\n\nfunc TestOld(t *testing.T) {\n}\n"
    copy.commit("Start", {"mux.go": "package mux\n", "mux_test.go": old})
    new = old + "\nfunc TestNew(t *testing.T) {\n}\n"
    copy.commit("Fixes #12", {"mux.go": "package mux // a\n", "mux_test.go": new})
    copy.commit("Fix the rest, without a test", {"mux.go": "package mux // b\n"})
    copy.commit("Tidy up", {"mux.go": "package mux // c\n", "mux_test.go": old})
    return copy.path


def test_the_rule_takes_commits_that_fix_and_bring_a_test(mirror: Path) -> None:
    project = replace(read_projects()["gorilla/mux"], start="HEAD")

    (fix,) = choose(project, mirror)

    assert (fix.number, fix.tests, fix.asked) == (12, ("mux_test.go",), ("mux_test.go::TestNew",))


def test_every_record_names_a_project_and_tests() -> None:
    projects = read_projects()

    records = read_regressions()

    assert len({record.id for record in records}) == len(records) >= 44
    assert all(record.repo in projects and record.asked for record in records)


@pytest.mark.parametrize(
    ("parent", "fix", "said"),
    [
        (["failed"] * 3, ["passed"] * 3, "proved"),
        (["passed"] * 3, ["passed"] * 3, "not-proved"),
        (["failed"] * 3, ["failed"] * 3, "not-proved"),
        (["failed", "passed", "failed"], ["passed"] * 3, "flaky"),
        (["absent"] * 3, ["passed"] * 3, "could-not-run"),
        (["skipped"] * 3, ["skipped"] * 3, "could-not-run"),
    ],
)
def test_the_verdict_by_hand(parent: list[str], fix: list[str], said: str) -> None:
    assert verdict(sides(parent, fix)) == said


def test_parameters_and_subtests_belong_to_their_test() -> None:
    assert bears("tests.test_cart test_total[many]", "test_total")
    assert bears("cart adds removes `hidden` with value 1", "cart > removes `hidden` with value %s")
    assert not bears("tests.test_cart test_total_of_none", "test_total")


def test_one_red_parameter_makes_a_test_red() -> None:
    ran = Ran({"c test_total[one]": Told("passed"), "c test_total[two]": Told("failed", "boom")})

    assert (ran.ending("test_total"), ran.why("test_total")) == ("failed", "boom")


def test_a_place_is_the_file_or_the_folder_of_the_developers() -> None:
    chosen = ("tests/unit/test_cart.py",)

    assert [place(path, chosen) for path in ("tests/unit/test_cart.py", "tests/unit/test_till.py", "tests/test_cart.py")] == [
        "file",
        "folder",
        "elsewhere",
    ]


def test_a_file_that_no_compiler_reads_does_not_parse(tmp_path: Path) -> None:
    good, bad = tmp_path / "test_good.py", tmp_path / "test_bad.py"
    good.write_text("def test(): pass\n", encoding="utf-8")
    bad.write_text("def test(:\n", encoding="utf-8")

    assert (parses(good), parses(bad)) == (True, False)


def test_a_receipt_that_tells_another_ending_is_seen() -> None:
    runs = [{"test": {"path": "test.py", "name": "test_total"}, "side": "parent", "ending": "passed"}]

    assert same({"runs": runs}, {"tests": sides(["passed"] * 3, ["passed"] * 3)})
    assert not same({"runs": runs}, {"tests": sides(["failed"] * 3, ["passed"] * 3)})
