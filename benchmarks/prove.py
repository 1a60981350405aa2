"""Measures `recall prove` on real fixes that brought their own tests, against the verdict of repeating them by hand.

    python -m benchmarks.prove --clones DIR [--sets FILE] [--only ID] [--tip] [--keep DIR]

For each fix of regressions.jsonl, in a clone that `python -m benchmarks.regressions` set up: `recall prove` finds the tests
that the fix added or changed by itself, and one that is proved is enough. by_hand.jsonl holds what `python -m benchmarks.by_hand`
told, and the verdict of eyes that read why each red test was red. Every pair of verdicts that differ is listed. `--keep` leaves
the receipts; what is kept there is not run again. `command` in regressions.toml is given to recall where the project's own build
tool cannot run offline.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.by_hand import read_sets, to_commit
from benchmarks.regressions import Project, Regression, read_projects, read_regressions

HAND = Path(__file__).with_name("by_hand.jsonl")
_HERE = Path(__file__).parent.absolute()


@dataclass(frozen=True)
class Tried:
    """One fix: recall's verdict and why, the one by hand and why."""

    id: str
    framework: str
    verdict: str
    reason: str
    hand: str
    because: str
    seconds: float
    same_endings: bool


def read_hand(path: Path = HAND) -> dict[str, dict[str, str]]:
    """The verdicts by hand, by id."""
    records = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {record["id"]: record for record in records}


def prove(project: Project, clone: Path, fix: Regression, sets: Mapping[str, str], receipt: Path, tip: bool) -> float:
    """Runs `recall prove`, which leaves its receipt; the seconds it took."""
    to_commit(clone, fix.fix)
    receipt.unlink(missing_ok=True)
    line = [sys.executable, "-m", "app", "prove", "--fix", fix.fix, "--repo", str(clone), "--out", str(receipt)]
    line += [] if tip else ["--no-tip"]
    line += ["--command", project.command.replace("{benchmarks}", str(_HERE))] if project.command else []
    start = time.monotonic()
    done = subprocess.run(
        line, check=False, capture_output=True, text=True, errors="replace", cwd=_HERE.parent, env={**os.environ, **sets}
    )
    if not receipt.is_file():
        told = {"verdict": "error", "reason": (done.stderr or done.stdout).strip()[-300:], "runs": []}
        receipt.write_text(json.dumps(told), encoding="utf-8")
    return time.monotonic() - start


def endings(receipt: Mapping[str, object]) -> dict[str, dict[str, list[str]]]:
    """How each test ended on each side by a receipt."""
    told: dict[str, dict[str, list[str]]] = {}
    runs = receipt["runs"]
    for run in runs if isinstance(runs, list) else []:
        test = run["test"] if isinstance(run["test"], str) else f"{run['test']['path']}::{run['test']['name']}".removesuffix("::")
        ending = "failed" if run["ending"] == "error" else run["ending"]
        told.setdefault(test, {}).setdefault(run["side"], []).append(ending)
    return told


def same(receipt: Mapping[str, object], hand: Mapping[str, object]) -> bool:
    """Whether the receipt tells of every test and run what the runner told by hand, where both tell of a result."""
    tests = hand.get("tests")
    by_recall = endings(receipt)
    for test, sides in (tests if isinstance(tests, dict) else {}).items():
        for side in ("parent", "fix"):
            mine, theirs = by_recall.get(test, {}).get(side), sides[side]
            results = {"passed", "failed", "skipped"}
            if mine and set(mine) <= results and set(theirs) <= results and set(mine) != set(theirs):
                return False
    return True


def tell(tried: Sequence[Tried]) -> str:
    """The figures and every difference, as Markdown."""
    kinds = sorted({each.hand for each in tried})
    said = sorted({each.verdict for each in tried})
    counts = Counter((each.hand, each.verdict) for each in tried)
    lines = [f"| by hand | {' | '.join(said)} |", f"|---|{'--:|' * len(said)}"]
    lines += [f"| {hand} | {' | '.join(str(counts[hand, verdict]) for verdict in said)} |" for hand in kinds]
    agreed = sum(each.hand == each.verdict for each in tried)
    lines += ["", f"{agreed} of {len(tried)} verdicts agree; {sum(each.same_endings for each in tried)} tell the same endings."]
    for each in tried:
        if each.hand != each.verdict or not each.same_endings:
            lines.append(f"- {each.id}: recall {each.verdict} ({each.reason}), by hand {each.hand} ({each.because})")
    return "\n".join(lines)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--clones", type=Path, required=True, help="folder of working clones: DIR/owner+name")
    parser.add_argument("--sets", type=Path, help="TOML: a table of environment variables for each project that needs some")
    parser.add_argument("--only", action="append", default=[], help="an id, or a project's name; may be given again")
    parser.add_argument("--tip", action="store_true", help="also undo the fix on the default branch's tip")
    parser.add_argument("--keep", type=Path, required=True, help="leave receipts here, ID.json")
    asked = parser.parse_args()
    asked.keep.mkdir(parents=True, exist_ok=True)
    projects, sets, hand, tried = read_projects(), read_sets(asked.sets), read_hand(), []
    for fix in read_regressions():
        if fix.id not in hand or (asked.only and fix.id not in asked.only and fix.repo not in asked.only):
            continue
        project, kept, seconds = projects[fix.repo], asked.keep / f"{fix.id}.json", 0.0
        if not kept.exists():
            seconds = prove(project, asked.clones / project.flat, fix, sets.get(fix.repo, {}), kept, asked.tip)
        receipt, mine = json.loads(kept.read_text(encoding="utf-8")), hand[fix.id]
        agree = same(receipt, mine)
        tried.append(
            Tried(
                fix.id, project.framework, receipt["verdict"], receipt["reason"], mine["verdict"], mine["because"], seconds, agree
            )
        )
        print(
            f"{fix.id} {seconds:.0f} s", receipt["verdict"], receipt["reason"], "/", mine["verdict"], file=sys.stderr, flush=True
        )
    print(tell(tried))


if __name__ == "__main__":
    main()
