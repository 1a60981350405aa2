"""Java: `catch` of everything, or of what comes from outside, that is empty, only logs or gives a default."""

from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.swallows.model import Does, Hidden, is_logging, reason_of
from app.analysis.uses.java import chain_of
from app.domain.change import Span

_CATCHES = """
(try_statement body: (_) @body (catch_clause) @clause)
(try_with_resources_statement body: (_) @body (catch_clause) @clause)
"""
_BROAD = frozenset({"Exception", "Throwable", "RuntimeException", "Error"}) | frozenset(
    {"IOException", "UncheckedIOException", "SQLException", "ExecutionException"}
)
_CONSTANTS = frozenset(
    {"null_literal", "false", "true", "decimal_integer_literal", "string_literal", "decimal_floating_point_literal"}
)
_EMPTY = frozenset({"emptyList", "emptyMap", "emptySet", "empty", "of"})


def hidden(source: bytes, spans: tuple[Span, ...]) -> Iterator[Hidden]:
    """The places on those lines where a failure is hidden."""
    tree = trees.parse("java", source)
    for match in trees.matches("java", tree, _CATCHES, spans) if tree is not None else ():
        handler = match["clause"].child_by_field_name("body")
        if handler is None or _caught(match["clause"]).isdisjoint(_BROAD):
            continue
        statements = [each for each in handler.named_children if not each.type.endswith("comment")]
        reason = reason_of(map(_does, statements))
        if reason is not None:
            yield Hidden(trees.span_of(match["clause"]).start, reason, trees.span_of(match["body"]))


def _caught(clause: Node) -> set[str]:
    """The plain names of the types that are caught."""
    parameter = next((child for child in clause.named_children if child.type == "catch_formal_parameter"), None)
    types = [child for child in parameter.named_children if child.type == "catch_type"] if parameter is not None else []
    return {part.strip().rpartition(".")[2] for each in types for part in trees.text_of(each).split("|")}


def _does(statement: Node) -> Does:
    if statement.type == "continue_statement":
        return Does.NOTHING
    value = trees.first_in(statement)
    if statement.type == "return_statement":
        return Does.GIVE_DEFAULT if value is None or _is_default(value) else Does.MORE
    if statement.type != "expression_statement" or value is None:
        return Does.MORE
    if value.type == "method_invocation":
        chain = chain_of(value)
        return Does.LOG if is_logging(chain) or chain[:2] in {("System", "out"), ("System", "err")} else Does.MORE
    if value.type == "assignment_expression":
        right = value.child_by_field_name("right")
        return Does.GIVE_DEFAULT if right is not None and _is_default(right) else Does.MORE
    return Does.MORE


def _is_default(node: Node) -> bool:
    if node.type == "method_invocation":
        given = node.child_by_field_name("arguments")
        return chain_of(node)[-1:] != () and chain_of(node)[-1] in _EMPTY and given is not None and not given.named_children
    return node.type in _CONSTANTS
