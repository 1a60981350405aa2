"""What one report says about a past fix, reduced to what a replay counts. Pure; the reports are `app.engine`'s."""

from app.domain.evidence import Kind, RankedTest
from app.domain.replay import PastFix, Replayed
from app.domain.report import Report
from app.domain.seam import Seam, SeamKind


def replayed(fix: PastFix, report: Report) -> Replayed:
    """The answer on one fix, from the state before it."""
    known = [test for test in report.tests if _leads(test)]
    return Replayed(
        fix=fix,
        verdict=report.verdict.code,
        tests_in_fix=tuple(test.path for test in report.tests_in_fix),
        tests=len({test.test.path for test in known}),
        integration=len({test.test.path for test in known if test.test.kind is not Kind.UNIT}),
        seams=tuple(dict.fromkeys(_sides(seam) for seam in report.seams if not seam.tests_both)),
    )


def _leads(test: RankedTest) -> bool:
    """Whether the test ran what was changed or can be seen to come to it, rather than guessed from names and history."""
    return test.ran or test.touches or test.passes_through


def _sides(seam: Seam) -> tuple[str, str]:
    """The two sides as parts of the program: the folders of modules, which stay the same from fix to fix; libraries by name."""
    return _part(seam.near), _part(seam.far) if seam.kind is SeamKind.MODULE else seam.far


def _part(path: str) -> str:
    """`shop/cart/totals.py` -> `shop/cart`; a file at the top is its own part."""
    folder = path.rpartition("/")[0]
    return folder or path
