"""Python: handlers for everything that pass, log or give a default, `suppress(Exception)`, `while True` that tries for ever."""

from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.swallows.model import Does, Hidden, inside, is_logging, reason_of
from app.analysis.uses.python import chain_of
from app.domain.change import Span
from app.domain.seam import Hiding

_TRIES = """
(try_statement) @try
(with_statement (with_clause (with_item value: (call) @suppress))) @with
(while_statement condition: [(true) (integer)] body: (block) @body) @while
"""
_BROAD = frozenset({"Exception", "BaseException"})
_FUNCTIONS = frozenset({"function_definition", "class_definition", "lambda"})
_CONSTANTS = frozenset({"none", "false", "true", "integer", "float", "string", "list", "dictionary", "tuple", "set"})
_EMPTY_CALLS = frozenset({"dict", "list", "set", "tuple", "str", "OrderedDict"})
_LEAVES = frozenset({"return_statement", "break_statement", "raise_statement"})


def hidden(source: bytes, spans: tuple[Span, ...]) -> Iterator[Hidden]:
    """The places on those lines where a failure is hidden."""
    tree = trees.parse("python", source)
    for match in trees.matches("python", tree, _TRIES, spans) if tree is not None else ():
        if "try" in match:
            yield from _handlers(match["try"])
        elif "suppress" in match:
            call = match["suppress"]
            given = call.child_by_field_name("arguments")
            broad = given is not None and any(trees.text_of(each) in _BROAD for each in given.named_children)
            if chain_of(call)[-1:] == ("suppress",) and broad:
                yield Hidden(trees.span_of(call).start, Hiding.HANDLER_EMPTY, trees.span_of(match["with"]))
        elif _retries(match["body"]):
            yield Hidden(trees.span_of(match["while"]).start, Hiding.RETRY_WITHOUT_LIMIT, trees.span_of(match["while"]))


def _handlers(node: Node) -> Iterator[Hidden]:
    body = node.child_by_field_name("body")
    for clause in node.named_children:
        block = next((child for child in clause.named_children if child.type == "block"), None)
        if clause.type != "except_clause" or block is None or body is None or not _is_broad(clause):
            continue
        reason = reason_of(_does(statement) for statement in block.named_children if statement.type != "comment")
        if reason is not None and not _goes_on(node, body, reason):
            yield Hidden(trees.span_of(clause).start, reason, trees.span_of(body))


def _goes_on(node: Node, body: Node, reason: Hiding) -> bool:
    """Whether an empty handler only lets another way be tried: what follows raises, or does what the `try` did not bring."""
    after = node.next_named_sibling
    while after is not None and after.type == "comment":
        after = after.next_named_sibling
    if reason != Hiding.HANDLER_EMPTY or after is None:
        return False
    leaves = any(each.type == "return_statement" for each in inside(body, _FUNCTIONS))
    return after.type == "raise_statement" or (leaves and _does(after) is Does.MORE)


def _is_broad(clause: Node) -> bool:
    """Whether it catches everything; a named failure that is passed over is a decision."""
    caught = [child for child in clause.named_children if child.type not in {"block", "comment"}]
    if not caught:
        return True
    kind = (trees.first_in(caught[0]) or caught[0]) if caught[0].type == "as_pattern" else caught[0]
    kinds = kind.named_children if kind.type == "tuple" else [kind]
    return any(trees.text_of(each) in _BROAD for each in kinds)


def _does(statement: Node) -> Does:
    value = trees.first_in(statement)
    if statement.type in {"pass_statement", "continue_statement"}:
        return Does.NOTHING
    if statement.type == "return_statement":
        return Does.GIVE_DEFAULT if value is None or _is_default(value) else Does.MORE
    if statement.type == "expression_statement" and value is not None:
        return _of_expression(value)
    return Does.MORE


def _of_expression(value: Node) -> Does:
    if value.type in {"ellipsis", "string"}:
        return Does.NOTHING
    if value.type == "call" and is_logging(chain_of(value)):
        return Does.LOG
    right = value.child_by_field_name("right") if value.type == "assignment" else None
    return Does.GIVE_DEFAULT if right is not None and _is_default(right) else Does.MORE


def _is_default(node: Node) -> bool:
    if node.type == "call":
        given = node.child_by_field_name("arguments")
        return bool(_EMPTY_CALLS.intersection(chain_of(node)[-1:])) and given is not None and not given.named_children
    if node.type == "string":
        return not any(child.type == "interpolation" for child in node.named_children)
    return node.type in _CONSTANTS and not (node.type in {"list", "dictionary", "tuple", "set"} and node.named_children)


def _retries(body: Node) -> bool:
    """Whether a loop without end tries until it succeeds, whatever fails: the handler neither leaves nor counts."""
    for tried in body.named_children:
        if tried.type != "try_statement":
            continue
        attempt = tried.child_by_field_name("body")
        rest = [child for child in body.named_children if child.start_byte > tried.start_byte]
        done = [*(() if attempt is None else inside(attempt, _FUNCTIONS)), *rest]
        done += [child for clause in tried.named_children if clause.type == "else_clause" for child in inside(clause, _FUNCTIONS)]
        handlers = [clause for clause in tried.named_children if clause.type == "except_clause"]
        ends = any(node.type in {"return_statement", "break_statement"} for node in done)
        if ends and any(_is_broad(clause) and not _does_leave(clause) for clause in handlers):
            return not any(node.type == "augmented_assignment" for node in inside(body, _FUNCTIONS))
    return False


def _does_leave(clause: Node) -> bool:
    return any(node.type in _LEAVES for node in inside(clause, _FUNCTIONS))
