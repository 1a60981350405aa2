"""What paths say: how alike the names of a changed file and of a test are, and how much of a test's name a fix explains."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from app.analysis.languages import language_of
from app.analysis.words import parts

_AFFIX = re.compile(r"^(?:tests?|it|spec)$")
_LAYOUT_WORDS = """
    src lib main test tests testing java kotlin python __tests__ spec unit integration packages
    pkg internal org com io app
"""
_LAYOUT = frozenset(_LAYOUT_WORDS.split())
_WORD = re.compile(r"\w+")
_FAMILIES = {"vue": "javascript", "typescript": "javascript", "kotlin": "java"}


def name_parts(path: str) -> tuple[str, ...]:
    """What a file is about by its own name, affixes of tests left out: `tests/test_http_cookies.py` -> `http`, `cookie`.

    For a package's index file that is the name of its folder.
    """
    folder, _, name = path.rpartition("/")
    front = name.partition(".")[0]
    if front in {"__init__", "index", "mod"}:
        front = folder.rpartition("/")[2]
    return tuple(part for word in _WORD.findall(front) for part in parts(word) if not _AFFIX.match(part))


def folder_parts(path: str) -> frozenset[str]:
    """The words of the folders a file stands in, without those that only lay out a project (`src`, `test`, `packages`)."""
    folders = path.split("/")[:-1]
    return frozenset(part for folder in folders if folder.lower() not in _LAYOUT for part in parts(folder) if part not in _LAYOUT)


def related(one: str, other: str) -> bool:
    """Whether two files are in the same language, or in two that call each other."""
    first, second = language_of(one), language_of(other)
    return _FAMILIES.get(first or "", first) == _FAMILIES.get(second or "", second)


def likeness(sources: Mapping[str, float], tests: Sequence[str]) -> list[float]:
    """How alike the names are, 0..1 (Jaccard), each changed file counted by its share of the change."""
    names = [frozenset(name_parts(test)) for test in tests]
    scores = [0.0] * len(tests)
    for source, share in sources.items():
        own = frozenset(name_parts(source))
        for index, name in enumerate(names):
            if own & name and related(source, tests[index]):
                scores[index] += share * len(own & name) / len(own | name)
    return scores


def nearness(sources: Mapping[str, float], tests: Sequence[str]) -> list[float]:
    """How alike the folders are, 0..1 (Jaccard, words of layout left out); two files of the top folder are as near as can be."""
    folders = [folder_parts(test) for test in tests]
    scores = [0.0] * len(tests)
    for source, share in sources.items():
        own = folder_parts(source)
        for index, other in enumerate(folders):
            if related(source, tests[index]):
                scores[index] += share * (len(own & other) + 0.5) / (len(own | other) + 0.5)
    return scores


def explained(tests: Sequence[str], *reasons: Mapping[str, float]) -> list[float]:
    """How much of each test's name can be explained, 0..1, rare words counting more.

    Each of `reasons` gives words with how surely they belong to the fix (at most 1); several add up as independent hints.
    """
    names = [frozenset(name_parts(test)) for test in tests]
    holding = Counter(part for name in names for part in name)
    worth = {part: math.log(1 + len(names) / (count + 0.5)) for part, count in holding.items()}
    sure = {part: _either(reason.get(part, 0.0) for reason in reasons) for part in holding}
    return [sum(sure[part] * worth[part] for part in name) / (sum(worth[part] for part in name) or 1.0) for name in names]


def _either(chances: Iterable[float]) -> float:
    """The chance that at least one of independent hints is right."""
    return 1.0 - math.prod(1.0 - min(1.0, chance) for chance in chances)
