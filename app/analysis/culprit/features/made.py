"""What a candidate is, whatever the fix's words: its age, its size, what its subject says, and where it touched the files."""

import math
import re
from collections.abc import Mapping, Sequence

from app.analysis.culprit.features.case import Case
from app.analysis.culprit.features.lines import words

_DAY = 86_400
_WEEK = 7 * _DAY
_SUBJECTS = {
    "fix": "fix|bug|crash|leak|regress|correct|repair|broken|issue",
    "tidy": "refactor|clean|move|split|rename|reorgani|simplif|rework|rewrite|convert|port|migrat|replace|unify|extract|use",
    "feature": "add|support|implement|introduc|allow|new|enable|creat|initial|first",
    "format": "format|whitespace|indent|lint|typo|style|spell|pylint|flake|eslint|prettier|black|doc|comment|copyright|license",
    "bump": "bump|version|release|update|upgrade|translat",
    "faster": "optimi|perf|speed|fast|cache|lazy|avoid",
    "remove": "remov|delet|drop|unused|deprecat",
    "guard": "check|ensure|handle|make sure|prevent|guard",
}
_SAYS = {name: re.compile(rf"\b(?:{begins})", re.IGNORECASE) for name, begins in _SUBJECTS.items()}


def made(case: Case) -> Mapping[str, list[float]]:
    """Age, size and subject; see the keys."""
    candidates = case.candidates
    found = {
        "age": [-math.log1p(max(0, case.trail.when - c.when) / _DAY) / 5 for c in candidates],
        "lately": [_WEEK / (_WEEK + max(0, case.trail.when - c.when)) for c in candidates],
        "place-in-time": [1 / (1 + place) for place in range(len(candidates))],
        "log-place": [-math.log1p(place) / 4 for place in range(len(candidates))],
        "newest": [float(place == 0) for place in range(len(candidates))],
        "size-here": [-math.log1p(deed.inserted) / 5 for deed in case.deeds],
        "size-files": [-math.log1p(c.files) / 3 for c in candidates],
        "size-inserted": [-math.log1p(c.inserted) / 6 for c in candidates],
        "deletes": [float(c.inserted < c.deleted / 3) for c in candidates],
        "merge": [float(c.parents > 1) for c in candidates],
        "created": [float(any(file.old_path is None for file in c.patch)) for c in candidates],
        "touched-files": [len(case.paths & {f.path for f in c.patch}) / max(1, len(case.paths)) for c in candidates],
        "subject-words": _subject_words(case),
    }
    for name, says in _SAYS.items():
        found[f"subject-{name}"] = [float(bool(says.search(c.subject))) for c in candidates]
    return found


def _subject_words(case: Case) -> list[float]:
    """How many of the words of a subject (by parts of names) the fix's lines and paths hold, by rarity among the subjects."""
    asked = {part for word in case.vocabulary for part in _parts(word)}
    docs = [frozenset(part for word in words(c.subject) for part in _parts(word)) for c in case.candidates]
    return _rare_overlap(asked, docs)


def _rare_overlap(asked: set[str], docs: Sequence[frozenset[str]]) -> list[float]:
    total = len(docs)
    count: dict[str, int] = {}
    for doc in docs:
        for word in doc:
            count[word] = count.get(word, 0) + 1
    rare = {word: math.log((total + 1) / (number + 0.5)) for word, number in count.items()}
    return [sum(rare[word] for word in doc & asked) / (sum(rare[word] for word in doc) or 1.0) for doc in docs]


def _parts(word: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}", word)]
