"""The changed definitions as a test can use them: the ones the fix is about first, as they stand where the test is written."""

from collections.abc import Iterator, Mapping, Sequence

from app.analysis.languages import enclosing, language_of
from app.analysis.scaffold.callers import caller
from app.analysis.scaffold.signatures import READERS, Reader, Signature, Surroundings
from app.domain.change import FileChange, Hunk, Span, Symbol
from app.domain.scaffold import Target

MOST = 6
_SCRIPTS = frozenset({"javascript", "typescript", "vue"})


def targets(
    files: Sequence[FileChange], now: Mapping[str, bytes], before: Mapping[str, bytes], around: Surroundings
) -> tuple[Target, ...]:
    """At most `MOST` changed definitions of the test's own language or its kin, most changed first, reachable ones before others.

    `files` are the changed code files; `now` holds their texts by path at the commit that the test is written on, `before` at
    the one before the fix. What the fix removed or a later commit moved away is left out.
    """
    found: list[tuple[tuple[int, ...], Target]] = []
    for file in files:
        reader = READERS.get(file.language or "") if _are_kin(file.language, language_of(around.test)) else None
        path = file.path if file.path in now else file.before
        if reader is None or path not in now:
            continue
        known = {symbol.qualified: symbol for symbol in reader.symbols(now[path])}
        module = reader.module(path, now[path], around)
        for changed, lines in _changed(file, reader.symbols(before.get(file.before, b""))):
            symbol, signature = _reachable(reader, now[path], changed, known)
            if signature is not None:
                order = (not signature.reachable, symbol.name.startswith("_"), -lines)
                found.append((order, _target(path, module, symbol, signature)))
    unique = {target.path + "\0" + target.qualified: target for _, target in sorted(found, key=lambda pair: pair[0])}
    return tuple(list(unique.values())[:MOST])


def _are_kin(language: str | None, other: str | None) -> bool:
    """Whether a test in one language can call code in the other."""
    return language == other or {language, other} <= _SCRIPTS


def _target(path: str, module: str, symbol: Symbol, signature: Signature) -> Target:
    return Target(
        path,
        symbol.name,
        symbol.qualified,
        symbol.kind,
        module,
        signature.owner,
        signature.parameters,
        signature.owner_parameters,
        signature.is_async,
        signature.is_static,
        signature.reachable,
        export=signature.export,
        gives=signature.gives,
        access=signature.access,
        package=signature.package,
        imports=signature.imports,
        type_parameters=signature.type_parameters,
        buildable=signature.buildable,
    )


def _reachable(reader: Reader, source: bytes, symbol: Symbol, known: Mapping[str, Symbol]) -> tuple[Symbol, Signature | None]:
    """The definition as it stands now; of one that is private, what it is private to or what uses it, which a test can call."""
    while symbol.qualified in known:
        signature = reader.signature(source, symbol.qualified)
        outer = symbol.qualified.rpartition(".")[0]
        if signature is None or signature.reachable:
            return symbol, signature
        at_top = outer not in known or known[outer].kind == "class"
        if at_top and (found := caller(reader, source, symbol, known)):
            return found
        if outer not in known:
            return symbol, signature
        symbol = known[outer]
    return symbol, None


def _changed(file: FileChange, before: Sequence[Symbol]) -> Iterator[tuple[Symbol, int]]:
    """The definitions that the change falls in or that it brought, and how many of its lines each holds."""
    known = file.symbols or enclosing(before, [_old(hunk) for hunk in file.hunks])
    for symbol in known:
        yield symbol, sum(_size(hunk) for hunk in file.hunks if _old(hunk).overlaps(symbol.span))
    for symbol in file.new_symbols:
        yield symbol, sum(_size(hunk) for hunk in file.hunks if hunk.new and hunk.new.overlaps(symbol.span))


def _old(hunk: Hunk) -> Span:
    return hunk.old or Span(max(1, hunk.after), max(1, hunk.after))


def _size(hunk: Hunk) -> int:
    return len(hunk.removed) + len(hunk.added)
