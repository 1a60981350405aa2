"""The benchmark of stored maps: its synthetic suite is one that coverage.py reads, and both sides are asked the same."""

import random
from pathlib import Path

import pytest
from coverage import CoverageData

from app.analysis.testmap.mapfile import open_map
from app.domain.testmap import Place
from app.store.database import Database
from app.store.maps import StoredMaps
from benchmarks import testmap
from benchmarks.synthetic import Shape, write_coverage

SMALL = Shape(tests=60, files=80, lines=6_000)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("synthetic") / "small.coverage"
    write_coverage(path, SMALL)
    return path


def test_the_same_seed_makes_the_same_suite(source: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.coverage"
    write_coverage(again, SMALL)
    (one, other) = (testmap.ingest(path, tmp_path / f"{path.stem}.recall") for path in (source, again))
    assert (one.tests, one.files, one.pairs, one.size) == (other.tests, other.files, other.pairs, other.size)
    assert (one.tests, one.files) == (60, 80)
    assert (tmp_path / "small.recall").read_bytes() == (tmp_path / "again.recall").read_bytes()


def test_the_stored_map_says_what_coverage_py_says(source: Path, tmp_path: Path) -> None:
    testmap.ingest(source, tmp_path / "map.recall")
    opened = open_map((tmp_path / "map.recall").read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'recall.db'}")
    database.migrate()
    StoredMaps(database).keep(Place(testmap.HOST, 1), opened, baseline=True, run="1.1")
    covered = {path: lines for path in opened.paths if (lines := opened.cover(path)[0].covered)}
    running = {path: opened.cover(path)[0].running.bit_count() for path in covered}
    data = CoverageData(str(source))
    data.read()
    for draws in testmap.questions(covered, running, random.Random(1)).values():
        told = testmap.asked_of_coverage(data, draws[0])
        assert testmap.named(testmap.asked_of_recall(database, 1, draws[0])) == testmap.by_test(told)
        tests = testmap.tests_of_recall(database, 1, draws[0])
        assert set(tests) == testmap.tests_in(testmap.tests_of_coverage(data, draws[0]))
    data.close()
    database.close()
