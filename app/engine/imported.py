"""Reads what joins tests to the changed files by imports: manifests, and the files between, in as few readings as needed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.analysis import languages
from app.analysis.imports import Changed, ImportGraph, changed_file
from app.analysis.languages import Import
from app.analysis.modules import ModuleIndex, manifests_needed
from app.analysis.question import Reached
from app.domain.change import FileChange
from app.domain.evidence import Evidence
from app.engine.gather import Corpus, read_sources
from app.git.repository import Repository

_READINGS = 3
# Chosen by docs/accuracy.md: through one hop nearly every test leads to nearly every file.
_DIRECTNESS = {"imports": 1.0, "same-package": 0.7, "imports-reexport": 0.5, "imports-hop": 0.1}


@dataclass(frozen=True, slots=True)
class Imported:
    """What each test imports of the changed files, all its imports, and the packages of the repository among them, by path.

    `index` and `graph` are what this was read by, for further questions about the same tree.
    """

    reached: Mapping[str, Sequence[Reached]]
    imports: Mapping[str, Sequence[Import]]
    packages: Mapping[str, Collection[str]]
    index: ModuleIndex
    graph: ImportGraph


def read_reached(repository: Repository, corpus: Corpus, files: Sequence[FileChange], sources: Mapping[str, bytes]) -> Imported:
    """Follows the imports of every test to the changed files: directly, through re-exports, through one hop."""
    manifests = read_sources(repository, corpus, manifests_needed(corpus.tree))
    index = ModuleIndex.build(corpus.tree, {path: text.decode("utf-8", "replace") for path, text in manifests.items()})
    tests = {path: _imports(path, text) for path, text in corpus.tests.items()}
    changed = [_changed(file, sources) for file in files if languages.is_parsed(file.language)]
    graph = _graph(repository, corpus, index, tests)
    reached: dict[str, list[Reached]] = {}
    for one in changed:
        for path, joined in graph.evidence(one, corpus.tests).items():
            reached.setdefault(path, []).append(_reached(one.path, joined))
    packages = {path: index.own_packages(path, imports) for path, imports in tests.items()}
    return Imported(reached, tests, packages, index, graph)


def _graph(repository: Repository, corpus: Corpus, index: ModuleIndex, tests: Mapping[str, Sequence[Import]]) -> ImportGraph:
    """The imports of the tests and of the files that could join one to the change."""
    between: dict[str, Sequence[Import]] = {}
    graph = ImportGraph(index, tests, between)
    for _ in range(_READINGS):
        wanted = graph.wanted()
        if not wanted:
            break
        read = read_sources(repository, corpus, wanted)
        between.update({path: _imports(path, read.get(path, b"")) for path in wanted})
    return graph


def _imports(path: str, text: bytes) -> tuple[Import, ...]:
    return languages.imports(languages.language_of(path), text)


def _changed(file: FileChange, sources: Mapping[str, bytes]) -> Changed:
    source = sources.get(file.before, b"")
    return changed_file(file.before, languages.symbols(file.language, source), source)


def _reached(path: str, joined: Evidence) -> Reached:
    return Reached(path, _DIRECTNESS[joined.reason], joined.reason, joined.names, joined.line)
