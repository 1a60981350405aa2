"""Measures how long `recall culprit` takes beside PyDriller's blame of the same fixes, in one run.

    python -m benchmarks.culprit_speed --mirrors DIR [--limit N] [--pydriller PYTHON]

PYTHON (or $PYDRILLER) is an interpreter that has PyDriller, which nothing here installs, since it brings GitPython along:

    python3 -m venv DIR/pydriller && DIR/pydriller/bin/pip install pydriller==2.12

Both are asked, a process for each fix, of a scratch repository in which history ends at the fix, in turns which of them first.
Like stands beside like. Of whole processes, with their start-up: recall's command, compiled as an installation is and with an
empty cache of its own, and PyDriller's. Of blame alone, of the lines that the fix removed and without start-up and imports:
recall's (`benchmarks.culprit_blame`) and the call of `Git.get_commits_last_modified_lines`
(https://pydriller.readthedocs.io/en/latest/git.html). That call is put beside recall's whole command too, which reads more.
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bugs import Bug, git, mirror_of, scratch_repository

RECORDS = Path(__file__).with_name("culprit-dev.jsonl")
_RECALL = (sys.executable, "-m", "app", "culprit")
_OWN_BLAME = (sys.executable, "-m", "benchmarks.culprit_blame")
_BLAME = """
import json, resource, sys, time
from pydriller import Git
used = lambda: sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
repository = Git(sys.argv[1])
commit = repository.get_commit(sys.argv[2])
start, work = time.monotonic(), used()
repository.get_commits_last_modified_lines(commit)
print(json.dumps([time.monotonic() - start, used() - work]))
"""


@dataclass(frozen=True)
class Spent:
    """What one answer took: seconds by the clock, and seconds of work, git's included, which a busy machine changes less."""

    seconds: float
    work: float


@dataclass(frozen=True)
class Pair:
    """One fix asked of both: recall's command, and its blame alone; PyDriller's process and the blame in it, None where it was
    not asked, failed or did not end.
    """

    repo: str
    recall: Spent
    blame: Spent
    pydriller: tuple[Spent, Spent] | None


def read_fixes(path: Path, mirrors: Path, limit: int | None) -> list[tuple[Path, Bug]]:
    """The fixes of the records whose repository is there, a fixed sample by their ids, each with that repository."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    there = [(mirror, record) for record in records if (mirror := mirror_of(mirrors, record["repo"]))]
    there.sort(key=lambda pair: hashlib.sha256(pair[1]["id"].encode()).hexdigest())
    return [(mirror, _bug(mirror, record)) for mirror, record in there[:limit]]


def _bug(mirror: Path, record: dict[str, str]) -> Bug:
    base = git(mirror, "rev-parse", f"{record['fix_commit']}^1").decode().strip()
    return Bug(record["id"], record["repo"], record["language"], base, record["fix_commit"], frozenset(), frozenset())


def compare(mirror: Path, bug: Bug, pydriller: str | None, limit: float, first: int) -> Pair:
    """All times of one fix; `first` is odd where PyDriller is asked first, so that neither always finds git's files warm, and of
    recall's two the command is first half of the time.
    """
    with scratch_repository(mirror, bug) as (repository, fix):
        theirs = _blame(pydriller, repository, fix, limit) if first % 2 else None
        own = _own_blame(repository, fix, limit) if first % 4 < 2 else None
        command = _ask(repository, fix, limit)
        own = own or _own_blame(repository, fix, limit)
        return Pair(bug.repo, command, own, theirs if first % 2 else _blame(pydriller, repository, fix, limit))


def _ask(repository: Path, fix: str, limit: float) -> Spent:
    _, spent = _run([*_RECALL, fix, "--repo", str(repository), "--json"], limit, repository.parent / "cache")
    return spent


def _own_blame(repository: Path, fix: str, limit: float) -> Spent:
    told, _ = _run([*_OWN_BLAME, str(repository), fix], limit, repository.parent / "cache")
    return Spent(*json.loads(told))


def _run(command: Sequence[str], limit: float, cache: Path) -> tuple[bytes, Spent]:
    """What a process printed and took. Python finds its modules compiled, as in an installation, from the second process on."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(Path(tempfile.gettempdir()) / f"recall-bench-compiled-{os.getuid()}")
    environment = {**kept, "XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": compiled}
    start, work = time.monotonic(), _used()
    done = subprocess.run(
        list(command), stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, env=environment, check=True
    )
    return done.stdout, Spent(time.monotonic() - start, _used() - work)


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _blame(python: str | None, repository: Path, fix: str, limit: float) -> tuple[Spent, Spent] | None:
    if python is None:
        return None
    try:
        told, spent = _run([python, "-c", _BLAME, str(repository), fix], limit, repository.parent / "cache")
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return spent, Spent(*json.loads(told.splitlines()[-1]))


def figures(spent: Sequence[Spent]) -> dict[str, float]:
    """Mean, median and 95th percentile by the clock, and the mean of the work, in seconds."""
    times = sorted(one.seconds for one in spent)
    return {
        "n": len(times),
        "mean": statistics.fmean(times),
        "median": statistics.median(times),
        "p95": times[int(0.95 * (len(times) - 1))],
        "work": statistics.fmean(one.work for one in spent),
    }


def report(pairs: Sequence[Pair]) -> list[str]:
    """The lines to print: both sides by repository and together, and how many times as long as its like PyDriller's takes."""
    lines = []
    for repo in (*sorted({pair.repo for pair in pairs}), "ALL"):
        some = [pair for pair in pairs if repo in (pair.repo, "ALL")]
        lines.append(_line(f"{repo} recall", figures([pair.recall for pair in some])))
        lines.append(_line(f"{repo} recall's blame alone", figures([pair.blame for pair in some])))
        both = [(pair.recall, pair.blame, *pair.pydriller) for pair in some if pair.pydriller]
        if both:
            command, own, process, blame = (figures(spent) for spent in zip(*both, strict=True))
            lines.append(_line(f"{repo} PyDriller", process) + _ratios(process, command))
            lines.append(_line(f"{repo} PyDriller's blame alone", blame) + _ratios(blame, own))
            lines.append(f"{repo} PyDriller's blame alone, to recall's whole command:{_ratios(blame, command)}")
    return lines


def _ratios(theirs: dict[str, float], ours: dict[str, float]) -> str:
    """How many times as long as what it is put beside they took."""
    return f"  ratio {theirs['mean'] / ours['mean']:.2f} by the clock, {theirs['work'] / ours['work']:.2f} by work"


def _line(name: str, told: dict[str, float]) -> str:
    return f"{name:46}" + "  ".join(
        f"{key} {value:.2f}" if isinstance(value, float) else f"{key} {value}" for key, value in told.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirrors", type=Path, default=os.environ.get("MIRRORS"), help="folder of bare clones (or $MIRRORS)")
    parser.add_argument("--truth", type=Path, default=RECORDS)
    parser.add_argument("--limit", type=int, default=60, help="a fixed sample of so many fixes")
    parser.add_argument("--pydriller", default=os.environ.get("PYDRILLER"), help="a Python that has it (or $PYDRILLER)")
    parser.add_argument("--timeout", type=float, default=120.0)
    options = parser.parse_args()
    if options.mirrors is None:
        parser.error("name a folder of bare clones with --mirrors or in $MIRRORS")
    if not options.truth.is_file():
        parser.error(f"there are no records at {options.truth}: name them with --truth")
    fixes = read_fixes(options.truth, Path(options.mirrors), options.limit)
    pairs = [compare(mirror, bug, options.pydriller, options.timeout, n) for n, (mirror, bug) in enumerate(fixes)]
    print("\n".join(report(pairs)) if pairs else "No repository of the records is among the mirrors.")
    if options.pydriller is None:
        print("PyDriller was not asked: name a Python that has it with --pydriller or in $PYDRILLER.")
    elif missing := sum(pair.pydriller is None for pair in pairs):
        print(f"PyDriller failed or did not end within {options.timeout:.0f} s on {missing} of them.")


if __name__ == "__main__":
    main()
