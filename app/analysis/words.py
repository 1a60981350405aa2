"""Words of code and prose: identifiers taken apart, tests reduced to their words, and how well a few words fit a text.

Pure arithmetic on words; which words are asked for, and what a fit is worth, is `rank`'s to say.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

IDENTIFIER = re.compile(r"[^\W\d][\w$]*|\d{2,}")
PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_LIKE_CODE = re.compile(r"\w_\w|[a-z][A-Z]|^\d{4,}$")
# Names of tests and of what groups them: `def test_x`, `func TestX(`, `void x(`, `Task X(`, `fun x(`, `fn x(`,
# `function testX(`, `class X`, `it("x"` and `it "x"`, `t.Run("x"`.
_TITLE = re.compile(
    r"""\bdef\s+(test\w*)|\bfunc\s+(?:\([^)\n]{0,200}\)\s*)?((?:Test|Benchmark|Example|Fuzz)\w*)|\b(?:void|Task|fun|fn)\s+(\w+|`[^`\n]+`)\s*\("""
    r"""|\bfunction\s+(test\w*)|\bclass\s+(\w+)"""
    r"""|\b(?:it|test|describe|context)(?:\.\w{1,40}){0,3}(?:\s*\(\s*|[ ])['"`]((?:[^'"`\\\n]|\\.){1,200})"""
    r"""|\bt\.Run\(\s*"([^"\n]{1,200})"""
)
_NOISE = re.compile(
    r"^(?:signed-off-by|co-authored-by|reviewed-by|acked-by|git-svn-id|change-id):.*$|https?://\S+", re.MULTILINE | re.IGNORECASE
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STOP = _words(
    """
    the a an of to in is it for on and or not be with when that this from as by if are was but no do does should can at
    all use used using also into has have which than then so we you they there its will
    """
)
_KEYWORDS = _words(
    """
    def class return import from self if else elif for while in not and or none true false null nil func type struct
    interface package const let var function export default new this public private protected static final void int string
    bool boolean try except catch finally raise throw throws with as is pass lambda yield async await err error assert
    equal expect it describe test range len str list dict set print
    """
)
MAX_MESSAGE = 6000
Weighted = Mapping[str, float]


def stem(word: str) -> str:
    """A lower-case word without its commonest English endings: `parse`, `parses`, `parsed`, `parsing` -> `pars`."""
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 6 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 5 and word.endswith("ed"):
        word = word[:-2]
    elif len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 4 and word.endswith("y") else word


@lru_cache(maxsize=1 << 17)
def parts(identifier: str) -> tuple[str, ...]:
    """`getHTTPResponse_codes` -> `get`, `http`, `respons`, `code`; single letters are left out."""
    return tuple(stem(part.lower()) for part in PIECE.findall(identifier) if len(part) > 1)


def parts_of(identifiers: Iterable[str]) -> Counter[str]:
    """The parts of many identifiers, counted."""
    return Counter(part for identifier in identifiers for part in parts(identifier))


@dataclass(frozen=True, slots=True)
class TestWords:
    """The words of one test file: whole identifiers, their parts, and the parts of each test's title."""

    __test__ = False

    identifiers: Mapping[str, int]
    parts: Mapping[str, int]
    titles: tuple[frozenset[str], ...] = ()
    title_parts: Mapping[str, int] = field(default_factory=dict)


def read_test(source: bytes) -> TestWords:
    """The words of a test file, whatever its encoding."""
    text = source.decode("utf-8", "replace")
    identifiers = Counter(IDENTIFIER.findall(text))
    counted: Counter[str] = Counter()
    for identifier, count in identifiers.items():
        for part in parts(identifier):
            counted[part] += count
    titles = [next(filter(None, found)) for found in _TITLE.findall(text)]
    taken_apart = [[part for name in IDENTIFIER.findall(title) for part in parts(name)] for title in titles]
    in_titles = Counter(part for title in taken_apart for part in title)
    return TestWords(identifiers, counted, tuple(frozenset(title) for title in taken_apart), in_titles)


def clean(message: str) -> str:
    """A commit message or an issue's text without trailers and addresses, at most 6,000 characters."""
    return _NOISE.sub("", message[: 2 * MAX_MESSAGE])[:MAX_MESSAGE]


def message_words(message: str) -> dict[str, float]:
    """What a message is about: the parts of its words, those of the first line counted once more."""
    subject = message.partition("\n")[0]
    weighted = {part: math.sqrt(min(count, 3)) for part, count in parts_of(IDENTIFIER.findall(clean(message))).items()}
    for part in parts_of(IDENTIFIER.findall(clean(subject))):
        weighted[part] = weighted.get(part, 0.0) + 1.0
    return {part: weight for part, weight in weighted.items() if part not in _STOP}


def code_names(message: str) -> dict[str, float]:
    """The words of a message that can only be names in code, or numbers of issues: `keep_attrs`, `getChunks`, `10243`."""
    return {word: 1.0 for word in IDENTIFIER.findall(clean(message)) if len(word) > 3 and _LIKE_CODE.search(word)}


def saturated(counts: Mapping[str, float]) -> dict[str, float]:
    """Counts as weights below 1, without keywords and very short names: what stands there twice does not say twice as much."""
    return {
        word: count / (count + 1.0) for word, count in counts.items() if len(word) > 2 and word.lower() not in _KEYWORDS and count
    }


def rarity(holding: float, total: int) -> float:
    """How much it says that a text holds a word which `holding` of `total` texts hold (idf, always positive)."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def bm25(
    query: Weighted, bags: Sequence[Mapping[str, float]], lengths: Sequence[float] = (), k: float = 1.2, b: float = 0.75
) -> list[float]:
    """How well each bag of words fits the query: Okapi BM25 (Robertson and Zaragoza 2009, "BM25 and Beyond").

    `lengths` are those of the texts, where the bags do not hold all their words.
    """
    lengths = lengths or [sum(bag.values()) + 1 for bag in bags]
    mean = sum(lengths) / max(1, len(lengths))
    norms = [k * (1 - b + b * length / mean) for length in lengths]
    scores = [0.0] * len(bags)
    for word, weight in query.items():
        found = [(index, count) for index, bag in enumerate(bags) if (count := bag.get(word))]
        worth = weight * rarity(len(found), len(bags)) * (k + 1)
        for index, count in found:
            scores[index] += worth * count / (count + norms[index])
    return scores


def held(query: Weighted, bags: Sequence[Mapping[str, float]]) -> list[float]:
    """The summed rarity of the query's words that each bag holds, however often."""
    scores = [0.0] * len(bags)
    for word, weight in query.items():
        found = [index for index, bag in enumerate(bags) if word in bag]
        for index in found:
            scores[index] += weight * rarity(len(found), len(bags))
    return scores


def best_title(query: Weighted, tests: Sequence[TestWords]) -> list[float]:
    """How well the best single title of each test file fits; its words that are not asked for count against it."""
    titles = [title for test in tests for title in test.titles]
    holding = Counter(part for title in titles for part in title)
    worth = {part: rarity(count, len(titles)) for part, count in holding.items()}
    asked = query.keys()
    scores = []
    for test in tests:
        best = 0.0
        for title in test.titles:
            if common := title & asked:
                fit = sum(query[part] * worth[part] for part in common)
                best = max(best, fit / (2 + math.sqrt(sum(worth[part] for part in title - common))))
        scores.append(best)
    return scores
