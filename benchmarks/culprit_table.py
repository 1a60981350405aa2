"""The fixes whose developers named the cause, and the table of features that the culprit's model is made of.

Records are facts alone: the fix and the commits that its message named as the cause (`Fixes: <sha>`, "regression in <sha>").
`culprit-dev.jsonl` is judged on; `culprit-train.jsonl` holds more fixes of its repositories, `culprit-extra.jsonl` of others.
"""

import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.analysis.culprit.features import measure
from app.analysis.culprit.features.case import Case
from app.analysis.overrides import NONE
from app.domain.errors import GiveUp, TellUser, TryLater
from app.engine.change_set import read_change_set
from app.engine.trail import read_trail
from app.git.log import commit_time
from app.git.repository import find_fix, open_repository
from benchmarks.bugs import mirror_of
from benchmarks.fit import Bug

HERE = Path(__file__).parent
SETS = ("dev", "train", "extra")
ROUGH = (
    *("owns-telling", "owns-around", "owns-definition", "nearest", "most-removed-in-added", "most-new-in-added"),
    *("most-removed-line-added", "log-place", "most-called-in-added"),
)


@dataclass(frozen=True)
class Fixed:
    """One fix with the commits that let its bug in."""

    id: str
    repo: str
    language: str
    fix: str
    causes: tuple[str, ...]
    adds_only: bool
    judged: bool

    def names(self, sha: str) -> bool:
        """Whether this commit is the cause; records may hold abbreviated shas."""
        return any(sha.startswith(cause) or cause.startswith(sha) for cause in self.causes)


@dataclass(frozen=True)
class Tabled(Bug):
    """A fix with its candidates (`tests`, newest first) and their features (`strengths`); `causes` counts the true ones, be they
    among the candidates or not; `rough` are the columns of a first rough sum.
    """

    causes: int = 1
    adds_only: bool = False
    judged: bool = False
    rough: tuple[int, ...] = ()


def read_fixes(folder: Path = HERE) -> tuple[Fixed, ...]:
    """All records, those that are judged first."""
    return tuple(
        Fixed(
            id=record["id"],
            repo=record["repo"],
            language=record["language"],
            fix=record["fix_commit"],
            causes=tuple(record["inducing_commits"]),
            adds_only=record["added_only"],
            judged=name == "dev",
        )
        for name in SETS
        if (path := folder / f"culprit-{name}.jsonl").is_file()
        for record in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    )


def write_table(path: Path, fixes: Iterable[Fixed], mirrors: Path) -> None:
    """Measures every fix as the command does and keeps it as a file of arrays in one archive; failures are printed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for fix in fixes:
            mirror = mirror_of(mirrors, fix.repo)
            if mirror is None:
                continue
            try:
                case = _case(fix, mirror)
            except (TellUser, TryLater, GiveUp) as error:
                print(f"{fix.id} ({fix.repo}): {error}")
                continue
            add(archive, fix, case)


def add(archive: tarfile.TarFile, fix: Fixed, case: Case) -> None:
    """Keeps one measured fix."""
    features = measure(case) if case.candidates else {}
    shas = [candidate.sha for candidate in case.candidates]
    keep(archive, fix.id, list(features), np.array(list(features.values()), np.float32).T, shas)


def keep(archive: tarfile.TarFile, name: str, features: list[str], values: np.ndarray, shas: list[str]) -> None:
    """The same of values that are measured already."""
    file = io.BytesIO()
    np.savez_compressed(file, features=np.array(features, str), values=values, shas=np.array(shas, str))
    entry = tarfile.TarInfo(name)
    entry.size = file.tell()
    file.seek(0)
    archive.addfile(entry, file)


def read_table(path: Path, fixes: Iterable[Fixed]) -> tuple[tuple[str, ...], tuple[Tabled, ...]]:
    """The names of the features, and all fixes that the table holds, in the order of the records."""
    known = {fix.id: fix for fix in fixes}
    rows = {name: (features, values, shas) for name, features, values, shas in _read(path)}
    names = next(features for features, _, shas in rows.values() if shas)
    return names, tuple(_tabled(fix, *rows[fix.id][1:], names) for fix in known.values() if fix.id in rows)


def _tabled(fix: Fixed, values: np.ndarray, shas: tuple[str, ...], names: tuple[str, ...]) -> Tabled:
    right = np.array([fix.names(sha) for sha in shas], bool)
    strengths = values.reshape(len(shas), len(names)).astype(float)
    rough = tuple(names.index(name) for name in ROUGH)
    known = (fix.id, fix.repo, fix.language, shas, strengths, right)
    return Tabled(*known, causes=len(fix.causes), adds_only=fix.adds_only, judged=fix.judged, rough=rough)


def _read(path: Path) -> Iterator[tuple[str, tuple[str, ...], np.ndarray, tuple[str, ...]]]:
    with tarfile.open(path) as archive:
        for entry in archive:
            file = archive.extractfile(entry)
            if file is not None:
                arrays = np.load(io.BytesIO(file.read()))
                yield entry.name, tuple(map(str, arrays["features"])), arrays["values"], tuple(map(str, arrays["shas"]))


def _case(fix: Fixed, mirror: Path) -> Case:
    repository = open_repository(mirror)
    commits = find_fix(repository, fix.fix)
    change = read_change_set(repository, commits, NONE)
    return Case(read_trail(repository, commits, change, commit_time(repository, commits.head)))
