"""Reads how the tree of an earlier commit became that of a later one: where files stood, how their lines moved, what it wrote."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from app.analysis.diffs import read_spans, split_patch
from app.analysis.testmap.carry import SAME, Carry, Mismatched, carry_by
from app.domain.lines import LineSet, line_set
from app.engine.gather import REGULAR
from app.git.diff import RawChange, read_changes, read_patch
from app.git.log import Came, read_coming
from app.git.objects import read_blobs
from app.git.repository import Repository
from app.git.run import GitFailed, GitTooSlow, run

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_EMPTY_TREE_SHA256 = "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"


class Earlier:
    """The commit `commit` as seen from `later`: every comparison is made once. Raises GitFailed where either is not there."""

    def __init__(self, repository: Repository, commit: str, later: str) -> None:
        self.repository, self.commit, self.later = repository, commit, later
        self._changes = {change.path: change for change in read_changes(repository, commit, later)}

    def path_of(self, path: str) -> str | None:
        """Where the file that the later commit has at `path` stood; None where it did not."""
        change = self._changes.get(path)
        if change is None:
            return path
        return None if change.status == "A" else change.old_path

    def came(self, path: str) -> Came | None:
        """How a file came that did not stand there; None where git does not tell in time."""
        try:
            return read_coming(self.repository, self.commit, self.later, path)
        except (GitFailed, GitTooSlow):
            return None

    def later_texts(self, paths: Collection[str]) -> dict[str, bytes]:
        """What these files hold in the later commit, of those that changed since; over 1 MB or missing ones are left out."""
        oids = {path: self._changes[path].new_oid for path in paths if path in self._changes}
        contents = read_blobs(self.repository, oids.values()).contents
        return {path: contents[oid] for path, oid in oids.items() if oid in contents}

    def carries(self, paths: Collection[str]) -> Mapping[str, Carry]:
        """By path in the later commit, how lines lead there from the earlier one; what cannot be compared is left out."""
        changed = [change for path in paths if (change := self._changes.get(path)) is not None and change.status != "A"]
        found = {path: SAME for path in paths if path not in self._changes}
        sections = self._sections(self.commit, self.later, [one for one in changed if one.old_oid != one.new_oid])
        found.update({one.path: SAME for one in changed if one.old_oid == one.new_oid})
        found.update({path: carry for path, section in sections.items() if (carry := _carry(section)) is not None})
        return found

    @cached_property
    def parent(self) -> str:
        """The first parent of the commit, or the empty tree before the first commit of all."""
        told = run(self.repository.path, "rev-list", "--parents", "--max-count=1", self.commit, "--").decode().split()
        if len(told) > 1:
            return told[1]
        return _EMPTY_TREE if len(self.commit) == len(_EMPTY_TREE) else _EMPTY_TREE_SHA256

    @cached_property
    def own(self) -> Sequence[RawChange]:
        """What the commit itself changed, as git lists it."""
        return read_changes(self.repository, self.parent, self.commit)

    def written(self, paths: Collection[str]) -> Mapping[str, LineSet]:
        """The lines that the commit itself wrote into these files, by their paths in it."""
        wanted = [change for change in self.own if change.path in paths and change.status != "D"]
        found = {}
        for path, section in self._sections(self.parent, self.commit, wanted).items():
            found[path] = line_set(hunk.new for hunk in read_spans(section) or () if hunk.new is not None)
        return found

    def _sections(self, older: str, newer: str, changes: Sequence[RawChange]) -> dict[str, bytes]:
        """The sections of one patch by path; git lists them in the order of its list of paths."""
        regular = [one for one in changes if {one.old_mode, one.new_mode} <= {*REGULAR, "000000"}]
        if not regular:
            return {}
        paths = list(dict.fromkeys(path for change in regular for path in (change.old_path, change.path)))
        try:
            listed = read_changes(self.repository, older, newer, paths)
            sections = split_patch(read_patch(self.repository, older, newer, paths))
        except (GitFailed, GitTooSlow):
            return {}
        if len(sections) != len(listed):
            return {}
        wanted = {one.path for one in regular}
        return {one.path: section for one, section in zip(listed, sections, strict=True) if one.path in wanted}


def _carry(section: bytes) -> Carry | None:
    hunks = read_spans(section)
    try:
        return None if hunks is None else carry_by(hunks)
    except (Mismatched, ValueError):
        return None
