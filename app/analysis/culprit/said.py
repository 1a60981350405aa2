"""Finds where people name the change that let a bug in: in the message of its fix, and in what is written on the issue.

`Fixes: 1a2b3c4 ("Round once")` -> `Claim("fixes-trailer", "fix", sha="1a2b3c4")`. Whether there is such a commit, and whether it
is older than the fix, is `app.engine`'s to find out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.analysis.mentions import Mention, located, readable, without_hidden

FIX, ISSUE = "fix", "issue"
MOST = 12
"""Claims of one text that are looked up; who names more commits tells a story, not a cause."""

_BEFORE, _AFTER = 200, 120  # characters of the same sentence that are read on each side of a name

_OF = r"(?:in|by|with|from|since|at|on|after|via|through|as of|as part of|as a result of|due to|because of)"
_MENDED = r"fixed|resolved|solved|repaired|mended|closed|addressed|reverted|corrected|gone|disappeared|avoided|prevented|handled"
_FEW_WORDS = (
    rf"(?:(?!described|reported|tracked|discussed|seen|shown|noted|found|brought|like|similar|{_MENDED})[\w'-]+\s+){{0,3}}?"
)
_FAULT = (
    r"(?:bugs?|typos?|mistakes?|errors?|(?:mem)?leaks?|crash(?:es)?|warnings?|fall-?out|oversight|breakages?|problems?|issues?"
    r"|defects?|faults?|thinko)"
)
_CLOSED = r"[\])>`*_\"']*(?:\s*\([^)\n]{0,100}\))?"
_OPENED = r"[\[(<`*_\"']*"
_NAMING = (
    r"(?:\s+|:\s*)(?:(?:the|this|a|our|my|recent|earlier|previous|original|upstream|git|following|changes?|merg(?:e|ing)|of"
    rf"|commits?|pull requests?|prs?|revision|rev|changeset|patch|sha)\b:?\s*)*(?:\[[^\]\n]{{0,80}}\]\()?{_OPENED}\Z"
)
"""What may stand between "introduced in" and the name: "the commit", or the text of a link in Markdown."""

_SAID_BEFORE = {
    "bisect": r"bisect\w*\s+(?:[\w'-]+\s+){0,4}?(?:to|at|on|as|is|was)|bisect\w*|first bad commit(?:\s+(?:is|was))?",
    "regression": rf"regress\w*\s+(?!tests?\b){_FEW_WORDS}(?:{_OF}|of)",
    "introduced": rf"introduc\w*\s+{_FEW_WORDS}{_OF}",
    "caused": rf"(?:caus\w+|br(?:oke|oken|eaks?|eaking)|triggered)\s+{_FEW_WORDS}{_OF}|culprit(?:\s+(?:is|was))?",
}
_SAID_BY_THE_FIX = {
    "revert": r"\bthis\s+(?:partially\s+|effectively\s+)?reverts",
    "caused": rf"\b{_FAULT}\s+(?:{_OF}|of)",
    "fixes-trailer": r"(?:\A|\bthis\s+|(?<=\n)|[-*]\s)(?:fix(?:es|ed|up)?|amends)",
}
"""What only the message of a fix says so: on an issue, "fixes 1a2b3c4" is about a fix, and a "typo in" about anything."""

_NO_HARM = r"(?!\s+(?:(?:a|the|its|new|more|regression)\s+){0,3}(?:fix|tests?|workaround|no|nothing|neither|none)\b)"
_SAID_AFTER = {
    "bisect": r"(?:is|was)\s+the\s+first\s+bad\s+commit",
    "introduced": r"(?:(?:has|had|also|then|\w+ly)\s+){0,2}introduced\b" + _NO_HARM,
    "caused": r"(?:(?:has|had|also|then|\w+ly)\s+){0,2}(?:broke|caused|regressed)\b"
    + _NO_HARM
    + r"|(?:is|was)\s+(?:the\s+(?:culprit|cause)|to\s+blame)",
}


def _compiled(cues: dict[str, str], before: str, after: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((manner, re.compile(f"{before}(?:{cue}){after}", re.IGNORECASE)) for manner, cue in cues.items())


_BEFORE_IT = _compiled(_SAID_BEFORE, r"\b", _NAMING)
_BY_THE_FIX = _compiled(_SAID_BY_THE_FIX, "", _NAMING)
_AFTER_IT = _compiled(_SAID_AFTER, rf"\A{_CLOSED},?\s+", r"\b")
_OF_A_BISECT = re.compile(r"^(?:([0-9a-f]{40}) is the first bad commit|# first bad commit: \[([0-9a-f]{40})\].*)$", re.MULTILINE)
_ITSELF_CAUSED = re.compile(
    rf"\A{_CLOSED},?\s+(?:(?:that|which|was|were|is|has been)\s+){{0,2}}(?:introduced|caused|triggered|broken)\s+{_OF}\b",
    re.IGNORECASE,
)
"""Behind a name, this says that the name is the bug's, and the cause comes next: "#829 introduced by 6b5f05a"."""

_WRONG = re.compile(
    rf"\b(?:{_FAULT}|regress\w*|bug\w*|br[eo]k\w*|fail\w*|fix\w*|wrong\w*|incorrect\w*|invalid|bad|unintended|unwanted|accident\w*"
    r"|inadvertent\w*|miss(?:ing|ed)|los[st]\w*|overlooked|forg[eo]t\w*|panic\w*|deadlocks?|race|flak\w+|slow\w*|corrupt\w*)\b",
    re.IGNORECASE,
)
_IT = re.compile(r"(?:\A[\W_]*|\b(?:it|this|that|which|was|were|been|is|are)\s+(?:\w+ly\s+|first\s+)?)\Z", re.IGNORECASE)
"""Anything can be introduced. It is the bug where the sentence speaks of one, or of nothing but "it"."""

_NOT = re.compile(
    r"(?:\b(?:not|never|neither|nor|unrelated|rather|instead|without|no|doubt\w*|den(?:y|ied|ies)|false|refused?|disproved"
    r"|rul(?:e|ed|ing)\s+out|used\s+to\s+be|(?:was|were|been)\s+(?:thought|believed|assumed)(?:\s+to)?)\b|n't\b)"
    r"(?:\s+[\w'-]+){0,4}\s*\Z",
    re.IGNORECASE,
)
_NOT_AMONG = re.compile(r"\b(?:not|never)\b|n't\b", re.IGNORECASE)
_MAYBE = re.compile(r"\b(?:may|might|maybe|perhaps|possibly|could|whether|if|unsure|unclear|unlikely)\b", re.IGNORECASE)
_SEEN_THERE = re.compile(r"\A(?:br|caus|trigger|regress)\w+\s+(?:[\w'-]+\s+)*?(?:at|on)\b", re.IGNORECASE)
_STILL_THERE = re.compile(r"\bstill\b(?:\s+[\w'-]+){0,4}\s+(?:in|with|after)\b", re.IGNORECASE)
"""On an issue, "breaks on 1a2b3c4" and "still broken in 1a2b3c4" tell what somebody ran, and not when it broke."""
_ENDS = re.compile(r"[.!?;](?=\s)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)])[ \t])")
_AND = re.compile(rf"\A{_CLOSED}(?:\s*,\s*(?:and\s+|or\s+)?|\s+and\s+|\s*&\s*|\s*\n){_OPENED}(?:commit\s+)?\Z")
_LISTED_REVERT = re.compile(r"^[ \t]*[-*]\s*revert", re.IGNORECASE | re.MULTILINE)
_IS_REVERT = re.compile(r"\A\W*(?:partial(?:ly)?\s+)?(?:revert|back(?:s|ed)?\s+out|undo)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """That a text names a commit (`sha`, 7 to 40 digits of it) or a pull request (`number`) as the cause; `manner` and `where`
    are those of `app.domain.culprit.Saying`.
    """

    manner: str
    where: str
    sha: str = ""
    number: int | None = None


def claims(text: str, where: str, repository: str = "", web_url: str = "https://github.com") -> tuple[Claim, ...]:
    """What the text names as the cause of the bug, in its order, each once, at most `MOST`.

    `where` is `FIX` for a commit's message, else `ISSUE`. Denied and doubted names ("not caused by", "may be", questions) are
    none; code, quotes and HTML comments are passed over, but for the line that `git bisect` ends with. Numbers count of
    `repository` (`owner/name`) alone, shas wherever they are said to be: git knows them or does not.
    """
    found: dict[tuple[str, int | None], Claim] = {}
    for claim in (*_bisected(without_hidden(text), where), *_named(readable(text), where, repository, web_url)):
        found.setdefault((claim.sha, claim.number), claim)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _bisected(text: str, where: str) -> Iterator[Claim]:
    for match in _OF_A_BISECT.finditer(text):
        yield Claim("bisect", where, sha=match[1] or match[2])


def _named(text: str, where: str, repository: str, web_url: str) -> Iterator[Claim]:
    ended, last = 0, ""
    tells_of_reverts = _LISTED_REVERT.search(text) and not _IS_REVERT.match(text)
    for mention, start, end in located(text, repository, web_url):
        ours = mention.sha is not None or (mention.number is not None and mention.repository.casefold() == repository.casefold())
        goes_on = last and _AND.match(text[ended:start])
        manner = last if goes_on else _manner(text, start, end, where, mention)
        ended, last = end, manner
        if manner and ours and not (manner == "revert" and tells_of_reverts):
            yield Claim(manner, where, sha=mention.sha or "", number=mention.number)


def _manner(text: str, start: int, end: int, where: str, mention: Mention) -> str:
    """How the sentence around the name says that it is the cause; "" where it does not."""
    before = _ENDS.split(text[max(0, start - _BEFORE) : start])[-1]
    rest = text[end : end + _AFTER]
    after = _ENDS.split(rest)[0]
    if rest[len(after) :].startswith("?") or after.endswith("?") or _ITSELF_CAUSED.match(after):
        return ""
    of_the_fix = _BY_THE_FIX if where == FIX and mention.number is None else ()
    for manner, pattern in (*_BEFORE_IT, *of_the_fix):
        if match := pattern.search(before):
            lead = before[: match.start()]
            speaks = manner != "introduced" or _IT.search(lead) or _WRONG.search(f"{before} {after}")
            seen = where == ISSUE and (_SEEN_THERE.search(match[0]) or _STILL_THERE.search(before))
            return manner if speaks and not seen and _is_stood_by(lead, match[0]) else ""
    for manner, pattern in _AFTER_IT:
        if match := pattern.match(after):
            speaks = manner != "introduced" or _WRONG.search(f"{before} {after}")
            return manner if speaks and _is_stood_by(before, match[0]) else ""
    return ""


def _is_stood_by(lead: str, cue: str) -> bool:
    """Whether the sentence neither denies nor doubts it: no "not" right before the words or in them, and no "may"."""
    return not (_NOT.search(lead) or _NOT_AMONG.search(cue) or _MAYBE.search(lead) or _MAYBE.search(cue))
