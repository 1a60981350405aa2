"""Makes people's text harmless and short before any language sees it: one line, no control or direction signs, cut at a word."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from textwrap import wrap

MAX_LINE = 400
_SPACE = re.compile(r"\s+")
_TAG = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]|\([^)]{1,20}\)|(?:bug|regression|issue|error|crash)(?: report)?\s*:)\s*", re.IGNORECASE
)
_SHORTCODE = re.compile(r"(?<!\S):[a-z0-9_+-]{2,30}:(?!\S)")
_FIX = re.compile(r"^(?:bug|hot)?fix(?:\([^)]{0,60}\))?!?:\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\s*\(#\d+\)$")
_WORD = re.compile(r"[A-Za-z0-9]+")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Words that a test's name is no poorer without.
_FILLERS = frozenset({"a", "an", "the", "is", "are", "be", "of", "to", "in", "on", "it", "its", "and", "or", "that", "this", "i"})

# Words that a name which had to be cut does not end with.
_LEADING_ON = frozenset(
    {"as", "at", "because", "by", "does", "for", "from", "has", "if", "into", "not", "raises", "should", "using", "via", "when"}
    | {"which", "while", "who", "with", "without"}
)


def one_line(text: str, most: int = MAX_LINE) -> str:
    """The text in one line of at most `most` characters. Control, format and direction signs and lone surrogates are dropped."""
    kept = "".join(c for c in _SPACE.sub(" ", text[: 4 * most + 1_000]) if unicodedata.category(c) not in _DROPPED).strip()
    if len(kept) <= most:
        return kept
    return f"{kept[: most - 1].rpartition(' ')[0] or kept[: most - 1]}…"


_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def code_line(text: str, most: int = MAX_LINE) -> str:
    """A line of code as text: its indentation kept (tabs as four spaces), nothing in it that is not one visible line."""
    text = text.expandtabs(4)
    indent = len(text) - len(text.lstrip(" "))
    rest = "".join(c for c in text[indent : indent + most] if unicodedata.category(c) not in _DROPPED)
    return f"{' ' * min(indent, 60)}{rest}".rstrip()


def wrapped(lines: Iterable[str], width: int = 96, first: str = "", indent: str | None = None) -> Iterator[str]:
    """Lines of prose, each wrapped at `width`; `first` opens the first of all, what follows stands under its text."""
    indent = " " * len(first) if indent is None else indent
    opening = first
    for line in lines:
        if told := one_line(line):
            yield from wrap(
                told, width, initial_indent=opening, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
            opening = indent


def title_of(text: str, most: int = 100) -> str:
    """An issue's title without `[Bug]` and the like in front."""
    shown = _SHORTCODE.sub("", one_line(text, 300)).strip()
    while (cut := _TAG.sub("", shown, count=1)) != shown and cut:
        shown = cut
    return one_line(shown, most).rstrip(". ")


def title_of_fix(subject: str) -> str:
    """What a fix's subject says was wrong: without `fix(cart):` in front and the pull request's number behind."""
    told = _NUMBER.sub("", one_line(subject))
    bare = _FIX.sub("", told)
    return bare or told


def name_words(title: str, most: int = 42) -> tuple[str, ...]:
    """What of a title goes into an identifier: small ASCII words, the filling ones left out, `most` characters in all."""
    plain = unicodedata.normalize("NFKD", title_of(title, 200)).replace("'", "").replace("’", "")
    plain = plain.encode("ascii", "ignore").decode()
    words = [word.lower() for word in _WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain))]
    telling = [word for word in words if word not in _FILLERS] or words
    kept: list[str] = []
    for word in telling:
        if sum(map(len, kept)) + len(kept) + len(word) > most:
            break
        kept.append(word)
    while len(kept) > 2 and len(kept) < len(telling) and kept[-1] in _LEADING_ON:
        kept.pop()
    return tuple(kept or [word[:most] for word in telling[:1]])


def is_identifier(text: str) -> bool:
    """Whether the text can be a plain name in every language: ASCII letters, digits and `_`, no digit first."""
    return bool(_IDENTIFIER.fullmatch(text))
