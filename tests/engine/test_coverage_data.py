"""What coverage.py really writes is read; a database that is not its own, damaged or hostile is refused in a sentence."""

import shutil
import sqlite3
from pathlib import Path

import coverage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.analysis.coverage.unreadable import Unreadable
from app.domain.lines import lines_of
from app.domain.testmap import Grain, Reading
from app.engine.coverage_data import list_paths, read_data
from tests.measured import Project, project

PYTEST = ("pytest", "--cov", "--cov-report=", "-q")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def by_test(shop: Project) -> Path:
    return shop.measure("by-test")


def lines(reading: Reading, name: str) -> tuple[dict[str, int], int]:
    """Lines by test and lines outside of tests, of the file whose path ends like that."""
    for measured in reading.files:
        if measured.path.endswith(name):
            return {reading.tests[index]: ran for index, ran in measured.ran.items()}, measured.outside
    raise AssertionError(f"{name} was not measured")


def test_contexts_of_pytest_are_tests(by_test: Path) -> None:
    reading = read_data(by_test, "unit")
    assert reading.grain is Grain.TEST
    assert reading.tool == f"coverage.py {coverage.__version__}"
    assert lines(reading, "shop/prices.py") == (
        {
            "tests/test_prices.py::test_tax": lines_of([5, 7]),
            "tests/test_prices.py::test_gross[book]": lines_of([5, 7, 12, 14]),
            "tests/test_prices.py::test_gross[a|b]": lines_of([5, 6, 12, 14]),
            "tests/test_prices.py::TestRefund::test_expected_to_fail": lines_of([5, 7, 12, 14, 18]),
        },
        lines_of([1, 4, 10, 17]),
    )


def test_a_file_that_nothing_ran_is_measured_all_the_same(by_test: Path) -> None:
    assert lines(read_data(by_test, "unit"), "shop/unused.py") == ({}, 0)


def test_branch_coverage_gives_the_same_lines(by_test: Path, shop: Project) -> None:
    branches = shop.measure("branches", settings="branch = true\n", at="work")
    assert lines(read_data(branches, "unit"), "shop/prices.py") == lines(read_data(by_test, "unit"), "shop/prices.py")


def test_test_functions_are_tests(shop: Project) -> None:
    data = shop.measure("functions", *PYTEST, settings="dynamic_context = test_function\n")
    ran, _ = lines(read_data(data, "unit"), "shop/prices.py")
    assert {name.rpartition(".")[2] for name in ran} >= {"test_gross", "test_expected_to_fail"}
    assert not any("|" in name for name in ran)


def test_a_static_context_does_not_change_the_tests(by_test: Path, shop: Project) -> None:
    static = shop.measure("static", settings="context = linux|py311\n")
    assert lines(read_data(static, "unit"), "shop/prices.py") == lines(read_data(by_test, "unit"), "shop/prices.py")


def test_without_contexts_the_suite_is_the_test(shop: Project) -> None:
    reading = read_data(shop.measure("plain", *PYTEST), "unit")
    assert (reading.grain, list(reading.tests)) == (Grain.SUITE, ["unit"])
    assert lines(reading, "shop/prices.py") == ({"unit": lines_of([1, 4, 5, 6, 7, 10, 12, 14, 17, 18])}, 0)


def test_the_paths_are_those_that_coverage_names(by_test: Path) -> None:
    data = coverage.CoverageData(str(by_test))
    data.read()
    assert set(list_paths(by_test)) == data.measured_files()


def test_it_says_what_coverage_s_own_interface_says(by_test: Path) -> None:
    data = coverage.CoverageData(str(by_test))
    data.read()
    reading = read_data(by_test, "unit")
    for measured in reading.files:
        theirs = data.contexts_by_lineno(measured.path)
        ours: dict[int, set[str]] = {}
        for index, ran in measured.ran.items():
            for line in range(ran.bit_length()):
                if ran >> line & 1:
                    ours.setdefault(line, set()).add(reading.tests[index])
        named = {line: {name.rpartition("|")[0] for name in names if name} for line, names in theirs.items()}
        assert ours == {line: names for line, names in named.items() if names}


def test_other_databases_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE file (id integer, path text)")
    with pytest.raises(Unreadable, match="not one that coverage"):
        read_data(path, "unit")


def test_another_schema_is_refused_by_its_number(by_test: Path, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="99"):
        read_data(changed(by_test, tmp_path, "UPDATE coverage_schema SET version = 99"), "unit")


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE line_bits RENAME TO x; CREATE VIEW line_bits AS SELECT file_id, context_id, numbits FROM x",
        "DROP TABLE line_bits; CREATE TABLE line_bits (file_id integer, context_id integer, numbits blob AS (zeroblob(9)))",
        "DROP TABLE file; CREATE VIRTUAL TABLE file USING fts5(id, path)",
        "DROP TABLE context",
    ],
)
def test_tables_that_are_none_of_coverage_s_are_refused(by_test: Path, tmp_path: Path, attack: str) -> None:
    with pytest.raises(Unreadable, match="not one that coverage"):
        read_data(changed(by_test, tmp_path, attack), "unit")


@pytest.mark.parametrize(
    ("attack", "told"),
    [
        ("UPDATE line_bits SET numbits = zeroblob(126000) || x'01'", "damaged"),
        ("UPDATE line_bits SET numbits = CAST(zeroblob(126000) || x'01' AS blob)", "beyond"),
        ("UPDATE line_bits SET numbits = zeroblob(10000000)", "damaged"),
        ("UPDATE line_bits SET numbits = 'text'", "damaged"),
        ("UPDATE line_bits SET file_id = file_id + 999", "damaged"),
        ("UPDATE line_bits SET context_id = context_id + 999", "damaged"),
        ("UPDATE file SET path = x'ff' WHERE id = 1", "damaged"),
        ("UPDATE context SET context = 7.5 || char(0) || zeroblob(300000) WHERE id = 2", "damaged"),
    ],
)
def test_rows_that_cannot_be_are_refused(by_test: Path, tmp_path: Path, attack: str, told: str) -> None:
    with pytest.raises(Unreadable, match=told):
        list(read_data(changed(by_test, tmp_path, attack), "unit").files)


def test_triggers_are_never_run(by_test: Path, tmp_path: Path) -> None:
    armed = changed(by_test, tmp_path, "CREATE TRIGGER t AFTER INSERT ON file BEGIN DELETE FROM line_bits; END")
    before = armed.read_bytes()
    list(read_data(armed, "unit").files)
    assert armed.read_bytes() == before


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_cut_or_changed_file_is_read_or_refused(by_test: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(by_test.read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(16, len(content) - 1)) :]
    else:
        for _ in range(data.draw(st.integers(1, 8))):
            content[data.draw(st.integers(16, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "hurt"
    path.write_bytes(content)
    try:
        list(read_data(path, "unit").files)
        list_paths(path)
    except Unreadable as error:
        assert str(error)


def test_a_file_cut_short_is_refused(by_test: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut"
    path.write_bytes(by_test.read_bytes()[:-4096])
    with pytest.raises(Unreadable, match="cut short"):
        list(read_data(path, "unit").files)


def changed(data: Path, folder: Path, statements: str) -> Path:
    """A copy of the data file after these statements."""
    path = folder / "changed"
    shutil.copy(data, path)
    connection = sqlite3.connect(path)
    connection.executescript(statements)
    connection.close()
    return path
