"""PHP by syntax tree: definitions, and the tests of PHPUnit.

Only tests that recall writes are made from it; what it explains of PHP comes from names and history.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.model import NamedTest
from app.domain.change import Symbol

CLASSES = frozenset({"class_declaration", "interface_declaration", "trait_declaration", "enum_declaration"})
_CALLABLE = frozenset({"method_declaration", "function_definition"})
_MARKED = re.compile(r"(?:^|\*)\s*@test\b|#\[(?:.*\b)?Test\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Definition:
    """A class, interface, trait, enum, method or function, with the class that it stands in."""

    node: Node
    name: str
    owner: "Definition | None" = None

    @property
    def qualified(self) -> str:
        """`Cart.total`, without the namespace."""
        return f"{self.owner.name}.{self.name}" if self.owner else self.name

    @property
    def kind(self) -> str:
        """As of any symbol."""
        return "class" if self.node.type in CLASSES else "method" if self.owner else "function"


def definitions(source: bytes) -> tuple[Definition, ...]:
    """What a file defines, in source order; what is local to a function is left out."""
    tree = trees.parse("php", source)
    return tuple(_within(tree.root_node, None)) if tree else ()


def _within(node: Node, owner: Definition | None) -> Iterator[Definition]:
    for child in node.named_children:
        name = child.child_by_field_name("name")
        if child.type in CLASSES and owner is None and name is not None:
            found = Definition(child, trees.text_of(name))
            yield found
            yield from _within(child, found)
        elif child.type in _CALLABLE and name is not None:
            yield Definition(child, trees.text_of(name), owner)
        elif child.type in {"namespace_definition", "compound_statement", "declaration_list", "if_statement"}:
            yield from _within(child, owner)


def symbols(source: bytes) -> tuple[Symbol, ...]:
    """Classes, interfaces, traits and enums, methods as `Cart.total`, and functions."""
    return tuple(Symbol(one.name, one.qualified, one.kind, trees.span_of(one.node)) for one in definitions(source))


def tests_in(source: bytes) -> tuple[NamedTest, ...]:
    """The methods that PHPUnit runs: those named `test...`, and those marked `@test` or `#[Test]`."""
    return tuple(
        NamedTest(one.qualified, trees.span_of(one.node))
        for one in definitions(source)
        if one.kind == "method" and (one.name.lower().startswith("test") or _is_marked(one.node))
    )


def _is_marked(node: Node) -> bool:
    above = node.prev_sibling
    text = trees.text_of(above) if above is not None and above.type == "comment" else ""
    attributes = node.child_by_field_name("attributes")
    return bool(_MARKED.search(text + (trees.text_of(attributes) if attributes is not None else "")))
