"""C# by syntax tree: definitions, and the tests of xUnit and NUnit.

Only tests that recall writes are made from it; what it explains of C# comes from names and history.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.model import NamedTest
from app.domain.change import Symbol

CLASSES = frozenset(
    {"class_declaration", "struct_declaration", "record_declaration", "interface_declaration", "enum_declaration"}
)
_CALLABLE = frozenset({"method_declaration", "constructor_declaration"})
_AROUND = frozenset({"namespace_declaration", "declaration_list", "file_scoped_namespace_declaration"})
_TEST = re.compile(r"\[\s*(?:.*,\s*)?(?:\w+\.)*(?:Fact|Theory|Test|TestCase|TestCaseSource|TestMethod)(?:Attribute)?\b")


@dataclass(frozen=True, slots=True)
class Definition:
    """A type, method or constructor, and the types that it stands in, outermost first."""

    node: Node
    name: str
    around: tuple["Definition", ...] = ()

    @property
    def qualified(self) -> str:
        """`Cart.Line.Total`, without the namespace."""
        return ".".join(one.name for one in (*self.around, self))

    @property
    def kind(self) -> str:
        """As of any symbol."""
        return "class" if self.node.type in CLASSES else "method"


def definitions(source: bytes) -> tuple[Definition, ...]:
    """What a file defines, in source order."""
    tree = trees.parse("csharp", source)
    return tuple(_within(tree.root_node, ())) if tree else ()


def _within(node: Node, around: tuple[Definition, ...]) -> Iterator[Definition]:
    for child in node.named_children:
        name = child.child_by_field_name("name")
        if child.type in CLASSES and name is not None and len(around) < trees.MAX_DEPTH:
            found = Definition(child, trees.text_of(name), around)
            yield found
            yield from _within(child, (*around, found))
        elif child.type in _CALLABLE and name is not None and around:
            yield Definition(child, trees.text_of(name), around)
        elif child.type in _AROUND:
            yield from _within(child, around)


def symbols(source: bytes) -> tuple[Symbol, ...]:
    """Types, and methods and constructors as `Cart.Total`."""
    return tuple(Symbol(one.name, one.qualified, one.kind, trees.span_of(one.node)) for one in definitions(source))


def tests_in(source: bytes) -> tuple[NamedTest, ...]:
    """The methods that xUnit, NUnit or MSTest run, by their attributes."""
    return tuple(
        NamedTest(one.qualified, trees.span_of(one.node))
        for one in definitions(source)
        if one.kind == "method" and any(_TEST.match(text) for text in attributes(one.node))
    )


def attributes(node: Node) -> list[str]:
    """The attribute lists before a declaration, each as one line."""
    return [" ".join(trees.text_of(child).split()) for child in node.children if child.type == "attribute_list"]
