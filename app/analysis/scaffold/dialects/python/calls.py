"""How the neighbouring tests call what the fix changed: their own statements, cut down to what one call needs.

A call that already works in this repository, with its set-up and its fixtures, is worth more than one with invented arguments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.python.source import Source, Test, class_name
from app.domain.scaffold import Target

MAX_STATEMENTS = 12
MAX_LINES = 24
MAX_TESTS = 400
_ASSERTS = re.compile(r"^(?:self\.)?(?:assert|fail|expect)", re.IGNORECASE)
_RAISES = re.compile(r"\b(?:raises|assertRaises\w*|raises_regex|warns|assertWarns\w*|deprecated_call|fail)\b")
# Markers without which a test of this kind does not run as its neighbours do; what could skip it is left behind.
_KEPT = re.compile(r"^@(?:pytest\.mark\.)?(?:asyncio|anyio|trio|django_db|usefixtures|gen_cluster|inlineCallbacks|defer\.)\b")
_PATCH = re.compile(r"^@(?:\w+\.)*patch\b")
_COMPOUND = frozenset({"if_statement", "for_statement", "while_statement", "try_statement", "match_statement"})


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


@dataclass
class _Slice:
    """The statements kept so far, last first, and the names that are still to be explained."""

    needed: set[str]
    kept: list[Node] = field(default_factory=list)


def borrow(source: Source, tests: Sequence[Test], known: str, target: Target) -> Borrowed | None:
    """The shortest call of the target among the tests, the first of them preferred; `known` is how the file speaks of it."""
    found = [
        ((number > 0, len(borrowed.decorators) > 0, len(borrowed.lines), number), borrowed)
        for number, test in enumerate(tests[:MAX_TESTS])
        for call in _calls(test, known, target)
        if (borrowed := _borrowed(source, test, call)) is not None
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _calls(test: Test, known: str, target: Target) -> Iterator[Node]:
    """The calls of the target in a test: of a function or class by its name there, of a method by its own name."""
    about = trees.text_of(test.function)
    by_name = not target.owner or target.name in ("__init__", "__new__")
    if not by_name and not (known in about or (test.owner and known in trees.text_of(test.owner))):
        return
    for node in _walk(test.function):
        if node.type != "call" or (function := node.child_by_field_name("function")) is None:
            continue
        text = trees.text_of(function)
        if (by_name and text == known) or (not by_name and function.type == "attribute" and text.endswith(f".{target.name}")):
            yield node


def _borrowed(source: Source, test: Test, call: Node) -> Borrowed | None:
    statements = _path(test.function, call)
    if statements is None:
        return None
    body, own, awaited = statements
    decorators = [trees.text_of(node) for node in test.node.named_children if node.type == "decorator"]
    rows = _rows(test)
    taken, result = _as_statement(own, call, awaited)
    cut = _Slice(_names(taken))
    for statement in reversed(body):
        _take(statement, cut)
    if len(cut.kept) > MAX_STATEMENTS:
        return None
    own_parameters = _parameters(test.function)
    injected = any(_PATCH.match(text) for text in decorators)
    mentioned = _names(test.function.child_by_field_name("body") or test.function)
    fixtures = [
        name
        for name in own_parameters
        if name not in ("self", *rows) and (injected or name in cut.needed or name not in mentioned)
    ]
    if any(name in cut.needed for name in rows if rows[name] is None):
        return None
    lines: list[str] = [f"{name} = {rows[name]}" for name in own_parameters if name in cut.needed and rows.get(name)]
    margin = " " * (test.function.child_by_field_name("body") or own).start_point.column
    margin = source.text.splitlines()[body[0].start_point.row if body else own.start_point.row][: len(margin)]
    for statement in reversed(cut.kept):
        lines.extend(text := _moved(statement, margin) or [])
        if not text:
            return None
    last = _moved(taken, margin)
    if last is None or len(lines) + len(last) > MAX_LINES:
        return None
    last[0] = f"{result} = {last[0]}" if result and taken.type not in ("assignment", "expression_statement") else last[0]
    kept = tuple(text for text in decorators if _KEPT.match(text) or (injected and _PATCH.match(text)))
    is_async = any(child.type == "async" for child in test.function.children)
    return Borrowed(test.qualified, (*lines, *last), tuple(fixtures), kept, is_async, result)


def _path(function: Node, call: Node) -> tuple[list[Node], Node, Node] | None:
    """The statements before the one that the call stands in, that one, and the call with its `await`.

    None where it stands in a loop, a condition, a nested function, or where an error is expected of it.
    """
    body = function.child_by_field_name("body")
    whole = call.parent if call.parent is not None and call.parent.type == "await" else call
    node: Node = call
    while node.parent is not None and node.parent != body:
        node = node.parent
        if node.type in _COMPOUND or node.type in ("function_definition", "lambda", "with_statement", "list_comprehension"):
            return None
        if node.type in ("generator_expression", "conditional_expression", "dictionary_comprehension", "set_comprehension"):
            return None
    if body is None or node.parent != body or _RAISES.search(trees.text_of(node).partition("(")[0]):
        return None
    before = [child for child in body.named_children if child.end_byte <= node.start_byte]
    return before, node, whole


def _as_statement(own: Node, call: Node, whole: Node) -> tuple[Node, str]:
    """What is copied of the statement: an assignment as it stands, of everything else the call alone, with a name for it."""
    inner = trees.first_in(own) if own.type == "expression_statement" else None
    if inner is not None and inner.type == "assignment" and inner.child_by_field_name("right") in (call, whole):
        left = inner.child_by_field_name("left")
        return inner, trees.text_of(left) if left is not None and left.type == "identifier" else ""
    if inner is not None and inner in (call, whole):
        return own, ""
    return whole, "result"


def _take(statement: Node, cut: _Slice) -> None:
    """Keeps a statement where it makes or changes something that what was kept needs."""
    text = trees.text_of(statement)
    if statement.type in ("comment", "assert_statement") or _ASSERTS.match(text):
        return
    made = _made(statement)
    if statement.type in ("import_statement", "import_from_statement"):
        made = _names(statement)
    if statement.type == "expression_statement" and not made:
        first = trees.first_in(statement)
        if first is not None and first.type in ("call", "await"):
            root = text.removeprefix("await ").partition(".")[0].partition("(")[0]
            made = {root} if "." in text else set()
    if made & cut.needed:
        cut.needed |= _names(statement)
        cut.kept.append(statement)


def _made(statement: Node) -> set[str]:
    """The names that a statement gives a value to, or part of one (`cart.items = 3` makes `cart`)."""
    names: set[str] = set()
    for node in [statement, *statement.named_children]:
        left = node.child_by_field_name("left") if node.type in ("assignment", "augmented_assignment") else None
        if left is not None:
            names |= set(re.findall(r"(?<![.\w])[^\W\d]\w*", re.sub(r"\[[^\]]*\]", "", trees.text_of(left))))
    if statement.type in ("function_definition", "class_definition", "decorated_definition", "with_statement"):
        inner = statement.child_by_field_name("definition") or statement
        name = inner.child_by_field_name("name")
        names |= {trees.text_of(name)} if name else set(re.findall(r"\bas (\w+)", trees.text_of(statement).partition("\n")[0]))
    if statement.type in _COMPOUND:
        for child in _walk(statement):
            if child.type == "assignment" and (left := child.child_by_field_name("left")):
                names |= set(re.findall(r"(?<![.\w])[^\W\d]\w*", trees.text_of(left)))
    return names - {"self"}


def _names(node: Node) -> set[str]:
    """The identifiers in a piece of code, attributes and the names of keywords left out."""
    names = set()
    for one in _walk(node):
        if one.type != "identifier":
            continue
        parent = one.parent
        if parent is not None and parent.type == "attribute" and parent.child_by_field_name("attribute") == one:
            continue
        if parent is not None and parent.type == "keyword_argument" and parent.child_by_field_name("name") == one:
            continue
        names.add(trees.text_of(one))
    return names


def _moved(statement: Node, margin: str) -> list[str] | None:
    """The lines of a statement without their indentation; None where a line of a string would change by it."""
    lines = trees.text_of(statement).split("\n")
    if any(line.strip() and not line.startswith(margin) for line in lines[1:]):
        return None
    return [lines[0], *(line[len(margin) :] if line.strip() else "" for line in lines[1:])]


def _parameters(function: Node) -> list[str]:
    listed = function.child_by_field_name("parameters")
    return [trees.text_of(node) for node in listed.named_children if node.type == "identifier"] if listed else []


def _rows(test: Test) -> dict[str, str | None]:
    """The first value of each parametrised name, as source text; None where it cannot be told."""
    values: dict[str, str | None] = {}
    for decorator in test.node.named_children:
        call = trees.first_in(decorator) if decorator.type == "decorator" else None
        if call is None or call.type != "call" or "parametrize" not in trees.text_of(call).partition("(")[0]:
            continue
        listed = call.child_by_field_name("arguments")
        arguments = [node for node in listed.named_children if node.type not in ("keyword_argument", "comment")] if listed else []
        names = re.findall(r"\w+", trees.text_of(arguments[0])) if arguments else []
        values |= dict.fromkeys(names)
        first = _first_row(arguments[1]) if len(arguments) > 1 else None
        if first is None:
            continue
        row = [first] if len(names) == 1 else _parts(first)
        if len(row) == len(names):
            values |= {name: " ".join(trees.text_of(value).split("\n")) for name, value in zip(names, row, strict=True)}
    return values


def _first_row(rows: Node) -> Node | None:
    if rows.type not in ("list", "tuple"):
        return None
    first = next((node for node in rows.named_children if node.type != "comment"), None)
    if first is not None and first.type == "call" and trees.text_of(first).partition("(")[0].endswith("param"):
        listed = first.child_by_field_name("arguments")
        parts = [node for node in listed.named_children if node.type != "keyword_argument"] if listed else []
        return parts[0] if len(parts) == 1 else listed
    return first


def _parts(row: Node) -> list[Node]:
    if row.type not in ("tuple", "list", "argument_list"):
        return []
    return [node for node in row.named_children if node.type not in ("keyword_argument", "comment")]


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.named_children))


def owner_of(test: Test) -> str:
    """The class that a test stands in, "" for none."""
    return class_name(test.owner)
