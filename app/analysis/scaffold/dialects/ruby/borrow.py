"""How the neighbouring Ruby tests call what the fix changed: their own statements, cut down to what one call needs.

A call that already works in this repository, with its set-up, is worth more than one with invented arguments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from app.analysis.languages import ruby, trees
from app.analysis.scaffold.dialects.ruby.page import Page
from app.domain.scaffold import Target

MAX_STATEMENTS = 12
MAX_LINES = 24
MAX_TESTS = 300
_ASSERTS = re.compile(
    r"^(?:assert|refute|expect\b|is_expected|must_|wont_|flunk|raise\b|fail\b)|\.(?:should|must_\w+|wont_\w+)\b"
)
_RAISES = re.compile(r"assert_(?:raises?|throws|nothing_raised)|raise_error|throw_symbol")
_BLOCKS = frozenset({"do_block", "block", "lambda"})
_STATEMENTS = frozenset({"call", "assignment", "operator_assignment", "element_reference", "identifier"})
_COMPOUND = frozenset({"if", "unless", "while", "until", "for", "case", "begin", "if_modifier", "unless_modifier"})
# Methods of these names are called on everything; a call of one tells nothing about a class of the project.
_COMMON = re.compile(
    r"new|call|each|map|select|reject|find|first|last|size|count|length|to_s|to_a|to_h|to_hash|inspect|\[\]=?|==|<<|push|pop|add|"
    r"delete|get|set|fetch|key\?|keys|values|merge|update|include\?|empty\?|name|open|close|read|write|run|start|stop|dup|freeze|hash"
)


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A call as a sibling makes it: its statements without their indentation, and the test they were taken from."""

    test: ruby.Block
    lines: tuple[str, ...]


@dataclass
class _Slice:
    """The statements kept so far, last first, and the names that are still to be explained."""

    needed: set[str]
    kept: list[Node] = field(default_factory=list)


def borrow(page: Page, tests: Sequence[ruby.Block], target: Target) -> Borrowed | None:
    """The shortest call of the target among the tests, the first of them preferred.

    None where no test calls it in a statement that can stand alone.
    """
    found = [
        ((number > 0, len(borrowed.lines), number), borrowed)
        for number, test in enumerate(tests[:MAX_TESTS])
        if (borrowed := _first(page, test, target)) is not None
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _first(page: Page, test: ruby.Block, target: Target) -> Borrowed | None:
    block = test.node.child_by_field_name("block") or test.node
    body = block.child_by_field_name("body")
    if body is None or body.has_error:
        return None
    for call in _calls(body, target):
        if (borrowed := _cut(page, test, body, call)) is not None:
            return borrowed
    return None


def _calls(body: Node, target: Target) -> Iterator[Node]:
    """The calls of a method by its name; of a class's own by that and the class, of `initialize` by `new` on its class."""
    is_class = target.kind == "class"
    owner = (target.qualified if is_class else target.owner).rpartition(".")[2]
    for node in trees.walk(body):
        method, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
        if node.type != "call" or method is None:
            continue
        said, of = trees.text_of(method), trees.text_of(receiver).rpartition("::")[2] if receiver is not None else ""
        if is_class or target.name == "initialize":
            if said == "new" and of in {owner, "described_class"}:
                yield node
        elif said != target.name:
            continue
        elif target.is_static and target.owner:
            if of in {owner, "described_class", "subject"}:
                yield node
        elif not _COMMON.fullmatch(said) and (receiver is not None or not target.owner):
            yield node


def _cut(page: Page, test: ruby.Block, body: Node, call: Node) -> Borrowed | None:
    own, above = call, [call]
    while own.parent is not None and own.parent != body:
        own = own.parent
        above.append(own)
    text = trees.text_of(own)
    if own.type not in _STATEMENTS or _RAISES.search(text) or any(node.type in _COMPOUND for node in above):
        return None
    if any(node.type in _BLOCKS and node != call.child_by_field_name("block") for node in above):
        return None
    statements = [child for child in body.named_children if child.type != "comment"]
    before = statements[: statements.index(own)]
    taken, head = (call, "result = ") if _ASSERTS.search(text) else (own, "result = " if own == call else "")
    cut = _Slice(_names(taken))
    for statement in reversed(before):
        if not _take(statement, cut):
            return None
    if len(cut.kept) > MAX_STATEMENTS or (head and "result" in cut.needed):
        return None
    lines: list[str] = []
    margin = page.lead(before[0] if before else own)
    for node in [*reversed(cut.kept), taken]:
        moved = _moved(node, margin)
        if moved is None:
            return None
        lines += [(head if node == taken else "") + moved[0], *moved[1:]]
    return Borrowed(test, tuple(lines)) if len(lines) <= MAX_LINES else None


def _take(statement: Node, cut: _Slice) -> bool:
    """Keeps a statement where it makes or changes something that what was kept needs; False where that is past telling."""
    text = trees.text_of(statement)
    made = _made(statement)
    if statement.type not in _STATEMENTS:
        return not made & cut.needed
    if _ASSERTS.search(text) and statement.type == "call":
        return True
    if made & cut.needed:
        cut.needed |= _names(statement)
        cut.kept.append(statement)
    return True


def _made(statement: Node) -> set[str]:
    """The names that a statement gives a value to, or may change by a call on them or with them."""
    names = _names(statement) if statement.type == "call" else set()
    for node in trees.walk(statement):
        left = node.child_by_field_name("left") if node.type in {"assignment", "operator_assignment"} else None
        if left is not None:
            names |= set(re.findall(r"@{0,2}[a-z_]\w*", trees.text_of(left)))
    return names


def _names(node: Node) -> set[str]:
    """Local and instance variables, and what may be methods of the test without arguments."""
    found = (one for one in trees.walk(node) if one.type in {"identifier", "instance_variable"})
    return {trees.text_of(one) for one in found if not _is_called(one)}


def _is_called(node: Node) -> bool:
    """Whether an identifier is the name of a method that is called with something or on something."""
    call = node.parent
    return call is not None and call.type == "call" and call.child_by_field_name("method") == node


def _moved(node: Node, margin: str) -> list[str] | None:
    """The lines of a node without their indentation; None where a line of a text would change by it."""
    if any(one.type.startswith("heredoc") for one in trees.walk(node)):
        return None
    if any(one.type == "string" and one.start_point.row != one.end_point.row for one in trees.walk(node)):
        return None
    lines = trees.text_of(node).split("\n")
    if any(line.strip() and not line.startswith(margin) for line in lines[1:]):
        return None
    return [lines[0], *(line[len(margin) :] if line.strip() else "" for line in lines[1:])]
