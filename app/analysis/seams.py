"""Who tests both sides of an edge, by imports; and who replaces the far side. By execution it is `app.analysis.crossed`'s."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from app.analysis import languages
from app.analysis.edges import Edge
from app.analysis.modules import ModuleIndex
from app.analysis.question import Reached
from app.analysis.severed import Cuts, Near, cuts_of
from app.analysis.uses import names
from app.domain.change import FileChange, Span
from app.domain.evidence import ONE_HOP
from app.domain.seam import Basis, Seam, Severed

# Reading tests for stand-ins takes a parse each; what is beyond this many tests of one seam is not looked at.
_MAX_READ = 40
# Nor what is beyond so many bytes of them: the small ones, which are about one thing, are read first.
_MAX_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class Crossing:
    """An edge with what was read of its far side: the file, the lines that are called there, the tests that import it."""

    edge: Edge
    far: str
    lines: tuple[Span, ...] = ()
    importing: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Crossings:
    """The edges of a change, nearest first, the index by which names in tests are led to files, and the far files' texts."""

    index: ModuleIndex
    all: tuple[Crossing, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def far_files(self) -> tuple[str, ...]:
        """The files on the far sides."""
        return tuple(crossing.far for crossing in self.all if not crossing.edge.is_outside)


class Sides:
    """What is known of the near sides of a change: who comes to them, and who cuts them off from a far side.

    `places` are the tests that lead to each changed definition (`app.analysis.reach`), `reached` what each test imports of the
    change. Who only comes to it through another file is no test of a seam.
    """

    def __init__(
        self,
        files: Sequence[FileChange],
        sources: Mapping[str, bytes],
        tests: Mapping[str, bytes],
        places: Mapping[tuple[str, str], Collection[str]],
        reached: Mapping[str, Sequence[Reached]],
    ) -> None:
        self.files = {file.before: file for file in files}
        self.sources = sources
        self.tests = tests
        self._places = places
        self._reached = reached
        self._near: dict[str, Near] = {}

    def near(self, path: str) -> Near:
        """The near side at this path."""
        if path not in self._near:
            file, source = self.files[path], self.sources.get(path, b"")
            changed = {part for symbol in file.symbols for part in symbol.qualified.split(".")}
            at_top = {symbol.name for symbol in languages.symbols(file.language, source) if "." not in symbol.qualified}
            known_by = frozenset(changed | at_top | {languages.stem(path)})
            self._near[path] = Near(path, names(file.language, source), known_by)
        return self._near[path]

    def leading(self, path: str) -> frozenset[str]:
        """The tests that lead to the changed definitions of a file; where no definition changed, to the file."""
        symbols = self.files[path].symbols
        found = [tests for symbol in symbols if (tests := self._places.get((path, symbol.qualified))) is not None]
        leading = frozenset().union(*found) if found else frozenset(self._places.get((path, ""), ()))
        return frozenset(test for test in leading if any(_touches(one, path) for one in self._reached.get(test, ())))

    def cuts(self, crossing: Crossing, paths: Collection[str], index: ModuleIndex) -> dict[str, Cuts]:
        """By test file, what it cuts of the edge; files that cut nothing are left out."""
        near = self.near(crossing.edge.near)
        read = sorted((path for path in paths if path in self.tests), key=lambda path: (len(self.tests[path]), path))
        upto = accumulate(len(self.tests[path]) for path in read)
        read = [path for path, size in zip(read[:_MAX_READ], upto, strict=False) if size <= _MAX_BYTES]
        found = {path: cuts_of(crossing.edge, crossing.far, near, path, self.tests[path], index) for path in sorted(read)}
        return {path: cut for path, cut in found.items() if cut.severed}


def _touches(reached: Reached, path: str) -> bool:
    return reached.path == path and reached.reason != ONE_HOP


def seam_by_imports(crossing: Crossing, sides: Sides, index: ModuleIndex) -> Seam:
    """A test that leads to the near side goes on to the far one unless all of it puts something else in its place."""
    leading = sides.leading(crossing.edge.near)
    cuts = sides.cuts(crossing, leading, index)
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
        severed_by=severed_of(cuts),
    )


def severed_of(cuts: Mapping[str, Cuts]) -> tuple[Severed, ...]:
    """All places of all test files, by path."""
    return tuple(one for path in sorted(cuts) for one in cuts[path].severed)
