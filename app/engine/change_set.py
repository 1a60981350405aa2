"""Reads the change set of a fix: git's list of paths, the hunks of those that can be compared, and the symbols they fall in."""

from collections.abc import Mapping, Sequence

from app.analysis import languages
from app.analysis.diffs import read_hunks, split_patch
from app.analysis.overrides import Overrides
from app.analysis.roles import role_of
from app.domain.change import ChangeSet, FileChange, Hunk, Span, Status, Symbol
from app.git.diff import RawChange, read_changes, read_patch
from app.git.objects import Blobs, read_blobs
from app.git.repository import FixCommits, Repository
from app.git.run import GitFailed

MAX_FILES = 3000
_OPAQUE_MODES = {"120000": "symbolic-link", "160000": "submodule"}


def read_change_set(repository: Repository, fix: FixCommits, overrides: Overrides) -> ChangeSet:
    """Everything the fix changed. Files whose lines cannot be known say why in `opaque`; those past the 3,000th, too."""
    return read_files_of(repository, fix, read_changes(repository, fix.base, fix.head), overrides)


def read_files_of(repository: Repository, fix: FixCommits, changes: Sequence[RawChange], overrides: Overrides) -> ChangeSet:
    """The same for some of the paths that lie between the two commits, in the order in which git lists them."""
    wanted = [change for change in changes[:MAX_FILES] if not _special(change)]
    blobs = read_blobs(repository, [oid for change in wanted for oid in (change.old_oid, change.new_oid) if oid.strip("0")])
    readable = [change for change in wanted if _why_unreadable(change, blobs) is None]
    hunks = _hunks(repository, fix, readable)
    files = [_file(change, blobs, hunks, overrides, skipped=n >= MAX_FILES) for n, change in enumerate(changes)]
    return ChangeSet(fix.base, fix.head, fix.message, tuple(files))


def _hunks(repository: Repository, fix: FixCommits, changes: Sequence[RawChange]) -> dict[str, tuple[Hunk, ...] | None]:
    """Hunks by path; git lists the sections of a patch in the order of its list of paths."""
    if not changes:
        return {}
    paths = list(dict.fromkeys(path for change in changes for path in (change.old_path, change.path)))
    try:
        sections = split_patch(read_patch(repository, fix.base, fix.head, paths))
    except GitFailed:
        return {}
    if len(sections) != len(changes):
        return {}
    return {change.path: read_hunks(section) for change, section in zip(changes, sections, strict=True)}


def _file(
    change: RawChange, blobs: Blobs, hunks: Mapping[str, tuple[Hunk, ...] | None], overrides: Overrides, skipped: bool
) -> FileChange:
    language = languages.language_of(change.path)
    found = hunks.get(change.path)
    opaque = "too-many-files" if skipped else _special(change) or _why_unreadable(change, blobs)
    if opaque is None and found is None:
        opaque = "binary"
    old, new = _symbols(language, change, blobs, found or ())
    return FileChange(
        path=change.path,
        old_path=change.old_path if change.status != "A" else None,
        status=Status(change.status),
        role=role_of(change.path, overrides),
        language=language,
        hunks=found or (),
        symbols=old,
        new_symbols=new,
        opaque=opaque,
    )


def _symbols(
    language: str | None, change: RawChange, blobs: Blobs, hunks: Sequence[Hunk]
) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """The definitions that the change falls in before the fix, and those touched by it that exist only after."""
    before = languages.symbols(language, blobs.contents.get(change.old_oid, b""))
    after = languages.symbols(language, blobs.contents.get(change.new_oid, b""))
    known = {symbol.qualified for symbol in before}
    old = languages.enclosing(before, [_old_lines(hunk) for hunk in hunks if change.status != "A"])
    new = languages.enclosing(after, [hunk.new for hunk in hunks if hunk.new])
    return old, tuple(symbol for symbol in new if symbol.qualified not in known)


def _old_lines(hunk: Hunk) -> Span:
    """Lines that were only added belong to the definition that the line before them stands in."""
    return hunk.old or Span(max(1, hunk.after), max(1, hunk.after))


def _special(change: RawChange) -> str | None:
    return next((_OPAQUE_MODES[mode] for mode in (change.new_mode, change.old_mode) if mode in _OPAQUE_MODES), None)


def _why_unreadable(change: RawChange, blobs: Blobs) -> str | None:
    for oid in (change.old_oid, change.new_oid):
        if oid in blobs.large:
            return "too-large"
        if oid in blobs.missing:
            return "missing-blob"
        if b"\0" in blobs.contents.get(oid, b"")[:8000]:
            return "binary"
    return None
