"""Fits the weights of the culprit's features: of named ones, or of ones chosen anew, as `benchmarks.culprit` describes."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.culprit_table import Tabled

Floats = npt.NDArray[np.float64]
#: Of each small model: how many features it takes, its part of the fixes and of the features; and the penalty on large weights.
TAKEN, OF_FIXES, OF_FEATURES, PENALTY = 20, 0.6, 0.7, 5.0
#: Candidates of a fix that are learned from: the true ones, and those that a rough sum of plain features puts first.
RIVALS = 30
#: How much less a fix counts where its repository has many: by this power of their number.
CROWDED = 0.5
_STEEP = 1.0


class Stack:
    """The rivals of many fixes in one matrix, every column divided by its spread."""

    def __init__(self, fixes: Sequence[Tabled]) -> None:
        used = [(fix, rivals(fix)) for fix in fixes if fix.right.any()]
        self.values = np.concatenate([fix.strengths[rows] for fix, rows in used])
        self.right = np.concatenate([fix.right[rows] for fix, rows in used]).astype(float)
        self.spread = self.values.std(0) + 1e-9
        self.values /= self.spread
        self.sizes = np.array([len(rows) for _, rows in used])
        self.repos = np.array([fix.repo for fix, _ in used])

    def part(self, kept: npt.NDArray[np.bool_]) -> "Part":
        """Those of some of the fixes."""
        rows = np.repeat(kept, self.sizes)
        return Part(self.values[rows], self.right[rows], self.sizes[kept], self.repos[kept])


class Part:
    """Some fixes, and how well a sum of their columns tells the right candidates (ListNet's top one)."""

    def __init__(self, values: Floats, right: Floats, sizes: npt.NDArray[np.int_], repos: npt.NDArray[np.str_]) -> None:
        self.values, self.right = values, right
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self.fix_of = np.repeat(np.arange(len(sizes)), sizes)
        many = Counter(repos.tolist())
        weights = np.array([float(many[repo]) ** -CROWDED for repo in repos.tolist()])
        self.weights = weights * len(sizes) / weights.sum()

    def pulls(self, sums: Floats) -> tuple[float, Floats, Floats]:
        """The loss; the softmax; and for each row by how much the loss falls as its sum grows."""
        raised = np.exp(sums - np.maximum.reduceat(sums, self.starts)[self.fix_of])
        chance = raised / np.add.reduceat(raised, self.starts)[self.fix_of]
        told = chance * self.right
        right = np.add.reduceat(told, self.starts)
        pull = told / (right[self.fix_of] + 1e-300) - chance
        return float(-(self.weights * np.log(right + 1e-300)).sum()), chance, pull

    def solve(self, columns: Sequence[int], start: Floats) -> Floats:
        """Newton's steps to the weights of these columns, halved where they go too far."""
        values, weights = self.values[:, list(columns)], start
        loss, chance, pull = self.pulls(values @ weights)
        loss += PENALTY / 2 * float(weights @ weights)
        for _ in range(8):
            by_row = self.weights[self.fix_of]
            slope = PENALTY * weights - values.T @ (by_row * pull)
            mean = np.add.reduceat(chance[:, None] * values, self.starts, axis=0)
            bend = values.T @ ((by_row * chance)[:, None] * values) - (self.weights[:, None] * mean).T @ mean
            step = np.linalg.solve(bend + PENALTY * np.eye(len(weights)), slope)
            before = loss
            for length in (1.0, 0.5, 0.25, 0.125, 0.0625):
                tried = weights - length * step
                loss, chance, pull = self.pulls(values @ tried)
                loss += PENALTY / 2 * float(tried @ tried)
                if loss < before:
                    break
            weights = tried
            if before - loss < 1e-4 * abs(before):
                break
        return np.asarray(weights, float)

    def steepness(self, sums: Floats) -> Floats:
        """For each column how steeply the loss falls with its weight, against how much the fixes differ about it."""
        _, _, pull = self.pulls(sums)
        by_fix = self.weights[:, None] * np.add.reduceat(pull[:, None] * self.values, self.starts, axis=0)
        return np.asarray(np.abs(by_fix.sum(0)) / np.sqrt((by_fix**2).sum(0) + PENALTY), float)


def rivals(fix: Tabled) -> npt.NDArray[np.int_]:
    """The candidates of a fix that are learned from: of many the true ones, and the newest and nearest of the others."""
    rough = np.argsort(-(fix.strengths[:, fix.rough].sum(1) + 10.0 * fix.right), kind="stable")[:RIVALS]
    return np.sort(rough)


def forward(part: Part, columns: Sequence[int]) -> tuple[list[int], Floats]:
    """Takes up the steepest column, fits anew, and again."""
    taken: list[int] = []
    weights = np.zeros(0)
    while len(taken) < TAKEN:
        sums = part.values[:, taken] @ weights if taken else np.zeros(len(part.right))
        steep = part.steepness(sums)
        allowed = np.full(len(steep), -1.0)
        allowed[list(columns)] = steep[list(columns)]
        allowed[taken] = -1.0
        best = int(np.argmax(allowed))
        if allowed[best] < _STEEP:
            break
        taken.append(best)
        weights = part.solve(taken, np.append(weights, 0.0))
    return taken, weights


def plain(fixes: Sequence[Tabled], columns: Sequence[int]) -> Floats:
    """The weights of these columns by all the fixes; none for the other columns."""
    stack, taken = Stack(fixes), list(columns)
    total = np.zeros(stack.values.shape[1])
    total[taken] = stack.part(np.ones(len(stack.sizes), bool)).solve(taken, np.zeros(len(taken))) / stack.spread[taken]
    return total


def bagged(fixes: Sequence[Tabled], columns: Sequence[int], bags: int) -> Floats:
    """The mean weights of that many small models, for all columns; the same for the same input."""
    stack, dice = Stack(fixes), np.random.default_rng(0)
    total = np.zeros(stack.values.shape[1])
    for _ in range(bags):
        kept = np.zeros(len(stack.sizes), bool)
        kept[dice.choice(len(kept), int(len(kept) * OF_FIXES), replace=False)] = True
        offered = dice.choice(np.array(columns), int(len(columns) * OF_FEATURES), replace=False)
        taken, weights = forward(stack.part(kept), offered.tolist())
        total[taken] += weights / stack.spread[taken]
    return total / bags
