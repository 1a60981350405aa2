"""What the past says: tests that changed together with the changed files, with the lines near the fix, or for a like reason.

Works on one log of the commits before the fix, newest first, and on the blame of a few lines; reading them is `app.git`'s.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.analysis.words import IDENTIFIER, Weighted, bm25, parts, rarity
from app.domain.change import Span
from app.domain.history import BlamedLine, PastCommit

# A commit that changes more paths than this is a sweep through the repository: what it changed together means nothing.
BULK = 100
_HALF_LIFE = 2 * 365 * 86400.0
_MESSAGE = 1500
_ALIKE = 30


@dataclass(frozen=True, slots=True)
class PastChange:
    """A past commit that is no sweep, its paths under their present names; `tests` are those that still exist."""

    sha: str
    when: int
    message: str
    tests: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many paths it changed."""
        return len(self.tests) + len(self.others)


def past_changes(history: Iterable[PastCommit], tests: Iterable[str]) -> tuple[PastChange, ...]:
    """The commits of a log, newest first, as changes of present files: every rename on the way is followed.

    A log that moves `test_a.py` to `test_b.py`, and before that changes `test_a.py`, gives two changes of `test_b.py`.
    """
    known = frozenset(tests)
    now: dict[str, str] = {}
    changes = []
    for commit in history:
        paths = dict.fromkeys(now.get(change.path, change.path) for change in commit.changes)
        for change in commit.changes:
            if change.old_path is not None and change.status == "R":
                now[change.old_path] = now.get(change.path, change.path)
        if 0 < len(paths) <= BULK:
            touched = tuple(path for path in paths if path in known)
            others = tuple(path for path in paths if path not in known) if touched else tuple(paths)
            changes.append(PastChange(commit.sha, commit.when, commit.message, touched, others))
    return tuple(changes)


@dataclass(frozen=True, slots=True)
class Together:
    """How often a test changed with the changed files: in `count` of its `of` commits; `commits` are those, newest first.

    `share` is the same in the eyes of today: old commits and large ones count less, and a test with few commits is doubted.
    """

    share: float
    count: int
    of: int
    commits: tuple[str, ...]


def changed_together(past: Iterable[PastChange], sources: Mapping[str, float], when: int) -> dict[str, Together]:
    """For each test that ever changed in one commit with a changed file (`sources`, with their shares): how often it did.

    `when` is the time of the fix, in seconds since 1970.
    """
    common: Counter[str] = Counter()
    total: Counter[str] = Counter()
    of: Counter[str] = Counter()
    commits: dict[str, list[str]] = defaultdict(list)
    for change in past:
        if not change.tests:
            continue
        weight = 0.5 ** (max(0, when - change.when) / _HALF_LIFE) / (1 + change.size / 10)
        share = sum(sources.get(path, 0.0) for path in change.others)
        for test in change.tests:
            total[test] += weight
            of[test] += 1
            if share:
                common[test] += weight * share
                commits[test].append(change.sha)
    return {
        test: Together(common[test] / (total[test] + 0.5), len(found), of[test], tuple(found)) for test, found in commits.items()
    }


@dataclass(frozen=True, slots=True)
class Trace:
    """What leads to a test: the strength of the trail, and the commits it goes by, the strongest first."""

    strength: float
    commits: tuple[str, ...]


def changed_with_lines(
    past: Iterable[PastChange],
    blame: Mapping[str, Sequence[BlamedLine]],
    hunks: Mapping[str, Sequence[Span]],
    shares: Mapping[str, float],
    margin: int,
) -> dict[str, Trace]:
    """The tests changed by the commits that last wrote the lines within `margin` of the fix's.

    `hunks` gives the lines of each path that the fix stands on. Every commit counts by the root of its share of the lines.
    """
    tests = {change.sha: change.tests for change in past if change.tests}
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for path, rows in blame.items():
        wide = [(span.start - margin, span.end + margin) for span in hunks.get(path, ())]
        near = Counter(row.sha for row in rows if any(start <= row.line <= end for start, end in wide))
        lines = sum(near.values())
        for sha, count in near.items():
            for test in tests.get(sha, ()):
                worth = math.sqrt(shares.get(path, 0.0) * count / lines / len(tests[sha]))
                found[test].append((worth, sha))
    return {test: _trace(trail) for test, trail in found.items()}


def _trace(trail: list[tuple[float, str]]) -> Trace:
    trail.sort(reverse=True)
    return Trace(sum(worth for worth, _ in trail), tuple(dict.fromkeys(sha for _, sha in trail)))


def _shared(messages: Iterable[str], words: Weighted) -> list[frozenset[str]]:
    """Which of the words each message holds; what an identifier holds of them is found out once."""
    known: dict[str, tuple[str, ...]] = {}
    shared = []
    for message in messages:
        found: set[str] = set()
        for name in IDENTIFIER.findall(message[:_MESSAGE]):
            held = known.get(name)
            if held is None:
                held = known[name] = tuple(part for part in parts(name) if part in words)
            if held:
                found.update(held)
        shared.append(frozenset(found))
    return shared


def changed_for_like_reasons(past: Sequence[PastChange], words: Weighted) -> tuple[dict[str, Trace], dict[str, float]]:
    """Past commits whose messages are like this fix's, and the tests they changed.

    First by the thirty likest commits; then by all that was ever said when a test was changed, taken as one text (BM25).
    """
    changes = [change for change in past if change.tests]
    said = _shared((change.message for change in changes), words)
    lengths = [len(change.message[:_MESSAGE]) / 6 for change in changes]
    holding = Counter(word for message in said for word in message)
    worth = {word: words[word] * rarity(count, len(changes)) for word, count in holding.items()}
    likeness = [
        (sum(worth[word] for word in message) / math.sqrt(length + 4), index)
        for index, (message, length) in enumerate(zip(said, lengths, strict=True))
        if message
    ]
    likeness.sort(key=lambda pair: (-pair[0], pair[1]))
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for fit, index in likeness[:_ALIKE]:
        for test in changes[index].tests:
            found[test].append((fit * fit / math.sqrt(len(changes[index].tests)), changes[index].sha))
    return {test: _trace(trail) for test, trail in found.items()}, _by_all_messages(changes, said, lengths, words)


def _by_all_messages(
    changes: Sequence[PastChange], said: Sequence[frozenset[str]], lengths: Sequence[float], words: Weighted
) -> dict[str, float]:
    texts: dict[str, dict[str, float]] = defaultdict(dict)
    sizes: dict[str, float] = defaultdict(float)
    for change, message, length in zip(changes, said, lengths, strict=True):
        worth = 1 / math.sqrt(len(change.tests))
        for test in change.tests:
            sizes[test] += length * worth
            text = texts[test]
            for word in message:
                text[word] = text.get(word, 0.0) + worth
    return dict(zip(texts, bm25(words, list(texts.values()), [sizes[test] + 1 for test in texts]), strict=True))
