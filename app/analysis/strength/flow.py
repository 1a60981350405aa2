"""Which names of a test a value of the changed code can reach: by the statements that they share, over and over.

It errs on one side: every name that stands in a statement with such a value counts as reached.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.analysis.strength.model import Call, Reading, Unit
from app.domain.change import Span

_MOST_FUNCTIONS = 60
_MOST_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Reach:
    """What runs with a test, as far as its file shows: the lines of the test itself, of the functions that it comes to by name,
    of the hooks, and what stands in no function at all.
    """

    test: Span
    functions: Mapping[str, tuple[Span, ...]]
    outside: frozenset[int]

    def holds(self, line: int) -> bool:
        """Whether the line runs with the test."""
        return line in self.outside or self._inside(line)

    def _inside(self, line: int) -> bool:
        spans = [self.test, *(span for spans in self.functions.values() for span in spans)]
        return any(span.start <= line <= span.end for span in spans)


def reach_of(test: Span, file: Reading, lines: int) -> Reach:
    """What runs with the test on those lines, of a file of so many."""
    taken = bytearray(lines + 2)
    for span in (*file.tests, *(span for spans in file.functions.values() for span in spans)):
        taken[span.start : span.end + 1] = b"\1" * (span.end + 1 - span.start)
    outside = frozenset(line for line in range(1, lines + 1) if not taken[line])
    found: dict[str, tuple[Span, ...]] = {f"hook {span.start}": (span,) for span in file.hooks}
    waiting = [test, *file.hooks]
    while waiting and len(found) < _MOST_FUNCTIONS:
        span = waiting.pop()
        for name in names_on(file.units, span) | {call.name for call in file.calls if span.start <= call.line <= span.end}:
            if name in file.functions and name not in found:
                found[name] = tuple(one for one in file.functions[name] if not (test.start <= one.start and one.end <= test.end))
                waiting.extend(found[name])
    return Reach(test, found, outside)


def names_on(units: Iterable[Unit], span: Span) -> set[str]:
    """All names of the statements that begin on those lines."""
    return {name for unit in units if span.start <= unit.line <= span.end for name in unit.names}


def guarded_at(units: Iterable[Unit], line: int) -> set[str]:
    """The names of the statements on that line, those of their bodies counted in: what `with raises(...)` watches."""
    return {name for unit in units if unit.line == line for name in (*unit.names, *unit.inner)}


def untouched(file: Reading, test: Span, called: int, but: int) -> frozenset[str]:
    """The names that the test puts something into before the line at which it calls the changed code, and does not take up again,
    the statement on the line `but` apart: whatever that call does on the side, what they stand for is as it was.
    """
    own = [unit for unit in file.units if test.start <= unit.line <= test.end]
    before = {name for unit in own if unit.line < called for name in unit.roots}
    after = {name for unit in own if unit.line >= called and unit.line != but for name in unit.names}
    return frozenset((before & file.bound) - after)


def calls_in(reach: Reach, calls: Iterable[Call]) -> list[Call]:
    """The calls that run with the test."""
    return [call for call in calls if reach.holds(call.line)]


def reached_names(reach: Reach, file: Reading, symbols: Collection[str]) -> frozenset[str]:
    """The names that a value of one of these symbols can reach, the symbols themselves left out."""
    units = [unit for unit in file.units if reach.holds(unit.line)]
    bodies = {name: _body(units, spans) for name, spans in reach.functions.items()}
    reached: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        before = len(reached)
        for unit in units:
            if not unit.names.isdisjoint(symbols) or not unit.plain.isdisjoint(reached):
                reached |= unit.roots | unit.within
                for name in unit.plain & bodies.keys():
                    reached.update(*(one.roots for one in bodies[name]))
        reached.update(name for name, body in bodies.items() if _is_reached(body, symbols, reached))
        if len(reached) == before:
            break
    return frozenset(reached - set(symbols))


def _body(units: Sequence[Unit], spans: Sequence[Span]) -> list[Unit]:
    return [unit for unit in units if any(span.start <= unit.line <= span.end for span in spans)]


def _is_reached(body: Iterable[Unit], symbols: Collection[str], reached: Collection[str]) -> bool:
    return any(not unit.names.isdisjoint(symbols) or not unit.plain.isdisjoint(reached) for unit in body)
