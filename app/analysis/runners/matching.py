"""Which of a run's results speak of a test that was asked for, and what they say of it together."""

import posixpath
import re
from collections.abc import Iterable, Sequence

from app.analysis.runners import titles
from app.analysis.runners.cases import Case
from app.domain.proof import Ending
from app.domain.suite import TestId

_SEPARATORS = re.compile(r"\s*(?: > | › |::|#|\$)\s*|\s+")
# A method of a suite of testify's, which runs as a test within another: `CartSuite.TestTotal`.
_SUITE = re.compile(r"^\w+\.Test\w*$")
_PARAMETERS = re.compile(r"(?:(?<=\S)[\[({].*|\s+with data set .*)$", re.DOTALL)
_TITLED = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".rb")
# What happened, told of several cases of one test: that which says most comes first.
_ORDER = (Ending.FAILED, Ending.ERROR, Ending.TIMEOUT, Ending.BROKEN, Ending.PASSED, Ending.SKIPPED, Ending.ABSENT)


def of_test(test: TestId, cases: Sequence[Case]) -> Case:
    """The one ending of this test: the gravest of its parameters' and, for a whole file, of all its tests'.

    What could not be collected is the file's error; what nothing tells of is absent.
    """
    here = [case for case in cases if (case.path == test.path if case.rooted else same_file(test.path, case.path))]
    found = [case for case in here if case.name and is_named(test, case.name)] if test.name else here
    found = found or [case for case in here if not case.name or (case.name.endswith(".") and test.name.startswith(case.name))]
    if not found:
        found = [case for case in cases if not case.path and (not test.name or is_named(test, case.name))]
    if not found:
        return Case(test.path, test.name, Ending.ABSENT)
    worst = min(found, key=lambda case: _ORDER.index(case.ending))
    return Case(test.path, test.name, worst.ending, sum(case.seconds for case in found), worst.failure)


def same_file(asked: str, told: str) -> bool:
    """Whether a runner's word for a file means this one: it may lack the extension, or the folders in front."""
    if not told:
        return False
    told = told.replace("\\", "/").removeprefix("./")
    if told.endswith("/"):
        return _same_folder(posixpath.dirname(asked), told)
    stem = asked.rpartition(".")[0]
    return any(each == told or each.endswith(f"/{told}") or told.endswith(f"/{each}") for each in (asked, stem))


def _same_folder(asked: str, told: str) -> bool:
    """Whether a package, as Go names it, can be the one in this folder; the root's is called after the module."""
    return not asked or told.endswith(f"/{asked}/") or asked.rpartition("/")[2] == told.rstrip("/").rpartition("/")[2]


def is_named(test: TestId, told: str) -> bool:
    """Whether a runner's name is that of the test.

    Of a function all parameters are meant where none are asked for, of a title whatever fills its holes. A group's title and
    the test's have ` > ` between them here, and a space or nothing there.
    """
    asked = test.name
    if test.path.endswith(_TITLED):
        same = re.fullmatch(titles.pattern(asked, " ?"), titles.plain(told.replace(" › ", " > ")))
        return bool(same) or (test.path.endswith(".rb") and _of_ruby(asked, told))
    mine, theirs = _plain(asked), _plain(told)
    if mine == theirs or (not _PARAMETERS.search(asked) and mine == _plain(_PARAMETERS.sub("", told))):
        return True
    return any(test.path.endswith(ending) and also(asked, told) for ending, also in _ALSO.items())


def _of_go(asked: str, told: str) -> bool:
    """`TestTotal/of nothing` runs as `TestTotal/of_nothing`, `CartSuite.TestTotal` as a test within what runs the suite."""
    return re.sub(r"\s", "_", asked) == told or (bool(_SUITE.search(asked)) and told.endswith(f"/{asked.rpartition('.')[2]}"))


def _of_ruby(asked: str, told: str) -> bool:
    """`CartTest > adds two` runs as the method `CartTest.test_adds_two`, with Shoulda as `test_: Cart should adds two. `."""
    if asked.replace("::", ".") == told.replace("::", "."):
        return True
    group, _, title = asked.rpartition(" > ")
    method = told.rpartition(".test_")[2] if ".test_" in told else ""
    shoulda = told.rstrip(". ").endswith(f" {titles.plain(title)}") and ".test" in told and ": " in told
    return bool(group) and (method == re.sub(r"\s+", "_", titles.plain(title)) or shoulda)


def _of_rust(asked: str, told: str) -> bool:
    """Modules of the file itself come before: `tests.adds` is `cart.tests.adds`."""
    return told.endswith(f".{asked}")


def _of_dotnet(asked: str, told: str) -> bool:
    """Namespaces come before, parameters after: `CartTests.Adds` is `Shop.CartTests.Adds(n: 1)`."""
    return f".{told.partition('(')[0]}".endswith(f".{asked}")


def _of_php(asked: str, told: str) -> bool:
    """`CartTest.testEach[two]` is `CartTest.testEach with data set "two"`."""
    plain, _, data = asked.partition("[")
    return bool(data) and told in {f'{plain} with data set "{data[:-1]}"', f"{plain} with data set #{data[:-1].lstrip('#')}"}


_ALSO = {".go": _of_go, ".rs": _of_rust, ".cs": _of_dotnet, ".php": _of_php}


def _plain(name: str) -> str:
    return _SEPARATORS.sub(" ", titles.plain(name)).strip()


def all_of(tests: Iterable[TestId], cases: Sequence[Case]) -> tuple[Case, ...]:
    """Of each test its ending."""
    return tuple(of_test(test, cases) for test in tests)
