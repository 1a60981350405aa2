"""Counts what a test map says of a change: how many tests ran how many of its lines, and which lines none of them ran."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from app.analysis.aims import Aim, Depth
from app.analysis.executed import Executed
from app.analysis.testmap.test_files import plain
from app.domain.change import FileChange, Symbol
from app.domain.evidence import Kind, RankedTest
from app.domain.lines import LineSet, line_set, spans_of
from app.domain.report import Gap, Ran

NEVER = "never"
INTEGRATION_RUN = "integration-run"
_SLUGS = {Depth.CHANGED: "changed", Depth.AROUND: "around", Depth.FUNCTION: "function", Depth.FILE: "function"}
_BEYOND_UNIT = re.compile(r"(?<![a-z])(?:integration|e2e|end.?to.?end|acceptance|functional|system)", re.IGNORECASE)
_NAMED = 20


def tally(executed: Executed, tests: Sequence[RankedTest]) -> Ran | None:
    """The numbers of the verdict; None where the map can speak of no line of the change. `tests` are all of the repository."""
    if not executed.aims:
        return None
    kinds = {test.test.path: test.test.kind for test in tests}
    ran = [aim for aim in executed.aims if executed.ran(aim)]
    depth = min(aim.depth for aim in ran or executed.aims)
    names = {name for aim in ran if aim.depth is depth for name in executed.hits[aim].tests}
    suites = tuple(suite for suite in executed.suites if suite not in names)
    wide = {name for name in names if _kind(executed, name, kinds) is not Kind.UNIT}
    return Ran(
        depth=_SLUGS[depth],
        lines=_lines(aim for aim in ran if aim.depth is depth),
        of=_lines(aim for aim in executed.aims if aim.depth is depth),
        tests=_distinct(executed, names),
        integration=_distinct(executed, wide) + sum(map(is_beyond_unit, suites)),
        failed=_distinct(executed, names & executed.failed),
        untold=_distinct(executed, names - executed.told) + len(set(suites) - executed.green_suites),
        suites=suites,
        skipped=_skipped(executed, tests),
    )


def run_gaps(files: Sequence[FileChange], executed: Executed, tests: Sequence[RankedTest]) -> Iterator[Gap]:
    """The changed lines that no test ran, then those that only unit tests ran, where the map holds any others."""
    kinds = {test.test.path: test.test.kind for test in tests}
    has_others = any(kinds.get(path, Kind.UNIT) is not Kind.UNIT for path in executed.tests_by_file)
    for integration in (False, True) if has_others else (False,):
        for file in files:
            own = [aim for aim in executed.aims if aim.path == file.before]
            aims = [aim for aim in own if (_only_unit(executed, aim, kinds) if integration else _never(executed, aim))]
            for symbol, lines in _by_symbol(file, aims).items():
                yield Gap(file.before, symbol, spans_of(lines), INTEGRATION_RUN if integration else NEVER)


def is_beyond_unit(suite: str) -> bool:
    """Whether a suite is called like one of integration or end-to-end tests."""
    return bool(_BEYOND_UNIT.search(suite))


def _never(executed: Executed, aim: Aim) -> bool:
    return not executed.ran(aim) and not executed.ran_outside(aim)


def _only_unit(executed: Executed, aim: Aim, kinds: Mapping[str, Kind]) -> bool:
    by = executed.hits[aim]
    return bool(by.files) and all(kinds.get(path, Kind.UNIT) is Kind.UNIT for path in by.files)


def _by_symbol(file: FileChange, aims: Iterable[Aim]) -> dict[str | None, LineSet]:
    found: dict[str | None, LineSet] = {}
    for aim in aims:
        symbol = _around(file, aim)
        found[symbol] = found.get(symbol, 0) | aim.shown
    return found


def _around(file: FileChange, aim: Aim) -> str | None:
    """The innermost changed definition that the statement stands in."""
    inside: list[Symbol] = [symbol for symbol in file.symbols if line_set([symbol.span]) & aim.lines]
    return max(inside, key=lambda symbol: symbol.span.start).qualified if inside else None


def _lines(aims: Iterable[Aim]) -> int:
    """How many lines; those of two files are two."""
    by_file: dict[str, LineSet] = {}
    for aim in aims:
        by_file[aim.path] = by_file.get(aim.path, 0) | aim.shown
    return sum(lines.bit_count() for lines in by_file.values())


def _kind(executed: Executed, name: str, kinds: Mapping[str, Kind]) -> Kind:
    home = executed.home(name)
    return kinds.get(home.path, Kind.UNIT) if home else Kind.UNIT


def _distinct(executed: Executed, names: Collection[str]) -> int:
    """How many tests, where the variants of a parametrised one are one."""
    homes = ((name, executed.home(name)) for name in names)
    return len({(home.path, plain(home.id)) if home else ("", plain(name)) for name, home in homes})


def _skipped(executed: Executed, tests: Sequence[RankedTest]) -> tuple[str, ...]:
    """The tests that were skipped or expected to fail, of files that touch the change by their imports or ran it."""
    near = {test.test.path for test in tests if test.touches or test.ran}
    found = [name for name in sorted(executed.no_cover) if (home := executed.home(name)) is not None and home.path in near]
    return tuple(found[:_NAMED])
