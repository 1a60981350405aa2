"""A PHP test file as it is read for style: its classes and tests, its imports, and how it is indented."""

import re
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node, Tree

from app.analysis.languages import NamedTest, php, trees
from app.analysis.scaffold.dialects.placing import put
from app.analysis.scaffold.signatures.php import namespace

_USE = re.compile(r"use\s+(?!function\b|const\b)\\?([\w\\]+)(?:\s+as\s+(\w+))?\s*;", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """The text of one file; what it holds is read when asked for."""

    text: str

    @cached_property
    def data(self) -> bytes:
        """The text as bytes."""
        return self.text.encode(errors="surrogateescape")

    @cached_property
    def root(self) -> Node | None:
        """The syntax tree's root."""
        return self._tree.root_node if self._tree else None

    @cached_property
    def definitions(self) -> tuple[php.Definition, ...]:
        """What the file defines."""
        return php.definitions(self.data)

    @cached_property
    def tests(self) -> tuple[NamedTest, ...]:
        """The tests in it."""
        return php.tests_in(self.data)

    @cached_property
    def test_names(self) -> tuple[str, ...]:
        """The names of the test methods, without their classes."""
        return tuple(test.name.rpartition(".")[2] for test in self.tests)

    @cached_property
    def namespace(self) -> str:
        """The declared namespace."""
        return namespace(self.data)

    @cached_property
    def uses(self) -> tuple[Node, ...]:
        """The `use` declarations of the file."""
        found = trees.matches("php", self._tree, "(namespace_use_declaration) @use") if self._tree else ()
        return tuple(match["use"] for match in found)

    @cached_property
    def _tree(self) -> Tree | None:
        return trees.parse("php", self.data)

    @cached_property
    def names(self) -> dict[str, str]:
        """Classes by the name that they go by in the file, in small letters, as PHP compares them."""
        found = {}
        for node in self.uses:
            if match := _USE.fullmatch(trees.text_of(node)):
                found[(match[2] or match[1].rpartition("\\")[2]).lower()] = match[1]
        return found

    def line(self, row: int) -> str:
        """One line by its 0-based number."""
        return self.text.split("\n")[row]


def add_use(text: str, name: str) -> tuple[str, int]:
    """The file with a class imported too, in order among its kind where they are in order, and by how many lines it grew."""
    source = Source(text)
    line = f"use {name};"
    known = [(trees.text_of(node), node.end_point.row + 1) for node in source.uses if _USE.fullmatch(trees.text_of(node))]
    if known:
        before = [row for written, row in known if written.lower() < line.lower()]
        in_order = [one for one, _ in known] == sorted((one for one, _ in known), key=str.lower)
        at = known[-1][1] if not in_order else max(before) if before else known[0][1] - 1
        return put(text, at, [line]), 1
    opening = [node for node in source.root.named_children if node.type in _OPENINGS] if source.root else []
    if opening and opening[-1].type == "namespace_definition" and (body := opening[-1].child_by_field_name("body")):
        return put(text, body.start_point.row + 1, [f"    {line}", ""]), 2
    return put(text, opening[-1].end_point.row + 1 if opening else 1, ["", line]), 2


_OPENINGS = frozenset({"php_tag", "namespace_definition", "declare_statement"})
