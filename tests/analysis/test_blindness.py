"""Where a map is blind: which tests it does not hold."""

import pytest

from app.analysis.blindness import blind_spots
from app.analysis.executed import Executed
from app.analysis.testmap.carry import Carried
from app.analysis.testmap.test_files import TestFiles
from app.analysis.testmap.view import MapView
from app.domain.change import FileChange, Hunk, Role, Span, Status
from app.domain.evidence import Kind, RankedTest, TestFile
from app.domain.report import Blind
from app.domain.testmap import Grain, MapUse, Origin, Segment
from tests.maps import cover

PATH = "shop/cart.py"
UNIT, WIDE = "tests/test_cart.py", "tests/integration/test_checkout.py"
TESTS = {UNIT: b"", WIDE: b""}
RANKED = [RankedTest(TestFile(path, "python", kind, ""), 0.5, ()) for path, kind in ((UNIT, Kind.UNIT), (WIDE, Kind.INTEGRATION))]


def reasons(*names: str, suite: str = "ci", grain: Grain = Grain.TEST) -> list[tuple[str, tuple[str, ...]]]:
    known = cover(PATH, "b" * 40, names, {name: [2] for name in names})
    segment = Segment(Origin("c" * 40, suite=suite), grain, names)
    view = MapView(MapUse("c" * 40, 0, 0.0), (segment,), {PATH: (Carried(known, True),)}, frozenset({PATH}))
    changed = FileChange(PATH, PATH, Status.MODIFIED, Role.CODE, "python", (Hunk(Span(2, 2), Span(2, 2), 1),))
    executed = Executed([changed], {PATH: b"def total():\n    return 1\n"}, view, TestFiles(TESTS))
    return [(spot.reason, spot.names) for spot in blind_spots([changed], view, executed, TESTS, RANKED)]


def test_a_map_of_unit_tests_alone_cannot_tell_what_integration_tests_run() -> None:
    assert reasons(f"{UNIT}::test_add") == [(Blind.NO_INTEGRATION, (WIDE,))]


@pytest.mark.parametrize(
    ("names", "suite", "grain"),
    [
        ([f"{UNIT}::test_add", f"{WIDE}::test_pay"], "ci", Grain.TEST),
        ([f"{UNIT}::test_add"], "integration", Grain.TEST),
        (["ci"], "ci", Grain.SUITE),
    ],
)
def test_a_map_that_holds_or_may_hold_integration_tests_is_not_called_blind_to_them(
    names: list[str], suite: str, grain: Grain
) -> None:
    assert reasons(*names, suite=suite, grain=grain) == []
