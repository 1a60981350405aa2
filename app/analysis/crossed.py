"""Who tests both sides of an edge, by execution: the tests that ran the changed functions, what is called over there, or both."""

from collections.abc import Iterable, Mapping, Sequence

from app.analysis import languages
from app.analysis.edges import changed_spans
from app.analysis.seams import Crossing, Crossings, Sides, seam_by_imports, severed_of
from app.analysis.severed import Cuts
from app.analysis.testmap.carry import Carried
from app.analysis.testmap.test_files import Home, TestFiles, plain
from app.domain.change import Span
from app.domain.lines import LineSet, line_set
from app.domain.seam import Basis, Seam, Severed

Covers = Mapping[str, Sequence[Carried]]


def find_seams(crossings: Crossings, sides: Sides, covers: Covers) -> tuple[Seam, ...]:
    """The seams, nearest first; by imports where `covers` does not know the near file or tells no test from another."""
    homes = TestFiles(sides.tests)
    found = []
    for crossing in crossings.all:
        if crossing.edge.near in sides.files:
            executed = _executed(crossing, crossings, sides, covers, homes) if _tells_apart(covers, crossing.edge.near) else None
            found.append(executed or seam_by_imports(crossing, sides, crossings.index))
    return tuple(found)


def _tells_apart(covers: Covers, path: str) -> bool:
    """Whether the map knows more than that one whole suite ran the file."""
    return len({name for carried in covers.get(path, ()) for name in carried.cover.tests}) > 1


def _executed(crossing: Crossing, crossings: Crossings, sides: Sides, covers: Covers, homes: TestFiles) -> Seam | None:
    edge, path = crossing.edge, crossing.edge.near
    file, source = sides.files[path], sides.sources.get(path, b"")
    near = _ran(covers.get(path, ()), body_lines(file.language, source, changed_spans(file)))
    if edge.is_outside:
        at_edge = _ran(covers.get(path, ()), line_set(Span(line, line) for line in edge.lines))
        cuts = _cuts(crossing, crossings, sides, at_edge, homes)
        far = at_edge - {name for name in at_edge if _is_cut(homes.home(name), cuts)}
    else:
        called = body_lines(languages.language_of(crossing.far), crossings.texts.get(crossing.far, b""), crossing.lines)
        far = _ran(covers.get(crossing.far, ()), called)
        cuts = _cuts(crossing, crossings, sides, near - far, homes)
    return Seam(
        near=path,
        far=crossing.far,
        kind=edge.kind,
        basis=Basis.EXECUTED,
        line=edge.lines[0],
        tests_near=tuple(sorted(near)),
        tests_far=tuple(sorted(far)),
        tests_both=tuple(sorted(near & far)),
        severed_by=severed_of(cuts),
    )


def _ran(covers: Iterable[Carried], lines: LineSet) -> frozenset[str]:
    """The tests that ran any of the lines."""
    return frozenset(carried.cover.tests[index] for carried in covers for index in carried.cover.ran(lines))


def _cuts(crossing: Crossing, crossings: Crossings, sides: Sides, tests: frozenset[str], homes: TestFiles) -> dict[str, Cuts]:
    """By test file, the stand-ins of those of its tests that ran the near side and not the far one."""
    by_path: dict[str, list[Home]] = {}
    for name in tests:
        if home := homes.home(name):
            by_path.setdefault(home.path, []).append(home)
    cuts = sides.cuts(crossing, by_path, crossings.index)
    kept = {
        path: tuple(one for one in cut.severed if one.test is None or any(_is(home, one) for home in by_path[path]))
        for path, cut in cuts.items()
    }
    return {path: Cuts(severed, cuts[path].whole) for path, severed in kept.items() if severed}


def _is(home: Home, severed: Severed) -> bool:
    """Whether a test of the map is the one that a stand-in was found in: `TestX::test_b[1]` is `TestX.test_b`."""
    written = plain(home.id).replace("::", ".").replace("#", ".")
    return bool(severed.test) and (written == severed.test or written.endswith(f".{severed.test}"))


def _is_cut(home: Home | None, cuts: Mapping[str, Cuts]) -> bool:
    cut = cuts.get(home.path) if home is not None else None
    return cut is not None and home is not None and (cut.whole or any(_is(home, one) for one in cut.severed))


def body_lines(language: str | None, source: bytes, spans: Iterable[Span]) -> LineSet:
    """The lines inside functions, without those that also run when the function is only defined: `def` and what is above it."""
    lines = source.split(b"\n")
    inside = 0
    for span in spans:
        start = span.start
        if language == "python":
            opens = (n for n in range(span.start, span.end + 1) if lines[n - 1 : n] and _opens(lines[n - 1]))
            start = next(opens, span.start - 1) + 1
        elif language != "go" and span.end > span.start:
            start = span.start + 1
        if start <= span.end:
            inside |= line_set([Span(start, span.end)])
    return inside


def _opens(line: bytes) -> bool:
    return line.lstrip().startswith((b"def ", b"async def "))
