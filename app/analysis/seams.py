"""Who tests both sides of an edge: by execution where a test map speaks, else by imports; and who replaces the far side."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.analysis import languages
from app.analysis.edges import Edge
from app.analysis.modules import ModuleIndex
from app.analysis.question import Reached
from app.analysis.severed import Cuts, Near, cuts_of
from app.analysis.uses import names
from app.domain.change import FileChange, Span
from app.domain.evidence import ONE_HOP
from app.domain.seam import Basis, Seam, Severed

Places = Mapping[tuple[str, str], Collection[str]]
# Reading tests for stand-ins takes a parse each; what is beyond this many tests of one seam is not looked at.
_MAX_READ = 60


@dataclass(frozen=True, slots=True)
class Crossing:
    """An edge with what was read of its far side: the file, the lines that are called there, the tests that import it."""

    edge: Edge
    far: str
    lines: tuple[Span, ...] = ()
    importing: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Crossings:
    """The edges of a change, nearest first, and the index by which names in tests are led to files."""

    index: ModuleIndex
    all: tuple[Crossing, ...] = ()


def find_seams(
    crossings: Crossings,
    files: Sequence[FileChange],
    sources: Mapping[str, bytes],
    tests: Mapping[str, bytes],
    places: Places,
    reached: Mapping[str, Sequence[Reached]],
) -> tuple[Seam, ...]:
    """The seams, nearest first. `places` are the tests that lead to each changed definition (`app.analysis.reach`), `reached`
    what each test imports of the change; who only comes to it through another file is no test of this seam.
    """
    near = {file.before: _near(file, sources.get(file.before, b"")) for file in files}
    leading = {file.before: _leading(file, places) & _touching(file.before, reached) for file in files}
    return tuple(
        _by_imports(one, near[one.edge.near], leading[one.edge.near], tests, crossings.index)
        for one in crossings.all
        if one.edge.near in near
    )


def _near(file: FileChange, source: bytes) -> Near:
    changed = {part for symbol in file.symbols for part in symbol.qualified.split(".")}
    at_top = {symbol.name for symbol in languages.symbols(file.language, source) if "." not in symbol.qualified}
    return Near(file.before, names(file.language, source), frozenset(changed | at_top | {languages.stem(file.before)}))


def _leading(file: FileChange, places: Places) -> frozenset[str]:
    """The tests that lead to the changed definitions of a file; where no definition changed, to the file."""
    found = [tests for symbol in file.symbols if (tests := places.get((file.before, symbol.qualified))) is not None]
    return frozenset().union(*found) if found else frozenset(places.get((file.before, ""), ()))


def _touching(path: str, reached: Mapping[str, Sequence[Reached]]) -> frozenset[str]:
    return frozenset(test for test, found in reached.items() if any(r.path == path and r.reason != ONE_HOP for r in found))


def _by_imports(crossing: Crossing, near: Near, leading: frozenset[str], tests: Mapping[str, bytes], index: ModuleIndex) -> Seam:
    """A test that leads to the near side goes on to the far one unless all of it puts something else in its place."""
    cuts = _cuts(crossing, near, sorted(leading), tests, index)
    both = leading - {path for path, cut in cuts.items() if cut.whole}
    return Seam(
        near=crossing.edge.near,
        far=crossing.far,
        kind=crossing.edge.kind,
        basis=Basis.IMPORTS,
        line=crossing.edge.lines[0],
        tests_near=tuple(sorted(leading)),
        tests_far=tuple(sorted(crossing.importing | both)),
        tests_both=tuple(sorted(both)),
        severed_by=_severed(cuts),
    )


def _cuts(
    crossing: Crossing, near: Near, paths: Sequence[str], tests: Mapping[str, bytes], index: ModuleIndex
) -> dict[str, Cuts]:
    """By test file, what it cuts of the edge; files that cut nothing are left out."""
    read = ((path, cuts_of(crossing.edge, crossing.far, near, path, tests[path], index)) for path in paths[:_MAX_READ])
    return {path: cut for path, cut in read if cut.severed}


def _severed(cuts: Mapping[str, Cuts]) -> tuple[Severed, ...]:
    return tuple(one for path in sorted(cuts) for one in cuts[path].severed)
