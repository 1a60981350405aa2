"""Makes and judges the model of the culprit: which commit let a bug in.

    python -m benchmarks.culprit table build/culprit.tar --mirrors DIR
    python -m benchmarks.culprit fit build/culprit.tar [--ablation] [--write]

The model is one weighted sum over features, by the listwise loss of ListNet's top one (Cao et al. 2007). Its weights are the
mean of many small models: each sees a random part of the fixes and of the features and takes up twenty features one by one,
those first whose slope is steepest against its own spread (Breiman's bagging, 1996, of forward selection). Every figure printed
is of fixes in repositories that neither the weights, nor the choice of features, nor the bars have seen.
"""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.culprit_fit import Floats, bagged
from benchmarks.culprit_table import Tabled, read_fixes, read_table, write_table
from benchmarks.fit import Calibration, calibrate, told

MODEL = Path(__file__).with_name("culprit.json")
WANTED, CLOSE = 0.82, 0.6
#: Groups of features for the ablation, by how their names begin.
GROUPS = {
    "who wrote the lines": ("owns-", "nearest", "newest-owns", "oldest-owns", "most-owns"),
    "the place followed back": ("walk-", "newest-walk", "log-walk", "undone", "repeated", "rewrote"),
    "the fix's words and phrases": ("removed-in", "gone-", "new-", "context-", "called-", "heading-", "brought-"),
    "time": ("age", "place-in-time", "log-place", "newest"),
    "size": ("size-", "deletes", "created", "touched-files", "merge"),
    "subject": ("subject-",),
}
_PLAIN = ("most-", "first-", "last-")


@dataclass(frozen=True)
class Judged:
    """Fixes with the sums of their candidates by weights that have not seen their repository, and the bars chosen elsewhere."""

    fixes: tuple[Tabled, ...]
    sums: tuple[Floats, ...]
    chances: tuple[Floats, ...]
    bars: tuple[tuple[float, float], ...]


def folds(fixes: Sequence[Tabled], parts: int = 8) -> Mapping[str, int]:
    """Whole repositories to parts of about the same size, the largest first."""
    size: dict[str, int] = defaultdict(int)
    for fix in fixes:
        size[fix.repo] += 1
    load = [0] * parts
    part: dict[str, int] = {}
    for repo in sorted(size, key=lambda name: (-size[name], name)):
        part[repo] = load.index(min(load))
        load[part[repo]] += size[repo]
    return part


def judge(fixes: Sequence[Tabled], columns: Sequence[int], bags: int) -> Judged:
    """Each part judged by weights, calibration and bars of the others."""
    part = folds(fixes)
    sums: dict[str, Floats] = {}
    for number in sorted(set(part.values())):
        weights = bagged([fix for fix in fixes if part[fix.repo] != number], columns, bags)
        sums |= {fix.id: fix.strengths @ weights for fix in fixes if part[fix.repo] == number}
    chances: dict[str, Floats] = {}
    bars: dict[str, tuple[float, float]] = {}
    for number in sorted(set(part.values())):
        others = [fix for fix in fixes if part[fix.repo] != number and fix.tests]
        calibration = calibrate(others, [sums[fix.id] for fix in others])
        chosen = choose_bars(others, [told(sums[fix.id], calibration) for fix in others])
        for fix in fixes:
            if part[fix.repo] == number:
                chances[fix.id] = told(sums[fix.id], calibration) if fix.tests else np.zeros(0)
                bars[fix.id] = chosen
    ids = [fix.id for fix in fixes]
    return Judged(tuple(fixes), tuple(sums[i] for i in ids), tuple(chances[i] for i in ids), tuple(bars[i] for i in ids))


def choose_bars(fixes: Sequence[Tabled], chances: Sequence[Floats]) -> tuple[float, float]:
    """The bar at which F1 is greatest, and the lowest one above which the wanted precision holds.

    Of calibrated answers those above half of the F1 that can be had raise it (Lipton et al. 2014), which is steadier than the
    bar that happened to be the best here.
    """
    first = sorted(((float(c.max()), bool(f.right[int(c.argmax())])) for f, c in zip(fixes, chances, strict=True)), reverse=True)
    right = np.cumsum([hit for _, hit in first])
    asked = np.arange(1, len(first) + 1)
    best = float((2 * right / (asked + sum(fix.causes for fix in fixes))).max())
    sure = np.flatnonzero(right / asked >= WANTED)
    return best / 2, first[int(sure[-1])][0] if len(sure) else 1.0


def figures(judged: Judged, chosen: Callable[[Tabled], bool], bar: int | None = None) -> dict[str, float]:
    """Precision, recall and F1 over pairs of fix and cause, and in how many fixes the cause is among the first 1, 2 and 5.

    `bar` is 0 for the usual one, 1 for the cautious one, None where every fix with candidates is answered.
    """
    picked = [i for i, fix in enumerate(judged.fixes) if chosen(fix)]
    answered = [i for i in picked if judged.fixes[i].tests and (bar is None or judged.chances[i].max() >= judged.bars[i][bar])]
    right = sum(bool(_ranked(judged, i)[0]) for i in answered)
    causes = sum(judged.fixes[i].causes for i in picked)
    precision, recall = right / max(1, len(answered)), right / max(1, causes)
    tops = {f"top{k}": sum(bool(_ranked(judged, i)[:k].any()) for i in picked) / max(1, len(picked)) for k in (1, 2, 5)}
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"n": len(picked), "P": precision, "R": recall, "F1": f1, **tops}


def _ranked(judged: Judged, index: int) -> np.ndarray:
    fix = judged.fixes[index]
    return fix.right[np.argsort(-judged.sums[index], kind="stable")] if fix.tests else np.zeros(1, bool)


def _is_judged(fix: Tabled) -> bool:
    return fix.judged


def rows(judged: Judged) -> Iterator[tuple[str, dict[str, float]]]:
    """All the figures of docs/accuracy.md, by name."""
    yield "judged, every fix answered", figures(judged, _is_judged)
    yield "judged, at the bar", figures(judged, _is_judged, 0)
    yield "judged, cautious", figures(judged, _is_judged, 1)
    yield "all records, every fix answered", figures(judged, lambda _: True)
    yield "all records, at the bar", figures(judged, lambda _: True, 0)
    yield "all records, cautious", figures(judged, lambda _: True, 1)
    yield "judged, only adds lines", figures(judged, lambda fix: fix.judged and fix.adds_only, 0)
    yield "judged, removes lines", figures(judged, lambda fix: fix.judged and not fix.adds_only, 0)
    yield from _by("", judged, _is_judged, lambda fix: fix.language or "other")
    yield from _by("", judged, _is_judged, lambda fix: fix.repo)
    known = {fix.repo for fix in judged.fixes if fix.judged}
    yield from _by("extra: ", judged, lambda fix: fix.repo not in known, lambda fix: fix.repo)


def _by(
    label: str, judged: Judged, chosen: Callable[[Tabled], bool], key: Callable[[Tabled], str]
) -> Iterator[tuple[str, dict[str, float]]]:
    """The figures at the bar of the chosen fixes, one line for each key."""
    for one in sorted({key(fix) for fix in judged.fixes if chosen(fix)}):
        yield label + one, figures(judged, partial(_both, chosen, key, one), 0)


def _both(chosen: Callable[[Tabled], bool], key: Callable[[Tabled], str], one: str, fix: Tabled) -> bool:
    return chosen(fix) and key(fix) == one


def calibration_table(judged: Judged) -> list[tuple[str, int, float, float]]:
    """For each tenth of probability: how many first suspects were told so, the mean told, and how many of them were right."""
    first = [(c.max(), bool(_ranked(judged, i)[0])) for i, c in enumerate(judged.chances) if len(c)]
    found = []
    for low in range(10):
        here = [(chance, right) for chance, right in first if low <= min(9, int(chance * 10)) < low + 1]
        if here:
            told_mean, right_mean = (float(np.mean([pair[k] for pair in here])) for k in (0, 1))
            found.append((f".{low}-{'1' if low == 9 else f'.{low + 1}'}", len(here), told_mean, right_mean))
    return found


def group_of(name: str) -> str:
    """The group of the ablation that a feature belongs to."""
    for prefix in _PLAIN:
        if name.startswith(prefix) and not name.startswith("most-owns"):
            name = name.removeprefix(prefix)
    return next((group for group, begins in GROUPS.items() if name.startswith(begins)), "the fix's words and phrases")


def show(name: str, found: Mapping[str, float]) -> None:
    print(f"{name:40}" + "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in found.items()), flush=True)


def write(names: Sequence[str], judged: Judged, weights: Floats, date: str) -> None:
    """The model on all records; calibration and bars by the sums of repositories left out."""
    pairs = [(fix, sums) for fix, sums in zip(judged.fixes, judged.sums, strict=True) if fix.tests]
    calibration: Calibration = calibrate([fix for fix, _ in pairs], [sums for _, sums in pairs])
    bar, cautious = choose_bars([fix for fix, _ in pairs], [told(sums, calibration) for _, sums in pairs])
    repos = sorted({fix.repo for fix in judged.fixes})
    data = {
        "about": "Made by `python -m benchmarks.culprit fit`; read by the engine. docs/accuracy.md says how good it is.",
        "data": {"fixes": len(judged.fixes), "repositories": len(repos), "records": "benchmarks/culprit-*.jsonl"},
        "date": date,
        "evidence": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True) if abs(w) >= 0.00005},
        "calibration": {name: round(value, 4) for name, value in vars(calibration).items()},
        "bars": {"default": round(bar, 3), "cautious": round(cautious, 3), "close": CLOSE},
        "told_and_right": [
            {"told": label, "fixes": number, "mean": round(mean, 3), "right": round(right, 3)}
            for label, number, mean, right in calibration_table(judged)
        ],
    }
    MODEL.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("table", "fit"))
    parser.add_argument("table", type=Path)
    parser.add_argument("--mirrors", type=Path, default=os.environ.get("MIRRORS"), help="folder of bare clones (or $MIRRORS)")
    parser.add_argument("--bags", type=int, default=24, help="how many small models are averaged")
    parser.add_argument("--ablation", action="store_true", help="also fit without each group of features")
    parser.add_argument("--write", metavar="DATE", help=f"write {MODEL.name}, fitted on all, under this date")
    options = parser.parse_args()
    fixes = read_fixes()
    if options.what == "table":
        if options.mirrors is None:
            parser.error("name the folder of bare clones: --mirrors DIR (benchmarks/bugs.py says how to make it)")
        write_table(options.table, fixes, Path(options.mirrors))
        return
    names, tabled = read_table(options.table, fixes)
    everything = range(len(names))
    judged = judge(tabled, everything, options.bags)
    for name, found in rows(judged):
        show(name, found)
    for line in calibration_table(judged):
        print("told {}: {} fixes, mean {:.3f}, right {:.3f}".format(*line))
    if options.write:
        write(names, judged, bagged(tabled, everything, options.bags), options.write)
    for group in GROUPS if options.ablation else ():
        kept = [column for column in everything if group_of(names[column]) != group]
        show(f"without {group}", figures(judge(tabled, kept, max(4, options.bags // 3)), lambda fix: fix.judged))


if __name__ == "__main__":
    main()
