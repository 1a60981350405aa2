"""Gathers what a guess of the culprit is made from: who wrote the lines around a fix, and the past commits on its files.

Everything is read at or before the commit before the fix, each stage only for as long as its budget lasts: what was not read in
time is named under `unchecked`, and the rest stands. Decides nothing.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from app.analysis.culprit.around import definitions_around
from app.analysis.roles import lists_changes
from app.domain.change import ChangeSet, FileChange, Role, Span
from app.domain.culprit import Authored, Candidate, TracedFile, Trail
from app.domain.unchecked import Unchecked
from app.engine.renamed import with_older_names
from app.engine.second_look import look_behind
from app.git.ancestry import known_commits
from app.git.blame import Blame, read_runs
from app.git.objects import read_blobs, read_tree
from app.git.patches import Commits, count_files, read_last, read_named
from app.git.repository import FixCommits, Repository
from app.git.sealed import sealed

MAX_FILES = 12
MAX_HUNKS = 40
MARGIN = 25
BESIDE = 3
MAX_BLAMED = 80
MAX_IGNORED = 500
IGNORED = ".git-blame-ignore-revs"
_SHA = re.compile(rb"^\s*([0-9a-f]{40})\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds that each stage may take: blame and the last commits side by side, then the blamed commits, then what is behind
    those that only format or move, then all sizes; and how many of the last commits on the files are read.
    """

    first: float = 3.0
    blamed: float = 1.5
    again: float = 1.0
    sizes: float = 1.0
    commits: int = 120


@dataclass(frozen=True, slots=True)
class _File:
    """A changed file with its text before the fix, and for each hunk the definition around it."""

    change: FileChange
    lines: tuple[str, ...]
    enclosing: tuple[Span | None, ...]

    @property
    def path(self) -> str:
        return self.change.before

    def asked(self) -> list[Span]:
        """The lines that are worth a blame: those near the hunks, and the definitions they stand in."""
        near = [hunk.near(MARGIN) for hunk in self.change.hunks[:MAX_HUNKS]]
        return _joined([*near, *(span for span in self.enclosing if span)], len(self.lines))

    def beside(self) -> list[Span]:
        """The lines right beside the hunks, and those that they take away."""
        return _joined([hunk.near(BESIDE) for hunk in self.change.hunks[:MAX_HUNKS]], len(self.lines))


BUDGET = Budget()


def read_trail(repository: Repository, fix: FixCommits, change: ChangeSet, when: int, budget: Budget = BUDGET) -> Trail:
    """Who wrote the lines within 25 of each hunk and those of the definition around it, for the twelve most changed files, and
    what the last 120 commits on these files and all the blamed ones did to them. `when` is when the fix was committed.
    """
    with sealed(repository) as unconfigured:
        return _read_trail(unconfigured, fix, change, when, budget)


def _read_trail(repository: Repository, fix: FixCommits, change: ChangeSet, when: int, budget: Budget) -> Trail:
    changed = files_to_trace(change)
    files, ignored = _before(repository, fix.base, changed[:MAX_FILES])
    deadline = time.monotonic() + budget.first
    with ThreadPoolExecutor(max_workers=4) as pool:
        last = pool.submit(_read_last, repository, fix.base, [file.path for file in files], budget.commits, deadline)
        blames = list(
            pool.map(
                lambda file: read_runs(repository, fix.base, file.path, file.asked(), ignored=ignored, deadline=deadline), files
            )
        )
    found, names = last.result()
    commits = _with_blamed(repository, found, blames, names, time.monotonic() + budget.blamed)
    sizes = count_files(repository, [one.sha for one in commits.commits], time.monotonic() + budget.sizes)
    blames = look_behind(
        repository,
        change,
        [(blame, file.beside()) for file, blame in zip(files, blames, strict=True)],
        _newest_first(commits.commits, sizes),
        ignored=ignored,
        deadline=time.monotonic() + budget.again,
    )
    commits = _with_blamed(repository, commits, blames, names, time.monotonic() + budget.blamed)
    more = [one.sha for one in commits.commits if one.sha not in sizes]
    sizes |= count_files(repository, more, time.monotonic() + budget.sizes)
    return Trail(
        change=change,
        when=when,
        traced={file.path: _traced(file, blame) for file, blame in zip(files, blames, strict=True)},
        candidates=_newest_first(commits.commits, sizes),
        unchecked=(*_unreadable(change, changed), *_unchecked(repository, changed, files, blames, commits, sizes)),
    )


def files_to_trace(change: ChangeSet) -> list[FileChange]:
    """The changed files of code that were there before the fix, the most changed first; where there are none, those that are
    no tests, and else the tests. Never lists of changes: whoever wrote the line above in a changelog let no bug in.
    """
    there = [file for file in change.files if file.old_path is not None and file.hunks and not lists_changes(file.before)]
    chosen = (
        [file for file in there if file.role in (Role.CODE, Role.MIGRATION)]
        or [file for file in there if file.role is not Role.TEST]
        or there
    )
    return sorted(chosen, key=lambda file: -file.changed_lines)


def _before(repository: Repository, base: str, changed: Sequence[FileChange]) -> tuple[list[_File], tuple[str, ...]]:
    """The files as they were before the fix, and the commits that the repository's own list leaves out of blame."""
    tree = read_tree(repository, base, [*(file.before for file in changed), IGNORED])
    contents = read_blobs(repository, [entry.oid for entry in tree.values()]).contents
    texts = {path: contents[entry.oid] for path, entry in tree.items() if entry.oid in contents}
    files = []
    for change in changed:
        if (text := texts.get(change.before)) is not None:
            enclosing = definitions_around(change.language, text, change.hunks[:MAX_HUNKS])
            lines = tuple(text.decode(errors="replace").removesuffix("\n").split("\n"))
            files.append(_File(change, lines, enclosing))
    listed = [match[1].decode() for match in _SHA.finditer(texts.get(IGNORED, b""))][:MAX_IGNORED]
    known = known_commits(repository, listed)
    return files, tuple(sha for sha in listed if sha in known)


def _read_last(
    repository: Repository, base: str, paths: Sequence[str], most: int, deadline: float
) -> tuple[Commits, frozenset[str]]:
    """The last commits on the files, and all the names that they had."""
    return with_older_names(repository, paths, read_last(repository, [base], paths, most, deadline), most, deadline)


def _with_blamed(
    repository: Repository, last: Commits, blames: Sequence[Blame], names: frozenset[str], deadline: float
) -> Commits:
    """The last commits, and of the blamed ones those that are not among them, under every name that the files had."""
    have = {one.sha for one in last.commits}
    blamed = dict.fromkeys(run.sha for blame in blames for run in blame.runs if run.sha not in have)
    all_names = names.union(*(blame.names for blame in blames))
    more = read_named(repository, list(blamed)[:MAX_BLAMED], sorted(all_names), deadline)
    return Commits((*last.commits, *more.commits), last.whole and more.whole)


def _traced(file: _File, blame: Blame) -> TracedFile:
    authored = {
        run.line + n: Authored(run.sha, run.there + n, file.lines[run.line + n - 1])
        for run in blame.runs
        for n in range(run.length)
        if run.line + n <= len(file.lines)
    }
    return TracedFile(file.path, authored, file.enclosing)


def _newest_first(commits: Sequence[Candidate], sizes: Mapping[str, int]) -> dict[str, Candidate]:
    ordered = sorted(commits, key=lambda one: (-one.when, one.sha))
    return {one.sha: replace(one, files=sizes.get(one.sha, 0)) for one in ordered}


def _unreadable(change: ChangeSet, changed: Sequence[FileChange]) -> Iterator[Unchecked]:
    """The changed files whose lines are unknown, by reason; where that is not why nothing can be traced, that nothing can."""
    reasons: dict[str, list[str]] = {}
    for file in change.files:
        if file.opaque:
            reasons.setdefault(file.opaque, []).append(file.path)
    yield from (Unchecked(reason, tuple(paths)) for reason, paths in reasons.items())
    if not changed and not reasons:
        listing = tuple(file.path for file in change.files if lists_changes(file.path))
        alone = bool(listing) and len(listing) == len(change.files)
        yield Unchecked("culprit-changelog-alone", listing) if alone else Unchecked("culprit-nothing-to-trace")


def _unchecked(
    repository: Repository,
    changed: Sequence[FileChange],
    files: Sequence[_File],
    blames: Sequence[Blame],
    commits: Commits,
    sizes: Mapping[str, int],
) -> Iterator[Unchecked]:
    if repository.shallow:
        yield Unchecked("shallow")
    if past := tuple(file.before for file in changed[MAX_FILES:]):
        yield Unchecked("culprit-too-many-files", past)
    read = {file.path for file in files}
    if unread := tuple(file.before for file in changed[:MAX_FILES] if file.before not in read):
        yield Unchecked("culprit-not-read", unread)
    if slow := tuple(file.path for file, blame in zip(files, blames, strict=True) if not blame.whole):
        yield Unchecked("culprit-blame-cut", slow)
    if not commits.whole:
        yield Unchecked("culprit-history-cut", tuple(file.path for file in files))
    if len(sizes) < len(commits.commits):
        yield Unchecked("culprit-sizes-cut")


def _joined(spans: Sequence[Span], last: int) -> list[Span]:
    """Overlapping spans as one, none past the last line."""
    joined: list[Span] = []
    for span in sorted(Span(one.start, min(one.end, last)) for one in spans if one.start <= last):
        if joined and span.start <= joined[-1].end + 1:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined
