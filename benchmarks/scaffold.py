"""Measures `recall scaffold` on real fixes: does it parse, is it collected, does it stand where developers put theirs, is it red?

    python -m benchmarks.scaffold --clones DIR [--issues DIR] [--sets FILE] [--only ID] [--check] [--keep DIR]

For each fix of regressions.jsonl a working clone (`python -m benchmarks.regressions --mirrors DIR --clones TO`) is brought to the
fix without its tests, and `recall scaffold` writes there what it can know. `--issues` holds an issue's text as `ID.md`,
title first; without one the fix's own subject is the title. Collected and red are what the project's own runner reports
(`benchmarks.by_hand`), nothing of recall's. `--keep` leaves each scaffold and its JSON; what is kept there is not made again.
"""

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from app.analysis.languages import is_test, is_test_input, is_test_support, language_of
from app.analysis.languages.trees import parse
from benchmarks.bugs import git
from benchmarks.by_hand import read_sets, run_files, to_commit
from benchmarks.regressions import Project, Regression, read_projects, read_regressions

_HEADS = re.compile(r"^#\d+: |^(?:fix|feat|dx)(?:\([\w.-]+\))?: |\s*\(#\d+\)$")
_CHECKED = {"go": ["gofmt", "-e", "-l"], "ruby": ["ruby", "-c"], "php": ["php", "-l"]}


@dataclass
class Wrote:
    """What came of one fix. `place` is `file`, `folder` or `elsewhere`; `ending` what the project's runner says of the test."""

    id: str
    repo: str
    framework: str
    path: str = ""
    test: str = ""
    new: bool = False
    asserts: bool = False
    parses: bool = False
    collected: bool = False
    place: str = "elsewhere"
    ending: str = "absent"
    why: str = ""
    check: str = ""
    seconds: float = 0.0
    problem: str = ""

    @property
    def red(self) -> bool:
        """Whether the real runner collected it and it failed."""
        return self.ending == "failed"


def without_tests(clone: Path, project: Project, fix: Regression) -> str:
    """A commit on the parent with the fix's changes but for those to tests; the clone is left standing there."""
    to_commit(clone, fix.parent)
    changed = git(clone, "diff", "--name-status", "--no-renames", "-z", fix.parent, fix.fix).decode().split("\0")
    for status, path in zip(changed[::2], changed[1::2], strict=False):
        if path in fix.tests or project.tests.search(path) or is_test(path) or is_test_support(path) or is_test_input(path):
            continue
        if status == "D":
            git(clone, "rm", "--quiet", "--", path)
        else:
            git(clone, "checkout", "--quiet", fix.fix, "--", path)
    message = git(clone, "log", "-1", "--format=%B", fix.fix)
    when = git(clone, "log", "-1", "--format=%cI", fix.fix).decode().strip()
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    git(clone, "commit", "--quiet", "--no-verify", "--cleanup=verbatim", "-F", "-", stdin=message, environment=dates)
    return git(clone, "rev-parse", "HEAD").decode().strip()


def measure(
    project: Project, clone: Path, fix: Regression, issue: Path | None, sets: Mapping[str, str], check: bool
) -> tuple[Wrote, str]:
    """One scaffold and what became of it, and the text of its test."""
    wrote = Wrote(fix.id, fix.repo, project.framework)
    commit = without_tests(clone, project, fix)
    with TemporaryDirectory(prefix="scaffold-") as folder:
        text = Path(folder) / "issue.md"
        subject = git(clone, "log", "-1", "--format=%s", fix.fix).decode(errors="replace")
        text.write_text(issue.read_text(encoding="utf-8") if issue and issue.is_file() else _HEADS.sub("", subject))
        line = ["scaffold", commit, "--repo", str(clone), "--issue", str(text)]
        line += ["--number", str(fix.number)] if fix.number else []
        start = time.monotonic()
        told = _recall([*line, "--json"])
        wrote.seconds = round(time.monotonic() - start, 1)
        if told.returncode:
            wrote.problem = (told.stderr or told.stdout).strip()[-400:]
            return wrote, ""
        made = json.loads(told.stdout)
        if check:
            checked = _recall([*line, "--check"], sets)
            wrote.check = f"{checked.returncode}: {(checked.stderr or checked.stdout).strip()[-300:]}"
    wrote.path, _, wrote.test = str(made["test"]).partition("::")
    wrote.new, wrote.asserts = bool(made["new"]), bool(made["asserts"])
    wrote.place = place(wrote.path, fix.tests)
    file = clone / wrote.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(made["text"]), encoding="utf-8")
    wrote.parses = parses(file)
    ran = run_files(project, clone, [wrote.path], sets)
    wrote.ending, wrote.why = ran.ending(wrote.test), ran.why(wrote.test)[:600]
    wrote.collected = wrote.ending != "absent"
    return wrote, git(clone, "diff", "--no-color", "HEAD").decode(errors="replace") or file.read_text(encoding="utf-8")


def _recall(arguments: Sequence[str], sets: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "app", *arguments]
    here = Path(__file__).parent.parent
    return subprocess.run(line, check=False, capture_output=True, text=True, cwd=here, env={**os.environ, **(sets or {})})


def place(path: str, chosen: Iterable[str]) -> str:
    """Where a path lies by the files that the developers chose."""
    chosen = tuple(chosen)
    if path in chosen:
        return "file"
    return "folder" if str(Path(path).parent) in {str(Path(each).parent) for each in chosen} else "elsewhere"


def parses(path: Path) -> bool:
    """Whether the language's own compiler reads the file; tree-sitter where there is none that reads one file alone."""
    text = path.read_bytes()
    language = language_of(str(path)) or ""
    if language == "python":
        try:
            ast.parse(text)
        except SyntaxError:
            return False
        return True
    if language in _CHECKED:
        return subprocess.run([*_CHECKED[language], str(path)], check=False, capture_output=True).returncode == 0
    tree = parse(language, text)
    return tree is not None and not tree.root_node.has_error


def table(wrote: Sequence[Wrote]) -> str:
    """The figures by project, as Markdown."""
    lines = [
        "| project | runner | fixes | parses | collected | red | in their file | or folder |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    groups = {each.repo: [one for one in wrote if one.repo == each.repo] for each in wrote}
    for name, some in [*groups.items(), ("all", list(wrote))]:
        counts = (
            len(some),
            sum(one.parses for one in some),
            sum(one.collected for one in some),
            sum(one.red for one in some),
            sum(one.place == "file" for one in some),
            sum(one.place != "elsewhere" for one in some),
        )
        lines.append(f"| {name} | {some[0].framework if name != 'all' else ''} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clones", type=Path, required=True, help="folder of working clones: DIR/owner+name")
    parser.add_argument("--issues", type=Path, help="texts of issues, ID.md")
    parser.add_argument("--sets", type=Path, help="TOML: a table of environment variables for each project that needs some")
    parser.add_argument("--only", action="append", default=[], help="an id, or a project's name; may be given again")
    parser.add_argument("--check", action="store_true", help="ask `recall scaffold --check`, too")
    parser.add_argument("--keep", type=Path, help="leave scaffolds here, ID.diff and ID.json")
    asked = parser.parse_args()
    projects, sets, all_wrote = read_projects(), read_sets(asked.sets), []
    for fix in read_regressions():
        kept = asked.keep / f"{fix.id}.json" if asked.keep else None
        if asked.only and fix.id not in asked.only and fix.repo not in asked.only:
            continue
        if kept and kept.exists():
            all_wrote.append(Wrote(**json.loads(kept.read_text(encoding="utf-8"))))
            continue
        project = projects[fix.repo]
        issue = asked.issues / f"{fix.id}.md" if asked.issues else None
        wrote, text = measure(project, asked.clones / project.flat, fix, issue, sets.get(fix.repo, {}), asked.check)
        to_commit(asked.clones / project.flat, fix.fix)
        all_wrote.append(wrote)
        print(fix.id, wrote.ending, wrote.place, wrote.problem, file=sys.stderr, flush=True)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.with_suffix(".diff").write_text(text, encoding="utf-8")
            kept.write_text(json.dumps(asdict(wrote), indent=1), encoding="utf-8")
    print(table(all_wrote))


if __name__ == "__main__":
    main()
