"""How the neighbouring tests call what the fix changed: their own statements, cut down to what one call needs.

A call that already works in this repository, with its set-up, is worth more than one with invented arguments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.javascript.page import Call, Page, lead
from app.domain.scaffold import Target

MAX_STATEMENTS = 12
MAX_LINES = 24
MAX_TESTS = 300
_ASSERTS = re.compile(r"^(?:await\s+|return\s+)?(?:expect|assert|should|chai|t|sinon\.assert)\b")
_FUNCTIONS = frozenset(
    {"arrow_function", "function_expression", "function_declaration", "generator_function", "method_definition"}
)
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
# Methods of these names are called on everything; a call of one tells nothing about a class of the project.
_COMMON = re.compile(
    "add|apply|bind|call|catch|close|concat|delete|emit|end|entries|every|filter|find|flat|forEach|get|has|includes|indexOf|join|"
    "keys|log|map|next|off|on|once|open|pop|push|read|reduce|remove|replace|reset|reverse|send|set|shift|slice|some|sort|splice|"
    "split|start|stop|test|then|toJSON|toString|trim|unshift|update|values|write"
)


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A call as a sibling makes it: its statements without their indentation, the test they were taken from, and whether they
    wait for something.
    """

    test: Call
    lines: tuple[str, ...]
    is_async: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    """The piece of code that calls: what is put before it, and the argument that is left away."""

    node: Node
    head: str = ""
    without: Node | None = None

    def text(self) -> str:
        """The code without that argument."""
        if self.without is None:
            return trees.text_of(self.node)
        source, start = self.node.text or b"", self.node.start_byte
        before = source[: self.without.start_byte - start].decode("utf-8", "replace").rstrip().removesuffix(",")
        return before + source[self.without.end_byte - start :].decode("utf-8", "replace").lstrip(", \n\t")


@dataclass
class _Slice:
    """The statements kept so far, last first, and the names that are still to be explained."""

    needed: set[str]
    kept: list[Node] = field(default_factory=list)


def borrow(page: Page, tests: Sequence[Call], target: Target, known: str) -> Borrowed | None:
    """The shortest call of the target among the tests, the first of them preferred; `known` is how the file speaks of it.

    None where no test calls it in a statement that can stand alone.
    """
    found = [
        ((number > 0, len(borrowed.lines), number), borrowed)
        for number, test in enumerate(tests[:MAX_TESTS])
        if test.again is None and (borrowed := _first(page, test, target, known)) is not None
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _first(page: Page, test: Call, target: Target, known: str) -> Borrowed | None:
    body = test.body.child_by_field_name("body") if test.body is not None else None
    if body is None or body.type != "statement_block" or body.has_error:
        return None
    for call in _calls(body, target, known, _around(test)):
        if (borrowed := _cut(page, test, body, call, is_async=target.is_async)) is not None:
            return borrowed
    return None


def _around(test: Call) -> str:
    outer = test.groups[0] if test.groups else test.node
    return trees.text_of(outer)[:100_000]


def _calls(body: Node, target: Target, known: str, around: str) -> Iterator[Node]:
    """The calls of a function or class by its name in the file, of a method by its own name where its class is spoken of."""
    by_name = not target.owner or target.is_static or target.name == "constructor"
    wanted = known if not target.owner or target.name == "constructor" else f"{known}.{target.name}"
    if not by_name and _COMMON.fullmatch(target.name) and not re.search(rf"\bnew (?:\w+\.)?{re.escape(target.owner)}\b", around):
        return
    for node in trees.walk(body):
        if node.type not in {"call_expression", "new_expression"}:
            continue
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        if function is None:
            continue
        said = trees.text_of(function)
        if said == wanted and by_name:
            yield node
        elif target.owner and function.type == "member_expression":
            named = function.child_by_field_name("property")
            of = f".{said}".lower().endswith(f".{target.owner}.{target.name}".lower())  # `topics.thumbs.delete` is Thumbs.delete
            if of or (named is not None and trees.text_of(named) == target.name and not _COMMON.fullmatch(target.name)):
                yield node


def _cut(page: Page, test: Call, body: Node, call: Node, *, is_async: bool) -> Borrowed | None:
    own = call
    inner = False
    while own.parent is not None and own.parent != body:
        own = own.parent
        inner = inner or own.type in _FUNCTIONS
    if own.type not in {"expression_statement", *_DECLARATIONS}:
        return None
    statements = [child for child in body.named_children if child.type != "comment"]
    at = statements.index(own)
    if inner:
        return _asked(page, test, statements, at)
    if (callback := _callback(own, call)) is not None:
        return _sliced(page, test, statements[:at], _Taken(call, "const result = await ", callback)) if is_async else None
    return _sliced(page, test, statements[:at], _as_statement(own, call))


def _asked(page: Page, test: Call, statements: Sequence[Node], at: int) -> Borrowed | None:
    """A call in a server's handler is made by the request that follows: `await request(app).get('/')`, cut before `.expect`."""
    ask = next((b.local for b in page.bindings if b.module == "supertest" and b.taken in {"*", "default"}), None)
    for statement in statements[at + 1 :] if ask else ():
        first = trees.first_in(statement)
        call = first if statement.type == "expression_statement" and first is not None else None
        if call is None or not trees.text_of(call).startswith(f"{ask}("):
            continue
        while call is not None and trees.text_of(call).startswith(f"{ask}("):
            function = call.child_by_field_name("function")
            named = function.child_by_field_name("property") if function is not None else None
            if not re.search(r"\.(?:expect|end|then)\s*\(", trees.text_of(call)) and named is not None:
                return _sliced(page, test, statements[: statements.index(statement)], _Taken(call, "const response = await "))
            call = function.child_by_field_name("object") if function is not None else None
    return None


def _callback(own: Node, call: Node) -> Node | None:
    """The function that the call of a whole statement ends in; what it is told would be given by a promise as well."""
    listed = call.child_by_field_name("arguments")
    last = listed.named_children[-1] if listed is not None and listed.named_children else None
    return last if last is not None and last.type in _FUNCTIONS and trees.first_in(own) == call else None


def _as_statement(own: Node, call: Node) -> "_Taken":
    """What is copied of the statement, and what is put before it: of an assertion the call alone, with a name for it."""
    whole = call.parent if call.parent is not None and call.parent.type == "await_expression" else call
    if own.type in _DECLARATIONS or not _ASSERTS.match(trees.text_of(own)):
        return _Taken(own)
    return _Taken(whole, "const result = ")


def _sliced(page: Page, test: Call, before: Sequence[Node], taken: _Taken) -> Borrowed | None:
    """The taken code and the statements before it that make or change what it needs; None where that cannot be told."""
    cut = _Slice(names_in(taken.node, taken.without))
    for statement in reversed(before):
        if not _take(statement, cut):
            return None
    if len(cut.kept) > MAX_STATEMENTS or cut.needed & _given(test):
        return None
    margin = lead(page.lines[(before[0] if before else taken.node).start_point.row])
    lines: list[str] = []
    for node in reversed(cut.kept):
        moved = _moved(node, trees.text_of(node), margin)
        if moved is None:
            return None
        lines += moved
    last = _moved(taken.node, taken.text(), margin)
    if last is None or len(lines) + len(last) > MAX_LINES:
        return None
    ends = any(trees.text_of(node).endswith(";") for node in before) or trees.text_of(test.node).endswith(";")
    if taken.head and ends and not last[-1].endswith(";"):
        last[-1] += ";"
    awaits = "await " in taken.head or any(
        one.type == "await_expression" for n in [*cut.kept, taken.node] for one in trees.walk(n)
    )
    return Borrowed(test, (*lines, _unused(taken.head, cut.needed) + last[0], *last[1:]), awaits)


def _unused(head: str, names: set[str]) -> str:
    """`const result = `, by another name where the kept statements have one of that name."""
    return re.sub(r"\b(result|response)\b", lambda match: f"{match[1]}Now" if match[1] in names else match[1], head)


def _take(statement: Node, cut: _Slice) -> bool:
    """Keeps a statement where it makes or changes something that what was kept needs; False where that is past telling."""
    text = trees.text_of(statement)
    made = _made(statement)
    if statement.type not in {"expression_statement", "function_declaration", "class_declaration", *_DECLARATIONS}:
        return not made & cut.needed
    if _ASSERTS.match(text) and statement.type == "expression_statement":
        return True
    waits = statement.type == "expression_statement" and text.startswith("await ") and "." not in text.partition("(")[0]
    if made & cut.needed or waits:
        cut.needed |= names_in(statement)
        cut.kept.append(statement)
    return True


def _made(statement: Node) -> set[str]:
    """The names that a statement gives a value to, or may change by a call on them or with them."""
    names: set[str] = set()
    if statement.type == "expression_statement":
        first = trees.first_in(statement)
        called = trees.first_in(first) if first is not None and first.type == "await_expression" else first
        if called is not None and called.type == "call_expression":
            names |= {trees.text_of(one) for one in trees.walk(called) if one.type in _NAMES and not _is_callee(one)}
    for node in trees.walk(statement):
        place = {"variable_declarator": "name", "assignment_expression": "left", "augmented_assignment_expression": "left"}
        part = node.child_by_field_name(place[node.type]) if node.type in place else None
        if part is not None:
            names |= set(re.findall(r"(?<![.\w$])[A-Za-z_$][\w$]*", trees.text_of(part)))
    if statement.type in {"function_declaration", "class_declaration"}:
        name = statement.child_by_field_name("name")
        names |= {trees.text_of(name)} if name is not None else set()
    return names


def _is_callee(node: Node) -> bool:
    """Whether an identifier is the function that is called: a call changes what it is given, not that."""
    call = node.parent
    return call is not None and call.type == "call_expression" and call.child_by_field_name("function") == node


def _given(test: Call) -> set[str]:
    """The names of the test function's own parameters: `done`, `t`, `{ page }`, the values of `each`."""
    function = test.body
    single = function.child_by_field_name("parameter") if function is not None else None
    listed = single or (function.child_by_field_name("parameters") if function is not None else None)
    return set(re.findall(r"[A-Za-z_$][\w$]*", trees.text_of(listed))) if listed is not None else set()


def names_in(node: Node, without: Node | None = None) -> set[str]:
    """The identifiers in a piece of code, properties and all that stands in `without` left out."""
    inside = (without.start_byte, without.end_byte) if without is not None else (0, 0)
    found = (one for one in trees.walk(node) if one.type in _NAMES)
    return {trees.text_of(one) for one in found if not inside[0] <= one.start_byte < inside[1]}


def _moved(node: Node, text: str, margin: str) -> list[str] | None:
    """The lines of a node's text without their indentation; None where a line of a string would change by it."""
    if any(one.type == "template_string" and one.start_point.row != one.end_point.row for one in trees.walk(node)):
        return None
    lines = text.split("\n")
    if any(line.strip() and not line.startswith(margin) for line in lines[1:]):
        return None
    return [lines[0], *(line[len(margin) :] if line.strip() else "" for line in lines[1:])]
