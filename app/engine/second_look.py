"""Looks behind the commits that only stand before who wrote a line: a formatter, a change taken back, a file parted in two.

git is asked once more for just these lines, from such a commit on; who is a suspect is decided in `app.analysis`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from app.analysis.culprit.dismissed import hiding
from app.domain.change import ChangeSet, Span
from app.domain.culprit import Candidate
from app.git.blame import Blame, Run, read_runs
from app.git.repository import Repository

MAX_LOOKS = 12
MAX_LINES = 400
MAX_FILES = 60
"""Files that a commit changes at most for its new ones to be looked behind: parting a file is not the import of a whole tree."""


def look_behind(
    repository: Repository,
    change: ChangeSet,
    blames: Sequence[tuple[Blame, Sequence[Span]]],
    candidates: Mapping[str, Candidate],
    *,
    ignored: Sequence[str],
    deadline: float,
) -> list[Blame]:
    """The same lines, credited to who wrote them before a commit that only formatted them or took back how they had been changed;
    of those in the spans beside each blame, also before one that brought them from another file which it changed as well.

    `candidates` are newest first. What git cannot follow further stays where it was, and so does all behind the first twelve
    such commits: most such looks cost a tenth of a second, and some a whole one.
    """
    hidden = hiding(change, candidates)
    made = {
        (one.sha, file.path)
        for one in candidates.values()
        if one.parents and one.files <= MAX_FILES
        for file in one.patch
        if file.old_path is None
    }

    def look(asked: tuple[tuple[str, str], list[Run]]) -> Blame:
        (sha, path), runs = asked
        spans = [Span(run.there, run.there + run.length - 1) for run in runs]
        ignoring = (*ignored, *hidden) if sha in hidden else ignored
        return read_runs(repository, sha, path, spans, ignored=ignoring, moved=sha not in hidden, deadline=deadline)

    asked = [(n, one) for n, (blame, near) in enumerate(blames) for one in _behind(blame.runs, near, hidden, made).items()]
    seen = [blame for blame, _ in blames]
    with ThreadPoolExecutor(max_workers=4) as pool:
        for (n, (_, runs)), found in zip(asked, pool.map(look, [one for _, one in asked[:MAX_LOOKS]]), strict=False):
            seen[n] = _joined(seen[n], runs, found)
    return seen


def _behind(
    runs: Iterable[Run], near: Sequence[Span], hidden: Collection[str], made: Collection[tuple[str, str | None]]
) -> Mapping[tuple[str, str], list[Run]]:
    """The lines that may be looked behind, by their commit and its file."""
    found: dict[tuple[str, str], list[Run]] = defaultdict(list)
    lines = 0
    for run in runs:
        if run.sha in hidden or (run.sha, run.path) in made:
            for part in [run] if run.sha in hidden else _within(run, near):
                lines += part.length
                if lines <= MAX_LINES:
                    found[run.sha, run.path].append(part)
    return found


def _within(run: Run, spans: Iterable[Span]) -> Iterator[Run]:
    """The parts of a run that lie in the spans, which do not overlap."""
    for span in spans:
        start, end = max(run.line, span.start), min(run.line + run.length - 1, span.end)
        if start <= end:
            yield replace(run, there=run.there + start - run.line, line=start, length=end - start + 1)


def _joined(blame: Blame, asked: Iterable[Run], found: Blame) -> Blame:
    """The blame with those lines credited as the later look found them; as they were, where it did not find all of them."""
    lines = {run.there + n: run.line + n for run in asked for n in range(run.length)}
    new = {lines[one.line]: one for run in found.runs for one in _single(run) if one.line in lines}
    if len(new) < len(lines):
        return blame
    old = (one for run in blame.runs for one in _single(run) if one.line not in new)
    credited = (replace(one, line=line) for line, one in new.items())
    return Blame((*old, *credited), blame.names | found.names, blame.whole)


def _single(run: Run) -> Iterator[Run]:
    return (replace(run, there=run.there + n, line=run.line + n, length=1) for n in range(run.length))
