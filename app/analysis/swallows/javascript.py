"""JavaScript and TypeScript: `catch` that is empty, only logs or gives a default, and the same in `.catch(() => ...)`."""

from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import javascript, trees
from app.analysis.swallows.model import Does, Hidden, inside, is_logging, reason_of
from app.analysis.uses.javascript import chain_of
from app.domain.change import Span
from app.domain.seam import Hiding

_CATCHES = """
(try_statement body: (_) @body handler: (catch_clause body: (_) @handler) @clause)
(call_expression
  function: (member_expression object: (_) @guarded property: (property_identifier) @catch)
  arguments: (arguments . (_) @given .)
  (#eq? @catch "catch")) @call
"""
_FUNCTIONS = frozenset(
    {"arrow_function", "function_expression", "function_declaration", "method_definition", "class_declaration"}
)
_CONSTANTS = frozenset({"null", "undefined", "false", "true", "number", "string", "array", "object", "unary_expression"})
# Whether something can be read or is there is asked by trying; to catch the failure is then the answer.
_ASKED = frozenset(
    {
        *(
            "JSON.parse",
            "$.parseJSON",
            "decodeURIComponent",
            "decodeURI",
            "atob",
            "require",
            "require.resolve",
            "import",
            "RegExp",
            "URL",
        ),
        *(f"{store}.{verb}Item" for store in ("localStorage", "sessionStorage") for verb in ("get", "set", "remove")),
    }
)


def javascript_hidden(source: bytes, spans: tuple[Span, ...]) -> Iterator[Hidden]:
    """The places on those lines of a JavaScript file where a failure is hidden."""
    return _hidden("javascript", trees.parse("javascript", source), spans)


def typescript_hidden(source: bytes, spans: tuple[Span, ...]) -> Iterator[Hidden]:
    """The places on those lines of a TypeScript file where a failure is hidden."""
    return _hidden(*javascript.parse_typescript(source), spans)


def vue_hidden(source: bytes, spans: tuple[Span, ...]) -> Iterator[Hidden]:
    """The places on those lines of a component where a failure is hidden."""
    return typescript_hidden(javascript.scripts(source), spans)


def _hidden(grammar: str, tree: Tree | None, spans: tuple[Span, ...]) -> Iterator[Hidden]:
    for match in trees.matches(grammar, tree, _CATCHES, spans) if tree is not None else ():
        if "handler" in match:
            reason = _of_block(match["handler"])
            if reason is not None and not _only_asks(match["body"]):
                yield Hidden(trees.span_of(match["clause"]).start, reason, trees.span_of(match["body"]))
        else:
            reason = _of_function(match["given"])
            if reason is not None:
                yield Hidden(trees.span_of(match["catch"]).start, reason, trees.span_of(match["guarded"]))


def _of_block(block: Node) -> Hiding | None:
    return reason_of(_does(statement) for statement in block.named_children if statement.type != "comment")


def _of_function(given: Node) -> Hiding | None:
    """What a function given to `.catch` does: `() => {}`, `() => null`, `console.error`, `noop`."""
    if given.type in {"identifier", "member_expression"}:
        chain = chain_of(given)
        return Hiding.HANDLER_EMPTY if chain[-1:] == ("noop",) else Hiding.HANDLER_ONLY_LOGS if is_logging(chain) else None
    body = given.child_by_field_name("body") if given.type in {"arrow_function", "function_expression"} else None
    if body is None:
        return None
    while body.type == "parenthesized_expression" and trees.first_in(body) is not None:
        body = body.named_children[0]
    if body.type == "statement_block":
        return _of_block(body)
    if body.type == "call_expression":
        return Hiding.HANDLER_ONLY_LOGS if is_logging(chain_of(body)) else None
    return Hiding.HANDLER_GIVES_DEFAULT if _is_default(body) else None


def _does(statement: Node) -> Does:
    if statement.type in {"empty_statement", "continue_statement"}:
        return Does.NOTHING
    value = trees.first_in(statement)
    if statement.type == "return_statement":
        return Does.GIVE_DEFAULT if value is None or _is_default(value) else Does.MORE
    if statement.type != "expression_statement" or value is None:
        return Does.MORE
    if value.type == "await_expression":
        value = trees.first_in(value) or value
    if value.type == "call_expression":
        return Does.LOG if is_logging(chain_of(value)) else Does.MORE
    if value.type == "assignment_expression":
        right = value.child_by_field_name("right")
        return Does.GIVE_DEFAULT if right is not None and _is_default(right) else Does.MORE
    return Does.MORE


def _is_default(node: Node) -> bool:
    return node.type in _CONSTANTS and (node.type not in {"object", "array"} or not node.named_children)


def _only_asks(body: Node) -> bool:
    """Whether all that is tried is to read or find something, so that failing is one of the answers."""
    calls = [node for node in inside(body, _FUNCTIONS) if node.type in {"call_expression", "new_expression"}]
    named = [".".join(chain_of(call)) for call in calls]
    return bool(named) and all(name in _ASKED for name in named)
