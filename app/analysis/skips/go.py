"""Go: `t.Skip` right in the body of a test, and a build constraint that keeps the file out."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.skips.model import Skip, skip

_SKIP = re.compile(r"(?:t|b|f|tb|s\.T\(\)|suite\.T\(\))\.Skip(?:f|Now)?\(")
_NEVER = re.compile(r"//\s*\+build ignore\b|//go:build ignore\b")


def skips(tree: Tree) -> Iterator[Skip]:
    """The skips of the tree."""
    for node in trees.walk(tree.root_node):
        if node.type == "comment" and node.parent is not None and node.parent.type == "source_file":
            if _NEVER.match(trees.text_of(node)[:60]):
                yield skip(node, None)
        elif node.type == "expression_statement" and _SKIP.match(trees.text_of(node)[:60]):
            function = _function(node)
            if function is not None:
                yield skip(node, function)


def _function(statement: Node) -> Node | None:
    """The test whose body the statement stands right in; None where something has to hold first."""
    above = statement.parent
    while above is not None and above.type in {"statement_list", "block"}:
        above = above.parent
    return above if above is not None and above.type in {"function_declaration", "method_declaration"} else None
