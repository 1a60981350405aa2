"""Rust by syntax tree: definitions, and the tests of Cargo's runner.

Only tests that recall writes are made from it; what it explains of Rust comes from names and history.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.model import NamedTest
from app.domain.change import Symbol

_TYPES = frozenset({"struct_item", "enum_item", "union_item", "trait_item"})
_MACRO = re.compile(r"(?P<macro>\w*test\w*!)\s*\(\s*(?P<name>[a-z_]\w*)\s*,\s*\|(?P<takes>[^|\n]*)\|\s*\{")
_TEST = re.compile(r"#\s*\[\s*(?:\w+\s*::\s*)*(?:test|rstest|test_case|quickcheck)\b")


@dataclass(frozen=True, slots=True)
class Definition:
    """A type or function. `modules` are the modules inside the file that it stands in, `owner` the type it is a method of."""

    node: Node
    name: str
    modules: tuple[str, ...] = ()
    owner: str = ""
    of_trait: bool = False

    @property
    def qualified(self) -> str:
        """`tests.Cart.total`."""
        return ".".join(part for part in (*self.modules, self.owner, self.name) if part)

    @property
    def kind(self) -> str:
        """As of any symbol."""
        return "class" if self.node.type in _TYPES else "method" if self.owner else "function"


def definitions(source: bytes) -> tuple[Definition, ...]:
    """What a file defines, in source order; what is local to a function is left out."""
    tree = trees.parse("rust", source)
    return tuple(_within(tree.root_node, ())) if tree else ()


def _within(node: Node, modules: tuple[str, ...], owner: str = "", of_trait: bool = False) -> Iterator[Definition]:
    for child in node.named_children:
        name = child.child_by_field_name("name")
        body = child.child_by_field_name("body")
        if child.type == "function_item" and name is not None:
            yield Definition(child, trees.text_of(name), modules, owner, of_trait)
        elif child.type in _TYPES and name is not None:
            yield Definition(child, trees.text_of(name), modules)
            if child.type == "trait_item" and body is not None:
                yield from _within(body, modules, trees.text_of(name), True)
        elif child.type == "impl_item" and body is not None:
            of = child.child_by_field_name("trait") is not None
            yield from _within(body, modules, _type_name(child), of)
        elif child.type == "mod_item" and name is not None and body is not None and len(modules) < trees.MAX_DEPTH:
            yield from _within(body, (*modules, trees.text_of(name)))


def _type_name(implementation: Node) -> str:
    """`impl<T> Display for shop::Cart<T>` -> `Cart`."""
    kind = implementation.child_by_field_name("type")
    text = trees.text_of(kind) if kind is not None else ""
    return re.sub(r"\W", "", text.lstrip("&* ").partition("<")[0].rpartition("::")[2])


def symbols(source: bytes) -> tuple[Symbol, ...]:
    """Types, functions, and methods as `Cart.total`, in the file's own modules."""
    return tuple(Symbol(one.name, one.qualified, one.kind, trees.span_of(one.node)) for one in definitions(source))


def tests_in(source: bytes) -> tuple[NamedTest, ...]:
    """The functions marked `#[test]`, by whichever crate, and those that a macro named like a test makes at the file's top."""
    marked = [
        NamedTest(one.qualified, trees.span_of(one.node))
        for one in definitions(source)
        if one.kind == "function" and any(_TEST.match(text) for text in attributes(one.node))
    ]
    return tuple(sorted([*marked, *(test for test, _ in macro_tests(source))], key=lambda test: test.span))


def macro_tests(source: bytes) -> tuple[tuple[NamedTest, str], ...]:
    """Tests that a macro at the file's top makes, with the macro: `rgtest!(name, |dir: Dir| { ... });`."""
    tree = trees.parse("rust", source)
    found = []
    for node in tree.root_node.named_children if tree else ():
        call = trees.first_in(node) if node.type == "expression_statement" else node
        opening = _MACRO.match(trees.text_of(node)) if call is not None and call.type == "macro_invocation" else None
        if opening:
            found.append((NamedTest(opening["name"], trees.span_of(node)), opening["macro"]))
    return tuple(found)


def attributes(node: Node) -> list[str]:
    """The attributes right above an item."""
    found = []
    above = node.prev_named_sibling
    while above is not None and above.type in {"attribute_item", "line_comment", "block_comment"}:
        if above.type == "attribute_item":
            found.append(trees.text_of(above))
        above = above.prev_named_sibling
    return found
