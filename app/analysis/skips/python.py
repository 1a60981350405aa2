"""Python: decorators, `pytestmark` and calls of pytest and unittest, and the classes that are not collected."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.skips.model import Skip, skip

_MARK = re.compile(
    r"(?:@|=|\[|,|\()\s*(?:pytest\.)?(?:mark|unittest)?\.?(?P<name>skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b"
)
# A mark in the list of what a test is given holds for that one value, not for the test.
_ONE_OF_MANY = "parametrize("
_ALWAYS = re.compile(r"\b(?:skipif|skipIf|xfail)\(\s*(?:True|1|\"True\"|'True')\s*[,)]|\bskipUnless\(\s*(?:False|0)\s*[,)]")
_CONDITION = re.compile(r"\bxfail\(\s*(?!reason|raises|strict|run|\)|True)")
_CALL = re.compile(r"(?:pytest\.(?P<pytest>skip|xfail)|self\.(?P<method>skipTest))\(")
_RAISE = re.compile(r"raise\s+(?:unittest\.|pytest\.|nose\.)?SkipTest\b")
_NOT_COLLECTED = re.compile(r"__test__\s*=\s*False")


def skips(tree: Tree) -> Iterator[Skip]:
    """The skips of the tree."""
    for node in trees.walk(tree.root_node):
        if node.type == "decorator":
            yield from _marked(node, node.parent)
        elif node.type == "assignment":
            yield from _assigned(node)
        elif node.type in {"expression_statement", "raise_statement"}:
            yield from _stated(node)


def _marked(node: Node, scope: Node | None) -> Iterator[Skip]:
    text = trees.text_of(node)[:400]
    found = _MARK.search(text)
    if found is None or _ONE_OF_MANY in text[: found.start()]:
        return
    name = found["name"]
    if name in {"skipif", "skipIf", "skipUnless"} and not _ALWAYS.search(text):
        return
    if name == "xfail" and _CONDITION.search(text):
        return
    yield skip(node, scope, fails=name in {"xfail", "expectedFailure"})


def _assigned(node: Node) -> Iterator[Skip]:
    left = node.child_by_field_name("left")
    name = trees.text_of(left) if left is not None else ""
    if name == "pytestmark":
        yield from _marked(node, _class_of(node))
    elif name == "__test__" and _NOT_COLLECTED.match(trees.text_of(node)):
        yield skip(node, _class_of(node))


def _stated(node: Node) -> Iterator[Skip]:
    """A call right in the body of a function, or of the file, that nothing stands before as a condition."""
    text = trees.text_of(node)[:200]
    call = _CALL.match(text)
    if call is None and not _RAISE.match(text):
        return
    block = node.parent
    function = block.parent if block is not None else None
    fails = call is not None and call["pytest"] == "xfail"
    if function is None or function.type == "module" or (block is not None and block.type == "module"):
        yield skip(node, None, fails=fails)
    elif function.type == "function_definition" and block is not None and block.type == "block":
        name = trees.text_of(function.child_by_field_name("name") or function)
        sets_up = name in {"setUp", "setUpClass", "setup_method", "setup_class"}
        yield skip(node, _class_of(function) if sets_up else function, fails=fails)


def _class_of(node: Node) -> Node | None:
    """The class that a statement stands in, None at the top of the file."""
    above = node.parent
    while above is not None and above.type != "class_definition":
        above = above.parent
    return above
