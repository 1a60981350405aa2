"""Which of a run's results speak of a test that was asked for, and what they say of it together."""

import re
from collections.abc import Iterable, Sequence

from app.analysis.runners.cases import Case
from app.domain.proof import Ending
from app.domain.suite import TestId

_SEPARATORS = re.compile(r"\s*(?: > | › |::|#|\$)\s*|\s+")
_PARAMETERS = re.compile(r"(?:\s?[\[({].*|\s+with data set .*)$", re.DOTALL)
_HOLES = re.compile(r"\$\{[^}]*\}|%[sdifjopc#%$]|(?<=\W)\$[A-Za-z_][\w.]*|^\$[A-Za-z_][\w.]*")
_ESCAPED = re.compile(r"\\(.)")
# What a title is cut at where tests are listed.
_LONGEST_TITLE = 200
# What happened, told of several cases of one test: that which says most comes first.
_ORDER = (Ending.FAILED, Ending.ERROR, Ending.TIMEOUT, Ending.BROKEN, Ending.PASSED, Ending.SKIPPED, Ending.ABSENT)


def of_test(test: TestId, cases: Sequence[Case]) -> Case:
    """The one ending of this test: the gravest of its parameters' and, for a whole file, of all its tests'.

    What could not be collected is the file's error; what nothing tells of is absent.
    """
    here = [case for case in cases if same_file(test.path, case.path)]
    found = [case for case in here if case.name and is_named(test.name, case.name)] if test.name else here
    found = found or [case for case in here if not case.name]
    if not found and test.name:
        found = [case for case in cases if not case.path and case.name and is_named(test.name, case.name)]
    if not found:
        return Case(test.path, test.name, Ending.ABSENT)
    worst = min(found, key=lambda case: _ORDER.index(case.ending))
    return Case(test.path, test.name, worst.ending, sum(case.seconds for case in found), worst.failure)


def same_file(asked: str, told: str) -> bool:
    """Whether a runner's word for a file means this one: it may lack the extension, or the folders in front."""
    if not told:
        return False
    told = told.replace("\\", "/").removeprefix("./")
    stem = asked.rpartition(".")[0]
    return any(each == told or each.endswith(f"/{told}") or told.endswith(f"/{each}") for each in (asked, stem))


def is_named(asked: str, told: str) -> bool:
    """Whether a runner's name is that of the test; parameters that were not asked for are all meant, as are holes in titles."""
    mine, theirs = _plain(asked), _plain(told)
    if mine == theirs or (not _PARAMETERS.search(asked) and mine == _plain(_PARAMETERS.sub("", told))):
        return True
    return bool(title_pattern(asked).fullmatch(theirs)) if _HOLES.search(asked) or len(asked) >= _LONGEST_TITLE else False


def title_pattern(name: str) -> re.Pattern[str]:
    """What a name has to look like, its separators being spaces: `adds ${n}` and `adds %i` hold a hole that anything fills."""
    pieces: list[str] = []
    for title in name.split(" > "):
        parts = [re.escape(_plain(f"x{part}x")[1:-1]) for part in _HOLES.split(title)]
        pieces.append(".*".join(parts) + (".*" if len(title) >= _LONGEST_TITLE else ""))
    return re.compile(" ".join(pieces), re.DOTALL)


def _plain(name: str) -> str:
    return _SEPARATORS.sub(" ", _ESCAPED.sub(r"\1", name)).strip()


def all_of(tests: Iterable[TestId], cases: Sequence[Case]) -> tuple[Case, ...]:
    """Of each test its ending."""
    return tuple(of_test(test, cases) for test in tests)
