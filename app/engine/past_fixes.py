"""Reads what past fixes changed, and where that stands in a later commit: paths through renames, lines through git's diffs."""

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.analysis.diffs import read_index, read_spans, split_patch
from app.analysis.overrides import NONE
from app.analysis.review.touched import PastFile, carried_by, past_file
from app.analysis.roles import role_of
from app.analysis.testmap.carry import SAME, Carry
from app.domain.change import Role
from app.domain.review import KnownEscape
from app.engine.change_set import read_files_of
from app.git.diff import RawChange, read_changes, read_patch
from app.git.objects import Entry, read_blobs
from app.git.repository import FixCommits, Repository
from app.git.run import GitFailed

MOST_SEARCHES = 5
"""Fixes from which a file that is gone is looked for in the whole tree in one review: that compares all with all."""

MOST_FIXED_FILES = 10
"""Files of code that the fix of one bug changes at most; what changed more was more than that."""

MOST_FIXED_LINES = 100
"""The same for the lines of one file, removed and added ones together."""

_CODE = (Role.CODE, Role.MIGRATION)


@dataclass
class PastFixes:
    """Past fixes seen from the commit `base`, whose paths are `tree`; `near` are those paths of it that a change is about.

    Every comparison is made once.
    """

    repository: Repository
    base: str
    tree: Mapping[str, Entry]
    near: Collection[str] = ()
    _moved: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _searched: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _fixes: dict[str, tuple[RawChange, ...]] = field(default_factory=dict)

    def files(self, escape: KnownEscape, wanted: Collection[str]) -> Iterator[PastFile]:
        """What the fix changed in those of the `wanted` paths of `base` that it changed at all."""
        changes = self._changes(escape, wanted)
        if not changes:
            return
        fix = FixCommits(escape.parent, escape.fix, "")
        for raw, file in zip(changes, read_files_of(self.repository, fix, changes, NONE).files, strict=True):
            path = self.now_at(escape.fix, raw.path)
            carry = self._carry(escape.fix, raw, path) if path and file.opaque is None else None
            if path and carry is not None and file.changed_lines <= MOST_FIXED_LINES:
                yield past_file(path, file, carry)

    def now_at(self, fix: str, path: str) -> str | None:
        """Where a file of the fixed commit stands now, if that is under its old name or among the `near` paths."""
        if path in self.tree:
            return path
        if (fix, path) not in self._moved:
            alike = [other for other in self.near if _may_be(other, path) and other in self.tree]
            changes = read_changes(self.repository, fix, self.base, [path, *alike]) if alike else ()
            self._moved[fix, path] = _renamed(changes).get(path)
        return self._moved[fix, path]

    def found_at(self, fix: str, path: str) -> str | None:
        """The same wherever it may be in the tree, as far as so much may still be asked."""
        if path in self.tree:
            return path
        if fix not in self._searched:
            may = len(self._searched) < MOST_SEARCHES
            self._searched[fix] = _renamed(read_changes(self.repository, fix, self.base)) if may else {}
        return self._searched[fix].get(path)

    def sides_of(self, escape: KnownEscape, path: str) -> tuple[bytes | None, bytes] | None:
        """The text of a file before the fix (None where it was new) and at it; None where the fix did not change it."""
        raw = next((one for one in self._of(escape) if one.path == path and one.status != "D"), None)
        if raw is None:
            return None
        contents = read_blobs(self.repository, [oid for oid in (raw.old_oid, raw.new_oid) if oid.strip("0")]).contents
        after = contents.get(raw.new_oid)
        return None if after is None else (contents.get(raw.old_oid), after)

    def _of(self, escape: KnownEscape) -> tuple[RawChange, ...]:
        if escape.fix not in self._fixes:
            self._fixes[escape.fix] = read_changes(self.repository, escape.parent, escape.fix)
        return self._fixes[escape.fix]

    def _changes(self, escape: KnownEscape, wanted: Collection[str]) -> list[RawChange]:
        """The code that the fix mended; a file that came with it is new code, of which no line was ever wrong.

        Nothing of a fix that went over many files: which of their lines were the bug, it does not tell.
        """
        code = [raw for raw in self._of(escape) if role_of(raw.path) in _CODE]
        if len(code) > MOST_FIXED_FILES:
            return []
        return [raw for raw in code if raw.status not in "AD" and self.now_at(escape.fix, raw.path) in wanted]

    def _carry(self, fix: str, raw: RawChange, path: str) -> Carry | None:
        """How the fixed file's lines moved since; None where git cannot compare the two."""
        if self.tree[path].oid == raw.new_oid:
            return SAME
        try:
            sections = split_patch(read_patch(self.repository, fix, self.base, list(dict.fromkeys((raw.path, path)))))
        except GitFailed:
            return None
        found = (read_spans(section) for section in sections if read_index(section) == (raw.new_oid, self.tree[path].oid))
        hunks = next(found, None)
        return carried_by(hunks) if hunks else None


def _renamed(changes: Iterable[RawChange]) -> dict[str, str]:
    return {one.old_path: one.path for one in changes if one.status == "R"}


def _may_be(path: str, before: str) -> bool:
    """Whether a file may have been renamed so: what got another name stays in its folder, what moves keeps its name."""
    folder, name = posixpath.split(path)
    old_folder, old_name = posixpath.split(before)
    return name == old_name or (folder == old_folder and posixpath.splitext(name)[1] == posixpath.splitext(old_name)[1])
