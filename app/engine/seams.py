"""Gathers what is known of the far sides of a change: which files its calls lead to, what stands there, which tests import it."""

from collections.abc import Iterable, Mapping, Sequence

from app.analysis import languages
from app.analysis.edges import Edge, edges_of, is_barrel, is_side, lines_called, nearest, through_barrel
from app.analysis.imports import changed_file
from app.analysis.languages import Import
from app.analysis.seams import Crossing, Crossings
from app.domain.change import FileChange
from app.domain.evidence import ONE_HOP
from app.engine.gather import Corpus, read_sources
from app.engine.imported import Imported
from app.git.repository import Repository

# A Go import means a whole folder; what is called stands in one of its files.
_MAX_FILES = 40


def read_crossings(
    repository: Repository, corpus: Corpus, files: Sequence[FileChange], sources: Mapping[str, bytes], imported: Imported
) -> Crossings:
    """The edges from the changed files to others, with their far sides read in one go."""
    edges = nearest(
        edge for file in files if file.before in sources for edge in edges_of(file, sources[file.before], imported.index)
    )
    texts = read_sources(repository, corpus, [path for edge in edges for path in edge.files[:_MAX_FILES]])
    if any(is_barrel(edge.far) for edge in edges):
        edges = [through_barrel(edge, texts.get(edge.far, b""), imported.index) for edge in edges]
        texts |= read_sources(repository, corpus, [path for edge in edges for path in edge.files if path not in texts])
    read = (_crossing(edge, corpus, texts, imported) for edge in edges)
    kept = tuple(one for one in read if one.edge.is_outside or (one.lines and is_side(one.far)))
    return Crossings(imported.index, kept, texts)


def _crossing(edge: Edge, corpus: Corpus, texts: Mapping[str, bytes], imported: Imported) -> Crossing:
    if edge.is_outside:
        return Crossing(edge, edge.far, importing=_importing(edge.far, imported.imports))
    far, lines = lines_called(edge, texts)
    language, text = languages.language_of(far), texts.get(far, b"")
    joined = imported.graph.evidence(changed_file(far, languages.symbols(language, text), text), corpus.tests)
    return Crossing(edge, far, lines, frozenset(path for path, how in joined.items() if how.reason != ONE_HOP))


def _importing(library: str, imports: Mapping[str, Iterable[Import]]) -> frozenset[str]:
    """The tests that import a library, or something below it."""
    below = (f"{library}.", f"{library}/")
    return frozenset(
        path
        for path, found in imports.items()
        if any(one.target.removeprefix("node:") == library or one.target.startswith(below) for one in found)
    )
