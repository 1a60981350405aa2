"""Takes an issue's text apart: given, when, then and what happened instead, its code blocks, the error its trace ends in.

Issue forms (`### Steps to reproduce`), template headings (`**Expected behavior**`) and plain labels (`Expected: ...`) are read;
instructions in HTML comments, checkboxes and version tables are left out. Everything stays text of people.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.analysis.scaffold.errors import raised_in
from app.analysis.scaffold.plain import one_line
from app.domain.scaffold import Snippet, Story

MAX_BODY = 200_000
MAX_SECTIONS = 200
MAX_SNIPPETS = 12
MAX_SNIPPET = 20_000
MOST_LINES = 12

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)$")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<text>[^\n]{1,200}?)[ \t#]*$")
_BOLD = re.compile(r"^\s*(?:\d+[.)]\s*)?(?:\*\*|__)(?P<text>[^*_\n]{2,120}?)[:\s]*(?:\*\*|__)\s*:?\s*(?P<rest>[^\n]*)$")
_LABEL = re.compile(r"^\s*(?P<text>[A-Z][A-Za-z' ]{2,40}?)\s*:\s*(?P<rest>[^\n]*)$")
_CHECKBOX = re.compile(r"^\s*[-*+] \[[ xX]\] ")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+")
_NOTHING = re.compile(
    r"^\s*(?:_no response_|n/?a|none|no|-+|\.+|(?:hi|hello|hey|dear)\b(?: [\w@/-]+){0,2}\s*[,.!:]?"
    r"|(?:[\w./-]+ ){0,2}versions?\s*[:=]?\s*v?\d[\w.+-]*|[@\w./-]{1,80}@v?\d[\w.+-]*)\s*$",
    re.IGNORECASE,
)
# "Output:", "Ideally:", "returns": what stands above a code block and says nothing without it.
_LEADS_ON = re.compile(r"^\W*(?:(?!(?:true|false|null|none|nil)\b)[A-Za-z]+\W*|(?:\S+ ){0,4}\S+:\W*)$", re.IGNORECASE)
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|</?(?:details|summary|br|p|b|i|kbd|code|pre|img|div|span)\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\([^)\n]{1,500}\)")

# Which part of a story a heading opens; the first pattern that fits, so that "actual vs expected" counts as what happened.
_PARTS = (
    ("actual", r"actual|what happen|what (?:did|does) (?:it|happen)|current(?:ly)? (?:behavio|result)|observed|got\b|instead"),
    ("then", r"expect|should (?:happen|be)|desired|correct (?:behavio|output|result)"),
    ("when", r"steps|reproduc|how to|mcve|mvce|minimal|repro\b|code (?:sample|example|snippet)|to replicate|test ?case|example"),
    ("actual", r"^(?:problem|bug|issue)?\s*descri|^summary|^problem|^the (?:bug|problem|issue)|^bug$|^issue$|^overview"),
    ("given", r"^given|precondition|prerequisite|^setup|^context$|configuration|^config"),
    (
        "aside",
        r"version|environment|system|platform|anything else|additional|log|trace|stack|screenshot|solution|confirm|fix|info",
    ),
)
_COMPILED = tuple((part, re.compile(pattern, re.IGNORECASE)) for part, pattern in _PARTS)
_LABELS = re.compile(
    r"^(?:steps(?: to reproduce)?|to reproduce|reproduction|expected(?: \w+)?|actual(?: \w+)?|observed(?: \w+)?|current(?: \w+)?"
    r"|given|when|then|got|result)$",
    re.IGNORECASE,
)
# What people call a language in a fence, by recall's name for it.
_LANGUAGES = {
    "py": "python",
    "python": "python",
    "python3": "python",
    "pycon": "python",
    "ipython": "python",
    "js": "javascript",
    "javascript": "javascript",
    "jsx": "javascript",
    "node": "javascript",
    "mjs": "javascript",
    "ts": "typescript",
    "tsx": "typescript",
    "typescript": "typescript",
    "go": "go",
    "golang": "go",
    "java": "java",
    "rb": "ruby",
    "ruby": "ruby",
    "php": "php",
    "cs": "csharp",
    "csharp": "csharp",
    "c#": "csharp",
    "rs": "rust",
    "rust": "rust",
    "sh": "shell",
    "bash": "shell",
    "shell": "shell",
    "console": "shell",
    "zsh": "shell",
}
_PROMPT = re.compile(r"^\s*(?:>>> |In \[\d+\]: |\$ |irb\([^)]*\)[:>\d]* ?> |php > )", re.MULTILINE)


@dataclass
class _Section:
    """A heading (or none) with the lines of prose and the code blocks below it."""

    heading: str = ""
    part: str = ""
    lines: list[str] = field(default_factory=list)
    snippets: list[Snippet] = field(default_factory=list)


def read_story(number: int | None, title: str, body: str, url: str = "", *, trusted: bool = False) -> Story:
    """What the issue tells, of the first `MAX_BODY` characters of its body. Never raises."""
    text = _COMMENT.sub("", body[:MAX_BODY].replace("\r\n", "\n").replace("\r", "\n"))
    sections = list(_sections(text))
    told: dict[str, list[str]] = {"given": [], "when": [], "then": [], "actual": []}
    snippets: list[Snippet] = []
    for section in sections:
        lines = [line for line in map(_prose, section.lines) if line]
        if section.part in told:
            told[section.part].extend(lines)
        elif not section.part and not told["actual"]:
            told["actual"].extend(lines[:3])  # an issue without headings opens with what went wrong
        if section.part == "then" and not lines:
            told["then"].extend(one_line(line) for snippet in section.snippets[:1] for line in snippet.text.splitlines()[:3])
        if section.part not in ("aside", "then"):
            snippets.extend(section.snippets)
    return Story(
        number,
        title,
        url,
        given=tuple(told["given"][:MOST_LINES]),
        when=tuple(told["when"][:MOST_LINES]),
        then=tuple(told["then"][:MOST_LINES]),
        actual=tuple(told["actual"][:MOST_LINES]),
        snippets=tuple(snippets[:MAX_SNIPPETS]),
        raised=raised_in(text),
        trusted=trusted,
    )


def _sections(text: str) -> Iterator[_Section]:
    section, count = _Section(), 0
    for line, block in _lines_and_blocks(text):
        if block is not None:
            section.snippets.append(block)
            continue
        found = _heading(line) if count < MAX_SECTIONS else None
        if found is None:
            section.lines.append(line)
            continue
        yield section
        heading, rest = found
        section, count = _Section(heading, _part(heading), [rest] if rest else []), count + 1
    yield section


def _lines_and_blocks(text: str) -> Iterator[tuple[str, Snippet | None]]:
    """Every line outside of code blocks, and every block in its place; a fence that is never closed takes the rest."""
    fence, info, held = "", "", list[str]()
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["mark"].startswith(fence) and not mark["info"].strip():
                yield "", _snippet(info, held)
                fence = ""
            else:
                held.append(line)
        elif mark:
            fence, info, held = mark["mark"], mark["info"].strip(), []
        else:
            yield line, None
    if fence:
        yield "", _snippet(info, held)


def _snippet(info: str, lines: Iterable[str]) -> Snippet:
    text = "\n".join(lines)[:MAX_SNIPPET]
    tag = re.split(r"[\s,{:]", info.strip("{}. ").lower(), maxsplit=1)[0]
    return Snippet(text, _LANGUAGES.get(tag, ""), tag in ("pycon", "console") or bool(_PROMPT.search(text)))


def _heading(line: str) -> tuple[str, str] | None:
    """The heading that a line is, and what stands behind it on the same line."""
    if match := _HEADING.match(line):
        return match["text"], ""
    if (match := _BOLD.match(line)) and (_part(match["text"]) or not match["rest"]):
        return match["text"], match["rest"]
    if (match := _LABEL.match(line)) and _LABELS.match(match["text"]):
        return match["text"], match["rest"]
    return None


def _part(heading: str) -> str:
    return next((part for part, pattern in _COMPILED if pattern.search(heading)), "")


def _prose(line: str) -> str:
    """A line of prose without list marks, links, pictures and tags; empty for what tells nothing."""
    if _CHECKBOX.match(line) or _NOTHING.match(line) or _LEADS_ON.match(line) or line.lstrip().startswith(("|", ">>>", "```")):
        return ""
    plain = _LINK.sub(r"\1", _MARKS.sub("", _BULLET.sub("", line.lstrip("> "))))
    return one_line(plain.replace("`", "").replace("**", ""))
