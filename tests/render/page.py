"""A rendered comment as GitHub would show it, taken apart: what stands outside code, where links lead, how tables look."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

ALIVE = re.compile(
    r"""(?<![\w`]) @ \w           # a mention
      | \# \d | \bGH-\d           # a reference
      | :// | \bwww\.             # an address that links itself
      | [\u202a-\u202e\u2066-\u2069\u0000]
    """,
    re.VERBOSE | re.IGNORECASE,
)
OURS = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "sub", "a", "code", "ul", "li", "br"}
HIDING = {"code", "a"}


class Page(HTMLParser):
    """`text` is what stands outside code and links, `rows` the cells of each table row, `comments` the hidden ones."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.comments: list[str] = []
        self.tables: list[list[int]] = []
        self.text = ""
        self.code: list[str] = []
        self._open: list[str] = []
        self.html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open.append(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            elif name != "style":
                self.attributes.add((tag, name))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append(0)
        elif tag in ("td", "th"):
            self.tables[-1][-1] += 1
        elif tag == "code":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if "code" in self._open:
            self.code[-1] += data
        elif not HIDING & set(self._open):
            self.text += data
