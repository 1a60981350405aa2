"""A Python test file as it is read for style: its tests and classes, its imports, its quotes, indentation and header."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.plain import one_line

MAX_STRING = 2_000
_TEST_CASE = re.compile(r"TestCase\b|\bTestCase|(?:Live)?ServerTest|WebTest")
_IMPORTS = ("import_statement", "import_from_statement", "future_import_statement")


@dataclass(frozen=True, slots=True)
class Test:
    """One test function with its decorators: `node` is the whole, `function` the definition, `owner` the class around it."""

    name: str
    node: Node
    function: Node
    owner: Node | None

    @property
    def qualified(self) -> str:
        """`TestCart.test_total`, as recall names tests."""
        return f"{class_name(self.owner)}.{self.name}" if self.owner else self.name


@dataclass(frozen=True, slots=True)
class Bound:
    """A name that an import at the top of a file makes known: `from a.b import c as d` is ("a.b", "c", "d")."""

    module: str
    name: str
    alias: str
    node: Node


class Source:
    """The text of one file and what its tree tells; everything is empty where it is no Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode(errors="surrogateescape")
        tree = trees.parse("python", self.data)
        self.root = tree.root_node if tree else None

    @cached_property
    def tests(self) -> tuple[Test, ...]:
        """The tests as runners collect them, in source order."""
        return tuple(self._tests(self.root, None)) if self.root else ()

    def _tests(self, node: Node, owner: Node | None) -> Iterator[Test]:
        for child in node.named_children:
            function = child.child_by_field_name("definition") if child.type == "decorated_definition" else child
            if function is None:
                continue
            if function.type == "function_definition":
                name = function.child_by_field_name("name")
                if name is not None and trees.text_of(name).startswith("test"):
                    yield Test(trees.text_of(name), child, function, owner)
            elif function.type == "class_definition" and owner is None and (body := function.child_by_field_name("body")):
                yield from self._tests(body, function)

    @cached_property
    def raw_lines(self) -> list[str]:
        """Its lines as the tree counts them; a carriage return before a line feed is still there."""
        lines = self.text.split("\n")
        return lines[:-1] if not lines[-1] else lines

    @cached_property
    def lines(self) -> list[str]:
        """Its lines without their ends."""
        return [line.removesuffix("\r") for line in self.raw_lines]

    @property
    def code(self) -> list[str]:
        """Its lines that are no comment."""
        return [line for line in self.lines if not line.startswith("#")]

    @cached_property
    def imports(self) -> tuple[Bound, ...]:
        """What the imports at the top of the file bind."""
        return tuple(bound for node in self.import_nodes for bound in _bound(node))

    @cached_property
    def import_nodes(self) -> tuple[Node, ...]:
        """The import statements right at the module's level."""
        return tuple(node for node in self.root.named_children if node.type in _IMPORTS) if self.root else ()

    @cached_property
    def top_names(self) -> frozenset[str]:
        """Names that definitions and assignments at the top of the file make known."""
        names = set()
        for node in self.root.named_children if self.root else ():
            inner = node.child_by_field_name("definition") if node.type == "decorated_definition" else node
            if inner is not None and inner.type in ("function_definition", "class_definition"):
                names.add(trees.text_of(inner.child_by_field_name("name") or inner))
            elif node.type == "expression_statement" and (first := trees.first_in(node)) and first.type == "assignment":
                left = first.child_by_field_name("left")
                names.update(re.findall(r"[^\W\d]\w*", trees.text_of(left)) if left else ())
        return frozenset(names)

    @cached_property
    def indent(self) -> str:
        """One level of indentation: a tab, or the commonest number of spaces."""
        found = Counter(
            match[1] for match in re.finditer(r"(?m)^(?:class|def|if|for|with|try)\b[^\n]*:[ \t]*\n([ \t]+)\S", self.text)
        )
        return found.most_common(1)[0][0] if found else "    "

    @cached_property
    def quote(self) -> str:
        """The quotation mark that most of its strings open with."""
        return "'" if self.text.count("'") - 2 * self.text.count("n't") > 1.5 * self.text.count('"') else '"'

    @cached_property
    def header(self) -> str:
        """The license or other comment that the file opens with, and the coding line; without a script's first line."""
        lines: list[str] = []
        for line in self.text.splitlines():
            if line.startswith("#!") and not lines:
                continue
            if not line.startswith("#"):
                break
            lines.append(line)
        told = "\n".join(lines)
        return told if re.search(r"licen[sc]e|copyright|coding[:=]|SPDX", told, re.IGNORECASE) else ""

    @property
    def newline(self) -> str:
        """How its lines end."""
        return "\r\n" if self.text.count("\r\n") > self.text.count("\n") / 2 else "\n"


def string(text: str, quote: str) -> str:
    """A literal of any text in one line between `quote`s; nothing in it ends it or is evaluated."""
    shown = one_line(text, MAX_STRING).encode("utf-8", "replace").decode()
    return quote + shown.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def class_name(node: Node | None) -> str:
    """The name of a class."""
    name = node.child_by_field_name("name") if node else None
    return trees.text_of(name) if name else ""


def bases(node: Node | None) -> str:
    """What stands in the brackets behind a class's name."""
    found = node.child_by_field_name("superclasses") if node else None
    return trees.text_of(found) if found else ""


def is_test_case(node: Node | None) -> bool:
    """Whether a class looks like one of `unittest`'s: by the name of a base, or by what its methods assert with."""
    if node is None:
        return False
    above = bases(node).strip("() ")
    return bool(_TEST_CASE.search(above)) or (above not in ("", "object") and b"self.assert" in (node.text or b""))


def _bound(node: Node) -> Iterator[Bound]:
    module = node.child_by_field_name("module_name")
    where = trees.text_of(module) if module else "__future__" if node.type == "future_import_statement" else ""
    for child in node.named_children:
        if child == module:
            continue
        if child.type == "aliased_import":
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name and alias:
                yield Bound(where, trees.text_of(name), trees.text_of(alias), node)
        elif child.type == "dotted_name":
            yield Bound(where, trees.text_of(child), trees.text_of(child), node)
