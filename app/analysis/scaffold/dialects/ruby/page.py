"""A Ruby test file as it is read for style and place: its groups and tests, its quotes, what it opens with."""

import re
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from app.analysis.languages import ruby, trees

INDENT = "  "


class Page:
    """The text of one file and what its tree tells; everything is empty where it is no Ruby."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        tree = trees.parse("ruby", text.encode(errors="surrogateescape"))
        self.root = tree.root_node if tree else None

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")

    @cached_property
    def blocks(self) -> tuple[ruby.Block, ...]:
        """Groups and tests in source order."""
        return tuple(ruby.blocks(self.root)) if self.root else ()

    @cached_property
    def tests(self) -> tuple[ruby.Block, ...]:
        """The tests alone."""
        return tuple(each for each in self.blocks if each.is_test)

    @cached_property
    def quote(self) -> str:
        """The quotation mark that most of its plain strings have."""
        double = len(re.findall(r'"[^"\\#\'\n]*"', self.text))
        return "'" if len(re.findall(r"'[^'\\\"\n]*'", self.text)) > double else '"'

    @cached_property
    def requires(self) -> tuple[tuple[str, str], ...]:
        """The `require` and `require_relative` at its top: the word and what it asks for."""
        found = []
        for node in self.root.named_children if self.root else ():
            method, arguments = node.child_by_field_name("method"), node.child_by_field_name("arguments")
            word = trees.text_of(method) if node.type == "call" and method is not None else ""
            first = trees.first_in(arguments) if arguments is not None else None
            if word in {"require", "require_relative"} and first is not None and first.type == "string":
                found.append((word, trees.text_of(first)[1:-1]))
        return tuple(found)

    @cached_property
    def header(self) -> list[str]:
        """The magic comments and the license that the file opens with."""
        kept = []
        for line in self.lines:
            if not line.startswith("#"):
                break
            kept.append(line)
        told = "\n".join(kept)
        if re.search(r"licen[sc]e|copyright|SPDX", told, re.IGNORECASE):
            return kept
        return [line for line in kept if re.match(r"#\s*(?:-\*-|[\w-]+:\s*\S+\s*$)", line)]

    def lead(self, node: Node) -> str:
        """The white space before the line that a node begins on."""
        line = self.lines[node.start_point.row]
        return line[: len(line) - len(line.lstrip(" \t"))]


@dataclass(frozen=True, slots=True)
class Place:
    """The number of lines above the new test, its margin, the word of the test it follows, and the groups around it."""

    after: int
    lead: str
    word: str
    around: tuple[ruby.Block, ...] = ()


def place(page: Page, beside: str | None, names: list[str]) -> Place | None:
    """After the test `beside`, else after the last one of the group that is about one of `names`, else after the last one that
    stands right in the outermost group. None where the file holds no test.
    """
    if not page.tests:
        return None
    anchor = next((test for test in reversed(page.tests) if test.full_name == beside), None)
    if anchor is None:
        anchor = next((test for name in names for test in reversed(page.tests) if _is_about(test, name)), None)
    if anchor is None:
        last = page.tests[-1]
        anchor = next((test for test in reversed(page.tests) if test.around == last.around[:1]), last)
    return Place(trees.span_of(anchor.node).end, page.lead(anchor.node), anchor.word, anchor.around)


def _is_about(test: ruby.Block, name: str) -> bool:
    """`describe "#total"` is about `total`."""
    return any(group.name in {name, f"#{name}", f".{name}", f"::{name}"} for group in test.around)
