"""Ruby: `xit`, `skip` and `pending` in a test or around it, and the same as metadata of RSpec."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.languages.ruby import GROUPS, TESTS
from app.analysis.skips.model import Skip, skip

_CROSSED = frozenset(["xit", "xspecify", "xexample", "xdescribe", "xcontext", "xscenario", "xfeature", "skip"])
_METADATA = re.compile(r":(?P<bare>skip|pending)\b(?!\s*=>)|\b(?P<pair>skip|pending):(?!\s*(?:false|nil)\b)")
_BODIES = frozenset({"body_statement", "block_body", "method"})


def skips(tree: Tree) -> Iterator[Skip]:
    """The skips of the tree."""
    for node in trees.walk(tree.root_node):
        if node.type == "call":
            yield from _called(node)
        elif node.type == "identifier" and trees.text_of(node) in {"skip", "pending"}:
            yield from _stated(node, trees.text_of(node))


def _called(call: Node) -> Iterator[Skip]:
    method, block = call.child_by_field_name("method"), call.child_by_field_name("block")
    word = trees.text_of(method) if method is not None else ""
    if block is None:
        if word in {"skip", "pending"} and call.child_by_field_name("receiver") is None:
            yield from _stated(call, word)
        return
    if word in _CROSSED or word == "pending":
        yield skip(method or call, call, fails=word == "pending")
        return
    arguments = call.child_by_field_name("arguments")
    if word in GROUPS | TESTS and arguments is not None:
        for one in arguments.named_children[1:] or ():
            found = _METADATA.match(trees.text_of(one)[:120]) if one.type in {"pair", "simple_symbol"} else None
            if found:
                yield skip(one, call, fails="pending" in (found["bare"], found["pair"]))


def _stated(node: Node, word: str) -> Iterator[Skip]:
    """`skip` right in the body of a test, where nothing has to hold first."""
    body = node.parent
    if body is None or body.type not in _BODIES:
        return
    owner = body if body.type == "method" else body.parent
    if owner is not None and owner.type in {"do_block", "block"}:
        owner = owner.parent
    if owner is not None and owner.type in {"method", "call"}:
        yield skip(node, owner, fails=word == "pending" and owner.type == "call")
