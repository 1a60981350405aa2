"""The one place that knows tree-sitter: grammars loaded on first use, queries, and the outline that nested definitions make."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from app.domain.change import Span, Symbol

# Above this a file is data or a bundle, and is not read at all.
MAX_SOURCE = 1_000_000
# Deeper definitions than this are generated; their dotted names would grow with the square of the depth.
MAX_DEPTH = 24
# What a tree may cost, counted in tree-sitter's own steps, so that no input takes seconds or gigabytes. It reports its
# progress every hundred steps: written code takes 0.3 to 1.2 reports for every hundred bytes, what sends it into endless
# alternatives five and more. It reads again what it has to scan again: written code is read less than twice, an unclosed
# comment as often as it is opened. A query's time grows with the square of the depth.
_FREE_REPORTS = 60
_BYTES_A_REPORT = 40
_PIECE = 4096
_MAX_READINGS = 8
# A block of comments is read again for each of its lines; some hundred of them take milliseconds.
_FREE_READINGS = 1_000
_MAX_NESTING = 500
_NO_BRACKETS = bytes(set(range(256)) - set(b"()[]{}"))

_GRAMMARS = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
    "csharp": ("tree_sitter_c_sharp", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "ruby": ("tree_sitter_ruby", "language"),
    "rust": ("tree_sitter_rust", "language"),
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

    None for files over `MAX_SOURCE`, with null bytes, or so broken or deeply nested that they are no written source.
    """
    if len(source) > MAX_SOURCE or b"\0" in source or _nesting(source) > _MAX_NESTING:
        return None
    reports, readings = 0, 0
    enough = _MAX_READINGS * (len(source) // _PIECE) + _FREE_READINGS

    def read(at: int, _point: object) -> bytes:
        nonlocal readings
        readings += 1
        return source[at : at + _PIECE]

    def give_up(offset: int, _has_error: bool) -> bool:
        nonlocal reports
        reports += 1
        return reports > _FREE_REPORTS + offset // _BYTES_A_REPORT or readings > enough

    try:
        return Parser(_grammar(grammar)).parse(read, progress_callback=give_up)
    except ValueError:  # how the binding says that it gave up
        return None


def _nesting(source: bytes) -> int:
    """How deep brackets nest, those in strings and comments included."""
    depth = deepest = 0
    for bracket in source.translate(None, _NO_BRACKETS):
        if bracket in b"([{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return max(deepest, -depth)


def matches(grammar: str, tree: Tree, query: str, within: Iterable[Span] | None = None) -> Iterator[dict[str, Node]]:
    """Each match of the query, as the first node of every capture; with `within`, those that overlap one of these spans.

    What overlaps several spans comes several times.
    """
    cursor = QueryCursor(_query(grammar, query))
    if within is None:
        yield from _matches(cursor, tree)
        return
    for span in within:
        cursor.set_point_range((span.start - 1, 0), (span.end, 0))
        yield from _matches(cursor, tree)


def _matches(cursor: QueryCursor, tree: Tree) -> Iterator[dict[str, Node]]:
    for _, captures in cursor.matches(tree.root_node):
        yield {name: nodes[0] for name, nodes in captures.items()}


def text_of(node: Node) -> str:
    """The node's source text."""
    return (node.text or b"").decode("utf-8", "replace")


def walk(node: Node) -> Iterator[Node]:
    """The node and all named ones within, in source order."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one.named_children))


def walk_pairs(node: Node) -> Iterator[tuple[Node, Node | None]]:
    """The same, each with the node around it, which tree-sitter looks for from the root: a cost that grows with the depth."""
    waiting: list[tuple[Node, Node | None]] = [(node, None)]
    while waiting:
        one, above = waiting.pop()
        yield one, above
        waiting.extend((child, one) for child in reversed(one.named_children))


def first_in(node: Node) -> Node | None:
    """The first named node right inside, None where there is none."""
    return next(iter(node.named_children), None)


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
