"""Where a scaffold goes: where the report places it, else where its best guess is."""

import pytest

from app.domain.evidence import Kind, RankedTest, TestFile
from app.domain.report import Placement, Report, Verdict, VerdictCode
from app.engine.scaffold import place_of


def guess(path: str) -> RankedTest:
    return RankedTest(TestFile(path, "javascript", Kind.UNIT, "path"), 0.25, ())


GUESSES = (guess("tests/help.test.js"), guess("tests/chain.test.js"))


@pytest.mark.parametrize(
    ("placement", "tests", "place"),
    [
        (Placement("tests/cart.test.js", new=False, reason="beside"), GUESSES, "tests/cart.test.js"),
        (None, GUESSES, "tests/help.test.js"),
        (None, (), None),
    ],
)
def test_the_placement_goes_before_the_best_guess(
    placement: Placement | None, tests: tuple[RankedTest, ...], place: str | None
) -> None:
    verdict = Verdict(VerdictCode.STATIC_ONLY)

    assert place_of(Report(verdict, change=None, base="", tests=tests, placement=placement)) == place
