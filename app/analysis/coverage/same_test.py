"""One test under its several names: as results name it, and as the coverage of the same run does.

`tests/test_a.py::TestX::test_b[1]` and `tests.test_a.TestX.test_b[1]`; `com.shop.CartTest.adds(int)[2]` and
`com.shop.CartTest#adds`: results often tell each parameter apart where the coverage does not, and the other way round.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from app.domain.testmap import Ended, TestResult

_BETWEEN = re.compile(r"::|#| > |[/\\: >]")
_PARAMETERS = re.compile(r"(?<=[^\s.\[({])\s?[\[({].*", re.DOTALL)


def matched(results: Iterable[TestResult], tests: Collection[str]) -> tuple[TestResult, ...]:
    """The results under the names that `tests` (a map's dictionary) has for them; those it does not know stay as they are.

    Several results of one name are one: it counts if any of them does, and has failed if any has.
    """
    known = _Known(tests)
    found: dict[str, TestResult] = {}
    for result in results:
        for name in known.names(result.name) or (result.name,):
            here = TestResult(name, result.ended, result.reason, result.seconds)
            earlier = found.get(name)
            found[name] = _together(earlier, here) if earlier else here
    return tuple(found.values())


def _split(name: str) -> tuple[str, str]:
    """The name with dots alone between its parts, and its parameters: `tests.test_a.TestX.test_b` and `[1/2]`."""
    name = name.replace("::()::", "::")  # what stood for the instance of a class before pytest 4
    parameters = _PARAMETERS.search(name)
    end = parameters.start() if parameters else len(name)
    return _BETWEEN.sub(".", name[:end].replace(".py::", "::")), name[end:].removeprefix("()")


class _Known:
    """A dictionary of tests, found again by name, by name without parameters, and by the end of it."""

    def __init__(self, tests: Collection[str]) -> None:
        self._exact: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._bare: dict[str, list[str]] = defaultdict(list)
        self._last: dict[str, set[str]] = defaultdict(set)
        for test in tests:
            bare, parameters = _split(test)
            self._exact[bare, parameters].append(test)
            self._bare[bare].append(test)
            self._last[_last(bare)].add(bare)

    def names(self, name: str) -> Sequence[str]:
        """The names in the dictionary that mean this test; none where that is not sure."""
        bare, parameters = _split(name)
        if bare not in self._bare:
            near = [other for other in self._last.get(_last(bare), ()) if _ends(other, bare) or _ends(bare, other)]
            if len(near) != 1:
                return ()
            (bare,) = near
        if not parameters:
            return self._exact.get((bare, ""), self._bare[bare])
        return self._exact.get((bare, parameters), self._exact.get((bare, ""), []))


def _ends(long: str, short: str) -> bool:
    """Whether one name is the other without its first folders or packages; a bare name with no class could be anyone's."""
    return "." in short and long.endswith(f".{short}")


def _last(plain: str) -> str:
    return plain.rpartition(".")[2]


def _together(earlier: TestResult, later: TestResult) -> TestResult:
    seconds = None if earlier.seconds is None and later.seconds is None else (earlier.seconds or 0) + (later.seconds or 0)
    first, second = sorted((earlier, later), key=lambda result: _ORDER.index(result.ended))
    return TestResult(first.name, first.ended, first.reason or (second.reason if first.ended is second.ended else ""), seconds)


_ORDER = (Ended.FAILED, Ended.PASSED, Ended.QUARANTINED, Ended.EXPECTED_FAILURE, Ended.SKIPPED)
