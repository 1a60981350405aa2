"""Runs test files with their projects' own runners and reads what those report, without anything of recall's.

    python -m benchmarks.by_hand --clones DIR [--only ID] [--sets FILE] > by-hand.jsonl

The answers that `recall prove` is checked by. For each fix of regressions.jsonl: the parent with the fix's test files laid over,
and the fix, three runs each, in a working clone made by `python -m benchmarks.regressions --mirrors DIR --clones TO`. One JSON
object a fix: how each asked test ended in each run, and the first lines of why. `--sets` names a TOML file of environment
variables for each project.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from benchmarks.bugs import git
from benchmarks.regressions import Project, Regression, read_projects, read_regressions

RUNS = 3
_LIMIT = 300
_HERE = Path(__file__).parent.absolute()


@dataclass(frozen=True)
class Told:
    """How one test case ended by its runner's report: `passed`, `failed` or `skipped`, and the first lines of why."""

    ending: str
    why: str = ""


@dataclass
class Ran:
    """One run of some files: its cases by full name, and what the runner printed where it reported none."""

    cases: dict[str, Told] = field(default_factory=dict)
    returncode: int = 0
    output: str = ""

    def ending(self, name: str) -> str:
        """How a test ended, all its parameters and subtests together; `absent` if no case bears its name."""
        mine = [told.ending for case, told in self.cases.items() if not name or bears(case, name)]
        for ending in ("failed", "passed", "skipped"):
            if ending in mine:
                return ending
        return "absent"

    def why(self, name: str) -> str:
        """Why it failed, or what the runner said where there is no such case."""
        mine = [told.why for case, told in self.cases.items() if told.ending == "failed" and (not name or bears(case, name))]
        return next(iter(mine), "" if self.cases else self.output[-900:])


def plain(name: str) -> str:
    """A name with nothing but its words, so that ` > `, `.`, `::` and `#` are the same."""
    return " ".join(re.findall(r"\w+", name))


def bears(case: str, name: str) -> bool:
    """Whether a reported case is this test, or one of its parameters or subtests."""
    if "%" in name:  # a parametrised title, `removes %s`
        return bool(re.search(r"\S+".join(re.escape(part) for part in re.split(r"%\w", name.rpartition(" > ")[2])), case))
    if " > " in name and plain(case).endswith(f" {plain(name.rpartition(' > ')[2])}"):
        return True  # groups are named by their classes in some reports
    wanted, told = plain(name), plain(case)
    return told == wanted or told.endswith(f" {wanted}") or f" {wanted} " in f" {told} "


def run_files(project: Project, clone: Path, files: Sequence[str], sets: Mapping[str, str]) -> Ran:
    """One run of whole test files in a clone as it stands."""
    with TemporaryDirectory(prefix="by-hand-") as folder:
        results = Path(folder) / "results"
        line = [part for word in project.run for part in (files if word == "{files}" else [word])]
        line = [part.replace("{results}", str(results)).replace("{benchmarks}", str(_HERE)) for part in line]
        line = [part.replace("{folders}", f"./{Path(files[0]).parent}") for part in line]
        environment = {**os.environ, "CI": "true", "NO_COLOR": "1", **sets}
        try:
            done = subprocess.run(
                line, check=False, cwd=clone, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=_LIMIT
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return Ran(returncode=-1, output=str(error))
        printed = done.stdout.decode(errors="replace")
        told = results.read_text(encoding="utf-8", errors="replace") if results.is_file() else printed
        ran = Ran(returncode=done.returncode, output=printed + done.stderr.decode(errors="replace"))
        try:
            ran.cases = dict(_READ[project.framework](told))
        except (ValueError, ElementTree.ParseError):
            ran.cases = {}
        return ran


def _junit(told: str) -> Iterator[tuple[str, Told]]:
    for case in ElementTree.fromstring(told).iter("testcase"):
        bad = next((child for child in case if child.tag in ("failure", "error")), None)
        skipped = any(child.tag == "skipped" for child in case)
        why = (f"{bad.get('message') or ''}\n{bad.text or ''}")[:900] if bad is not None else ""
        ending = "failed" if bad is not None else "skipped" if skipped else "passed"
        yield f"{case.get('classname') or ''} {case.get('name') or ''}", Told(ending, why)


def _mocha(told: str) -> Iterator[tuple[str, Told]]:
    read = json.loads(told[told.index("{") :])
    pending = {test["fullTitle"] for test in read["pending"]}
    for test in read["tests"]:
        error = test["err"]
        ending = "failed" if error else "skipped" if test["fullTitle"] in pending else "passed"
        yield test["fullTitle"], Told(ending, str(error.get("stack") or error.get("message") or "")[:900] if error else "")


def _jest(told: str) -> Iterator[tuple[str, Told]]:
    for file in json.loads(told)["testResults"]:
        for case in file["assertionResults"]:
            ending = case["status"] if case["status"] in ("passed", "failed") else "skipped"
            name = " ".join([*case["ancestorTitles"], case["title"]])
            yield name, Told(ending, "\n".join(case.get("failureMessages") or [])[:900])


def _go(told: str) -> Iterator[tuple[str, Told]]:
    said: dict[str, list[str]] = {}
    for line in told.splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        test = event.get("Test")
        if test and event["Action"] == "output":
            said.setdefault(test, []).append(event["Output"])
        elif test and event["Action"] in ("pass", "fail", "skip"):
            ending = {"pass": "passed", "fail": "failed", "skip": "skipped"}[event["Action"]]
            yield test, Told(ending, "".join(said.get(test, []))[:900])


def _minitest(told: str) -> Iterator[tuple[str, Told]]:
    for name, mark in re.findall(r"(?m)^(\S+#\S+) = [\d.]+ s = ([.FES])$", told):
        blame = re.search(rf"(?s)\d+\) (?:Failure|Error):\n{re.escape(name)}.{{0,700}}", told)
        ending = {".": "passed", "S": "skipped"}.get(mark, "failed")
        yield name, Told(ending, blame[0] if blame and ending == "failed" else "")


def _rspec(told: str) -> Iterator[tuple[str, Told]]:
    for case in json.loads(told)["examples"]:
        ending = {"passed": "passed", "failed": "failed"}.get(case["status"], "skipped")
        error = case.get("exception") or {}
        yield case["full_description"], Told(ending, f"{error.get('class', '')} {error.get('message', '')}"[:900])


_READ = {
    "pytest": _junit,
    "junit5": _junit,
    "junit4": _junit,
    "phpunit": _junit,
    "mocha": _mocha,
    "jest": _jest,
    "vitest": _jest,
    "go-test": _go,
    "minitest": _minitest,
    "rspec": _rspec,
}


def to_commit(clone: Path, commit: str) -> None:
    """Brings a clone to a commit; files that git ignores (installed dependencies) stay."""
    git(clone, "checkout", "--quiet", "--force", "--detach", commit)
    git(clone, "clean", "--quiet", "--force", "-d")
    shutil.rmtree(clone / ".pytest_cache", ignore_errors=True)


def laid_over(project: Project, clone: Path, fix: Regression) -> list[str]:
    """What a person lays over the parent: all that the fix left, but for its source, its documents and its manifests."""
    left = git(clone, "diff", "--name-only", "--no-renames", "--diff-filter=AM", fix.parent, fix.fix).decode().splitlines()
    return [path for path in left if not project.sources.search(path) and (path in fix.tests or "test" in path or "spec" in path)]


def hand(project: Project, clone: Path, fix: Regression, sets: Mapping[str, str]) -> dict[str, object]:
    """Both sides of one fix, three times each."""
    runs: dict[str, list[Ran]] = {"parent": [], "fix": []}
    for side in runs:
        to_commit(clone, fix.fix if side == "fix" else fix.parent)
        git(clone, "checkout", "--quiet", fix.fix, "--", *laid_over(project, clone, fix))
        runs[side] = [run_files(project, clone, fix.tests, sets) for _ in range(RUNS)]
        git(clone, "reset", "--quiet", "--hard")
    names = {test: test.partition("::")[2] for test in fix.asked}
    told = {
        test: {side: [ran.ending(name) for ran in runs[side]] for side in runs} | {"why": runs["parent"][0].why(name)}
        for test, name in names.items()
    }
    return {
        "id": fix.id,
        "verdict": verdict(told),
        "tests": told,
        "codes": {side: [r.returncode for r in runs[side]] for side in runs},
    }


def verdict(told: Mapping[str, Mapping[str, object]]) -> str:
    """What the endings say when a person lays them side by side: proved if one test is. Why it is red is for eyes to judge."""
    each = [_verdict(*(tuple(map(str, _list(sides[side]))) for side in ("parent", "fix"))) for sides in told.values()]
    return next((best for best in ("proved", "flaky", "could-not-run") if best in each), "not-proved")


def _verdict(parent: Sequence[str], fix: Sequence[str]) -> str:
    if len(set(parent)) > 1 or len(set(fix)) > 1:
        return "flaky"
    if {parent[0], fix[0]} & {"absent", "skipped"}:
        return "could-not-run"
    return "proved" if (parent[0], fix[0]) == ("failed", "passed") else "not-proved"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def read_sets(path: Path | None) -> dict[str, dict[str, str]]:
    """Environment variables by project."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path else {}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clones", type=Path, required=True, help="folder of working clones: DIR/owner+name")
    parser.add_argument("--only", action="append", default=[], help="an id, or a project's name; may be given again")
    parser.add_argument("--sets", type=Path, help="TOML: a table of environment variables for each project that needs some")
    asked = parser.parse_args()
    projects, sets = read_projects(), read_sets(asked.sets)
    for fix in read_regressions():
        if not asked.only or fix.id in asked.only or fix.repo in asked.only:
            project = projects[fix.repo]
            print(json.dumps(hand(project, asked.clones / project.flat, fix, sets.get(fix.repo, {}))), flush=True)
            print(fix.id, file=sys.stderr)


if __name__ == "__main__":
    main()
