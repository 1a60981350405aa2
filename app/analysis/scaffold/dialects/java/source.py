"""A Java test file as it is read for style: its classes, tests and fields, its imports, and how it is indented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from app.analysis import languages
from app.analysis.languages import java, trees

CLASSES = frozenset({"class_declaration", "record_declaration", "interface_declaration", "enum_declaration"})
_TEST_NAME = re.compile(r"\bvoid\s+(\w+)\s*\(")


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
        """The syntax tree's root, None for what is no written source."""
        tree = trees.parse("java", self.data)
        return tree.root_node if tree else None

    @cached_property
    def package(self) -> str:
        """The declared package."""
        return java.package(self.data)

    @cached_property
    def tests(self) -> tuple[languages.NamedTest, ...]:
        """As everywhere in recall."""
        return languages.tests_in("java", self.data)

    @cached_property
    def imports(self) -> tuple[Node, ...]:
        """The import declarations."""
        return tuple(node for node in self.root.named_children if node.type == "import_declaration") if self.root else ()

    @cached_property
    def imported(self) -> frozenset[str]:
        """What is imported: `org.junit.Test`, `org.junit.*`, `static org.junit.Assert.fail`."""
        return frozenset(imported_name(trees.text_of(node)) for node in self.imports)

    @cached_property
    def test_names(self) -> tuple[str, ...]:
        """The names of the test methods, without their classes."""
        return tuple(test.name.rpartition(".")[2] for test in self.tests)

    @cached_property
    def all_names(self) -> frozenset[str]:
        """The names of all methods without a result."""
        return frozenset(_TEST_NAME.findall(self.text))

    def classes(self) -> Iterator[tuple[str, Node]]:
        """Every class in a class or at the top, with its dotted name, outermost first."""
        waiting: list[tuple[Node, str]] = [(self.root, "")] if self.root else []
        while waiting:
            node, outer = waiting.pop(0)
            for child in node.named_children:
                if child.type in CLASSES and outer.count(".") < trees.MAX_DEPTH:
                    name = child.child_by_field_name("name")
                    dotted = f"{outer}.{trees.text_of(name) if name else ''}".lstrip(".")
                    yield dotted, child
                    if body := child.child_by_field_name("body"):
                        waiting.append((body, dotted))

    def holds(self, name: str) -> bool:
        """Whether `a.b.C` (or `static a.B.c`) is imported, by itself or with its package."""
        return name in self.imported or f"{name.rpartition('.')[0]}.*" in self.imported


def imported_name(declaration: str) -> str:
    """`import static a.B.c;` -> `static a.B.c`."""
    return " ".join(declaration.removeprefix("import").replace(";", " ").split())


def members(owner: Node) -> list[Node]:
    """What stands right in a class."""
    body = owner.child_by_field_name("body")
    return list(body.named_children) if body else []


def modifiers(node: Node) -> str:
    """The annotations and keywords before a declaration, as written."""
    return next((trees.text_of(child) for child in node.children if child.type == "modifiers"), "")


def indent_of(source: Source, node: Node) -> str:
    """The blanks before the line that a node starts on."""
    line = source.text.split("\n")[node.start_point.row]
    return line[: len(line) - len(line.lstrip())]
