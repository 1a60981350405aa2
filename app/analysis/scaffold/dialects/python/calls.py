"""How the neighbouring tests call what the fix changed: their own statements, cut down to what one call needs.

A call that already works in this repository, with its set-up and its fixtures, is worth more than one with invented arguments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.python.needs import COMPOUND, RAISES, Needs, head, is_needed, names_in
from app.analysis.scaffold.dialects.python.parametrised import first_row
from app.analysis.scaffold.dialects.python.source import Source, Test
from app.domain.scaffold import Target

MAX_STATEMENTS = 12
MAX_LINES = 24
MAX_TESTS = 400
# Markers without which a test of this kind does not run as its neighbours do; what could skip it is left behind.
_KEPT = re.compile(r"^@(?:pytest\.mark\.)?(?:asyncio|anyio|trio|django_db|usefixtures|gen_cluster|inlineCallbacks|defer\.)\b")
_PATCH = re.compile(r"^@(?:\w+\.)*patch\b")
_CLOSED = COMPOUND | {
    "conditional_expression",
    "dictionary_comprehension",
    "except_clause",
    "function_definition",
    "generator_expression",
    "lambda",
    "list_comprehension",
    "set_comprehension",
}


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A call as a sibling makes it. `lines` are its statements without their indentation, `parameters` the fixtures they need.

    `result` is the name that holds what the call gave, "" where nothing holds it.
    """

    test: str
    lines: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    is_async: bool = False
    result: str = ""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A block on the way to a call: the statements in it before the one that leads on, and the `with` that opens it."""

    before: tuple[Node, ...]
    opens: Node | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a call stands: the layers around it, outermost first, its own statement, and the call with its `await`."""

    layers: tuple[_Layer, ...]
    own: Node
    whole: Node


def borrow(source: Source, tests: Sequence[Test], known: str, target: Target) -> Borrowed | None:
    """The shortest call of the target among the tests, the first of them preferred; `known` is how the file speaks of it."""
    found = [
        ((number > 0, len(borrowed.decorators) > 0, len(borrowed.lines), number), borrowed)
        for number, test in enumerate(tests[:MAX_TESTS])
        for call in _calls(test, known, target)
        if (borrowed := _borrowed(source, test, call)) is not None
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def borrow_act(source: Source, test: Test) -> Borrowed | None:
    """What a test does before it asserts: the last call whose value it keeps and looks at; None where there is none."""
    body = test.function.child_by_field_name("body")
    for node in reversed(list(trees.walk(body)) if body else []):
        if node.type != "assignment" or (right := node.child_by_field_name("right")) is None:
            continue
        call = trees.first_in(right) if right.type == "await" else right
        left = node.child_by_field_name("left")
        if call is None or call.type != "call" or left is None or left.type != "identifier":
            continue
        asserted = re.search(rf"assert[^\n]*\b{re.escape(trees.text_of(left))}\b", trees.text_of(test.function))
        if asserted and (borrowed := _borrowed(source, test, call)) is not None:
            return borrowed
    return None


def fixtures_near(tests: Sequence[Test]) -> tuple[str, ...]:
    """The fixtures by which the nearest test that takes any reaches the far side; none among unittest's methods."""
    for test in tests:
        if test.owner is None and not any(_PATCH.match(trees.text_of(node)) for node in test.node.named_children):
            rows = first_row(test)
            if found := tuple(name for name in _parameters(test.function) if name not in rows):
                return found
    return ()


def _calls(test: Test, known: str, target: Target) -> Iterator[Node]:
    """The calls of the target in a test: of a function or class by its name there, of a method by its own name."""
    about = trees.text_of(test.function)
    by_name = not target.owner or target.name in ("__init__", "__new__")
    if not by_name and not (known in about or (test.owner and known in trees.text_of(test.owner))):
        return
    for node in trees.walk(test.function):
        if node.type != "call" or (function := node.child_by_field_name("function")) is None:
            continue
        text = trees.text_of(function)
        if (by_name and text == known) or (not by_name and function.type == "attribute" and text.endswith(f".{target.name}")):
            yield node


def _borrowed(source: Source, test: Test, call: Node) -> Borrowed | None:
    way = _way(test.function, call)
    if way is None:
        return None
    rows, parameters = first_row(test), _parameters(test.function)
    taken, result, names_it = _as_statement(way)
    needs = Needs(names_in(taken), fixtures=frozenset(parameters) - rows.keys() - {"self", "cls"})
    lines = _cut(source, way, taken, needs)
    while lines is not None and needs.grew:  # what an earlier statement needs may be changed by a later one
        needs.kept, needs.grew = 0, False
        lines = _cut(source, way, taken, needs)
    if lines is None or needs.kept > MAX_STATEMENTS or any(rows[name] is None for name in rows if name in needs.names):
        return None
    if names_it:
        lines = _named(lines, taken, result)
    lines = [*(f"{name} = {rows[name]}" for name in parameters if name in needs.names and rows.get(name)), *lines]
    if len(lines) > MAX_LINES:
        return None
    decorators = [trees.text_of(node) for node in test.node.named_children if node.type == "decorator"]
    injected = any(_PATCH.match(text) for text in decorators)
    mentioned = names_in(test.function.child_by_field_name("body") or test.function)
    fixtures = (
        name
        for name in parameters
        if name not in ("self", "cls", *rows) and (injected or name in needs.names or name not in mentioned)
    )
    through = tuple(name for name in parameters if rows.get(name) and name not in mentioned)
    kept = (
        *(f"@{_parametrize(decorators)}({source.quote}{name}{source.quote}, [{rows[name]}])" for name in through),
        *(text for text in decorators if _KEPT.match(text) or (injected and _PATCH.match(text))),
    )
    is_async = any(child.type == "async" for child in test.function.children)
    return Borrowed(test.qualified, tuple(lines), (*fixtures, *through), kept, is_async, result)


def _parametrize(decorators: Sequence[str]) -> str:
    """How the file writes it: `pytest.mark.parametrize`, `mark.parametrize`."""
    found = (match for text in decorators if (match := re.match(r"@([\w.]*parametrize)\b", text)))
    return next((match[1] for match in found), "pytest.mark.parametrize")


def _named(lines: list[str], taken: Node, result: str) -> list[str]:
    """The lines with the name of the result before the call, which stands in the last of them that opens it."""
    first = trees.text_of(taken).partition("\n")[0]
    at = max(number for number, line in enumerate(lines) if line.lstrip().startswith(first))
    margin = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return [*lines[:at], f"{margin}{result} = {lines[at].lstrip()}", *lines[at + 1 :]]


def _cut(source: Source, way: _Way, taken: Node, needs: Needs) -> list[str] | None:
    """The lines of the call and of what it needs; None where a line would change by being moved."""
    lines = _moved(source, taken, way.own)
    for layer in reversed(way.layers):
        if lines is None:
            return None
        for statement in reversed(layer.before):
            if is_needed(statement, needs):
                moved = _moved(source, statement, statement)
                if moved is None:
                    return None
                lines, needs.kept = [*moved, *lines], needs.kept + 1
        if layer.opens is not None:
            lines = _inside(source, layer.opens, lines, needs)
    return lines


def _inside(source: Source, opens: Node, lines: list[str], needs: Needs) -> list[str] | None:
    """The lines inside their `with`, whose own names are needed too."""
    body = opens.child_by_field_name("body")
    if body is None:
        return None
    head = source.data[opens.start_byte : body.start_byte].decode(errors="replace").rstrip()
    for child in opens.named_children:
        if child != body:
            needs.add(names_in(child))
    if "\n" in head or "#" in head:
        return None
    return [head, *(f"{source.indent}{line}" if line else "" for line in lines)]


def _way(function: Node, call: Node) -> _Way | None:
    """How the function's body leads to a call.

    None where the call stands in a loop, a condition or a nested function, or where an error is expected of it.
    """
    whole = call.parent if call.parent is not None and call.parent.type == "await" else call
    layers: list[_Layer] = []
    own, node = None, call
    while node.parent is not None and node != function:
        above = node.parent
        if above.type == "block":
            own = own or node
            before = tuple(child for child in above.named_children if child.end_byte <= node.start_byte)
            opens = above.parent if above.parent is not None and above.parent.type == "with_statement" else None
            layers.insert(0, _Layer(before, opens))
        elif above.type in _CLOSED and above != function:
            return None
        node = above
    if own is None or any(RAISES.search(head(layer.opens)) for layer in layers if layer.opens):
        return None
    return None if RAISES.search(trees.text_of(own).partition("(")[0]) else _Way(tuple(layers), own, whole)


def _as_statement(way: _Way) -> tuple[Node, str, bool]:
    """What is copied of the statement, the name of its value, and whether that name has still to be put in front.

    An assignment is copied as it stands, of everything else the call alone.
    """
    inner = trees.first_in(way.own) if way.own.type == "expression_statement" else None
    if inner is not None and inner.type == "assignment" and inner.child_by_field_name("right") == way.whole:
        left = inner.child_by_field_name("left")
        return inner, trees.text_of(left) if left is not None and left.type == "identifier" else "", False
    if inner is not None and inner == way.whole:
        return way.own, "", False
    return way.whole, "result", True


def _moved(source: Source, node: Node, statement: Node) -> list[str] | None:
    """The lines of a node without the indentation of its statement; None where a line of a string would change by it."""
    margin = source.lines[statement.start_point.row][: statement.start_point.column]
    lines = trees.text_of(node).replace("\r\n", "\n").split("\n")
    if margin.strip() or any(line.strip() and not line.startswith(margin) for line in lines[1:]):
        return None
    return [lines[0], *(line[len(margin) :] if line.strip() else "" for line in lines[1:])]


def _parameters(function: Node) -> list[str]:
    listed = function.child_by_field_name("parameters")
    return [trees.text_of(node) for node in listed.named_children if node.type == "identifier"] if listed else []
