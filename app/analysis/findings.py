"""Measures every kind of evidence for every test of a question; what each is worth is told in `rank`, in words in `reasons`."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from app.analysis import words
from app.analysis.history import Together, Trace, changed_for_like_reasons, changed_together, changed_with_lines, past_changes
from app.analysis.names import explained, nearness
from app.analysis.question import FixWords, Question, front
from app.analysis.words import Weighted, bm25, code_names, held, rarity

_BLAME_MARGIN = 12
# A word that can only be the name of a test file, and not what it is about: `test_cart`, `CartTest`, `cart_spec`.
_TEST_LIKE = re.compile(r"^[Tt]ests?[_A-Z-]\w|\w[_-](?:test|spec)s?$|\w(?:Test|Spec)s?$")


class Findings:
    """Everything that speaks for the tests of one question. `strengths` gives each kind of evidence, 0..1, test by test."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.fix = FixWords(question)
        self.paths = [test.path for test in question.tests]
        self.texts = [question.words[path] for path in self.paths]
        self._past = past_changes(question.history, self.paths)
        self.like, self._ever = changed_for_like_reasons(self._past, self.fix.message)
        self.names = code_names(question.message)

    @cached_property
    def together(self) -> dict[str, Together]:
        """The tests that changed together with the changed files."""
        return changed_together(self._past, self.fix.roots, self.question.when)

    @cached_property
    def on_lines(self) -> dict[str, Trace]:
        """The tests that changed when the lines of the fix were last written."""
        return self._with_lines(0)

    @cached_property
    def near_lines(self) -> dict[str, Trace]:
        """The same for the lines around."""
        return self._with_lines(_BLAME_MARGIN)

    def _with_lines(self, margin: int) -> dict[str, Trace]:
        hunks = {path: self.fix.spans(path) for path in self.fix.shares}
        return changed_with_lines(self._past, self.question.blame, hunks, self.fix.shares, margin)

    @cached_property
    def strengths(self) -> dict[str, list[float]]:
        """Every kind of evidence for every test: 1 is the strongest of this question, 0 is none."""
        return self.measured(EVIDENCE)

    def measured(self, kinds: Iterable[str]) -> dict[str, list[float]]:
        """The same for some kinds of evidence alone."""
        return {kind: _mean(EVIDENCE[kind](self)) for kind in kinds}

    @cached_property
    def telling(self) -> dict[str, tuple[dict[str, float], list[Mapping[str, int]]]]:
        """For each kind of evidence that goes by words: how telling each word is, and the words of every test."""
        parts: list[Mapping[str, int]] = [text.parts for text in self.texts]
        titles: list[Mapping[str, int]] = [text.title_parts for text in self.texts]
        identifiers: list[Mapping[str, int]] = [text.identifiers for text in self.texts]
        asked: tuple[tuple[str, Weighted, list[Mapping[str, int]]], ...] = (
            ("message-text", self.fix.message, parts),
            ("message-title", self.fix.message, titles),
            ("message-code", self.names, identifiers),
            ("code-words", self.fix.code, identifiers),
            ("symbol-title", self.fix.symbol_parts, titles),
        )
        return {
            kind: ({word: weight * rarity(sum(word in bag for bag in bags), len(bags)) for word, weight in query.items()}, bags)
            for kind, query, bags in asked
        }

    def message_text(self) -> list[list[float]]:
        """The words of the fix's message in the test's text."""
        parts = [text.parts for text in self.texts]
        return [bm25(self.fix.message, parts), bm25(self.fix.subject, parts)]

    def message_title(self) -> list[list[float]]:
        """The words of the fix's message in the titles of the file's tests."""
        return [bm25(self.fix.message, [text.title_parts for text in self.texts])]

    def message_code(self) -> list[list[float]]:
        """Names in code, and numbers of issues, that the message spells out."""
        return [held(self.names, [text.identifiers for text in self.texts])]

    def mentioned(self) -> list[list[float]]:
        """Whether the message names the test file itself: its path, its file name, or that without its extension."""
        message, spoken = self.question.message, set(re.findall(r"[\w-]+", self.question.message))
        names = [(path, path.rpartition("/")[2], front(path)) for path in self.paths]
        return [
            [
                2.0 * (path in message)
                + (len(name) > 6 and name in message)
                + 0.5 * (own in spoken and bool(_TEST_LIKE.search(own)))
                for path, name, own in names
            ]
        ]

    def name_explained(self) -> list[list[float]]:
        """How much of the test's name the fix explains: by the changed files, its message, and the functions it changes."""
        subject, message = dict.fromkeys(self.fix.subject, 0.9), dict.fromkeys(self.fix.message, 0.6)
        inside = {part: 0.9 * weight for part, weight in self.fix.symbol_parts.items()}
        return [explained(self.paths, self.fix.names, subject, message, inside)]

    def folder(self) -> list[list[float]]:
        """How alike the folders of the test and of the changed files are."""
        return [nearness(self.fix.roots, self.paths)]

    def changed_together(self) -> list[list[float]]:
        """The share of the test's commits in which a changed file changed too."""
        return [[self.together[path].share if path in self.together else 0.0 for path in self.paths]]

    def same_lines(self) -> list[list[float]]:
        """Whether the test changed in the commits that last wrote the lines of the fix, and those around them."""
        return [_strengths(self.on_lines, self.paths), _strengths(self.near_lines, self.paths)]

    def like_reason(self) -> list[list[float]]:
        """Whether the test changed in commits whose messages are like this fix's."""
        return [_strengths(self.like, self.paths), [self._ever.get(path, 0.0) for path in self.paths]]

    def code_words(self) -> list[list[float]]:
        """The names in and around the changed code, in the test's text."""
        by_name = bm25(self.fix.code, [text.identifiers for text in self.texts])
        return [by_name, bm25(self.fix.changed_parts, [text.parts for text in self.texts])]

    def symbol_title(self) -> list[list[float]]:
        """The functions and classes that the fix changes, in the titles of the file's tests."""
        both = dict(self.fix.message)
        for part, weight in self.fix.symbol_parts.items():
            both[part] = both.get(part, 0.0) + weight
        by_parts = bm25(self.fix.symbol_parts, [text.title_parts for text in self.texts])
        return [by_parts, words.best_title(both, self.texts)]

    def imports(self) -> list[list[float]]:
        """How directly the test imports the changed files, each by its part in the change."""
        reach = [self.question.reached.get(path, ()) for path in self.paths]
        return [[sum(self.fix.roots.get(r.path, 0.0) * r.directness for r in found) for found in reach]]

    def size(self) -> list[list[float]]:
        """How long the test file is: a long one holds many words by chance, so this counts against it."""
        return [[math.log1p(sum(text.parts.values())) for text in self.texts]]


#: Every kind of evidence by the name its weight goes by. Several measures of one kind are averaged.
EVIDENCE: dict[str, Callable[[Findings], list[list[float]]]] = {
    "message-text": Findings.message_text,
    "message-title": Findings.message_title,
    "message-code": Findings.message_code,
    "mentioned": Findings.mentioned,
    "name-explained": Findings.name_explained,
    "folder": Findings.folder,
    "changed-together": Findings.changed_together,
    "same-lines": Findings.same_lines,
    "like-reason": Findings.like_reason,
    "code-words": Findings.code_words,
    "symbol-title": Findings.symbol_title,
    "imports": Findings.imports,
    "size": Findings.size,
}

#: The kinds that need no text of a test.
BY_PATH = ("mentioned", "name-explained", "folder", "changed-together", "like-reason")


def _mean(measures: Sequence[Sequence[float]]) -> list[float]:
    """Several measures of one kind of evidence as their mean, each first divided by its maximum."""
    tops = [max(measure, default=0.0) or 1.0 for measure in measures]
    return [
        sum(value / top for value, top in zip(values, tops, strict=True)) / len(tops) for values in zip(*measures, strict=True)
    ]


def _strengths(traces: Mapping[str, Trace], paths: Sequence[str]) -> list[float]:
    return [traces[path].strength if path in traces else 0.0 for path in paths]
