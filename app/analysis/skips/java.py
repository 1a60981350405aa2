"""Java: `@Disabled`, `@Ignore` and TestNG's `enabled = false` on a method or class, and an assumption that never holds."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.skips.model import Skip, skip

_NAMES = frozenset({"Disabled", "Ignore", "Ignored"})
_NEVER = re.compile(r"(?:[\w.]+\.)?assume(?:True|That)\(\s*false\s*[,)]|(?:[\w.]+\.)?assumeFalse\(\s*true\s*[,)]")
_OFF = re.compile(r"\benabled\s*=\s*false\b")
_DECLARED = frozenset({"method_declaration", "class_declaration"})


def skips(tree: Tree) -> Iterator[Skip]:
    """The skips of the tree."""
    for node in trees.walk(tree.root_node):
        if node.type in {"marker_annotation", "annotation"}:
            scope = _above(_above(node))
            name = trees.text_of(node.child_by_field_name("name") or node).rpartition(".")[2]
            is_off = name == "Test" and _OFF.search(trees.text_of(node))
            if (name in _NAMES or is_off) and scope is not None and scope.type in _DECLARED:
                yield skip(node, scope)
        elif node.type == "expression_statement" and _NEVER.match(trees.text_of(node)[:120]):
            method = _above(_above(node))
            if method is not None and method.type == "method_declaration":
                yield skip(node, method)


def _above(node: Node | None) -> Node | None:
    """The node around it; tree-sitter looks for it from the root, so it is only asked of what may matter."""
    return node.parent if node is not None else None
