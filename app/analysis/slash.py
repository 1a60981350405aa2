"""Finds the commands in a comment, as in `/recall fix #482`; following them is `app.workflows.follow_command`'s.

What counts is how GitHub shows the text: a line of an ordinary paragraph that begins with `/recall`. Quotes, lists, code,
headings, tables and what is hidden in HTML hold none. Source: GitHub Flavored Markdown Spec 0.29, parsed by markdown-it-py.
"""

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.analysis.mentions import Mention, mentions
from app.domain.correction import Part
from app.domain.slash import SlashCommand, Verb

MOST = 5
"""Commands of one comment that are followed; the rest is passed over."""

LONGEST = 500
"""Characters of an argument."""

LONGEST_COMMENT = 20_000
"""Characters of a comment that are looked at; what is longer was pasted, and to parse it could take anyone's server seconds."""

_LONGEST_WORD = 40
_LONGEST_PARAGRAPH = 3_000  # characters; inline markup takes time by the square of them at worst
_BEGINS = re.compile(r"^[ \t]{0,3}/recall(?:\s|$)", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(r"/recall(?:[ \t]+(?P<word>\S+)(?:\s+(?P<argument>.*))?)?\s*", re.IGNORECASE)
_ANYWHERE = re.compile(r"/recall(?:[ \t]+(?P<word>\S+)(?:[ \t]+(?P<argument>[^\r\n]*))?)?", re.IGNORECASE)
_BREAKS = ("softbreak", "hardbreak")
_VERBS = {verb.value: verb for verb in Verb if verb.value}
_NEAR = 0.6
_SHA = re.compile(r"[0-9a-f]{7,40}")


def slash_commands(body: str) -> tuple[SlashCommand, ...]:
    """The commands of a comment, in their order, each once.

    `"/recall fix #482"` -> `SlashCommand(Verb.FIX, "#482", "fix")`; `"> /recall draft"` -> nothing.
    """
    read = body[:LONGEST_COMMENT]
    if not _BEGINS.search(read):
        return ()
    found = (command for line in _lines(read) if (command := _command(line)))
    return tuple(dict.fromkeys(found))[:MOST]


def new_commands(body: str, before: str) -> tuple[SlashCommand, ...]:
    """Those of an edited comment that it did not have `before`."""
    had = set(slash_commands(before))
    return tuple(command for command in slash_commands(body) if command not in had)


def brought_commands(body: str, before: str) -> tuple[SlashCommand, ...]:
    """Those that somebody else's edit brought: of a command that stood in the comment already, quoted or as code or behind `MOST`
    others, whoever tidies the comment up is not the one who gave it.
    """
    had = {_said(found["word"] or "", found["argument"] or "") for found in _ANYWHERE.finditer(before)}
    return tuple(command for command in new_commands(body, before) if command not in had)


def without_commands(body: str) -> str:
    """The text without the lines that begin as commands do: they say things to recall, and nothing of the bug."""
    if not _BEGINS.search(body):
        return body
    return "".join(line for line in body.splitlines(keepends=True) if not _BEGINS.match(line))


def told(commands: Iterable[SlashCommand]) -> str:
    """Commands as one line each, which `understood` reads: `fix #482`."""
    return "\n".join(f"{command.word} {command.argument}".rstrip() for command in commands)


def understood(lines: str) -> tuple[SlashCommand, ...]:
    """The commands that `told` wrote down."""
    return tuple(_said(*line.partition(" ")[::2]) for line in lines.split("\n"))


def key(command: SlashCommand) -> str:
    """A short name for the command that no other one has."""
    return hashlib.sha256(f"{command.word}\0{command.argument}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def nearest(word: str) -> Verb | None:
    """The verb that somebody may have meant; None where none is near."""
    near = difflib.get_close_matches(word.casefold(), _VERBS, n=1, cutoff=_NEAR)
    return _VERBS[near[0]] if near else None


def target(argument: str, repository: str, web_url: str = "https://github.com") -> Mention | None:
    """The one pull request or commit that an argument names: `#482`, `482`, a sha or its beginning, an address.

    Seven digits alone are a sha's, as those that git shortens are: no repository has a million pull requests.
    """
    if _SHA.fullmatch(argument.casefold()):
        return Mention(repository, sha=argument.casefold())
    named = mentions(f"#{argument}" if argument.isdigit() else argument, repository, web_url)
    return named[0] if len(named) == 1 and len(argument.split()) == 1 and not named[0].head else None


def judged(argument: str) -> tuple[Part, str]:
    """Which part is called wrong, and why: `link it was #480` -> the link, `it was #480`. Without a name it is the tests."""
    first, _, why = argument.partition(" ")
    named = first.casefold().rstrip(":,")
    return (Part(named), why.strip()) if named in set(Part) else (Part.TESTS, argument)


def _command(line: str) -> SlashCommand | None:
    found = _LINE.fullmatch(line)
    return _said(found["word"] or "", found["argument"] or "") if found else None


def _said(word: str, argument: str) -> SlashCommand:
    verb = _VERBS.get(word.casefold()) if word else Verb.RECALL
    plain = argument.replace("\u200b", "")  # what is copied from a comment of recall's has breaks in its numbers
    return SlashCommand(verb, " ".join(plain.split())[:LONGEST].rstrip(), word[:_LONGEST_WORD] if verb is None else verb.value)


def _lines(body: str) -> Iterator[str]:
    """The lines of the ordinary paragraphs that may hold commands, as they are shown."""
    blocks = _parser().parse(body)
    for before, token in pairwise(blocks):
        ordinary = before.type == "paragraph_open" and before.level == 0 and token.type == "inline"
        if ordinary and len(token.content) <= _LONGEST_PARAGRAPH and _BEGINS.search(token.content):
            (inline,) = _inliner().parseInline(token.content)
            yield from _shown(inline.children or ())


def _shown(children: Sequence[Token]) -> Iterator[str]:
    """The lines that begin with plain text; what is escaped, hidden or code in their first place begins none."""
    line: list[Token] = []
    for child in (*children, Token("softbreak", "", 0)):
        if child.type not in _BREAKS:
            line.append(child)
            continue
        if line and line[0].type == "text":
            yield "".join(" " if part.type == "image" else part.content for part in line if part.type != "html_inline")
        line = []


@cache
def _parser() -> MarkdownIt:
    """Finds the blocks alone."""
    return MarkdownIt("commonmark").enable("table").disable("inline")


@cache
def _inliner() -> MarkdownIt:
    """Keeps what was escaped apart from what was not."""
    return MarkdownIt("commonmark").disable("text_join")
