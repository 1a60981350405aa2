"""The files to answer for where there is no fix yet: paths that a person names, and places that an issue's text names."""

import re
from collections.abc import Sequence

from app.analysis import languages
from app.analysis.roles import role_of
from app.domain.change import FileChange, Hunk, Span, Status
from app.domain.errors import TellUser
from app.engine.gather import Corpus, read_sources
from app.git.repository import Repository

MAX_PLACES = 20
MAX_TEXT = 200_000
_PATH = re.compile(r"(?P<path>.+?)(?::(?P<start>\d{1,7})(?:-(?P<end>\d{1,7}))?)?")
_WRITTEN = re.compile(r"[\w.@+-]+(?:[/\\][\w.@+-]+)*\.\w{1,8}")
Place = tuple[str, tuple[Span, ...]]


def named_files(repository: Repository, corpus: Corpus, paths: Sequence[str], text: str) -> tuple[FileChange, ...]:
    """The named places as if each had changed. Raises TellUser for a path that is not in the repository.

    A path is written as git lists it, with lines if wanted: `shop/cart.py`, `shop/cart.py:40`, `shop/cart.py:40-52`.
    """
    places = [_named(corpus, path) for path in paths] or list(_mentioned(corpus, text))
    sources = read_sources(repository, corpus, [path for path, _ in places])
    return tuple(_as_changed(path, spans, sources.get(path, b"")) for path, spans in places[:MAX_PLACES])


def _named(corpus: Corpus, written: str) -> Place:
    match = _PATH.fullmatch(written)
    path, start, end = (match["path"], match["start"], match["end"]) if match else (written, None, None)
    if path not in corpus.tree:
        raise TellUser(
            f"There is no file {path!r} in {corpus.commit[:10]}: name paths as `git ls-files` lists them, from the root."
        )
    return path, (Span(int(start), max(int(start), int(end or start))),) if start and int(start) else ()


def _mentioned(corpus: Corpus, text: str) -> list[Place]:
    """Files of the repository whose path, or the end of it, stands in the text; what could mean several files means none."""
    named: dict[str, list[str]] = {}
    for path in corpus.tree:
        named.setdefault(path.rpartition("/")[2], []).append(path)
    found: dict[str, Place] = {}
    for written in _WRITTEN.findall(text[:MAX_TEXT]):
        ending = "/" + written.replace("\\", "/")
        paths = [p for p in named.get(ending.rpartition("/")[2], ()) if f"/{p}".endswith(ending) or ending.endswith(f"/{p}")]
        if len(paths) == 1 and not languages.is_test(paths[0]) and languages.language_of(paths[0]):
            found[paths[0]] = (paths[0], ())
    return list(found.values())


def _as_changed(path: str, spans: Sequence[Span], source: bytes) -> FileChange:
    last = source.count(b"\n") + 1
    inside = [Span(min(span.start, last), min(span.end, last)) for span in spans]
    language = languages.language_of(path)
    return FileChange(
        path=path,
        old_path=path,
        status=Status.MODIFIED,
        role=role_of(path),
        language=language,
        hunks=tuple(Hunk(old=span, new=None, after=span.start - 1) for span in inside),
        symbols=languages.enclosing(languages.symbols(language, source), inside),
    )
