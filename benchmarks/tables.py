"""Makes the table that the weights are fitted on: for every bug and test, how strong each kind of evidence is.

    python -m benchmarks.tables build/tables.jsonl --mirrors DIR [--issues]

The engine gathers and measures exactly as in an answer, in this process. With `--issues` each bug is asked as an issue before
its fix is known: by its title and body alone, where the records hold them.
"""

import argparse
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from app.analysis.answer import question_of
from app.analysis.findings import Findings
from app.engine.explain import Asked, gather
from benchmarks.bugs import RECORDS, Bug, git, mirror_of, read_bugs, scratch_repository


def measure(bug: Bug, mirror: Path, as_issue: bool) -> str:
    """One line of the table: the tests, which of them are right, and the strengths of the evidence for each."""
    with scratch_repository(mirror, bug) as (repository, fix):
        if as_issue:
            git(repository, "update-ref", "refs/heads/main", bug.base)
        asked = Asked(text=f"{bug.title}\n\n{bug.body}") if as_issue else Asked(fix=fix)
        findings = Findings(question_of(gather(repository, asked)))
    strengths = {name: [round(value, 5) for value in values] for name, values in findings.strengths.items()}
    return json.dumps(
        {
            "id": bug.id,
            "repo": bug.repo,
            "language": bug.language,
            "evidence": list(strengths),
            "tests": findings.paths,
            "right": [path for path in findings.paths if path in bug.right],
            "strengths": strengths,
        }
    )


def _lines(bugs: list[Bug], mirrors: Path, jobs: int, as_issue: bool) -> Iterator[str]:
    asked = [(bug, mirror) for bug in bugs if (mirror := mirror_of(mirrors, bug.repo))]
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(measure, [b for b, _ in asked], [m for _, m in asked], [as_issue] * len(asked), chunksize=4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--mirrors", type=Path, default=os.environ.get("MIRRORS"), help="folder of bare clones (or $MIRRORS)")
    parser.add_argument("--truth", type=Path, default=RECORDS)
    parser.add_argument("--repo", action="append")
    parser.add_argument("--issues", action="store_true", help="ask by the issue's text alone; only bugs that have one")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if options.mirrors is None:
        parser.error("name the folder of bare clones: --mirrors DIR (benchmarks/bugs.py says how to make it)")
    bugs = [bug for bug in read_bugs(options.truth) if not options.repo or bug.repo in options.repo]
    bugs = [bug for bug in bugs if not options.issues or bug.title]
    options.table.parent.mkdir(parents=True, exist_ok=True)
    with options.table.open("w") as table:
        for line in _lines(bugs, Path(options.mirrors), options.jobs, options.issues):
            table.write(line + "\n")


if __name__ == "__main__":
    main()
