"""Writes the tables of docs/accuracy.md anew, each between its own two marks; the sentences around them are written by hand.

python -m benchmarks.report --table build/tables.jsonl [--issues build/issues.jsonl] [--cases build/cases.jsonl]
"""

import argparse
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.fit import Bug, Calibration, Floats, Table, calibrate, figures, fit, rank_of, read_table, sums_of_unseen, told

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
GROUPS = {
    "words of the message": ("message-text", "message-title", "message-code"),
    "mention of the test": ("mentioned",),
    "names and folders": ("name-explained", "folder"),
    "history": ("changed-together", "same-lines", "like-reason"),
    "words of the code": ("code-words", "symbol-title"),
    "imports": ("imports",),
    "length": ("size",),
}
Rows = list[Sequence[object]]


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; numbers with three digits behind the point."""

    def cell(value: object) -> str:
        return f"{value:.3f}" if isinstance(value, float) else str(value)

    lines = [head, ["---"] * len(head), *([cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def measured(name: str, bugs: Sequence[Bug], sums: Sequence[Floats]) -> Sequence[object]:
    """One row: how many bugs, and the figures."""
    found = figures([rank_of(bug, s) for bug, s in zip(bugs, sums, strict=True)])
    return [name, len(bugs), *found.values()]


_FIGURES = ("", "bugs", "MRR", "hit@1", "hit@5", "hit@10")


def overall(table: Table, sums: Sequence[Floats]) -> str:
    """All bugs, projects left out; and, as a bound, by the weights that have seen them."""
    weights = fit(table.bugs)
    reciprocal = [1 / rank if (rank := rank_of(bug, s)) else 0.0 for bug, s in zip(table.bugs, sums, strict=True)]
    error = float(np.std(reciprocal) / np.sqrt(len(reciprocal)))
    rows: Rows = [
        measured("whole projects left out", table.bugs, sums),
        measured("weights fitted on all (optimistic)", table.bugs, [bug.strengths @ weights for bug in table.bugs]),
    ]
    return markdown(_FIGURES, rows) + f"\n\nThe standard error of the MRR is {error:.3f}."


def by(key: Callable[[Bug], str], table: Table, sums: Sequence[Floats]) -> str:
    """The figures by language or by project, projects left out."""
    rows = []
    for name in sorted({key(bug) for bug in table.bugs}):
        chosen = [(bug, s) for bug, s in zip(table.bugs, sums, strict=True) if key(bug) == name]
        rows.append(measured(name, [bug for bug, _ in chosen], [s for _, s in chosen]))
    return markdown(_FIGURES, rows)


def ablation(table: Table, sums: Sequence[Floats]) -> str:
    """What each kind of evidence weighs, what is lost without it, and what it does alone."""
    full = figures([rank_of(bug, s) for bug, s in zip(table.bugs, sums, strict=True)])["mrr"]
    weights = fit(table.bugs)

    def mrr(evidence: Sequence[str]) -> float:
        less = table.only(evidence)
        return figures([rank_of(bug, s) for bug, s in zip(less.bugs, sums_of_unseen(less), strict=True)])["mrr"]

    rows: Rows = [
        [name, float(weight), f"{mrr([e for e in table.evidence if e != name]) - full:+.3f}", mrr([name])]
        for name, weight in zip(table.evidence, weights, strict=True)
    ]
    groups: Rows = [
        [f"**{name}**", "", f"{mrr([e for e in table.evidence if e not in members]) - full:+.3f}", mrr(members)]
        for name, members in GROUPS.items()
        if len(members) > 1
    ]
    return markdown(("evidence", "weight", "MRR without it", "MRR alone"), [*rows, *groups])


def calibration(table: Table, sums: Sequence[Floats]) -> str:
    """What was said of the first test, and how often it was right; the correction, too, is fitted on other projects."""
    pairs = list(zip(table.bugs, sums, strict=True))
    said: list[tuple[float, bool]] = []
    for repo in sorted({bug.repo for bug in table.bugs}):
        others = [(bug, s) for bug, s in pairs if bug.repo != repo]
        line: Calibration = calibrate([bug for bug, _ in others], [s for _, s in others])
        said += [(float(told(s, line).max()), rank_of(bug, s) == 1) for bug, s in pairs if bug.repo == repo]
    return _said(said)


def _said(said: Sequence[tuple[float, bool]]) -> str:
    rows: Rows = []
    for low, high in ((0.9, 1.01), (0.7, 0.9), (0.5, 0.7), (0.3, 0.5), (0.0, 0.3)):
        chosen = [(chance, right) for chance, right in said if low <= chance < high]
        if chosen:
            mean, right = (float(np.mean([pair[n] for pair in chosen])) for n in (0, 1))
            rows.append([f"{low:.0%} to {min(high, 1):.0%}", len(chosen), mean, right])
    return markdown(("said of the first test", "bugs", "said on average", "was right"), rows)


def _kind_of_miss(bug: Bug, sums: Floats, evidence: Sequence[str]) -> str:
    right = max(np.flatnonzero(bug.right), key=lambda index: sums[index])
    first = max(range(len(sums)), key=lambda index: sums[index])
    strength = {name: (bug.strengths[right, n], bug.strengths[first, n]) for n, name in enumerate(evidence)}
    if all(strength[name][0] == 0 for name in ("changed-together", "same-lines", "imports")):
        return "nothing joins the right test to the change: no import, no common history"
    if sums[first] - sums[right] < 1:
        return "two tests fit almost equally well"
    if strength["name-explained"][1] - strength["name-explained"][0] > 0.5:
        return "the test named like the change was not the one that the fix extended"
    return "the evidence for another test is stronger"


def misses(table: Table, sums: Sequence[Floats]) -> str:
    """The bugs whose first test was wrong, by what the evidence looks like."""
    missed = [(bug, s) for bug, s in zip(table.bugs, sums, strict=True) if bug.right.any() and rank_of(bug, s) != 1]
    kinds = [_kind_of_miss(bug, s, table.evidence) for bug, s in missed]
    rows: Rows = [
        [
            kind,
            kinds.count(kind),
            float(np.median([rank_of(bug, s) or 0 for (bug, s), own in zip(missed, kinds, strict=True) if own == kind])),
        ]
        for kind in sorted(set(kinds), key=lambda kind: -kinds.count(kind))
    ]
    unlisted = [bug for bug in table.bugs if not bug.right.any()]
    if unlisted:
        rows.append(["the right file was not seen to be a test", len(unlisted), "-"])
    return markdown(("what happened", "bugs", "median place of the right test"), rows)


def issues(asked: Table, fixes: Table, sums: Sequence[Floats]) -> str:
    """Asked before there is a fix, by the issue's text alone, with the weights of fixes of other projects."""
    weights = {repo: fit([bug for bug in fixes.bugs if bug.repo != repo]) for repo in sorted({bug.repo for bug in asked.bugs})}
    own = [bug.strengths @ weights[bug.repo] for bug in asked.bugs]
    line = calibrate(fixes.bugs, sums)
    said = [(float(told(s, line).max()), rank_of(bug, s) == 1) for bug, s in zip(asked.bugs, own, strict=True)]
    return f"{markdown(_FIGURES, [measured('the issue alone', asked.bugs, own)])}\n\n{_said(said)}"


def speed(path: Path) -> str:
    """Seconds and memory of the command, from the start of the process."""
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    rows: Rows = []
    for name in [*sorted({case["repo"] for case in cases}), "all"]:
        chosen = [case for case in cases if name in (case["repo"], "all")]
        seconds = [case["seconds"] for case in chosen]
        work = [case["processor"] for case in chosen]
        quantiles = [float(np.quantile(times, share)) for times in (seconds, work) for share in (0.5, 0.95)]
        rows.append([name, len(chosen), *quantiles, f"{max(case['megabytes'] for case in chosen):.0f}"])
    return markdown(("", "bugs", "median, s", "95th percentile", "of work, s", "95th percentile", "memory, MB"), rows)


def write(page: Path, tables: dict[str, str]) -> None:
    """Puts each table between its marks `<!-- name -->` and `<!-- /name -->`. Raises ValueError for a mark that is not there."""
    text = page.read_text(encoding="utf-8")
    for name, made in tables.items():
        marked = re.compile(rf"<!-- {name} -->\n.*?<!-- /{name} -->", re.DOTALL)
        if len(marked.findall(text)) != 1:
            raise ValueError(f"{page} has no marks for the table {name!r}")
        before, after = marked.split(text)[0], marked.split(text)[-1]
        text = f"{before}<!-- {name} -->\n{made}\n<!-- /{name} -->{after}"
    page.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, required=True)
    parser.add_argument("--issues", type=Path)
    parser.add_argument("--cases", type=Path)
    options = parser.parse_args()
    table = read_table(options.table)
    sums = sums_of_unseen(table)
    tables = {
        "overall": overall(table, sums),
        "languages": by(lambda bug: bug.language, table, sums),
        "projects": by(lambda bug: bug.repo, table, sums),
        "evidence": ablation(table, sums),
        "calibration": calibration(table, sums),
        "misses": misses(table, sums),
    }
    if options.issues:
        tables["issues"] = issues(read_table(options.issues), table, sums)
    if options.cases:
        tables["speed"] = speed(options.cases)
    write(PAGE, tables)


if __name__ == "__main__":
    main()
