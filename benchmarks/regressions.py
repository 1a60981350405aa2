"""Real fixes that brought their own tests, of projects whose suites run on a plain machine: how they were chosen, clones of them.

    python -m benchmarks.regressions --mirrors DIR            # writes regressions.jsonl anew from regressions.toml
    python -m benchmarks.regressions --mirrors DIR --clones TO # a working clone for each project, set up

`regressions.toml` says the rule; `regressions.jsonl` holds facts alone: the fix, its parent, the test files that the developers
changed or added, and the tests in them that the fix added or changed (`asked`, as recall writes addresses).
"""

import argparse
import json
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.analysis.languages import tests_in
from benchmarks.bugs import git, mirror_of

RECORDS = Path(__file__).with_name("regressions.jsonl")
PROJECTS = Path(__file__).with_name("regressions.toml")
_FIXES = re.compile(
    r"(?im)^\s*(bug\s*)?fix|\bfix(es|ed)?:?\s+(https?://\S+/)?#?\d+|\bclos(e[sd]?|ing)\s+(https?://\S+/)?#\d+"
    r"|^\[?LANG-\d+|\bbug\b|^Correct "
)
_NUMBER = re.compile(r"(?i)(?:fix(?:es|ed)?|clos(?:e[sd]?|ing)|resolves?):? (?:https?://\S+/|[\w./-]*#|#)(\d+)\b|^#(\d+):")
_MOST_FILES = 12
_MARK = re.compile(r"@(?:Parameterized|Repeated)?Test\b")
_TESTS = {
    "python": re.compile(r"^( *)(?:(?:async )?def (test\w*)|class (\w+))"),
    "go": re.compile(r"^()func ((?:Test|Example)\w*)\("),
    "java": re.compile(r"^( *)(?:(?:public |private |protected |static |final )*(?:void (\w+)\(|class (\w+)))"),
    "php": re.compile(r"^( *)(?:(?:public )?function (test\w*)\(|(?:final |abstract )*class (\w+))"),
    "ruby": re.compile(
        r"^( *)(?:def (test_\w+)|(?:it|specify) [\"'](.+)[\"'] do|(?:class (\w+)|(?:RSpec\.)?(?:describe|context) (.+) do))"
    ),
}


@dataclass(frozen=True)
class Project:
    """One project's table of regressions.toml."""

    name: str
    language: str
    framework: str
    start: str
    count: int
    sources: re.Pattern[str]
    tests: re.Pattern[str]
    setup: tuple[str, ...]
    run: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    listed: str = ""
    command: str = ""

    @property
    def flat(self) -> str:
        """The name of its folder."""
        return self.name.replace("/", "+")


@dataclass(frozen=True)
class Regression:
    """One fix. `tests` are the files its developers changed or added, `added` those that were not there before."""

    repo: str
    fix: str
    parent: str
    number: int | None
    tests: tuple[str, ...]
    added: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def id(self) -> str:
        """Short and unique."""
        return f"{self.repo.partition('/')[2]}-{self.fix[:10]}"


def read_projects(path: Path = PROJECTS) -> dict[str, Project]:
    """All projects by name, in the file's order."""
    made = {}
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["repository"]:
        made[table["name"]] = Project(
            **{key: table[key] for key in ("name", "language", "framework", "start", "count")},
            sources=re.compile(table["sources"]),
            tests=re.compile(table["tests"]),
            setup=tuple(table["setup"]),
            run=tuple(table["run"]),
            left_out=tuple(table.get("left_out", ())),
            listed=table.get("listed", ""),
            command=table.get("command", ""),
        )
    return made


def read_regressions(path: Path = RECORDS) -> tuple[Regression, ...]:
    """All records, in their order."""
    records = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(
        Regression(
            repo=record["repo"],
            fix=record["fix"],
            parent=record["parent"],
            number=record["number"],
            tests=tuple(record["tests"]),
            added=tuple(record["added"]),
            asked=tuple(record["asked"]),
        )
        for record in records
    )


def choose(project: Project, mirror: Path) -> Iterator[Regression]:
    """The project's fixes by the rule, newest first."""
    listed = _listed(mirror, project)
    form = "--format=%x01%H %P%x02%B%x02"
    log = git(mirror, "log", "--no-merges", form, "--name-status", "--no-renames", project.start, "--").decode(errors="replace")
    left = project.count
    for record in log.split("\x01")[1:]:
        commits, message, changed = record.split("\x02")
        fix, *parents = commits.split()
        status = dict(line.split("\t", 1)[::-1] for line in changed.splitlines() if "\t" in line)
        tests = tuple(path for path in status if project.tests.search(path) and status[path] != "D")
        sources = [path for path in status if project.sources.search(path) and path not in tests]
        subject = message.strip().partition("\n")[0].strip()
        if len(parents) != 1 or not tests or not sources or len(status) > _MOST_FILES or subject in project.left_out:
            continue
        if not _says_fixed(message, subject, listed):
            continue
        added = tuple(path for path in tests if status[path] == "A")
        asked = tuple(name for path in tests for name in _asked(mirror, project, fix, parents[0], path)) or tests
        yield Regression(project.name, fix, parents[0], _number(message), tests, added, asked)
        left -= 1
        if not left:
            return


def _says_fixed(message: str, subject: str, listed: frozenset[str] | None) -> bool:
    if listed is None:
        return bool(_FIXES.search(message))
    pull = re.search(r"\(#(\d+)\)$", subject)
    return bool(pull and pull[1] in listed)


def _listed(mirror: Path, project: Project) -> frozenset[str] | None:
    if not project.listed:
        return None
    text = git(mirror, "show", f"{project.start}:{project.listed}").decode(errors="replace")
    fixed = (part.partition("\n## ")[0] for part in text.split("\n### ") if part.startswith("Fix"))
    return frozenset(number for part in fixed for number in re.findall(r"#(\d+)", part))


def _number(message: str) -> int | None:
    said = _NUMBER.search(message)
    return int(said[1] or said[2]) if said else None


def _asked(mirror: Path, project: Project, fix: str, parent: str, path: str) -> Iterator[str]:
    """The tests of a file that have a line which the fix added, as addresses."""
    text = git(mirror, "show", f"{fix}:{path}").decode(errors="replace")
    hunks = git(mirror, "diff", "-U0", "--no-renames", parent, fix, "--", path).decode(errors="replace")
    touched = [
        range(int(start), int(start) + int(count or 1))
        for start, count in re.findall(r"(?m)^@@ -\S+ \+(\d+)(?:,(\d+))? @@", hunks)
        if count != "0"
    ]
    for name, first, last in _named(project.language, text):
        if any(lines.start <= last and first <= lines.stop - 1 for lines in touched):
            yield f"{path}::{name}"


def _named(language: str, text: str) -> Iterable[tuple[str, int, int]]:
    """Tests with their first and last line. JavaScript by recall's own reader, the rest by lines of their own."""
    if language not in _TESTS:
        return [(test.name, test.span.start, test.span.end) for test in tests_in(language, text.encode())]
    return list(_by_lines(language, text.splitlines()))


def _by_lines(language: str, lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    opened: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        said = _TESTS[language].match(line)
        if not said:
            continue
        depth = len(said[1])
        opened = [group for group in opened if group[0] < depth]
        test = said[2] or (said[3] if language == "ruby" else None)
        if test and _is_test(language, test, lines[max(0, number - 5) : number]):
            titled = language == "ruby" and not line.lstrip().startswith("def ")
            name = (" > " if titled else ".").join([*(group for _, group in opened), test])
            yield name, _first(lines, number, depth), _last(language, lines, number, depth)
        elif not test:
            name = next(group for group in reversed(said.groups()) if group)
            opened.append((depth, name.strip("\"'")))


def _is_test(language: str, name: str, above: Sequence[str]) -> bool:
    return language != "java" or name.startswith("test") or bool(_MARK.search("\n".join(above)))


def _first(lines: Sequence[str], number: int, depth: int) -> int:
    """The first line of what stands on a definition: decorators, annotations, its comment."""
    while number > 1:
        above = lines[number - 2]
        if not above.strip() or len(above) - len(above.lstrip()) < depth or above.strip() in ("}", "end"):
            break
        number -= 1
    return number


def _last(language: str, lines: Sequence[str], first: int, depth: int) -> int:
    """The last line of a definition that starts at `first`: its closing line, or Python's last one indented further."""
    inside = first
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        shallow = bool(line.strip()) and len(line) - len(line.lstrip()) <= depth
        if language == "python" and shallow and not line.strip().startswith(")"):
            return inside
        if language != "python" and shallow and line.strip() in ("}", "end"):
            return number
        inside = number if line.strip() else inside
    return inside


def set_up(project: Project, mirror: Path, clones: Path) -> Path:
    """A working clone with its dependencies; one that is there is used as it is."""
    clone = clones / project.flat
    if not clone.exists():
        git(clones, "clone", "--quiet", "--shared", str(mirror), str(clone))
        for line in project.setup:
            subprocess.run(["bash", "-c", line], check=True, cwd=clone)
    return clone


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mirrors", type=Path, required=True, help="folder of bare clones: DIR/owner+name.git")
    parser.add_argument("--clones", type=Path, help="set up a working clone of each project here")
    asked = parser.parse_args()
    rows = []
    for project in read_projects().values():
        mirror = mirror_of(asked.mirrors, project.name)
        if mirror is None:
            raise SystemExit(f"no bare clone of {project.name} in {asked.mirrors}")
        if asked.clones:
            set_up(project, mirror, asked.clones)
        else:
            rows += [json.dumps(vars(each)) for each in choose(project, mirror)]
    if not asked.clones:
        RECORDS.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
