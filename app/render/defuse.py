"""Makes text from people and repositories harmless in GitHub's Markdown and in a terminal, whatever it contains.

Three ways to show foreign text: `clean` (plain text), `code` (a name, in a code span) and `prose` (words in a sentence).
None of them can become a mention, a reference, a link, a closing keyword, HTML, or reach outside its place. Layout is
left to the templates.

Why it holds: inside `<code>` GitHub makes no mentions, references or links, and a numeric character reference can never
open or close a Markdown structure (CommonMark 6.2). Autolinks are found after references are decoded, so those are
broken by a zero-width space.
"""

import re
import unicodedata

NAME_LIMIT = 120
PROSE_LIMIT = 300
_WIDEST = 3  # characters of Markdown that one character of a name may take up on average
UNSEEN = "\N{REPLACEMENT CHARACTER}"

_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_BREAK = "&#8203;"
_PLAIN_NAME = re.compile(r"""[\w…\uFFFD ./:;,=+%!?'"^*~()\[\]{}-]+""")
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_SIGN_IN_PROSE = re.compile(r"[!#$&()*+<=>@\[\\\]^_`{|}~]|:(?!\s|$)")
_CLOSING = re.compile(
    r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b[:\s]*(?=[\w./-]*\#\d|GH-\d|https?://)", re.IGNORECASE
)  # docs.github.com, "Linking a pull request to an issue"
_STARTS = re.compile(
    r"""(?P<mention> @ (?=\w) )          # @person, @team/of-people
      | (?P<number> \# (?=\d) )          # #1, owner/repo#1
      | (?P<short> \bGH- (?=\d) )        # GH-1
      | (?P<url> : (?=//) )              # https://...
      | (?P<www> \bwww (?=\.) )""",
    re.VERBOSE | re.IGNORECASE,
)


def clean(text: str, limit: int = PROSE_LIMIT) -> str:
    """One line without anything unseen: controls, bidi and zero-width signs become U+FFFD, any white space a space.

    `limit` is in characters; the middle is cut out and marked by an ellipsis, since both ends of a path tell most.
    """
    if len(text) > 8 * limit:
        text = f"{text[: 4 * limit]}…{text[-4 * limit :]}"
    seen = "".join(" " if sign.isspace() else UNSEEN if _unseen(sign) else sign for sign in text)
    line = " ".join(seen.split())
    if len(line) <= limit:
        return line
    tail = limit // 2
    return f"{line[: limit - tail - 1]}…{line[-tail:]}"


def code(name: str, limit: int = NAME_LIMIT) -> str:
    """A name as a code span that may stand anywhere, table cells included.

    `shop/pricing.py` -> `` `shop/pricing.py` ``; `a|@team` -> `<code>a&#124;&#64;team</code>`.
    """
    line = clean(name, limit)
    if not line:
        return "<code>&#32;</code>"
    if "//" not in line and _PLAIN_NAME.fullmatch(line):
        return f"`{line}`"
    encoded = _encode(line, _SIGN)
    if len(encoded) > _WIDEST * limit:
        encoded = _encode(clean(name, limit // _WIDEST), _SIGN)
    return f"<code>{encoded}</code>"


def prose(text: str, limit: int = PROSE_LIMIT) -> str:
    """Foreign words inside a sentence of ours: they read the same and do nothing."""
    return _encode(clean(text, limit), _SIGN_IN_PROSE)


def closes(text: str) -> bool:
    """Whether the text, taken as a commit message, would close something: merging can make a body the message."""
    return bool(_CLOSING.search(text))


def without_closing(markdown: str) -> str:
    """The same with every closing keyword kept apart from its reference by a zero-width space, code spans included."""
    return _CLOSING.sub(lambda found: f"{found.group()}\u200b", markdown)


def plain_words(text: str, limit: int = PROSE_LIMIT) -> str:
    """Foreign words where no Markdown is read, as in a title: a zero-width space keeps them from calling or closing anything."""
    return _STARTS.sub(lambda found: f"{found.group()}\u200b", clean(text, limit))


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"} or sign in _BLANK_LETTERS


def _encode(line: str, signs: re.Pattern[str]) -> str:
    """Numeric references for the signs, and a break behind everything that could start a mention, reference or link."""
    parts = []
    done = 0
    for found in _STARTS.finditer(line):
        parts += [_references(line[done : found.end()], signs), _BREAK]
        done = found.end()
    parts.append(_references(line[done:], signs))
    return "".join(parts)


def _references(text: str, signs: re.Pattern[str]) -> str:
    return signs.sub(lambda sign: f"&#{ord(sign.group())};", text)
