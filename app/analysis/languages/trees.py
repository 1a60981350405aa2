"""The one place that knows tree-sitter: grammars loaded on first use, queries, and the outline that nested definitions make."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from app.domain.change import Span, Symbol

# Above this a file is data or a bundle, and is not read at all.
MAX_SOURCE = 1_000_000
# tree-sitter reports its progress every hundred steps: 400 KB of written Python take 1,300 reports, and 4,000 of them pass
# in a second even where every byte is an error to recover from.
_MAX_REPORTS = 4_000
_PIECE = 1 << 16
# Deeper definitions than this are generated; their dotted names would grow with the square of the depth.
MAX_DEPTH = 24

_GRAMMARS = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition before it knows what encloses it. `kind` is None for a mere scope, which only lends its name."""

    name: str
    kind: str | None
    start: int
    end: int
    span: Span


@cache
def _grammar(name: str) -> Language:
    module, function = _GRAMMARS[name]
    return Language(getattr(import_module(module), function)())


@cache
def _query(grammar: str, text: str) -> Query:
    return Query(_grammar(grammar), text)


def parse(grammar: str, source: bytes) -> Tree | None:
    """The syntax tree, with error nodes where the source is broken.

    None for files over `MAX_SOURCE`, with null bytes, or so broken that the parser would not end in about a second.
    """
    if len(source) > MAX_SOURCE or b"\0" in source:
        return None
    reports = 0

    def give_up(_offset: int, _has_error: bool) -> bool:
        nonlocal reports
        reports += 1
        return reports > _MAX_REPORTS

    try:
        return Parser(_grammar(grammar)).parse(lambda at, _: source[at : at + _PIECE], progress_callback=give_up)
    except ValueError:  # how the binding says that it gave up
        return None


def matches(grammar: str, tree: Tree, query: str) -> Iterator[dict[str, Node]]:
    """Each match of the query, as the first node of every capture."""
    for _, captures in QueryCursor(_query(grammar, query)).matches(tree.root_node):
        yield {name: nodes[0] for name, nodes in captures.items()}


def text_of(node: Node) -> str:
    """The node's source text."""
    return (node.text or b"").decode("utf-8", "replace")


def span_of(node: Node) -> Span:
    """The lines a node stands on."""
    end = node.end_point
    return Span(node.start_point.row + 1, max(node.start_point.row, end.row - (end.column == 0)) + 1)


def definition(node: Node, name: str, kind: str | None) -> Definition:
    """A definition that stands where `node` stands; the name may bring its owner along (`Cart.total`)."""
    return Definition(name, kind, node.start_byte, node.end_byte, span_of(node))


def outline(definitions: Iterable[Definition], separator: str = ".") -> tuple[Symbol, ...]:
    """The definitions in source order, each qualified by those it stands in."""
    symbols: list[Symbol] = []
    around: list[tuple[int, str]] = []
    last: tuple[int, int] | None = None
    for each in sorted(definitions, key=lambda d: (d.start, -d.end)):
        if (each.start, each.end) == last:
            continue
        last = (each.start, each.end)
        while around and around[-1][0] < each.end:
            around.pop()
        if len(around) >= MAX_DEPTH:
            continue
        outer = around[-1][1] if around else ""
        qualified = f"{outer}{separator}{each.name}" if outer else each.name
        around.append((each.end, qualified))
        if each.kind:
            symbols.append(Symbol(each.name.rpartition(separator)[2], qualified, each.kind, each.span))
    return tuple(symbols)
