"""Reads a test file for the judgement: one walk over its tree that gives the statements with their names, and the calls."""

from collections.abc import Iterator
from functools import lru_cache

from tree_sitter import Node

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.strength.grammars import GRAMMARS
from app.analysis.strength.model import SELVES, Call, Grammar, Reading, Unit, words
from app.domain.change import Span, Symbol

_BINDING = {
    "assignment": "left",
    "named_expression": "name",
    "as_pattern": "alias",
    "variable_declarator": "name",
    "assignment_expression": "left",
    "short_var_declaration": "left",
    "assignment_statement": "left",
    "var_spec": "name",
}
_FUNCTIONS = words(
    "func_literal arrow_function function_expression function lambda lambda_expression generator_function class_body"
)


@lru_cache(maxsize=64)
def read(language: str | None, source: bytes) -> Reading | None:
    """What the file holds; None where the language is not read, or the file is none that a parser can read."""
    grammar = GRAMMARS.get(language or "")
    tree = grammar.tree(source) if grammar else None
    if grammar is None or tree is None:
        return None
    walk = _Walk(grammar)
    walk.over(tree.root_node)
    tests = tuple(test.span for test in languages.tests_in(language, source))
    functions, hooks = _functions(grammar, languages.symbols(language, source), tests, source)
    return Reading(
        tuple(walk.units),
        tuple(walk.calls),
        tuple(walk.throws),
        functions,
        tests,
        tuple(dict.fromkeys(walk.bases)),
        hooks,
        frozenset(walk.bound),
    )


def _functions(
    grammar: Grammar, symbols: tuple[Symbol, ...], tests: tuple[Span, ...], source: bytes
) -> tuple[dict[str, tuple[Span, ...]], tuple[Span, ...]]:
    """The functions of the file that are no tests and hold none, by name, and those that run around every test."""
    lines = source.split(b"\n")
    found: dict[str, list[Span]] = {}
    hooks = []
    for symbol in symbols:
        if symbol.kind == "class" or any(symbol.span.start <= test.start and test.end <= symbol.span.end for test in tests):
            continue
        found.setdefault(symbol.name, []).append(symbol.span)
        head = b"\n".join(lines[symbol.span.start - 1 : symbol.span.start + 2]).decode("utf-8", "replace")
        if grammar.is_hook(symbol.name, head):
            hooks.append(symbol.span)
    return {name: tuple(spans) for name, spans in found.items()}, tuple(hooks)


class _Walk:
    """The one walk. Without recursion, since a stranger may nest thousands."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self.units: list[Unit] = []
        self.calls: list[Call] = []
        self.throws: list[int] = []
        self.bases: list[tuple[Span, str]] = []
        self.bound: set[str] = set()

    def over(self, root: Node) -> None:
        """Fills the lists, in source order."""
        waiting: list[tuple[Node, Node | None, tuple[Unit, ...], tuple[Unit, ...]]] = [(root, None, (), ())]
        while waiting:
            node, above, heads, around = waiting.pop()
            heads, into = self._opened(node, above, heads)
            self._noted(node, above, heads, around)
            for child in reversed(node.named_children):
                if into is not None and child.type in self._grammar.bodies:
                    waiting.append((child, node, tuple(one for one in heads if one is not into), (*around, into)))
                else:
                    waiting.append((child, node, heads, around))

    def _opened(self, node: Node, above: Node | None, heads: tuple[Unit, ...]) -> tuple[tuple[Unit, ...], Unit | None]:
        """The units that the names below belong to; the second is that of a statement with a body."""
        grammar = self._grammar
        if node.type in grammar.compound:
            return self._new(node, heads)
        is_body = above is not None and above.type == "arrow_function" and node.type not in grammar.bodies
        is_simple = node.type in grammar.simple or (is_body and above is not None and above.child_by_field_name("body") == node)
        if is_simple and not self._is_group(node):
            return self._new(node, heads)[0], None
        return heads, None

    def _new(self, node: Node, heads: tuple[Unit, ...]) -> tuple[tuple[Unit, ...], Unit]:
        unit = Unit(trees.span_of(node).start)
        self.units.append(unit)
        return (*heads, unit), unit

    def _is_group(self, node: Node) -> bool:
        """Whether the statement only holds other tests or hooks: `describe("cart", () => ...)`, `t.Run("empty", ...)`."""
        if not self._grammar.groups:
            return False
        inner = trees.first_in(node) if node.type.endswith("statement") else node
        if inner is None or inner.type != "call_expression":
            return False
        parts = self._grammar.chain(inner)
        return parts[0] in self._grammar.groups or ".".join(parts) in self._grammar.groups

    def _noted(self, node: Node, above: Node | None, heads: tuple[Unit, ...], around: tuple[Unit, ...]) -> None:
        grammar = self._grammar
        if node.type in grammar.calls:
            self._called(node)
        elif node.type in grammar.names or node.type in SELVES:
            self._named(node, above, heads, around)
        if node.type in _BINDING and (into := node.child_by_field_name(_BINDING[node.type])) is not None:
            self.bound.update(trees.text_of(one) for one in trees.walk(into) if one.type in grammar.names)
        if node.type in grammar.throws and not _is_staged(node):
            self.throws.append(trees.span_of(node).start)
        if node.type in grammar.bases:
            extending = trees.span_of(node if node.type == "class_definition" or above is None else above)
            self.bases.extend((extending, base) for base in _bases(node))

    def _called(self, node: Node) -> None:
        called, given = self._grammar.calls[node.type]
        target = node.child_by_field_name(called) if called else trees.first_in(node) if node.type == "decorator" else node
        handed = node.child_by_field_name(given) if given else None
        parts = self._grammar.chain(target) if target is not None else ("",)
        names = frozenset(_handed(handed)) if handed is not None else frozenset()
        line = trees.span_of(target if target is not None else node).end
        self.calls.append(Call(line, parts[-1], parts[0], len(parts), names))

    def _named(self, node: Node, above: Node | None, heads: tuple[Unit, ...], around: tuple[Unit, ...]) -> None:
        name = trees.text_of(node)[:200]
        if above is not None and above.type in self._grammar.keys and trees.first_in(above) == node:
            return
        owner = _owner(node, above, self._grammar)
        is_plain = owner is None or owner in SELVES
        is_root = is_plain and name not in SELVES and not _is_called(node, above)
        for unit in heads:
            unit.names.add(name)
            if is_plain:
                unit.plain.add(name)
            if is_root:
                unit.roots.add(name)
        for unit in around:
            unit.inner.add(name)
            if is_root:
                unit.within.add(name)


def _handed(given: Node) -> Iterator[str]:
    """The names that a call is given; not those that only a function among them will use."""
    waiting = [given]
    while waiting:
        one = waiting.pop()
        if one.type == "identifier":
            yield trees.text_of(one)[:200]
        if one.type not in _FUNCTIONS:
            waiting.extend(one.named_children)


def _is_staged(node: Node) -> bool:
    """Whether it is raised or yielded by a stand-in that the test brings along, rather than by the test or one of its helpers."""
    if node.type not in {"raise_statement", "yield"}:
        return False
    if "AssertionError" in trees.text_of(node):
        return False
    at = node.parent
    while at is not None and at.type != "function_definition":
        at = at.parent
    if at is None:
        return True
    name = at.child_by_field_name("name")
    if name is not None and trees.text_of(name).startswith("test"):
        return False
    above = at.parent.parent if at.parent is not None else None
    return node.type == "yield" or (above is not None and above.type != "module")


def _owner(node: Node, above: Node | None, grammar: Grammar) -> str | None:
    """What the name is taken from, as far as it is a name itself; None where it stands for itself."""
    if above is None:
        return None
    if above.type == "method_invocation" and above.child_by_field_name("name") == node:
        owner = above.child_by_field_name("object")
        return None if owner is None else trees.text_of(owner)[:20]
    if above.type not in grammar.attributes or trees.first_in(above) == node:
        return None
    first = trees.first_in(above)
    return trees.text_of(first)[:20] if first is not None else ""


def _is_called(node: Node, above: Node | None) -> bool:
    if above is None:
        return False
    return any(above.child_by_field_name(field) == node for field in ("function", "constructor")) or (
        above.type == "method_invocation" and above.child_by_field_name("name") == node
    )


def _bases(node: Node) -> Iterator[str]:
    given = node.child_by_field_name("superclasses") if node.type == "class_definition" else node
    for one in given.named_children if given is not None else ():
        if one.type != "keyword_argument":
            yield trees.text_of(one)[:200]
