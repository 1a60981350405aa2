"""Measures recall's answers on real bugs whose right answers are known: the command is asked, a process for each bug.

    python -m benchmarks.measure --mirrors DIR [--limit N] [--repo owner/name] [--out cases.jsonl] [-- COMMAND]

COMMAND is `recall explain {fix} --repo {repo} --json` by default; {fix}, {repo} and {issue} (a file with the issue's text, where
the records hold it) are replaced. Right is any test file that the real fix changed and that existed before it.

With `--coverage DIR` only the bugs are asked whose parent's coverage is there, as `owner+name-<first ten of its id>.coverage`,
and with the map of it: `--build` says how {map} is made of {coverage} at {base}.
"""

import argparse
import hashlib
import json
import os
import resource
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Timer

from benchmarks.bugs import RECORDS, Bug, mirror_of, read_bugs, scratch_repository

_RECALL = (sys.executable, "-m", "app")
_DEFAULT = (*_RECALL, "explain", "{fix}", "--repo", "{repo}", "--json")
_BUILD = shlex.join((*_RECALL, "map", "build", "{coverage}", "--repo", "{repo}", "--commit", "{base}", "--out", "{map}"))


@dataclass(frozen=True)
class Case:
    """How one bug was answered: the place of the first right test (None: not listed), how sure the first one was said to be,
    whether the first one was right, whether the placement was, the seconds and the megabytes it took, and how many seconds
    of work (`processor`, git's included) that was, which a busy machine changes less.
    """

    id: str
    repo: str
    language: str
    rank: int | None = None
    first: float = 0.0
    placed: bool = False
    seconds: float = 0.0
    megabytes: float = 0.0
    processor: float = 0.0
    error: str | None = None


def coverage_of(bug: Bug, folder: Path) -> Path:
    """Where the coverage of a bug's parent is looked for."""
    return folder / f"{bug.repo.replace('/', '+')}-{bug.base[:10]}.coverage"


def ask(
    bug: Bug, mirror: Path, command: Sequence[str], limit: float, coverage: Path | None = None, build: Sequence[str] = ()
) -> Case:
    """Asks the command for one bug, with the map of its coverage if there is one; an error or a missed time limit is a miss."""
    with scratch_repository(mirror, bug) as (repository, fix):
        folder = repository.parent
        issue, places = folder / "issue.md", {"repo": repository, "base": bug.base, "map": folder / "map.recall"}
        issue.write_text(f"# {bug.title}\n\n{bug.body}\n", encoding="utf-8")
        if coverage is not None:
            code, _, err, _ = _run([word.format(coverage=coverage, **places) for word in build], limit, folder)
            if code:
                return Case(bug.id, bug.repo, bug.language, error=f"no map, exit {code}: {err.strip()[-300:]}")
        words = [word.format(fix=fix, issue=issue, **places) for word in command]
        start = time.monotonic()
        code, out, err, usage = _run(words, limit, folder)
        seconds = time.monotonic() - start
    known = (bug.id, bug.repo, bug.language)
    megabytes, work = usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime
    try:
        answer = json.loads(out) if code == 0 else None
    except ValueError as error:
        answer, err = None, str(error)
    if answer is None:
        return Case(*known, seconds=seconds, megabytes=megabytes, processor=work, error=f"exit {code}: {err.strip()[-300:]}")
    paths = list(dict.fromkeys(test["path"] for test in answer["tests"]))
    rank = next((place for place, path in enumerate(paths, 1) if path in bug.right), None)
    placed = (answer.get("placement") or {}).get("path")
    first = answer["tests"][0]["score"] if paths else 0.0
    return Case(*known, rank, first, placed in bug.right if placed else rank == 1, seconds, megabytes, work)


def _run(words: Sequence[str], limit: float, folder: Path) -> tuple[int, str, str, resource.struct_rusage]:
    """Exit code, standard output and error, and what it used.

    The command finds an empty cache: every answer is a cold one.
    """
    out, err, cold = folder / "out", folder / "err", {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    with out.open("wb") as told, err.open("wb") as complained:
        process = subprocess.Popen(list(words), stdin=subprocess.DEVNULL, stdout=told, stderr=complained, env=cold)
        timer = Timer(limit, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, out.read_text("utf-8", "replace"), err.read_text("utf-8", "replace"), usage


def summary(cases: Iterable[Case]) -> dict[str, float]:
    """The figures of some cases; times are seconds, memory is in megabytes."""
    asked = list(cases)
    times = sorted(case.seconds for case in asked)
    found = [case.rank or 10**9 for case in asked]
    return {
        "n": len(asked),
        "mrr": statistics.fmean(1 / rank if rank < 10**9 else 0.0 for rank in found),
        **{f"hit@{k}": statistics.fmean(rank <= k for rank in found) for k in (1, 5, 10)},
        "placed": statistics.fmean(case.placed for case in asked),
        "errors": sum(case.error is not None for case in asked),
        "s_median": statistics.median(times),
        "s_p95": times[int(0.95 * (len(times) - 1))],
        "work_median": statistics.median(case.processor for case in asked),
        "mb_max": max(case.megabytes for case in asked),
    }


def line(name: str, figures: dict[str, float]) -> str:
    """One line of the printed table."""
    return f"{name:28}" + "  ".join(
        f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()
    )


def main() -> None:
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirrors", type=Path, default=os.environ.get("MIRRORS"), help="folder of bare clones (or $MIRRORS)")
    parser.add_argument("--truth", type=Path, default=RECORDS)
    parser.add_argument("--limit", type=int, help="a fixed sample of so many bugs")
    parser.add_argument("--repo", action="append")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60.0)
    parser.add_argument("--out", type=Path, help="write every case here, as JSON lines")
    parser.add_argument("--coverage", type=Path, help="folder of coverage files: ask only their bugs, each with its map")
    parser.add_argument("--build", default=_BUILD, help="how a map is made")
    options = parser.parse_args(sys.argv[1:cut])
    command = sys.argv[cut + 1 :] or (_DEFAULT if options.coverage is None else (*_DEFAULT, "--map", "{map}"))
    if options.mirrors is None:
        parser.error("name the folder of bare clones: --mirrors DIR (benchmarks/bugs.py says how to make it)")
    bugs = [bug for bug in read_bugs(options.truth) if not options.repo or bug.repo in options.repo]
    covers = {} if options.coverage is None else {bug.id: coverage_of(bug, options.coverage) for bug in bugs}
    bugs = [bug for bug in bugs if options.coverage is None or covers[bug.id].exists()]
    bugs.sort(key=lambda bug: hashlib.sha256(bug.id.encode()).hexdigest())
    mirrors = {repo: mirror_of(Path(options.mirrors), repo) for repo in sorted({bug.repo for bug in bugs})}
    for repo in (repo for repo, mirror in mirrors.items() if mirror is None):
        print(f"{repo:28}no clone in {options.mirrors}: left out")
    asked = [(bug, mirror) for bug in bugs[: options.limit] if (mirror := mirrors[bug.repo])]
    build = shlex.split(options.build)
    with ThreadPoolExecutor(options.jobs) as pool:
        cases = list(pool.map(lambda pair: ask(pair[0], pair[1], command, options.timeout, covers.get(pair[0].id), build), asked))
    if options.out:
        options.out.write_text("".join(json.dumps(asdict(case)) + "\n" for case in cases))
    for repo in sorted({case.repo for case in cases}):
        print(line(repo, summary(case for case in cases if case.repo == repo)))
    for case in [case for case in cases if case.error][:5]:
        print(f"{case.id}: {case.error}")
    if cases:
        print(line("ALL", summary(cases)))


if __name__ == "__main__":
    main()
