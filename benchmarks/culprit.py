"""Makes and judges the model of the culprit: which commit let a bug in.

    python -m benchmarks.culprit table build/culprit.tar --mirrors DIR
    python -m benchmarks.culprit fit build/culprit.tar [--ablation] [--write DATE] [--docs]

The model is one weighted sum over eighteen features, by the listwise loss of ListNet's top one (Cao et al. 2007). The eighteen
were chosen by held-out loss over the twelve judged repositories, so the same is also judged with features chosen anew in each
part: the mean of many small models, each of which sees a random part of the fixes and of all features and takes up twenty, those
first whose slope is steepest against its own spread (Breiman's bagging, 1996, of forward selection). Every figure printed is of
fixes in repositories that neither the weights nor the bars have seen.
"""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.culprit_fit import Floats, bagged, plain
from benchmarks.culprit_table import Tabled, read_fixes, read_table, write_table
from benchmarks.fit import Calibration, calibrate, told
from benchmarks.report import PAGE, markdown
from benchmarks.report import write as fill

MODEL = Path(__file__).with_name("culprit.json")
WANTED, CLOSE = 0.82, 0.6
FEATURES = (
    *("nearest", "owns-above", "newest-owns-removed", "newest-walk-definition", "repeated"),
    *("gone-phrases-brought", "first-new-phrases-took", "brought-signs", "last-new-brought", "most-new-took"),
    *("last-called-in-added", "most-new-line-added", "last-removed-line-added"),
    *("gone-phrases-brought-near", "last-new-brought-near", "most-new-line-added-near"),
    *("log-place", "lately"),
)
Fit = Callable[[Sequence[Tabled]], Floats]
#: Repositories with fewer fixes than this have no line of their own on the page.
FEW = 5
#: Groups of features for the ablation, by how their names begin.
GROUPS = {
    "who wrote the lines": ("owns-", "nearest", "newest-owns", "oldest-owns", "most-owns"),
    "the place followed back": ("walk-", "newest-walk", "log-walk", "undone", "repeated", "rewrote", "only-rewrote", "fresh-"),
    "lines like the fix's": ("removed-line", "new-line", "context-line"),
    "phrases and signs": ("gone-phrases", "new-phrases", "brought-signs", "newest-brought-signs"),
    "the fix's words": ("removed-", "gone-", "new-", "context-", "called-", "heading-"),
    "time": ("age", "lately", "place-in-time", "log-place", "newest"),
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


def judge(fixes: Sequence[Tabled], fit: Fit) -> Judged:
    """Each part judged by weights, calibration and bars of the others."""
    part = folds(fixes)
    sums: dict[str, Floats] = {}
    for number in sorted(set(part.values())):
        weights = fit([fix for fix in fixes if part[fix.repo] != number])
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
    known = {fix.repo for fix in judged.fixes if fix.judged}
    yield "other repositories, every fix answered", figures(judged, lambda fix: fix.repo not in known)
    yield "other repositories, at the bar", figures(judged, lambda fix: fix.repo not in known, 0)
    yield "other repositories, cautious", figures(judged, lambda fix: fix.repo not in known, 1)
    yield "all records, every fix answered", figures(judged, lambda _: True)
    yield "all records, at the bar", figures(judged, lambda _: True, 0)
    yield "all records, cautious", figures(judged, lambda _: True, 1)
    yield "judged, only adds lines", figures(judged, lambda fix: fix.judged and fix.adds_only, 0)
    yield "judged, removes lines", figures(judged, lambda fix: fix.judged and not fix.adds_only, 0)
    yield from _by("", judged, _is_judged, lambda fix: fix.language or "other")
    yield from _by("", judged, _is_judged, lambda fix: fix.repo)
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
    """The group of the ablation that a feature belongs to. Raises StopIteration for one that belongs to none."""
    for prefix in _PLAIN:
        if not name.startswith("most-owns"):
            name = name.removeprefix(prefix)
    return next(group for group, begins in GROUPS.items() if name.startswith(begins))


def ablation(names: Sequence[str], fixes: Sequence[Tabled], bags: int) -> dict[str, dict[str, float]]:
    """The figures without each group of features, and with features chosen anew in each part."""
    found = {"all eighteen": figures(judge(fixes, partial(plain, columns=_columns(names, FEATURES))), _is_judged)}
    for group in GROUPS:
        kept = [name for name in FEATURES if group_of(name) != group]
        if len(kept) < len(FEATURES):
            found[f"without {group}"] = figures(judge(fixes, partial(plain, columns=_columns(names, kept))), _is_judged)
    anew = judge(fixes, partial(bagged, columns=range(len(names)), bags=bags))
    found["chosen anew in each part"] = figures(anew, _is_judged)
    found["chosen anew, at the bar"] = figures(anew, _is_judged, 0)
    found["chosen anew, cautious"] = figures(anew, _is_judged, 1)
    return found


def _columns(names: Sequence[str], chosen: Sequence[str]) -> list[int]:
    return [names.index(name) for name in chosen]


def show(name: str, found: Mapping[str, float]) -> None:
    print(f"{name:40}" + "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in found.items()), flush=True)


def write_docs(judged: Judged, ablated: Mapping[str, Mapping[str, float]]) -> None:
    """Puts the figures into the page, each table between its own marks."""
    found = dict(rows(judged))
    others = {name: row for name, row in found.items() if name.startswith("extra: ")}
    repos = {fix.repo for fix in judged.fixes if fix.judged}
    languages = {fix.language or "other" for fix in judged.fixes if fix.judged}
    overall = [name for name in found if name not in others and name not in repos | languages]
    head = ("", "fixes", "precision", "recall", "F1", "first", "first two", "first five")

    def told(names: Iterable[str]) -> str:
        return markdown(head, [[name.removeprefix("extra: "), *found[name].values()] for name in names])

    tables = {
        "culprit-overall": told(overall),
        "culprit-languages": told(sorted(languages)),
        "culprit-projects": told(sorted(repos)),
        "culprit-others": told(sorted(name for name, row in others.items() if row["n"] >= FEW)),
        "culprit-calibration": markdown(("told", "fixes", "mean told", "right"), calibration_table(judged)),
        "culprit-ablation": markdown(head, [[name, *row.values()] for name, row in ablated.items()]),
    }
    fill(PAGE, tables)


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
    parser.add_argument("--bags", type=int, default=10, help="how many small models are averaged where features are chosen anew")
    parser.add_argument("--ablation", action="store_true", help="also fit without each group of features")
    parser.add_argument("--docs", action="store_true", help="write the tables of docs/accuracy.md anew")
    parser.add_argument("--write", metavar="DATE", help=f"write {MODEL.name}, fitted on all, under this date")
    options = parser.parse_args()
    fixes = read_fixes()
    if options.what == "table":
        if options.mirrors is None:
            parser.error("name the folder of bare clones: --mirrors DIR (benchmarks/bugs.py says how to make it)")
        write_table(options.table, fixes, Path(options.mirrors))
        return
    names, tabled = read_table(options.table, fixes)
    fit = partial(plain, columns=_columns(names, FEATURES))
    judged = judge(tabled, fit)
    for name, found in rows(judged):
        show(name, found)
    for line in calibration_table(judged):
        print("told {}: {} fixes, mean {:.3f}, right {:.3f}".format(*line))
    if options.write:
        write(names, judged, fit(tabled), options.write)
    ablated = ablation(names, tabled, options.bags) if options.ablation or options.docs else {}
    for name, found in ablated.items():
        show(name, found)
    if options.docs:
        write_docs(judged, ablated)


if __name__ == "__main__":
    main()
