"""The files to answer for where there is no fix yet: paths that a person names, and places that an issue's text names."""

import re
from collections.abc import Sequence

from app.analysis import languages
from app.analysis.places import Place, find_places
from app.analysis.roles import role_of
from app.analysis.traces import read_named
from app.domain.change import FileChange, Hunk, Span, Status, Symbol
from app.domain.errors import TellUser
from app.engine.gather import Corpus, read_sources
from app.git.repository import Repository

MAX_PLACES = 20
_PATH = re.compile(r"(?P<path>.+?)(?::(?P<start>\d{1,7})(?:-(?P<end>\d{1,7}))?)?")


def named_files(repository: Repository, corpus: Corpus, paths: Sequence[str], text: str) -> tuple[FileChange, ...]:
    """The named places as if each had changed: `paths`, or without any the files that the text means, traces first.

    A path is written as git lists it, with lines if wanted: `shop/cart.py`, `shop/cart.py:40`, `shop/cart.py:40-52`. Raises
    TellUser for one that is not in the repository.
    """
    places = [_named(corpus, path) for path in paths] or find_places(read_named(text), corpus.tree).code[:MAX_PLACES]
    sources = read_sources(repository, corpus, [place.path for place in places])
    return tuple(_as_changed(place, sources.get(place.path, b"")) for place in places)


def _named(corpus: Corpus, written: str) -> Place:
    match = _PATH.fullmatch(written)
    path, start, end = (match["path"], match["start"], match["end"]) if match else (written, None, None)
    if path not in corpus.tree:
        raise TellUser(f"There is no file {path!r} in {corpus.commit[:10]}: name paths from the root, as `git ls-files` does.")
    return Place(path, (Span(int(start), max(int(start), int(end or start))),) if start and int(start) else ())


def _as_changed(place: Place, source: bytes) -> FileChange:
    last = source.count(b"\n") + 1
    inside = [Span(min(span.start, last), min(span.end, last)) for span in place.lines]
    language = languages.language_of(place.path)
    return FileChange(
        path=place.path,
        old_path=place.path,
        status=Status.MODIFIED,
        role=role_of(place.path),
        language=language,
        hunks=tuple(Hunk(old=span, new=None, after=span.start - 1) for span in inside),
        symbols=_symbols(languages.symbols(language, source), inside, place.functions),
    )


def _symbols(defined: Sequence[Symbol], lines: Sequence[Span], functions: Sequence[str]) -> tuple[Symbol, ...]:
    """What a trace or a name points at. The name wins over the line, which may be of another version of the file."""
    names = {function.rpartition(".")[2] for function in functions}
    named = tuple(symbol for symbol in defined if symbol.name in names)
    return named or languages.enclosing(defined, lines)
