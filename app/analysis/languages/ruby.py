"""Ruby by syntax tree: definitions, and tests of RSpec, Minitest and what is built on them.

Only tests that recall writes are made from it; what it explains of Ruby comes from names and history.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.model import NamedTest
from app.domain.change import Symbol

GROUPS = frozenset({"describe", "context", "feature", "xdescribe", "fdescribe", "fcontext", "xcontext"})
TESTS = frozenset({"it", "specify", "example", "scenario", "test", "should", "fit", "xit", "focus"})
_SCOPES = frozenset({"class", "module"})
_METHODS = frozenset({"method", "singleton_method"})
_BLOCKS = frozenset({"do_block", "block"})


@dataclass(frozen=True, slots=True)
class Definition:
    """A class, module or method. `around` are the scopes it stands in, outermost first; `is_static` that it is called on them."""

    node: Node
    name: str
    around: tuple["Definition", ...] = ()
    is_static: bool = False
    is_private: bool = False

    @property
    def qualified(self) -> str:
        """`Shop.Cart.total`; a scope that is named in one (`Shop::Cart`) is two."""
        return ".".join(name for each in (*self.around, self) for name in each.name.split("::"))

    @property
    def is_method(self) -> bool:
        """Whether it is no scope."""
        return self.node.type in _METHODS


@dataclass(frozen=True, slots=True)
class Block:
    """A test or a group of tests: the call with its block, or a class, or a test method of one.

    `name` is what it adds to the names of those inside; `around` are the groups it stands in, outermost first.
    """

    node: Node
    word: str
    name: str
    is_test: bool
    around: tuple["Block", ...] = ()

    @property
    def full_name(self) -> str:
        """`Shop::TestCart.test_total`, `Shop::Cart > #total > adds`."""
        told = ""
        for each in (*self.around, self):
            joint = "." if each.word == "def" else "::" if each.word in _SCOPES else " > "
            told = f"{told}{joint}{each.name}" if told else each.name
        return told


def symbols(source: bytes) -> tuple[Symbol, ...]:
    """Classes, modules and methods, in source order."""
    tree = trees.parse("ruby", source)
    return tuple(
        Symbol(
            each.name.rpartition("::")[2],
            each.qualified,
            ("method" if each.around else "function") if each.is_method else "class",
            trees.span_of(each.node),
        )
        for each in (definitions(tree.root_node) if tree else ())
    )


def tests_in(source: bytes) -> tuple[NamedTest, ...]:
    """Test methods, and calls of `it`, `test`, `should` with a title, named with the classes and groups around them."""
    tree = trees.parse("ruby", source)
    found = blocks(tree.root_node) if tree else ()
    return tuple(NamedTest(each.full_name, trees.span_of(each.node)) for each in found if each.is_test and each.name)


def definitions(node: Node, around: tuple[Definition, ...] = ()) -> Iterator[Definition]:
    """What is defined in a node, outer before inner."""
    shared, private = False, False
    body = node.child_by_field_name("body") or node
    hidden = _named_private(body)
    for child in body.named_children:
        if child.type == "identifier":
            said = trees.text_of(child)
            private = said in {"private", "protected"} or (private and said != "public")
            shared = shared or said == "module_function"
        shared = shared or trees.text_of(child)[:12] == "extend self"
        yield from _definition(child, around, shared, private, hidden)


def _definition(
    child: Node, around: tuple[Definition, ...], shared: bool, private: bool, hidden: frozenset[str]
) -> Iterator[Definition]:
    name = child.child_by_field_name("name")
    if len(around) >= trees.MAX_DEPTH:
        return
    if child.type in _SCOPES and name is not None:
        found = Definition(child, trees.text_of(name), around)
        yield found
        yield from definitions(child, (*around, found))
    elif child.type in _METHODS and name is not None:
        said = trees.text_of(name)
        yield Definition(child, said, around, shared or child.type == "singleton_method", private or said in hidden)
    elif child.type == "singleton_class":
        for each in definitions(child, around):
            yield Definition(each.node, each.name, each.around, True, each.is_private) if each.around == around else each
    elif child.type == "call":
        yield from _called(child, around, shared, private, hidden)
    elif child.type in {"begin", "if", "unless", "then", "body_statement", "assignment"}:
        for inner in child.named_children:
            yield from _definition(inner, around, shared, private, hidden)


def _called(
    child: Node, around: tuple[Definition, ...], shared: bool, private: bool, hidden: frozenset[str]
) -> Iterator[Definition]:
    """`private def total`, `module_function def total`, and what stands in the block of `Struct.new`, `included do`."""
    method = child.child_by_field_name("method")
    word = trees.text_of(method) if method is not None else ""
    arguments = child.child_by_field_name("arguments")
    for inner in arguments.named_children if arguments is not None else ():
        if inner.type in _METHODS:
            yield from _definition(inner, around, shared or word == "module_function", private or word == "private", hidden)
    block = child.child_by_field_name("block")
    if block is not None and around:
        yield from definitions(block, around)


def _named_private(body: Node) -> frozenset[str]:
    """`private :a, :b` -> {"a", "b"}."""
    names: set[str] = set()
    for child in body.named_children:
        method, arguments = child.child_by_field_name("method"), child.child_by_field_name("arguments")
        if child.type == "call" and method is not None and trees.text_of(method) in {"private", "private_class_method"}:
            names.update(trees.text_of(each).lstrip(":") for each in (arguments.named_children if arguments is not None else ()))
    return frozenset(names)


def blocks(node: Node, around: tuple[Block, ...] = ()) -> Iterator[Block]:
    """The groups and tests in a node, outer before inner."""
    body = node.child_by_field_name("body") or node
    for child in body.named_children:
        found = _block(child, around)
        if found is not None:
            yield found
        if len(around) >= trees.MAX_DEPTH or (found is not None and found.is_test):
            continue
        inner = (*around, found) if found is not None else around
        if found is not None and found.word not in _SCOPES:
            block = child.child_by_field_name("block")
            yield from blocks(block, inner) if block is not None else ()
        elif child.type in {*_SCOPES, "body_statement", "begin", "if", "unless", "then"}:
            yield from blocks(child, inner)


def _block(child: Node, around: tuple[Block, ...]) -> Block | None:
    if child.type in _SCOPES:
        name = child.child_by_field_name("name")
        return Block(child, child.type, trees.text_of(name), False, around) if name is not None else None
    if child.type == "method":
        name = child.child_by_field_name("name")
        said = trees.text_of(name) if name is not None else ""
        inside = bool(around) and around[-1].word == "class"
        return Block(child, "def", said, True, around) if said.startswith("test_") and inside else None
    method, block = child.child_by_field_name("method"), child.child_by_field_name("block")
    if child.type != "call" or method is None or block is None or block.type not in _BLOCKS:
        return None
    word = trees.text_of(method)
    receiver = child.child_by_field_name("receiver")
    if word not in GROUPS | TESTS or (receiver is not None and trees.text_of(receiver) != "RSpec"):
        return None
    arguments = child.child_by_field_name("arguments")
    first = trees.first_in(arguments) if arguments is not None else None
    return Block(child, word, _title(first) if first is not None else "", word in TESTS, around)


def _title(node: Node) -> str:
    text = trees.text_of(node)
    if node.type == "string" and len(text) > 1:
        text = text[1:-1]
    return " ".join(text.split())[:200]
