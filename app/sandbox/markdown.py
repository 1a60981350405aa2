"""Markdown as GitHub shows it in issues: rendered, sanitised, and only then linkified, outside code and links. Pure.

What is a mention, a reference or an address here is what GitHub would notify about, link or follow.
"""

import html
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.tasklists import tasklists_plugin

TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figure",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "source",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "ul",
        "var",
    ]
)
_ATTRIBUTES = {
    "*": {"align", "dir", "title", "lang"},
    "a": {"href"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_HIDING = {"code", "pre", "a", "tt"}
_INLINE = {"b", "i", "em", "strong", "del", "s", "sub", "sup", "span", "small", "ins", "mark", "a", "code", "kbd"}
_VOID = {"br", "hr", "img", "input", "source"}

_markdown = MarkdownIt("commonmark", {"html": True, "linkify": True, "breaks": True})
_markdown.enable(["table", "strikethrough", "linkify"]).use(tasklists_plugin)
if _markdown.linkify:
    _markdown.linkify.set({"fuzzy_link": False, "fuzzy_ip": False})


def _align(state: StateCore) -> None:
    """Tables say how cells stand by `align`, which outlives the sanitiser, as on GitHub."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and token.attrs.get("style"):
            token.attrs = {"align": str(token.attrs["style"]).rpartition(":")[2]}


_markdown.core.ruler.push("align", _align)

Change = Callable[[str], str]


def render(text: str) -> str:
    """Sanitised HTML; nothing in it runs, and comments are gone."""
    return nh3.clean(
        _markdown.render(text.replace("\0", "\ufffd")),
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes={"ul": {"contains-task-list"}, "li": {"task-list-item"}, "code": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow",
        strip_comments=True,
    )


def linkify(sanitised: str, change: Change) -> str:
    """The HTML with `change` applied to the text outside code and links; `change` gets plain text and gives HTML."""
    walk = _Walk(change)
    walk.feed(sanitised)
    walk.close()
    return "".join(walk.made)


def prose(text: str) -> list[str]:
    """The blocks of a Markdown document as people read them, without code; the target of a link stands where it leads."""
    blocks: list[str] = [""]
    walk = _Walk(html.escape, blocks)
    walk.feed(render(text))
    walk.close()
    return [block for block in blocks if block.strip()]


def replacer(rules: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]]) -> Change:
    """A `Change` by patterns: each gives HTML for a match, or None to leave it. The leftmost match of the first rule wins."""

    def change(text: str) -> str:
        made, at = "", 0
        while at < len(text):
            found = [
                (match.start(), order, match) for order, (pattern, _) in enumerate(rules) if (match := pattern.search(text, at))
            ]
            if not found:
                break
            start, order, match = min(found, key=lambda one: one[:2])
            shown = rules[order][1](match)
            made += html.escape(text[at:start], quote=False) + (shown or html.escape(match[0], quote=False))
            at = max(match.end(), at + 1)
        return made + html.escape(text[at:], quote=False)

    return change


class _Walk(HTMLParser):
    """Goes over sanitised HTML, making it again, or collecting its blocks of prose."""

    def __init__(self, change: Change, blocks: list[str] | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self._change = change
        self._blocks = blocks
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made.append(self.get_starttag_text() or "")
        if tag in _HIDING:
            self._hidden.append(tag)
        if self._blocks is not None:
            if tag not in _INLINE:
                self._blocks.append("")
            elif tag == "a":
                self._blocks[-1] += f" {dict(attrs).get('href') or ''} "
            elif tag == "code":
                self._blocks[-1] += " \0 "

    def handle_endtag(self, tag: str) -> None:
        self.made.append(f"</{tag}>" if tag not in _VOID else "")
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()
        if self._blocks is not None and tag not in _INLINE:
            self._blocks.append("")

    def handle_data(self, data: str) -> None:
        if self._hidden:
            self.made.append(html.escape(data, quote=False))
            return
        self.made.append(self._change(data))
        if self._blocks is not None:
            self._blocks[-1] += data
