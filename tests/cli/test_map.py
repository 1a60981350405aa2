"""`recall map` from coverage data to who ran a line; whatever is wrong is one sentence, the code 2, and nothing written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from app.analysis.testmap.mapfile import open_map
from app.domain.lines import lines_of
from app.domain.testmap import Grain
from tests.build import WorkingCopy, working_copy
from tests.measured import PRICES, Project, project

Told = tuple[int, str, str]
Call = Callable[..., Told]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def data(shop: Project) -> Path:
    return shop.measure("by-test")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    for name in ("GITHUB_ACTIONS", "GITHUB_SHA", "GITHUB_WORKFLOW", "GITHUB_JOB"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Told:
        code = cli.run(["map", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def built(call: Call, shop: Project, data: Path, tmp_path: Path) -> Path:
    out = tmp_path / "map.recall"
    assert call("build", data, "--repo", shop.copy.path, "--commit", shop.commit, "--out", out)[0] == 0
    return out


def test_a_map_holds_what_was_measured(built: Path, shop: Project) -> None:
    opened = open_map(built.read_bytes())
    assert opened.segment.origin.commit == shop.commit
    assert set(opened.paths) == {"shop/__init__.py", "shop/prices.py", "shop/unused.py"}
    (cover,) = opened.cover("shop/prices.py")
    assert cover.blob == shop.copy.git("rev-parse", f"{shop.commit}:shop/prices.py")
    assert {cover.tests[index] for index in cover.ran(lines_of([6]))} == {"tests/test_prices.py::test_gross[a|b]"}
    assert cover.outside == lines_of([1, 4, 10, 17])


def test_building_says_what_was_built(call: Call, shop: Project, data: Path, tmp_path: Path) -> None:
    code, out, err = call("build", data, "--repo", shop.copy.path, "--commit", shop.commit, "--out", tmp_path / "m")
    assert (code, err, len(out.splitlines())) == (0, "", 1)
    assert "4 tests, 3 files, 15 lines by test" in out and shop.commit[:7] in out


def test_several_shards_are_one_map(call: Call, shop: Project, data: Path, tmp_path: Path) -> None:
    other = shop.measure("other-runner", at="home/runner/work/shop/shop")
    out = tmp_path / "m"
    assert call("build", data, other, "--repo", shop.copy.path, "--commit", shop.commit, "--out", out)[0] == 0
    opened = open_map(out.read_bytes())
    assert len(opened.segment.tests) == 4
    assert all(cover.ran(lines_of([6])) == {2: lines_of([6])} for cover in opened.cover("shop/prices.py"))


def test_a_test_that_was_skipped_or_expected_to_fail_is_no_cover(call: Call, shop: Project, tmp_path: Path) -> None:
    out = tmp_path / "m"
    data = shop.measure("junit", "pytest", "--cov", "--cov-report=", "--cov-context=test", "--junitxml=junit.xml", "-q")
    results = data.parent / "work" / "junit.xml"
    code, _, err = call("build", data, results, "--repo", shop.copy.path, "--commit", shop.commit, "--out", out)
    opened = open_map(out.read_bytes())
    assert code == 0 and "TestRefund::test_expected_to_fail" in err
    assert "tests/test_prices.py::TestRefund::test_expected_to_fail" not in opened.segment.tests
    assert opened.cover("shop/prices.py")[0].ran(lines_of([18])) == {}
    assert {result.name.rpartition("::")[2]: result.ended.value for result in opened.segment.results} == {
        "test_tax": "passed",
        "test_gross[book]": "passed",
        "test_gross[a|b]": "passed",
        "test_skipped": "skipped",
        "test_expected_to_fail": "expected-failure",
    }


LCOV = "TN:\nSF:prices.py\nDA:5,1\nDA:7,{count}\nend_of_record\n"


def test_a_suite_s_coverage_is_one_test_and_that_is_said(call: Call, shop: Project, tmp_path: Path) -> None:
    (tmp_path / "lcov.info").write_text(LCOV.format(count=1))
    out = tmp_path / "m"
    where = ("--repo", shop.copy.path, "--commit", shop.commit, "--out", out)
    code, _, err = call("build", tmp_path / "lcov.info", "--suite", "unit", *where)
    segment = open_map(out.read_bytes()).segment
    assert (code, segment.grain, segment.tests, segment.origin.suite) == (0, Grain.SUITE, ("unit",), "unit")
    assert "unit counts as one test" in err


def test_jobs_of_two_workflows_that_are_called_alike_are_two_suites(
    call: Call, shop: Project, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_JOB", "test")
    suites = []
    for workflow in ("units", "integration", "w" * 1000):
        monkeypatch.setenv("GITHUB_WORKFLOW", workflow)
        out = tmp_path / "m"
        assert call("build", data, "--repo", shop.copy.path, "--commit", shop.commit, "--out", out)[0] == 0
        suites.append(open_map(out.read_bytes()).segment.origin.suite)
    assert suites[:2] == ["units / test", "integration / test"]
    assert len(suites[2]) == 250


def test_coverage_of_a_subprocess_ran_outside_of_tests(call: Call, shop: Project, data: Path, tmp_path: Path) -> None:
    plain = shop.measure("subprocess", "pytest", "--cov", "--cov-report=", "-q")
    out = tmp_path / "m"
    assert call("build", data, plain, "--repo", shop.copy.path, "--commit", shop.commit, "--out", out)[0] == 0
    (cover,) = open_map(out.read_bytes()).cover("shop/prices.py")
    assert len(cover.tests) == 4 and cover.outside == lines_of([1, 4, 5, 6, 7, 10, 12, 14, 17, 18])


def test_single_tests_and_whole_suites_are_not_mixed(refused: Callable[..., str], data: Path, tmp_path: Path) -> None:
    (tmp_path / "lcov.info").write_text(LCOV.format(count=1))
    assert "build a map of each" in refused(data, tmp_path / "lcov.info")


def test_results_alone_are_refused(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text('<testsuite><testcase classname="a" name="b"/></testsuite>')
    assert "no coverage data" in refused(tmp_path / "junit.xml")


def test_an_exec_file_without_classes_asks_for_them(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "jacoco.exec").write_bytes(b"\x01\xc0\xc0\x10\x07")
    assert "--classes" in refused(tmp_path / "jacoco.exec")


def test_a_folder_without_classes_is_refused(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "classes").mkdir()
    (tmp_path / "jacoco.exec").write_bytes(b"\x01\xc0\xc0\x10\x07")
    assert "no compiled Java classes" in refused(tmp_path / "jacoco.exec", "--classes", tmp_path / "classes")


def test_a_run_in_actions_tells_what_it_is(
    call: Call, shop: Project, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"ACTIONS": "true", "SHA": shop.commit, "JOB": "unit", "REF_NAME": "main", "RUN_ID": "77", "RUN_ATTEMPT": "2"}
    for name, value in told.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    out = tmp_path / "m"
    assert call("build", data, "--repo", shop.copy.path, "--out", out, "--shard", "2/3")[0] == 0
    origin = open_map(out.read_bytes()).segment.origin
    assert (origin.commit, origin.branch, origin.run, origin.suite) == (shop.commit, "main", "77.2", "unit")
    assert (origin.shard, origin.shards) == (2, 3)


def test_a_run_in_actions_that_checked_out_another_commit_has_to_name_it(
    call: Call, shop: Project, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_SHA", "1" * 40)
    code, out, err = call("build", data, "--repo", shop.copy.path, "--out", tmp_path / "m")
    assert (code, out, (tmp_path / "m").exists()) == (2, "", False)
    assert "GITHUB_SHA" in err and "--commit" in err


def test_a_map_says_what_it_is(call: Call, built: Path, shop: Project) -> None:
    code, out, _ = call("show", built)
    assert code == 0 and shop.commit[:7] in out and "4 tests" in out and "coverage.py" in out
    (shown,) = json.loads(call("show", built, "--json")[1])
    assert (shown["commit"], shown["grain"], shown["tests"], shown["files"]) == (shop.commit, "test", 4, 3)


def test_the_tests_that_ran_a_line_are_named(call: Call, built: Path) -> None:
    code, out, _ = call("query", "shop/prices.py:5-6", "--map", built)
    assert code == 0
    assert [line.strip() for line in out.splitlines()[1:]] == [
        "tests/test_prices.py::test_gross[a|b] (5-6)",
        "tests/test_prices.py::TestRefund::test_expected_to_fail (5)",
        "tests/test_prices.py::test_gross[book] (5)",
        "tests/test_prices.py::test_tax (5)",
    ]


def test_the_answer_for_machines_has_spans(call: Call, built: Path, shop: Project) -> None:
    answer = json.loads(call("query", "shop/prices.py:4-6", "--map", built, "--json")[1])
    assert answer["commits"] == [shop.commit]
    assert answer["tests"][0] == {"name": "tests/test_prices.py::test_gross[a|b]", "lines": [[5, 6]]}
    assert (answer["lines"], answer["outside"], answer["never"]) == ([[4, 6]], [[4, 4]], None)


def test_a_file_that_the_map_does_not_know_is_said(call: Call, built: Path) -> None:
    code, out, err = call("query", "shop/nowhere.py", "--map", built)
    assert (code, out) == (2, "") and "shop/nowhere.py" in err


def test_check_names_what_does_not_resolve(call: Call, shop: Project, data: Path) -> None:
    code, out, _ = call("check", data, "--repo", shop.copy.path, "--commit", shop.commit)
    assert code == 0 and "3 of 3 measured files" in out


def test_check_fails_where_nothing_resolves(call: Call, data: Path, tmp_path: Path) -> None:
    other = working_copy(tmp_path / "other")
    other.commit("Another project", {"src/main.go": "package main\n"})
    code, out, err = call("check", data, "--repo", other.path, "--commit", "HEAD")
    assert code == 2 and "shop/prices.py" in out and "No measured file" in err


@pytest.fixture
def refused(call: Call, shop: Project, tmp_path: Path) -> Callable[..., str]:
    """What is said, after checking that it is one sentence, the code 2, and nothing was written."""

    def run(*arguments: object, commit: str = shop.commit, repo: Path = shop.copy.path) -> str:
        folder = tmp_path / "out"
        folder.mkdir()
        (folder / "m").write_bytes(b"an older map")
        code, out, err = call("build", *arguments, "--repo", repo, "--commit", commit, "--out", folder / "m")
        assert (code, out, len(err.splitlines())) == (2, "", 1), err
        assert [(file.name, file.read_bytes()) for file in folder.iterdir()] == [("m", b"an older map")]
        return err

    return run


def test_an_unknown_commit_is_refused(refused: Callable[..., str], data: Path) -> None:
    assert "There is no commit" in refused(data, commit="f" * 40)


def test_data_of_another_project_are_refused(refused: Callable[..., str], data: Path, tmp_path: Path) -> None:
    other = working_copy(tmp_path / "other")
    commit = other.commit("Another project", {"src/main.go": "package main\n"})
    assert "No measured file" in refused(data, commit=commit, repo=other.path)


def test_data_of_another_commit_are_refused(refused: Callable[..., str], data: Path, tmp_path: Path) -> None:
    other = working_copy(tmp_path / "other")
    longer = "\n\n\n" + PRICES
    commit = other.commit("An older state", {"shop/prices.py": longer, "shop/unused.py": "", "shop/__init__.py": ""})
    assert "blank or missing" in refused(data, commit=commit, repo=other.path)


def test_a_folder_without_coverage_is_refused(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "holds no coverage data" in refused(tmp_path / "empty")


def test_what_nothing_reads_is_refused(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    assert "not coverage data that recall reads" in refused(tmp_path / "notes.txt")


def test_a_missing_file_is_refused(refused: Callable[..., str], tmp_path: Path) -> None:
    assert "There is no" in refused(tmp_path / "none")


def test_a_damaged_file_is_refused_by_its_name(refused: Callable[..., str], data: Path, tmp_path: Path) -> None:
    (tmp_path / "cut").write_bytes(data.read_bytes()[:-4096])
    said = refused(tmp_path / "cut")
    assert "cut" in said and "damaged" in said


@pytest.mark.parametrize("shard", ["0/2", "3/2", "x", "1/99999999"])
def test_an_impossible_shard_is_refused(refused: Callable[..., str], data: Path, shard: str) -> None:
    assert "--shard" in refused(data, "--shard", shard)


def test_a_map_without_a_commit_is_refused(call: Call, data: Path) -> None:
    code, _, err = call("build", data)
    assert code == 2 and "--commit" in err


def test_a_folder_with_a_file_for_each_test_is_a_map_of_single_tests(call: Call, shop: Project, tmp_path: Path) -> None:
    tests = tmp_path / "coverage" / "tests"
    tests.mkdir(parents=True)
    (tests / "one.spec.py.info").write_text("SF:shop/prices.py\nDA:5,1\nDA:6,0\nend_of_record\n")
    (tests / "two.spec.py.info").write_text("SF:shop/prices.py\nDA:5,1\nDA:6,1\nend_of_record\n")
    out = tmp_path / "m"
    arguments = ("--per-test", "--repo", shop.copy.path, "--commit", shop.commit, "--out", out)
    assert call("build", tmp_path / "coverage", *arguments)[0] == 0
    opened = open_map(out.read_bytes())
    assert (opened.segment.grain, opened.segment.tests) == (Grain.TEST, ("tests/one.spec.py", "tests/two.spec.py"))
    assert opened.cover("shop/prices.py")[0].ran(lines_of([5, 6])) == {0: lines_of([5]), 1: lines_of([5, 6])}


def test_many_files_of_one_test_each_are_one_record_a_file(call: Call, shop: Project, tmp_path: Path) -> None:
    folder = tmp_path / "coverage"
    folder.mkdir()
    for number in range(40):
        (folder / f"Test{number}.info").write_text("SF:shop/prices.py\nDA:5,1\nend_of_record\n")
    out = tmp_path / "m"
    assert call("build", folder, "--per-test", "--repo", shop.copy.path, "--commit", shop.commit, "--out", out)[0] == 0
    (cover,) = open_map(out.read_bytes()).cover("shop/prices.py")
    assert cover.running.bit_count() == 40


def test_comments_and_blank_lines_within_a_block_that_ran_have_not_run(call: Call, tmp_path: Path) -> None:
    copy = working_copy(tmp_path / "copy")
    commit = copy.commit(
        "Begin", {"go.mod": "module example.org/shop\n", "a.go": "package a\n\nfunc F() {\n\t// why\n\n\tg()\n}\n"}
    )
    profile = tmp_path / "cover.out"
    profile.write_text("mode: set\nexample.org/shop/a.go:3.10,7.2 1 1\n")
    assert call("build", profile, "--repo", copy.path, "--commit", commit, "--out", tmp_path / "m")[0] == 0
    (cover,) = open_map((tmp_path / "m").read_bytes()).cover("a.go")
    assert (cover.covered, cover.code) == (lines_of([3, 6, 7]),) * 2


WAYS = '{"a.js": {"path": "a.js", "statementMap": {"0": {"start": {"line": 1, "column": 0}, "end": {"line": 1}}}, "s": {"0": 1}}}'


@pytest.fixture
def script(tmp_path: Path) -> WorkingCopy:
    copy = working_copy(tmp_path / "copy")
    copy.commit("Begin", {"a.js": "shop();\n"})
    (tmp_path / "coverage" / "tmp").mkdir(parents=True)
    return copy


def test_a_report_beside_istanbuls_json_is_not_read_besides(call: Call, script: WorkingCopy, tmp_path: Path) -> None:
    (tmp_path / "coverage" / "coverage-final.json").write_text(WAYS)
    (tmp_path / "coverage" / "lcov.info").write_text("SF:a.js\nDA:1,1\nend_of_record\n")
    built = call("build", tmp_path / "coverage", "--repo", script.path, "--commit", "HEAD", "--out", tmp_path / "m")
    assert built[0] == 0
    (cover,) = open_map((tmp_path / "m").read_bytes()).cover("a.js")
    assert (cover.covered, cover.outside) == (0, lines_of([1]))


def test_what_c8_leaves_beside_its_report_is_passed_over(call: Call, script: WorkingCopy, tmp_path: Path) -> None:
    (tmp_path / "coverage" / "coverage-final.json").write_text(WAYS)
    (tmp_path / "coverage" / "tmp" / "coverage-1.json").write_text('{"result": []}')
    built = call("build", tmp_path / "coverage", "--repo", script.path, "--commit", "HEAD", "--out", tmp_path / "m")
    assert built[0] == 0


def test_nothing_but_what_v8_wrote_is_refused_with_what_to_give(call: Call, script: WorkingCopy, tmp_path: Path) -> None:
    (tmp_path / "coverage" / "tmp" / "coverage-1.json").write_text('{"result": []}')
    code, _, err = call("build", tmp_path / "coverage", "--repo", script.path, "--commit", "HEAD", "--out", tmp_path / "m")
    assert code == 2 and "reporter json or lcov" in err and not (tmp_path / "m").exists()
