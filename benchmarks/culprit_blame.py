"""Blames the lines that one fix removed as recall does, for `benchmarks.culprit_speed`: prints seconds by the clock and of work.

    python -m benchmarks.culprit_blame REPOSITORY FIX

What PyDriller's `Git.get_commits_last_modified_lines` does: reads the fix's patch and blames its removed lines, in all files.
Start-up and imports are left out of the time, as they are of PyDriller's.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from app.analysis.overrides import NONE
from app.engine.change_set import read_change_set
from app.git.blame import read_runs
from app.git.repository import FixCommits, Repository, find_fix, open_repository
from app.git.sealed import sealed

_LIMIT = 60.0


def blamed(repository: Repository, fix: FixCommits) -> dict[str, frozenset[str]]:
    """The commits that last wrote the lines which the fix removed, by the files' paths before it."""
    change = read_change_set(repository, fix, NONE)
    removed = {file.before: [hunk.old for hunk in file.hunks if hunk.old] for file in change.files}
    asked = {path: spans for path, spans in removed.items() if spans}
    deadline = time.monotonic() + _LIMIT
    with sealed(repository) as unconfigured, ThreadPoolExecutor(max_workers=4) as pool:
        blames = pool.map(lambda path: read_runs(unconfigured, fix.base, path, asked[path], deadline=deadline), asked)
        return {path: frozenset(run.sha for run in blame.runs) for path, blame in zip(asked, blames, strict=True)}


def main() -> None:
    repository = open_repository(Path(sys.argv[1]))
    fix = find_fix(repository, sys.argv[2])
    start, work = time.monotonic(), _used()
    blamed(repository, fix)
    print(json.dumps([time.monotonic() - start, _used() - work]))


def _used() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


if __name__ == "__main__":
    main()
