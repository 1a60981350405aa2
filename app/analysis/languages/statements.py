"""The statements of a file by its syntax tree: which lines are code, which run when the file is loaded, which in a function."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from app.analysis.languages import trees
from app.domain.change import Span

_GRAMMARS = {"python": "python", "javascript": "javascript", "typescript": "typescript", "go": "go", "java": "java"}
_FUNCTIONS = frozenset(
    {
        "function_definition",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
        "arrow_function",
        "method_definition",
        "method_declaration",
        "constructor_declaration",
        "func_literal",
        "lambda_expression",
    }
)
_BLOCKS = frozenset({"block", "statement_block", "class_body", "constructor_body", "switch_body", "switch_block"})
# What runs although no statement by its name; and statements by name that never run.
_ALSO = frozenset(
    {
        "elif_clause",
        "except_clause",
        "case_clause",
        "lexical_declaration",
        "variable_declaration",
        "local_variable_declaration",
        "short_var_declaration",
        "explicit_constructor_invocation",
        "class_definition",
        "function_definition",
        "decorator",
    }
)
_NEVER = frozenset(
    {"global_statement", "nonlocal_statement", "empty_statement", "statement_block", "import_statement", "export_statement"}
)
_EXPRESSION_BODIES = frozenset({"arrow_function", "lambda_expression"})
MAX_STATEMENTS = 200_000


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `span` are its own lines, up to where the block begins that it holds, if it holds one.

    `function` are the lines of the function it runs in, None where it runs when the file is loaded: the head of a `def` or
    `class` runs where the definition stands.
    """

    span: Span
    function: Span | None


def is_known(language: str | None) -> bool:
    """Whether the statements of a language can be told."""
    return language in _GRAMMARS


@lru_cache(maxsize=64)
def statements(language: str | None, source: bytes) -> tuple[Statement, ...]:
    """The statements of a file in source order; none where the language is not parsed or the file is no written source.

    Comments, blank lines, docstrings, closing braces and `else:` are no statements, and no tool counts them as run.
    """
    grammar = _GRAMMARS.get(language or "")
    if grammar is None or (tree := trees.parse(grammar, source)) is None:
        return ()
    return tuple(sorted(_statements(tree.root_node, grammar), key=lambda one: (one.span.start, -one.span.end)))


def _statements(root: Node, grammar: str) -> Iterator[Statement]:
    """A walk without recursion; each node waits with the function that it runs in."""
    waiting: list[tuple[Node, Span | None]] = [(root, None)]
    seen = 0
    while waiting and seen < MAX_STATEMENTS:
        node, function = waiting.pop()
        if _runs(node, grammar):
            seen += 1
            yield Statement(_own(node, grammar), function)
        inner = trees.span_of(node) if node.type in _FUNCTIONS else None
        for child in node.named_children:
            if inner is None:
                waiting.append((child, function))
            elif child.type in _BLOCKS:
                waiting.append((child, inner))
            elif node.type in _EXPRESSION_BODIES and child == node.child_by_field_name("body"):
                seen += 1
                yield Statement(trees.span_of(child), inner)
                waiting.append((child, inner))
            else:
                waiting.append((child, function))


def _runs(node: Node, grammar: str) -> bool:
    kind = node.type
    if kind in _NEVER:
        return kind == "import_statement" and grammar == "python"
    if kind == "function_definition":
        return grammar == "python"
    if kind == "expression_statement":
        return not (grammar == "python" and node.named_child_count == 1 and node.named_children[0].type == "string")
    return kind in _ALSO or kind.endswith("_statement")


def _own(node: Node, grammar: str) -> Span:
    """The lines before the first block inside the node; without one, all of its lines."""
    whole = trees.span_of(node)
    block = _first_block(node)
    if block is None:
        return whole
    row = block.start_point.row + 1
    return Span(whole.start, max(whole.start, row - 1 if grammar == "python" else row))


def _first_block(node: Node) -> Node | None:
    waiting = [node]
    first: Node | None = None
    while waiting:
        one = waiting.pop()
        for child in one.named_children:
            if first is not None and child.start_byte >= first.start_byte:
                break
            if child.type in _BLOCKS:
                first = child
                break
            waiting.append(child)
    return first
