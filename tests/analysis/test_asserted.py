"""What the tests near a change assert of it: of one listed file, and of all together that ran the changed lines."""

import pytest

from app.analysis.asserted import all_say, subject_of, with_strength
from app.analysis.executed import Executed
from app.analysis.testmap.carry import Carried
from app.analysis.testmap.test_files import TestFiles
from app.analysis.testmap.view import MapView
from app.domain.change import FileChange, Hunk, Role, Span, Status, Symbol
from app.domain.evidence import Evidence, Kind, RankedTest, Source, TestFile
from app.domain.strength import Says
from app.domain.testmap import Grain, MapUse, Origin, Segment
from tests.maps import cover

PATH = "shop/cart.py"
SOURCE = b"def total(items):\n    found = sum(items)\n    return found\n"
TEST = "tests/test_cart.py"
TEXT = b"""from shop.cart import total

def test_value():
    assert total([1]) == 1

def test_smoke():
    total([1])

class TestCart:
    def test_other(self):
        rate = 3
        total([1])
        assert rate == 3

def test_through(client):
    assert client.get("/").json() == {}
"""


def change(*, added: tuple[str, ...] = (), symbol: str = "total", qualified: str = "total") -> FileChange:
    hunk = Hunk(Span(2, 2), Span(2, 2), 1, ("    found = sum(items)",), added)
    symbols = (Symbol(symbol, qualified, "function", Span(1, 3)),)
    return FileChange(PATH, PATH, Status.MODIFIED, Role.CODE, "python", (hunk,), symbols)


def executed(*names: str) -> Executed:
    """The change as a map sees it in which these tests ran the changed line."""
    known = cover(PATH, "b" * 40, names, {name: [2] for name in names})
    segment = Segment(Origin("c" * 40), Grain.TEST, names)
    view = MapView(MapUse("c" * 40, 0, 0.0), (segment,), {PATH: (Carried(known, True),)}, frozenset({PATH}))
    return Executed([change()], {PATH: SOURCE}, view, TestFiles({TEST: TEXT}))


def say(*names: str) -> Says | None:
    return all_say(executed(*(f"{TEST}::{name}" for name in names)), {TEST: TEXT}, subject_of([change()]))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["test_smoke"], Says.NOTHING),
        (["TestCart::test_other"], Says.ELSEWHERE),
        (["test_smoke", "TestCart::test_other"], Says.ELSEWHERE),
        (["test_smoke[1-2]", "test_smoke[3-4]"], Says.NOTHING),
        (["test_smoke", "test_value"], None),
        (["test_smoke", "test_through"], None),
        (["test_smoke", "test_gone"], None),
        ([], None),
    ],
)
def test_all_together_say_as_much_as_the_best_of_them(names: list[str], expected: Says | None) -> None:
    assert say(*names) is expected


def test_a_test_that_no_file_holds_may_assert_anything() -> None:
    assert all_say(executed(f"{TEST}::test_smoke", "elsewhere.py::test_a"), {TEST: TEXT}, subject_of([change()])) is None


def listed(*, touches: bool = True) -> RankedTest:
    evidence = Evidence(Source.IMPORTS if touches else Source.HISTORY, "imports" if touches else "changed-together")
    return RankedTest(TestFile(TEST, "python", Kind.UNIT, "default"), 0.9, (evidence,))


def test_a_listed_file_is_judged_by_those_of_its_tests_that_ran_it() -> None:
    (found,) = with_strength([listed()], {TEST: TEXT}, subject_of([change()]), executed(f"{TEST}::test_smoke"))
    assert found.strength is not None and found.strength.reason == "no-assertion"


def test_without_a_map_it_is_judged_by_those_that_name_the_change() -> None:
    (found,) = with_strength([listed()], {TEST: TEXT}, subject_of([change()]), None)
    assert found.strength is not None and (found.strength.says, found.strength.line) == (Says.ABOUT, 4)


def test_a_file_that_neither_ran_nor_imports_the_change_is_not_judged() -> None:
    (found,) = with_strength([listed(touches=False)], {TEST: TEXT}, subject_of([change()]), None)
    assert found.strength is None


@pytest.mark.parametrize(
    ("symbol", "qualified", "name"),
    [("__init__", "Cart.__init__", "Cart"), ("__eq__", "a.Cart.__eq__", "Cart"), ("total", "Cart.total", "total")],
)
def test_what_an_operator_calls_is_known_by_its_class(symbol: str, qualified: str, name: str) -> None:
    assert subject_of([change(symbol=symbol, qualified=qualified)]).names == {name}


@pytest.mark.parametrize(
    ("line", "statuses"), [("    return 404", True), ("    abort(page)", True), ("    return found + 1", False)]
)
def test_a_change_that_speaks_of_a_status_is_about_statuses(line: str, statuses: bool) -> None:
    assert subject_of([change(added=(line,))]).statuses is statuses
