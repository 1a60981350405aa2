"""How the tests ended that ran a change: said where results tell it, and nowhere else."""

from collections.abc import Sequence

import pytest

from app.analysis.executed import Executed
from app.analysis.tally import is_beyond_unit, tally
from app.analysis.testmap.carry import Carried
from app.analysis.testmap.test_files import TestFiles
from app.analysis.testmap.view import MapView
from app.domain.change import FileChange, Hunk, Role, Span, Status
from app.domain.lines import lines_of
from app.domain.report import Ran
from app.domain.testmap import Ended, Grain, MapUse, Origin, Segment, TestResult
from app.render.words import markdown
from tests.maps import cover

PATH = "shop/cart.py"
TESTS = ("tests/test_cart.py::test_add", "tests/test_cart.py::test_total")
GREEN, RED = [TestResult(name, Ended.PASSED) for name in TESTS], [TestResult(name, Ended.FAILED) for name in TESTS]


def ran(names: Sequence[str], results: Sequence[TestResult], grain: Grain = Grain.TEST) -> Ran:
    known = cover(PATH, "b" * 40, names, {name: [2] for name in names})
    segment = Segment(Origin("c" * 40, suite="ci"), grain, tuple(names), tuple(results))
    view = MapView(MapUse("c" * 40, 0, 0.0), (segment,), {PATH: (Carried(known, True, lines_of([])),)}, frozenset({PATH}))
    changed = FileChange(PATH, PATH, Status.MODIFIED, Role.CODE, "python", (Hunk(Span(2, 2), Span(2, 2), 1),))
    source = b"def total():\n    return 1\n"
    told = tally(Executed([changed], {PATH: source}, view, TestFiles({"tests/test_cart.py": b""})), ())
    assert told is not None
    return told


def ending(told: Ran) -> str:
    return str(markdown().say("ran", "green", ran=told)).strip()


@pytest.mark.parametrize(
    ("results", "said"),
    [
        (GREEN, "and all stayed green"),
        ([GREEN[0], RED[1]], "and 1 of them was red already"),
        (GREEN[:1], "and nothing tells how 1 of them ended"),
        ([], "and nothing tells how they ended"),
    ],
)
def test_only_results_say_that_tests_stayed_green(results: list[TestResult], said: str) -> None:
    assert ending(ran(TESTS, results)) == said


@pytest.mark.parametrize(
    ("results", "said"),
    [(GREEN, "and stayed green"), ([GREEN[0], RED[1]], "and nothing tells how it ended"), ([], "and nothing tells how it ended")],
)
def test_a_suite_stayed_green_where_all_its_tests_did(results: list[TestResult], said: str) -> None:
    assert ending(ran(["ci"], results, Grain.SUITE)) == said


@pytest.mark.parametrize(
    ("suite", "beyond"),
    [("integration", True), ("CI / e2e", True), ("system-tests", True), ("ecosystem / test", False), ("nonfunctional", False)],
)
def test_a_suite_is_one_of_integration_tests_only_where_a_word_of_its_name_says_so(suite: str, beyond: bool) -> None:
    assert is_beyond_unit(suite) is beyond
