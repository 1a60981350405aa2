"""Gathers what a decision needs of the repository as it stood before the fix: files, tests, history, blame. Decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from app.analysis import languages
from app.domain.change import FileChange, Span
from app.domain.history import BlamedLine
from app.git.log import read_blame
from app.git.objects import Entry, read_blobs, read_tree
from app.git.repository import Repository
from app.git.run import GitFailed, GitTooSlow

REGULAR = ("100644", "100755")
MAX_TEST_BYTES = 1 << 20
MAX_BLAMED_FILES = 12
MAX_BLAMED_HUNKS = 40
BLAME_MARGIN = 12


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of one commit. `tests` holds the bytes of each test file by path; `unread` names tests that could not be read."""

    commit: str
    tree: Mapping[str, Entry]
    tests: Mapping[str, bytes]
    unread: tuple[str, ...] = ()
    left_out: int = 0

    def oid(self, path: str) -> str:
        """The id of the blob at `path`."""
        return self.tree[path].oid


def read_files(repository: Repository, commit: str) -> Corpus:
    """All paths of the commit; none of its tests has been read yet."""
    return Corpus(commit, read_tree(repository, commit), {})


def possible_tests(corpus: Corpus) -> list[str]:
    """The paths that are tests by their name, then those that only their text can tell."""
    regular = [path for path, entry in corpus.tree.items() if entry.mode in REGULAR]
    return [*filter(languages.is_test, regular), *filter(_could_be_test, regular)]


def read_tests(repository: Repository, corpus: Corpus, paths: Sequence[str], left_out: int = 0) -> Corpus:
    """The same with the contents of those of the paths that are tests."""
    blobs = read_blobs(repository, [corpus.oid(path) for path in paths], MAX_TEST_BYTES)
    texts = {path: text for path in paths if (text := blobs.contents.get(corpus.oid(path))) is not None}
    tests = {path: text for path, text in texts.items() if _is_test(path, text)}
    unread = tuple(path for path in paths if path not in texts and languages.is_test(path))
    return Corpus(corpus.commit, corpus.tree, tests, unread[:100], left_out)


def _could_be_test(path: str) -> bool:
    """Files beside the tests that only their text can tell from one, where runners collect whole folders (Mocha).

    Elsewhere the name decides; and what stands among the tests' input is none in any language.
    """
    by_folder = languages.language_of(path) in {"javascript", "typescript"}
    return by_folder and languages.is_test_support(path) and not languages.is_test_input(path)


def _is_test(path: str, text: bytes) -> bool:
    """Support files count if they define tests after all; a package's `__init__.py` named like a test only if it does."""
    named = languages.is_test(path)
    if named and not path.endswith("/__init__.py"):
        return True
    return languages.holds_tests(languages.language_of(path), text)


def read_sources(repository: Repository, corpus: Corpus, paths: Iterable[str]) -> dict[str, bytes]:
    """The contents of other files of the same commit, by path; those that are missing or over 1 MB are left out."""
    wanted = [path for path in dict.fromkeys(paths) if path in corpus.tree and corpus.tree[path].mode in REGULAR]
    blobs = read_blobs(repository, [corpus.oid(path) for path in wanted])
    return {path: text for path in wanted if (text := blobs.contents.get(corpus.oid(path))) is not None}


def blame_neighbours(repository: Repository, base: str, files: Sequence[FileChange]) -> dict[str, tuple[BlamedLine, ...]]:
    """Who last wrote the lines within twelve of each hunk, by old path, for the twelve files with the most changed lines."""
    asked = [file for file in files if file.old_path and file.hunks and file.opaque is None]
    asked = sorted(asked, key=lambda file: -file.changed_lines)[:MAX_BLAMED_FILES]
    with ThreadPoolExecutor(max_workers=4) as pool:
        told = list(pool.map(lambda file: _blame(repository, base, file), asked))
    return {file.old_path: lines for file, lines in zip(asked, told, strict=True) if file.old_path and lines}


def _blame(repository: Repository, base: str, file: FileChange) -> tuple[BlamedLine, ...]:
    spans = _joined([hunk.near(BLAME_MARGIN) for hunk in file.hunks[:MAX_BLAMED_HUNKS]])
    try:
        return read_blame(repository, base, file.before, spans)
    except (GitFailed, GitTooSlow):
        return ()  # contents of the history that a partial clone lacks, or too long a history: said under `unchecked`


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Overlapping spans as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end + 1:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
