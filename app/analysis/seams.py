"""Who tests both sides of an edge: by execution where a test map speaks, else by imports; and who replaces the far side."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.analysis.edges import Edge
from app.domain.change import FileChange, Span
from app.domain.seam import Basis, Seam


@dataclass(frozen=True, slots=True)
class Crossing:
    """An edge with what was read of its far side: the file, the lines that are called there, the tests that import it."""

    edge: Edge
    far: str
    lines: tuple[Span, ...] = ()
    importing: frozenset[str] = field(default_factory=frozenset)


def find_seams(
    crossings: Sequence[Crossing], files: Sequence[FileChange], places: Mapping[tuple[str, str], Collection[str]]
) -> tuple[Seam, ...]:
    """The seams, nearest first; `places` are the tests that lead to each changed definition (`app.analysis.reach`)."""
    near = {file.before: _near(file, places) for file in files}
    return tuple(_by_imports(crossing, near.get(crossing.edge.near, frozenset())) for crossing in crossings)


def _near(file: FileChange, places: Mapping[tuple[str, str], Collection[str]]) -> frozenset[str]:
    """The tests that lead to the changed definitions of a file; where no definition changed, to the file."""
    found = [tests for symbol in file.symbols if (tests := places.get((file.before, symbol.qualified))) is not None]
    return frozenset().union(*found) if found else frozenset(places.get((file.before, ""), ()))


def _by_imports(crossing: Crossing, near: frozenset[str]) -> Seam:
    """A test that leads to the near side goes on to the far one unless it puts something else in its place."""
    both = near
    return Seam(
        near=crossing.edge.near,
        far=crossing.far,
        kind=crossing.edge.kind,
        basis=Basis.IMPORTS,
        line=crossing.edge.lines[0],
        tests_near=tuple(sorted(near)),
        tests_far=tuple(sorted(crossing.importing | both)),
        tests_both=tuple(sorted(both)),
    )
