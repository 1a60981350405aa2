"""Reads what past fixes changed, and where that stands in a later commit: paths through renames, lines through git's diffs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from app.git.objects import Entry
from app.git.repository import FixCommits, Repository
from app.git.run import GitFailed

MOST_RENAMES = 40
"""Commits from which renames are looked for in one review: each costs a comparison of two whole trees."""

_CODE = (Role.CODE, Role.MIGRATION)


@dataclass
class PastFixes:
    """Past fixes seen from the commit `base`, whose paths are `tree`. Every comparison is made once."""

    repository: Repository
    base: str
    tree: Mapping[str, Entry]
    _moved: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def files(self, escape: KnownEscape, wanted: Collection[str]) -> Iterator[PastFile]:
        """What the fix changed in those of the `wanted` paths of `base` that it changed at all."""
        changes = self._changes(escape, wanted)
        if not changes:
            return
        fix = FixCommits(escape.parent, escape.fix, "")
        for raw, file in zip(changes, read_files_of(self.repository, fix, changes, NONE).files, strict=True):
            path = self.now_at(escape.fix, raw.path)
            carry = self._carry(escape.fix, raw, path) if path and file.opaque is None else None
            if path and carry is not None:
                yield past_file(path, file, carry)

    def now_at(self, fix: str, path: str) -> str | None:
        """Where a file of the fixed commit stands now; None where it is gone."""
        if path in self.tree:
            return path
        if fix not in self._moved:
            changes: Sequence[RawChange] = read_changes(self.repository, fix, self.base) if self._may_look else ()
            self._moved[fix] = {one.old_path: one.path for one in changes if one.status == "R"}
        return self._moved[fix].get(path)

    @property
    def _may_look(self) -> bool:
        return len(self._moved) < MOST_RENAMES

    def _changes(self, escape: KnownEscape, wanted: Collection[str]) -> list[RawChange]:
        return [
            raw
            for raw in read_changes(self.repository, escape.parent, escape.fix)
            if raw.status != "D" and role_of(raw.path) in _CODE and self.now_at(escape.fix, raw.path) in wanted
        ]

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
