"""Runs real suites of real projects, makes a test map of each, and asks recall about a real fix with it.

    python -m benchmarks.suites --mirrors DIR [--only owner/name] [--keep DIR] [--serve]

Each suite of `suites.toml` is checked out at its fix's parent and run with the commands of the project's own CI, coverage added;
the interpreters, npm and go it calls are this machine's. The answer is a Markdown table. `--keep` leaves clones, maps
(`owner+name.recall`) and answers (`owner+name.json`, `.md`) in a folder; a suite that has run there is not run again. `--serve`
brings each map to a running server, too, and leaves the comment that the server makes (`owner+name.comment.md`).
"""

import argparse
import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.analysis.testmap.mapfile import open_map
from app.domain.errors import TellUser
from benchmarks.bugs import git, mirror_of
from benchmarks.served import Served, recall, serve

RECORDS = Path(__file__).with_name("suites.toml")


@dataclass(frozen=True)
class Suite:
    """One project's suite: the fix at whose parent it runs, the lines of bash that run it, what `recall map build` is given."""

    repository: str
    fix: str
    steps: tuple[str, ...]
    files: tuple[str, ...]
    right: tuple[str, ...]

    @property
    def flat(self) -> str:
        """The name of its files."""
        return self.repository.replace("/", "+")


@dataclass(frozen=True)
class Ran:
    """What came of it. `seconds` is the last step's, the suite itself; `place` the rank of the first right test file."""

    suite: Suite
    seconds: float
    build_seconds: float
    raw_bytes: int
    map_bytes: int
    tests: int
    files: int
    pairs: int
    grain: str
    verdict: str
    first: str
    executed: int
    place: int | None


def read_suites(path: Path = RECORDS) -> tuple[Suite, ...]:
    """All suites of the file, in its order."""
    records = tomllib.loads(path.read_text(encoding="utf-8"))["suite"]
    return tuple(
        Suite(each["repository"], each["fix"], tuple(each["steps"]), tuple(each["files"]), tuple(each["right"]))
        for each in records
    )


def run_suite(suite: Suite, clone: Path) -> float:
    """Runs all steps in the clone; the seconds of the last one. A suite with failing tests has run, one without data has not."""
    environment = {**os.environ, "CI": "true"}
    for step in suite.steps:
        start = time.monotonic()
        done = subprocess.run(
            ["bash", "-c", step], check=False, cwd=clone, env=environment, capture_output=True, stdin=subprocess.DEVNULL
        )
        took = time.monotonic() - start
        if done.returncode and step != suite.steps[-1]:
            raise SystemExit(f"{suite.repository}: {step}\n{_end_of(done)}")
    missing = [name for name in suite.files if not (clone / name).is_file()]
    if missing:
        raise SystemExit(f"{suite.repository}: {step} left no {missing[0]}\n{_end_of(done)}")
    return took


def _end_of(done: "subprocess.CompletedProcess[bytes]") -> str:
    return (done.stdout + done.stderr).decode(errors="replace")[-2000:]


def measure(suite: Suite, mirror: Path, folder: Path) -> Ran:
    """Clones, runs, builds, explains."""
    clone, test_map = folder / suite.flat, folder / f"{suite.flat}.recall"
    took = folder / f"{suite.flat}.seconds"
    parent = git(mirror, "rev-parse", f"{suite.fix}^").decode().strip()
    if not took.exists():
        git(folder, "clone", "--quiet", "--shared", "--no-checkout", str(mirror), str(clone))
        git(clone, "checkout", "--quiet", parent)
        took.write_text(str(run_suite(suite, clone)))
    start = time.monotonic()
    _build(suite, folder, test_map)
    build_seconds = time.monotonic() - start
    explain = ("explain", suite.fix, "--repo", str(clone), "--map", str(test_map))
    (folder / f"{suite.flat}.md").write_text(recall(*explain, "--markdown"), encoding="utf-8")
    told = recall(*explain, "--json")
    (folder / f"{suite.flat}.json").write_text(told, encoding="utf-8")
    answer = json.loads(told)
    opened = open_map(test_map.read_bytes())
    ranked = [test["path"] for test in answer["tests"]]
    return Ran(
        suite=suite,
        seconds=float(took.read_text()),
        build_seconds=build_seconds,
        raw_bytes=sum((clone / name).stat().st_size for name in suite.files),
        map_bytes=test_map.stat().st_size,
        tests=len(opened.segment.tests),
        files=len(opened.paths),
        pairs=sum(
            lines.bit_count() * tests.bit_count()
            for path in opened.paths
            for cover in opened.cover(path)
            for lines, tests in cover.groups
        ),
        grain=opened.segment.grain,
        verdict=answer["verdict"]["code"],
        first=ranked[0] if ranked else "",
        executed=sum(any(each["source"] == "executed" for each in test["evidence"]) for test in answer["tests"]),
        place=next((place for place, path in enumerate(ranked, 1) if path in suite.right), None),
    )


def table(rows: Sequence[Ran]) -> str:
    """Markdown, a line for each project."""
    head = ("project", "fix", "suite", "tests", "grain", "files", "pairs", "raw", "map", "build", "verdict", "ran it", "right")
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(cells) + " |" for cells in map(_cells, rows)]
    return "\n".join(lines)


def _cells(row: Ran) -> Iterator[str]:
    yield row.suite.repository
    yield row.suite.fix[:10]
    yield f"{row.seconds:.0f} s"
    yield f"{row.tests:,}"
    yield row.grain
    yield f"{row.files:,}"
    yield f"{row.pairs:,}"
    yield f"{row.raw_bytes / 1024:,.0f} kB"
    yield f"{row.map_bytes / 1024:,.0f} kB"
    yield f"{row.build_seconds:.1f} s"
    yield row.verdict
    yield f"{row.executed} files"
    yield f"no. {row.place}" if row.place else "–"


def served(suite: Suite, mirror: Path, folder: Path) -> Served:
    """Builds the map as the two shards of a suite, and has them brought to a server and used in a comment."""
    shards = [folder / f"{suite.flat}.{part}.recall" for part in (1, 2)]
    for part, shard in enumerate(shards, 1):
        _build(suite, folder, shard, "--shard", f"{part}/2")
    with TemporaryDirectory(prefix="served-") as place:
        done = serve(suite.repository, mirror, suite.fix, shards, Path(place))
    (folder / f"{suite.flat}.comment.md").write_text(done.comment, encoding="utf-8")
    return done


def _served(suite: Suite, mirror: Path, folder: Path) -> str:
    try:
        done = served(suite, mirror, folder)
    except TellUser as error:
        return f"{suite.repository}: {error}"
    return f"{done.uploaded}{done.kept}commented after {done.seconds:.1f} s"


def _build(suite: Suite, folder: Path, out: Path, *more: str) -> None:
    clone = folder / suite.flat
    files = [str(clone / name) for name in suite.files]
    recall("map", "build", *files, "--repo", str(clone), "--commit", "HEAD", "--suite", "ci", "--out", str(out), *more)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with TemporaryDirectory(prefix="suites-") as name:
        yield Path(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirrors", type=Path, required=True, help="a folder of bare repositories")
    parser.add_argument("--only", action="append", help="only this owner/name")
    parser.add_argument("--keep", type=Path, help="leave everything in this folder, and take what is there")
    parser.add_argument("--serve", action="store_true", help="bring each map to a server, and have it comment")
    options = parser.parse_args()
    rows = []
    with _folder(options.keep) as folder:
        for suite in read_suites():
            mirror = mirror_of(options.mirrors, suite.repository)
            if mirror is None or (options.only and suite.repository not in options.only):
                continue
            rows.append(measure(suite, mirror, folder))
            print(table(rows[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
            if options.serve:
                print(_served(suite, mirror, folder), file=sys.stderr, flush=True)
    print(table(rows))


if __name__ == "__main__":
    main()
