"""Finds what a text points at on GitHub: pull requests, commits and comparisons, and whether it calls them the fix.

`fixed by #12` -> `Mention("acme/shop", number=12, says=Says.FIX)`. Whether such a thing exists is `app.github`'s to find out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

LONGEST = 200_000
MOST = 500

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}"
_REF = r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}"
_FENCED = re.compile(r"^(`{3,}+|~{3,}+)[^\n]*+\n.*?(?:^\1[`~]*+[ \t]*+$|\Z)", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_QUOTED = re.compile(r"^ {0,3}>[^\n]*", re.MULTILINE)
_STRUCK = re.compile(r"~~(?=\S)[^~\n]{1,1000}~~")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]{1,200})$", re.MULTILINE)
_BREAK = re.compile(r"[.!?;](?=\s)|\n")

_FIX = r"(?:hot)?fix(?:e[sd])?|resolve[sd]?|closes|closed|patch(?:ed)?|solve[sd]|correct(?:ed|s)|repair(?:ed|s)"
_CAUSE = (
    r"introduc\w{1,4}|caus(?:e[sd]?|ing)|regress\w{2,6}|broke(?:n)?|breaks|since|culprit|bisect\w{0,4}|blame[sd]?|after|due to"
    r"|started|versions?|released?|reproduc\w{1,6}|affect\w{2,3}"
)
_ASIDE = r"see|cf|compare|relate[sd]|similar|likewise|duplicates?"
_SIGNAL = re.compile(rf"\b(?:(?P<fix>{_FIX})|(?P<cause>{_CAUSE})|(?P<aside>{_ASIDE}))\b", re.IGNORECASE)
_NOT = re.compile(r"(?:\b(?:not|never|no|without|unrelated|before)\b|n't\b)[^.\n]{0,25}\Z", re.IGNORECASE)


class Says(StrEnum):
    """What a text claims of the thing it names."""

    FIX = "fix"
    CAUSE = "cause"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something on GitHub that a text names: by `number` (an issue or a pull request), by `sha` (7 to 40 digits), or as a
    comparison from `base` to `head` (branches, tags or shas).
    """

    repository: str
    number: int | None = None
    sha: str | None = None
    base: str | None = None
    head: str | None = None
    says: Says = Says.NOTHING

    @property
    def name(self) -> str:
        """How people write it: `acme/shop#12`, `acme/shop@1a2b3c4`, `acme/shop@v1...v2`."""
        if self.number is not None:
            return f"{self.repository}#{self.number}"
        return f"{self.repository}@{self.sha or f'{self.base}...{self.head}'}"


def mentions(text: str, repository: str, web_url: str = "https://github.com") -> tuple[Mention, ...]:
    """Everything the text names, in its order, each once (a claim wins over no claim), of the first `MOST` places.

    `repository` (`owner/name`) is what a bare `#12` or sha refers to; `web_url` the host whose addresses count. Code fences,
    quotes and HTML comments are passed over: they hold logs, other people's words and a template's instructions.
    """
    text = readable(text)
    found: dict[tuple[object, ...], Mention] = {}
    for mention, start, end in located(text, repository, web_url):
        claim = replace(mention, says=_says(text, start, end))
        key = (claim.repository.casefold(), claim.number, claim.sha, claim.base, claim.head)
        known = found.get(key)
        if known is None or (known.says is Says.NOTHING and claim.says is not Says.NOTHING):
            found[key] = claim
    return tuple(found.values())


def located(text: str, repository: str, web_url: str = "https://github.com") -> Iterator[tuple[Mention, int, int]]:
    """Everything a `readable` text names, with where the name begins and ends; what is claimed of it is not looked at."""
    for match in islice(_pattern(web_url).finditer(text), MOST):
        mention = _mention(match, repository)
        if mention is not None:
            yield mention, match.start(), match.end()


def issues_named(text: str, repository: str, web_url: str = "https://github.com") -> frozenset[int]:
    """The numbers of this repository that the text names: issues or pull requests, the text cannot tell which."""
    same = repository.casefold()
    return frozenset(
        m.number for m in mentions(text, repository, web_url) if m.number is not None and m.repository.casefold() == same
    )


def _pattern(web_url: str) -> re.Pattern[str]:
    host = re.escape(web_url.rstrip("/"))
    return re.compile(
        rf"{host}/(?P<at>{_NAME})/(?:"
        rf"pull/(?:\d{{1,9}})/(?:commits|changes)/(?P<pull_sha>[0-9a-f]{{7,40}})\b"
        rf"|(?:pull|issues)/(?P<url_number>\d{{1,9}})\b"
        rf"|commits?/(?P<url_sha>[0-9a-f]{{7,40}})\b"
        rf"|compare/(?P<base>{_REF}?)\.\.\.?(?P<head>{_REF}))"
        rf"|https?://[^\s<>)\]]{{1,2000}}"
        rf"|(?<![\w/.@#-])(?P<of>{_NAME})(?:\#(?P<of_number>\d{{1,9}})\b|@(?P<of_sha>[0-9a-f]{{7,40}})\b)"
        rf"|(?<![\w/&\#])(?:\#|\bGH-)(?P<number>\d{{1,9}})\b(?![\w-])"
        rf"|(?<![\w/.@\#:=%$+-])(?P<sha>[0-9a-f]{{7,40}})(?![\w-]|[.:/]\w)",
        re.ASCII,
    )


def _mention(match: re.Match[str], repository: str) -> Mention | None:
    part = match.groupdict()
    where = (part["at"] or part["of"] or repository).removesuffix(".git")
    number = part["url_number"] or part["of_number"] or part["number"]
    if number:
        return Mention(where, number=int(number)) if int(number) else None
    if part["head"] and ".." not in part["base"] + part["head"]:
        return Mention(where, base=part["base"], head=part["head"].rstrip("./"))
    sha = part["pull_sha"] or part["url_sha"] or part["of_sha"]
    if sha is None and part["sha"] and _looks_like_a_sha(part["sha"]):
        sha = part["sha"]
    return Mention(where, sha=sha) if sha else None


def _looks_like_a_sha(text: str) -> bool:
    """Told from numbers (`1234567`) and words (`defaced`): a full sha, or a mixture of digits and letters."""
    return len(text) == 40 or (any(c.isdigit() for c in text) and any(c.isalpha() for c in text))


def readable(text: str) -> str:
    """The first `LONGEST` characters with everything that is not their author's prose blanked out, line breaks kept."""
    text = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    for pattern in (_HIDDEN, _FENCED, _QUOTED, _STRUCK):
        text = _blanked(pattern, text)
    return text


def without_hidden(text: str) -> str:
    """The first `LONGEST` characters with everything blanked out that no reader of the page sees, line breaks kept."""
    return _blanked(_HIDDEN, text[:LONGEST])


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "\n" * match.group().count("\n"), text)


def _says(text: str, start: int, end: int) -> Says:
    """What the sentence says before the mention, else after it, else what the heading above (an issue form's field) says."""
    before = _BREAK.split(text[max(0, start - 80) : start])[-1]
    after = re.split(r"[.!?;](?=\s)|\n|#|https?:", text[end : end + 40], maxsplit=1)[0]
    return next(
        (said for said in (_nearest(before), _first(after), _heading(text, start)) if said is not Says.NOTHING), Says.NOTHING
    )


def _nearest(before: str) -> Says:
    signals = list(_SIGNAL.finditer(before))
    if not signals or _NOT.search(before[: signals[-1].start()]):
        return Says.NOTHING
    return _claim(signals[-1])


def _first(after: str) -> Says:
    signal = _SIGNAL.search(after)
    if signal is None or _NOT.search(after[: signal.start()]):
        return Says.NOTHING
    return _claim(signal)


def _heading(text: str, start: int) -> Says:
    above = _HEADING.findall(text, max(0, start - 2000), start)
    return _nearest(above[-1]) if above else Says.NOTHING


def _claim(signal: re.Match[str]) -> Says:
    return Says.FIX if signal["fix"] else Says.CAUSE if signal["cause"] else Says.NOTHING
