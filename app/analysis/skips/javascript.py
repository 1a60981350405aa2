"""JavaScript and TypeScript: `it.skip`, `xit`, `test.todo`, `it.only` beside it, `test.failing`, `this.skip()`, options."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.skips.model import Skip, skip

_ROOTS = frozenset(["it", "test", "describe", "context", "suite", "specify", "scenario"])
_CROSSED = frozenset(["xit", "xtest", "xdescribe", "xcontext", "xspecify"])
_FOCUSED = frozenset(["fit", "fdescribe", "fcontext"])
_SKIPS = frozenset(["skip", "todo", "fixme"])
_FAILS = frozenset(["fail", "fails", "failing"])
_OPTION = re.compile(r"[{,]\s*(?P<name>skip|todo)\s*:\s*(?!false\b|undefined\b|null\b)(?:true\b|['\"`])")
_IN_BODY = re.compile(r"(?:this|t|ctx|test|it|context)\.(?P<name>skip|fixme|fail|todo)\(\s*(?P<given>true\b|['\"`)]|$)?")
_FUNCTIONS = frozenset({"function_expression", "arrow_function", "function"})


def skips(tree: Tree) -> Iterator[Skip]:
    """The skips of the tree."""
    for node in trees.walk(tree.root_node):
        if node.type == "call_expression":
            yield from _called(node)
        elif node.type == "expression_statement":
            yield from _stated(node)


def _called(call: Node) -> Iterator[Skip]:
    """A test or a group with a title."""
    words, given = _words(call.child_by_field_name("function")), _given(call)
    if not words or not given or given[0].type not in {"string", "template_string", "identifier", "member_expression"}:
        return
    root, rest = words[0], set(words[1:])
    said = ".".join(words)
    head = call.child_by_field_name("function") or call
    has_body = any(one.type in _FUNCTIONS for one in given)
    if root in _CROSSED or (root in _ROOTS and (rest & _SKIPS) and (has_body or "todo" in rest)):
        yield skip(head, call, said=said)
    elif root in _FOCUSED or (root in _ROOTS and "only" in rest):
        yield skip(head, call, others=True, said=said)
    elif root in _ROOTS and rest & _FAILS and has_body:
        yield skip(head, call, fails=True, said=said)
    elif root in _ROOTS and len(given) > 1 and given[1].type == "object":
        found = _OPTION.search(trees.text_of(given[1])[:300])
        if found:
            yield skip(given[1], call, said=f"{{ {found['name']} }}")


def _stated(node: Node) -> Iterator[Skip]:
    """`this.skip()` right in the body of a test."""
    found = _IN_BODY.match(trees.text_of(node)[:120])
    block = node.parent
    function = block.parent if block is not None and block.type == "statement_block" else None
    if found is None or found["given"] is None or function is None or function.type not in _FUNCTIONS:
        return
    whole = function.parent.parent if function.parent is not None else None
    if whole is None or whole.type != "call_expression":
        return
    hook = (_words(whole.child_by_field_name("function")) or ("",))[-1]
    scope = whole if hook not in {"before", "beforeEach", "beforeAll"} else _group(whole)
    yield skip(node, scope, fails=found["name"] == "fail")


def _group(call: Node) -> Node | None:
    """The group around a hook, None at the top of the file."""
    above = call.parent
    while above is not None and above.type != "call_expression":
        above = above.parent
    return above


def _given(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    return [one for one in arguments.named_children if one.type != "comment"] if arguments is not None else []


def _words(node: Node | None) -> tuple[str, ...]:
    """`it.skip.each(table)` -> ("it", "skip", "each")."""
    words: list[str] = []
    while node is not None and node.type in {"member_expression", "call_expression"}:
        if node.type == "member_expression":
            words.append(trees.text_of(node.child_by_field_name("property") or node))
        node = node.child_by_field_name("object" if node.type == "member_expression" else "function")
    if node is None or node.type != "identifier":
        return ()
    return (trees.text_of(node), *reversed(words))
