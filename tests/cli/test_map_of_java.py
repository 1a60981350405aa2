"""`recall map build` from what JaCoCo leaves: exec files with the classes beside them, or reports."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app import cli
from app.analysis.testmap.mapfile import MapFile, open_map
from app.domain.lines import lines_of
from app.domain.testmap import Ended, Grain
from tests.build import WorkingCopy, working_copy

DATA = Path(__file__).parent.parent / "analysis" / "coverage" / "data" / "jvm"
CART = "src/main/java/com/shop/Cart.java"
Build = Callable[..., MapFile]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    copy = working_copy(tmp_path_factory.mktemp("shop"))
    names = ("Cart", "Discount", "Never", "Knots", "Modern")
    main = {f"src/main/java/com/shop/{name}.java": (DATA / "src" / f"{name}.java").read_bytes() for name in names}
    test = {
        f"src/test/java/com/shop/{name}.java": (DATA / "src" / f"{name}.java").read_bytes()
        for name in ("CartTest", "DiscountTest")
    }
    copy.commit("sell", {**main, **test})
    return copy


@pytest.fixture
def build(shop: WorkingCopy, tmp_path: Path) -> Build:
    def run(*arguments: object) -> MapFile:
        out = tmp_path / "map.recall"
        assert (
            cli.run(["map", "build", *map(str, arguments), "--repo", str(shop.path), "--commit", "HEAD", "--out", str(out)]) == 0
        )
        return open_map(out.read_bytes())

    return run


def who_ran(opened: MapFile, path: str, line: int) -> set[str]:
    return {cover.tests[index] for cover in opened.cover(path) for index in cover.ran(lines_of([line]))}


def test_an_exec_file_with_its_classes_tells_which_test_ran_a_line(build: Build) -> None:
    opened = build(DATA / "per-test.exec", "--classes", DATA / "classes")
    assert opened.segment.grain is Grain.TEST
    assert who_ran(opened, CART, 12) == {"com.shop.CartTest#refusesNegativePrices"}
    assert who_ran(opened, "src/main/java/com/shop/Never.java", 5) == set()


def test_an_exec_file_without_classes_is_refused(shop: WorkingCopy, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["map", "build", str(DATA / "per-test.exec"), "--repo", str(shop.path), "--commit", "HEAD"]) == 2
    assert "--classes" in capsys.readouterr().err


def test_reports_of_each_session_are_a_map_of_tests(build: Build, tmp_path: Path) -> None:
    opened = build(DATA / "each")
    assert opened.segment.grain is Grain.TEST
    assert who_ran(opened, CART, 12) == {"com.shop.CartTest#refusesNegativePrices"}


def test_a_file_that_has_a_test_s_name_is_that_test_s(build: Build, tmp_path: Path) -> None:
    shutil.copy(DATA / "suite.exec", tmp_path / "com.shop.CartTest.exec")
    opened = build(tmp_path / "com.shop.CartTest.exec", "--classes", DATA / "classes")
    assert (opened.segment.grain, opened.segment.tests) == (Grain.TEST, ("com.shop.CartTest",))


def test_a_whole_run_is_the_suite_s(build: Build) -> None:
    opened = build(DATA / "all.xml", "--suite", "unit")
    assert (opened.segment.grain, opened.segment.tests) == (Grain.SUITE, ("unit",))


def test_a_test_that_gave_up_is_no_cover(build: Build) -> None:
    results = DATA.parent / "results"
    opened = build(
        DATA / "per-test.exec", results / "console-jupiter.xml", results / "console-vintage.xml", "--classes", DATA / "classes"
    )
    ended = {result.name: result.ended for result in opened.segment.results}
    assert ended["com.shop.CartTest#runsOnMondaysAlone"] is Ended.SKIPPED
    assert ended["com.shop.CartTest#refusesNegativePrices"] is Ended.PASSED
    assert ended["com.shop.CartTest.asksTheServer"] is Ended.SKIPPED
    assert "com.shop.CartTest#runsOnMondaysAlone" not in who_ran(opened, CART, 8)
    assert "com.shop.CartTest#adds" in who_ran(opened, CART, 8)
