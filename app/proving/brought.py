"""Which tests a branch brings, and which of those that somebody named it holds; running them is `app.proving.prove`'s."""

from collections.abc import Iterable
from pathlib import Path

from app.analysis import languages
from app.analysis.brought import brought_tests, holds_test
from app.domain.suite import TestId
from app.git.diff import read_changes
from app.git.objects import read_blobs, read_tree
from app.git.repository import find_commit, open_repository
from app.git.worktrees import merge_base
from app.proving.asked import MAX_FILE, MOST_TESTS


def held(path: Path, commit: str, tests: Iterable[TestId]) -> tuple[TestId, ...]:
    """Those of the tests that stand at the commit under these names."""
    repository = open_repository(path)
    tree = read_tree(repository, find_commit(repository, commit))
    there = {test: tree[test.path].oid for test in tests if test.path in tree}
    contents = read_blobs(repository, there.values(), MAX_FILE).contents
    return tuple(test for test, oid in there.items() if oid in contents and holds_test(contents[oid], test))


def brought_since(path: Path, base: str, head: str) -> tuple[TestId, ...]:
    """The tests that a branch adds or changes since it left the other; none where the two have no history in common."""
    repository = open_repository(path)
    head = find_commit(repository, head)
    parted = merge_base(repository, find_commit(repository, base), head)
    changes = read_changes(repository, parted, head) if parted else ()
    files = [change for change in changes if change.status != "D" and languages.is_test(change.path)]
    oids = [oid for change in files for oid in (change.old_oid, change.new_oid) if oid.strip("0")]
    blobs = read_blobs(repository, oids, MAX_FILE).contents
    found = [
        test
        for change in files
        if change.new_oid in blobs
        for test in brought_tests(change.path, blobs.get(change.old_oid), blobs[change.new_oid])
    ]
    return tuple(found[:MOST_TESTS])
