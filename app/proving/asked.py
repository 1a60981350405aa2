"""What is asked of a proof, and everything about it that is known before anything runs: commits, tests, files, commands."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.analysis import languages
from app.analysis.brought import brought_tests, holds_test
from app.analysis.redness import Known
from app.analysis.roles import role_of
from app.analysis.runners.detect import find_suite
from app.analysis.settings.keys import PATH as CONFIGURATION
from app.analysis.settings.reader import read_configuration
from app.domain.change import Role
from app.domain.errors import TellUser
from app.domain.scaffold import Raised
from app.domain.suite import Suite, TestId
from app.git.diff import RawChange, read_changes
from app.git.objects import Entry, read_blobs, read_tree
from app.git.repository import FixCommits, Repository, find_commit, find_fix, open_repository
from app.git.worktrees import blob_id, changed_files, default_tip, merge_base, top_of

SECONDS = 600.0
MOST_TESTS = 300
MAX_FILE = 8 << 20
_REGULAR = ("100644", "100755", "120000")
_SOURCE = (Role.CODE, Role.MIGRATION, Role.CONFIG, Role.DATA)
# Here tests stand in the code that they test, so one cannot be laid over the code before without the other.
_TESTS_IN_SOURCE = ("rust",)
_WORD = re.compile(rb"[A-Za-z_]\w+")
_PATCHED = re.compile(r"^(?:---|\+\+\+) [ab]/([^\t\n]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants proved. No `tests`: those that the fix brought; no `fix`: whether they are red now.

    `command` replaces the one that is found (`app.analysis.runners.configured`). `source` is the revision to take the tests
    from, where neither the checkout nor the fix is meant. `raised` is the issue's error. With `tip`, the fix is also undone on
    the default branch's tip. `seconds` is the limit of one run of one command.
    """

    tests: tuple[TestId, ...] = ()
    fix: str | None = None
    command: str = ""
    source: str | None = None
    issue: int | None = None
    raised: Raised | None = None
    tip: bool = True
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Plan:
    """A proof before it runs.

    `files` are laid over every side (None is taken away), `loose` the contents of those that are in no commit, by blob id;
    `manifests` are the fix's own changes to what installs and builds, `source` its changes that are undone. `suites` are the
    tests by the suite they belong to, None where that cannot be told; `command` is run instead of theirs, where there is one.
    """

    repository: Repository
    checkout: Path | None
    parent: str
    fix: FixCommits | None
    tests: tuple[TestId, ...]
    files: Mapping[str, Entry | None]
    loose: Mapping[str, bytes] = field(default_factory=dict)
    manifests: Mapping[str, Entry | None] = field(default_factory=dict)
    source: tuple[RawChange, ...] = ()
    suites: Mapping[Suite | None, tuple[TestId, ...]] = field(default_factory=dict)
    command: str = ""
    known: Known = field(default_factory=Known)

    @property
    def head(self) -> str:
        """The commit that the tests are known to belong to: the fix, or where there is none, what is looked at now."""
        return self.fix.head if self.fix else self.parent


def plan(path: Path, asked: Asked) -> Plan:
    """Everything that is known before anything runs. Raises TellUser for what a person has to put right."""
    repository = open_repository(path)
    checkout = top_of(path)
    fix = find_fix(repository, asked.fix) if asked.fix else None
    parent = fix.base if fix else find_commit(repository, "HEAD")
    changes = read_changes(repository, fix.base, fix.head) if fix else ()
    tests = asked.tests or _brought(repository, changes)
    if not tests:
        said = f"{asked.fix} changed no test" if asked.fix else "Neither a test nor a fix is named"
        raise TellUser(f"{said}: name the tests to prove, as PATH::NAME.")
    named = {test.path for test in tests if languages.language_of(test.path) not in _TESTS_IN_SOURCE}
    serves = {change.path for change in changes if change.path in named or _is_for_tests(change.path)}
    laid = _Laid(repository, checkout, fix, parent, [change for change in changes if change.path in serves])
    for test in tests:
        laid.take(test, asked.source)
    tree = {**laid.tree, **{path: entry for path, entry in laid.files.items() if entry}}
    source = tuple(change for change in changes if change.path not in serves and _role(change) in _SOURCE)
    return Plan(
        repository=repository,
        checkout=checkout,
        parent=parent,
        fix=fix,
        tests=tests,
        files=laid.files,
        loose=laid.loose,
        manifests={change.path: _new(change) for change in source if _role(change) is Role.CONFIG},
        source=source,
        suites=_suites(tests, tree, laid.text),
        command=asked.command or _configured(repository),
        known=_known(repository, checkout, tests, laid, source, asked.raised),
    )


def plan_on(
    repository: Repository, checkout: Path | None, commit: str, tests: Sequence[TestId], fix: FixCommits | None, patch: str = ""
) -> Plan:
    """What is known before tests run as a commit has them, with nothing laid over: of `tests` those that it still holds.

    What the fix changed is read from its commits, or where they are not in this clone, from the patch that undoes it.
    """
    changes = read_changes(repository, fix.base, fix.head) if fix else ()
    source = tuple(change for change in changes if not _is_for_tests(change.path) and _role(change) in _SOURCE)
    laid = _Laid(repository, checkout, None, commit, ())
    held = tuple(test for test in tests if laid.holds(test))
    known = _known(repository, checkout, held, laid, source, None)
    return Plan(
        repository=repository,
        checkout=checkout,
        parent=commit,
        fix=fix,
        tests=held,
        files={},
        source=source,
        suites=_suites(held, laid.tree, laid.text),
        command=_configured(repository),
        known=known if fix else replace(known, changed=frozenset(_PATCHED.findall(patch))),
    )


class _Laid:
    """Finds where each test is to be taken from, and collects the files that come with it."""

    def __init__(
        self, repository: Repository, checkout: Path | None, fix: FixCommits | None, parent: str, serving: Sequence[RawChange]
    ) -> None:
        self._repository, self._checkout = repository, checkout
        self.tree = read_tree(repository, fix.head if fix else parent)
        self._of_fix = {change.path: change for change in serving}
        self._changed = {*changed_files(checkout)} if checkout else set()
        self._fixed = fix is not None
        self.files: dict[str, Entry | None] = {}
        self.loose: dict[str, bytes] = {}

    def take(self, test: TestId, revision: str | None) -> None:
        """Lays the test's file over, and what came with it: the checkout's if changed there, else the fix's, else HEAD's."""
        if revision is not None:
            self._from_commit(test, find_commit(self._repository, revision))
        elif self._checkout and test.path in self._changed:
            self._from_checkout(test)
        elif self._holds(self.tree.get(test.path), test):
            if self._fixed:
                self._with_fix(test)
        else:
            self._from_commit(test, find_commit(self._repository, "HEAD"))

    def holds(self, test: TestId) -> bool:
        """Whether the test is there."""
        return self._holds(self.tree.get(test.path), test)

    def text(self, path: str) -> str | None:
        """What a file says with everything laid over; undecodable bytes replaced."""
        entry = self.files[path] if path in self.files else self.tree.get(path)
        content = self._bytes(entry)
        return None if content is None else content.decode(errors="replace")

    def _with_fix(self, test: TestId) -> None:
        """The fix's own changes to tests and to what serves them: fixtures, helpers, snapshots, data."""
        self.files.update({path: _new(change) for path, change in self._of_fix.items() if path not in self.files})
        self.files.setdefault(test.path, self.tree[test.path])

    def _from_checkout(self, test: TestId) -> None:
        """The file as it stands in the checkout, with everything else for tests that was changed there."""
        for path in sorted({test.path, *(path for path in self._changed if _is_for_tests(path))}):
            self._read_from_checkout(path)
        if self.files.get(test.path) is None:
            raise TellUser(f"There is no test file {test.path} in the checkout: name it relative to the repository's root.")

    def _read_from_checkout(self, path: str) -> None:
        place = (self._checkout or Path()) / path
        if not place.exists():
            self.files[path] = None
            return
        if place.is_symlink() or not place.is_file() or place.stat().st_size > MAX_FILE:
            return
        content = place.read_bytes()
        oid = blob_id(self._repository, content)
        mode = "100755" if place.stat().st_mode & 0o100 else "100644"
        self.files[path], self.loose[oid] = Entry(mode, oid), content

    def _from_commit(self, test: TestId, commit: str) -> None:
        """The file as a commit has it, with everything else for tests that its branch changed."""
        tree = read_tree(self._repository, commit)
        if test.path not in tree:
            raise TellUser(f"There is no test file {test.path} in {commit[:10]}: name it relative to the repository's root.")
        tip = default_tip(self._repository)
        base = merge_base(self._repository, tip, commit) if tip else None
        for change in read_changes(self._repository, base, commit) if base else ():
            if _is_for_tests(change.path):
                self.files.setdefault(change.path, _new(change))
        self.files[test.path] = tree[test.path]

    def _holds(self, entry: Entry | None, test: TestId) -> bool:
        content = self._bytes(entry)
        return content is not None and holds_test(content, test)

    def _bytes(self, entry: Entry | None) -> bytes | None:
        if entry is None or entry.mode not in _REGULAR:
            return None
        found = self.loose.get(entry.oid)
        return found if found is not None else read_blobs(self._repository, [entry.oid], MAX_FILE).contents.get(entry.oid)


def _brought(repository: Repository, changes: Iterable[RawChange]) -> tuple[TestId, ...]:
    """The tests that a fix changed or added, in the order of their files."""
    files = [change for change in changes if change.status != "D" and languages.is_test(change.path)]
    blobs = read_blobs(
        repository, [oid for change in files for oid in (change.old_oid, change.new_oid) if oid.strip("0")]
    ).contents
    tests: list[TestId] = []
    for change in files:
        after = blobs.get(change.new_oid)
        if after is not None:
            tests += brought_tests(change.path, blobs.get(change.old_oid), after)
    return tuple(tests[:MOST_TESTS])


def _suites(
    tests: Iterable[TestId], tree: Mapping[str, Entry], read: Callable[[str], str | None]
) -> dict[Suite | None, tuple[TestId, ...]]:
    by_path: dict[str, Suite | None] = {}
    found: dict[Suite | None, tuple[TestId, ...]] = {}
    for test in tests:
        if test.path not in by_path:
            by_path[test.path] = find_suite(test.path, tree.keys(), read)
        suite = by_path[test.path]
        found[suite] = (*found.get(suite, ()), test)
    return found


def _configured(repository: Repository) -> str:
    """The command that the repository itself settles, as its HEAD has it."""
    entry = read_tree(repository, find_commit(repository, "HEAD")).get(CONFIGURATION)
    content = read_blobs(repository, [entry.oid]).contents.get(entry.oid, b"") if entry else b""
    return read_configuration(content.decode(errors="replace"))[0].test_command if content else ""


def _known(
    repository: Repository,
    checkout: Path | None,
    tests: Iterable[TestId],
    laid: _Laid,
    source: Sequence[RawChange],
    raised: Raised | None,
) -> Known:
    paths = {test.path for test in tests}
    blobs = read_blobs(
        repository, [oid for change in source for oid in (change.old_oid, change.new_oid) if oid.strip("0")]
    ).contents
    old = {word for change in source for word in _WORD.findall(blobs.get(change.old_oid, b""))}
    new = {word for change in source for word in _WORD.findall(blobs.get(change.new_oid, b""))}
    return Known(
        tests=frozenset(paths),
        support=frozenset(path for path in laid.files if path not in paths),
        changed=frozenset(path for change in source for path in (change.path, change.old_path)),
        new_names=frozenset(word.decode() for word in new - old),
        raised=raised,
        elsewhere=frozenset(f"{checkout}/{path}" for path in laid.tree) if checkout else (),
    )


def _is_for_tests(path: str) -> bool:
    return role_of(path) is Role.TEST or languages.is_test_support(path)


def _role(change: RawChange) -> Role:
    return role_of(change.path)


def _new(change: RawChange) -> Entry | None:
    return None if change.status == "D" else Entry(change.new_mode, change.new_oid)
