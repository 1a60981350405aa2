"""Looks behind the commits that only stand before who wrote a line: a formatter, a change taken back, a file parted in two.

git is asked once more for just these lines, from such a commit on; who is a suspect is decided in `app.analysis`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.analysis.culprit.dismissed import hiding
from app.domain.change import ChangeSet, Span
from app.domain.culprit import Candidate
from app.git.blame import Blame, Run, read_runs
from app.git.repository import Repository

MAX_LOOKS = 12
MAX_LINES = 400


def look_behind(
    repository: Repository,
    change: ChangeSet,
    blames: Sequence[Blame],
    candidates: Mapping[str, Candidate],
    *,
    ignored: Sequence[str],
    deadline: float,
) -> tuple[Blame, ...]:
    """The same lines, credited to who wrote them before a commit that only formatted them, took back how they had been changed
    in between, or brought them from another file that it changed as well. `candidates` are newest first.

    What git cannot follow further stays where it was, and so does all behind the first twelve such commits.
    """
    hidden = hiding(change, candidates)
    made = {(one.sha, file.path) for one in candidates.values() if one.parents for file in one.patch if file.old_path is None}
    looks = 0
    seen = []
    for blame in blames:
        again = _behind(blame.runs, hidden, made)
        allowed = dict(list(again.items())[: MAX_LOOKS - looks])
        looks += len(allowed)
        found = [
            (
                runs,
                read_runs(
                    repository,
                    sha,
                    path,
                    [Span(run.there, run.there + run.length - 1) for run in runs],
                    ignored=(*ignored, *hidden) if sha in hidden else ignored,
                    moved=sha not in hidden,
                    deadline=deadline,
                ),
            )
            for (sha, path), runs in allowed.items()
        ]
        seen.append(_joined(blame, found))
    return tuple(seen)


def _behind(
    runs: Iterable[Run], hidden: Collection[str], made: Collection[tuple[str, str | None]]
) -> Mapping[tuple[str, str], list[Run]]:
    """The runs that may be looked behind, by their commit and its file."""
    found: dict[tuple[str, str], list[Run]] = defaultdict(list)
    lines = 0
    for run in runs:
        if run.sha in hidden or (run.sha, run.path) in made:
            lines += run.length
            if lines <= MAX_LINES:
                found[run.sha, run.path].append(run)
    return found


def _joined(blame: Blame, found: Iterable[tuple[Sequence[Run], Blame]]) -> Blame:
    """The blame with the lines of some runs credited as a later look found them."""
    gone: set[Run] = set()
    new: list[Run] = []
    names = set(blame.names)
    for runs, behind in found:
        lines = {run.there + n: run.line + n for run in runs for n in range(run.length)}
        credited = [one for run in behind.runs for one in _single(run) if one.line in lines]
        if {one.line for one in credited} == lines.keys():
            gone.update(runs)
            names |= behind.names
            new += [replace(one, line=lines[one.line]) for one in credited]
    return Blame((*(run for run in blame.runs if run not in gone), *new), frozenset(names), blame.whole) if gone else blame


def _single(run: Run) -> Iterator[Run]:
    return (replace(run, there=run.there + n, line=run.line + n, length=1) for n in range(run.length))
