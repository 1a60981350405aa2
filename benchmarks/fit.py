"""Fits the weights of the evidence, whole projects left out, and writes `weights.json`.

    python -m benchmarks.fit build/tables.jsonl [--write]

The model is a weighted sum; its loss is the listwise one of ListNet's top one (Cao et al. 2007): minus the logarithm of the
probability that the softmax over a bug's tests gives to the right ones, a little softened against wrong labels, with a small
penalty on large weights. Every figure printed is of bugs of projects that the weights have not seen.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]
WEIGHTS = Path(__file__).with_name("weights.json")
PENALTY = 1.0
WRONG_LABELS = 0.05
# How likely a random test is taken to be right where the label is wrong.
_CHANCE = 0.02


@dataclass(frozen=True)
class Bug:
    """One bug: the strengths of every kind of evidence for each test (a row each), and which tests are right."""

    id: str
    repo: str
    language: str
    tests: tuple[str, ...]
    strengths: Floats
    right: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """All bugs, with the names of the kinds of evidence in the order of the columns."""

    evidence: tuple[str, ...]
    bugs: tuple[Bug, ...]

    def only(self, evidence: Sequence[str]) -> "Table":
        """The same with fewer kinds of evidence."""
        columns = [self.evidence.index(name) for name in evidence]
        bugs = (Bug(b.id, b.repo, b.language, b.tests, b.strengths[:, columns], b.right) for b in self.bugs)
        return Table(tuple(evidence), tuple(bugs))


def read_table(path: Path) -> Table:
    """The table that `benchmarks.tables` made."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    evidence = tuple(rows[0]["evidence"])
    return Table(
        evidence,
        tuple(
            Bug(
                row["id"],
                row["repo"],
                row["language"],
                tuple(row["tests"]),
                np.array([row["strengths"][name] for name in evidence], float).T.reshape(len(row["tests"]), len(evidence)),
                np.isin(row["tests"], row["right"]),
            )
            for row in rows
        ),
    )


def fit(bugs: Sequence[Bug]) -> Floats:
    """The weights that make the right tests of these bugs most probable."""
    used = [bug for bug in bugs if bug.right.any()]
    strengths = np.concatenate([bug.strengths for bug in used])
    right = np.concatenate([bug.right for bug in used])
    sizes = [len(bug.right) for bug in used]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    bug_of = np.repeat(np.arange(len(used)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        sums = strengths @ weights
        raised = np.exp(sums - np.maximum.reduceat(sums, starts)[bug_of])
        total = np.add.reduceat(raised, starts)
        raised_right = raised * right
        total_right = np.add.reduceat(raised_right, starts)
        chance = total_right / total
        softened = (1 - WRONG_LABELS) * chance + WRONG_LABELS * _CHANCE
        pull = ((1 - WRONG_LABELS) * chance / softened)[bug_of]
        slope = strengths.T @ (pull * (raised / total[bug_of] - raised_right / np.maximum(total_right, 1e-300)[bug_of]))
        return float(-np.log(softened).sum() + PENALTY / 2 * weights @ weights), slope + PENALTY * weights

    found = minimize(loss, np.zeros(strengths.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(found.x, float)


def sums_of_unseen(table: Table) -> list[Floats]:
    """For every bug the sums of its tests, by weights fitted on all other projects."""
    weights = {repo: fit([bug for bug in table.bugs if bug.repo != repo]) for repo in sorted({bug.repo for bug in table.bugs})}
    return [bug.strengths @ weights[bug.repo] for bug in table.bugs]


def rank_of(bug: Bug, sums: Floats) -> int | None:
    """At which place the first right test stands (ties broken by path, as the command does); None if none is listed."""
    order = sorted(range(len(sums)), key=lambda index: (-sums[index], bug.tests[index]))
    return next((place for place, index in enumerate(order, 1) if bug.right[index]), None)


def figures(ranks: Sequence[int | None]) -> dict[str, float]:
    """MRR and the shares of bugs with a right test among the first 1, 5 and 10."""
    found = [rank or 10**9 for rank in ranks]
    return {"mrr": float(np.mean([1 / r for r in found]))} | {
        f"hit@{k}": float(np.mean([r <= k for r in found])) for k in (1, 5, 10)
    }


@dataclass(frozen=True)
class Calibration:
    """How a sum becomes a probability; see `app.analysis.rank.Weights`."""

    nowhere: float
    slope: float
    shift: float


def chances(sums: Floats, nowhere: float) -> Floats:
    """The softmax of the sums, "none of them" among the choices."""
    top = max(float(sums.max()), nowhere)
    raised = np.exp(sums - top)
    return np.asarray(raised / (raised.sum() + np.exp(nowhere - top)), float)


def calibrate(bugs: Sequence[Bug], sums: Sequence[Floats]) -> Calibration:
    """Platt's correction of the probabilities of each bug's first three tests; `nowhere` is what weak right answers reach."""
    reached = [float(s[bug.right].max()) for bug, s in zip(bugs, sums, strict=True) if bug.right.any()]
    nowhere = float(np.quantile(reached, 0.05))
    pairs = [
        (chance, bug.right[index])
        for bug, s in zip(bugs, sums, strict=True)
        for chance, index in sorted(zip(chances(s, nowhere), range(len(s)), strict=True), reverse=True)[:3]
    ]
    chance = np.clip(np.array([c for c, _ in pairs]), 1e-9, 1 - 1e-9)
    odds, right = np.log(chance / (1 - chance)), np.array([r for _, r in pairs])

    def loss(line: Floats) -> float:
        told = line[0] * odds + line[1]
        return float(np.sum(np.logaddexp(0, -np.where(right, told, -told))))

    slope, shift = minimize(loss, np.array([1.0, 0.0])).x
    return Calibration(nowhere, float(slope), float(shift))


def told(sums: Floats, calibration: Calibration) -> Floats:
    """The calibrated probabilities of one bug's tests."""
    chance = np.clip(chances(sums, calibration.nowhere), 1e-12, 1 - 1e-9)
    return np.asarray(1 / (1 + np.exp(-(calibration.slope * np.log(chance / (1 - chance)) + calibration.shift))), float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {WEIGHTS.name}, fitted on all bugs")
    options = parser.parse_args()
    table = read_table(options.table)
    sums = sums_of_unseen(table)
    print("whole projects left out:", figures([rank_of(bug, s) for bug, s in zip(table.bugs, sums, strict=True)]))
    calibration = calibrate(table.bugs, sums)
    weights = fit(table.bugs)
    data = {
        "about": "Made by `python -m benchmarks.fit`; read by the engine. docs/accuracy.md says what each is worth.",
        "evidence": {name: round(float(weight), 3) for name, weight in zip(table.evidence, weights, strict=True)},
        "calibration": {name: round(value, 3) for name, value in vars(calibration).items()},
    }
    print(json.dumps(data, indent=2))
    if options.write:
        WEIGHTS.write_text(json.dumps(data, indent=2) + "\n")


if __name__ == "__main__":
    main()
