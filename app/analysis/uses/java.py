"""Java: the classes that imports bind, the fields, variables and parameters of their types, and the calls made through them."""

from tree_sitter import Node, Tree

from app.analysis.languages import java, trees
from app.analysis.uses.model import Bound, Names, Use
from app.domain.change import Span

_FIELDS = "(field_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @left))"
_VARIABLES = """
(local_variable_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @left) @declared)
(formal_parameter type: (_) @type name: (identifier) @left)
(resource type: (_) @type name: (identifier) @left)
(enhanced_for_statement type: (_) @type name: (identifier) @left)
"""
_CALLS = """
(method_invocation) @call
(object_creation_expression type: (_) @made) @new
"""
_SELVES = frozenset({"this"})
# What every class can name without an import.
_LANG = {name: Bound(f"java.lang.{name}") for name in ("ProcessBuilder", "Runtime")}


def names(source: bytes) -> Names:
    """What the names of a file stand for."""
    tree = trees.parse("java", source)
    return _names(source, tree) if tree is not None else Names()


def uses(source: bytes, spans: tuple[Span, ...]) -> tuple[Use, ...]:
    """The calls of imported things on those lines."""
    tree = trees.parse("java", source)
    if tree is None:
        return ()
    known = _names(source, tree, spans)
    found = []
    for match in trees.matches("java", tree, _CALLS, spans):
        node = match.get("call") or match["new"]
        chain = chain_of(node)
        meant = known.meaning(chain, _SELVES) if chain else None
        if meant is not None:
            found.append(Use(meant.target, meant.names, _line(node)))
    return tuple(found)


def _line(node: Node) -> int:
    """Where the method's name stands, since a chain of calls starts lines before."""
    name = node.child_by_field_name("name")
    return (name or node).start_point.row + 1


def chain_of(node: Node) -> tuple[str, ...]:
    """`this.client.charge(x)` as its names, also through calls; `new Client()` is `Client`."""
    parts: list[str] = []
    at: Node | None = node
    while at is not None and len(parts) < trees.MAX_DEPTH:
        if at.type in {"identifier", "this", "type_identifier"}:
            return (trees.text_of(at), *reversed(parts))
        if at.type == "method_invocation":
            name = at.child_by_field_name("name")
            parts.append(trees.text_of(name) if name is not None else "")
            inner = at.child_by_field_name("object")
            if inner is None:
                return tuple(reversed(parts))
            at = inner
        elif at.type == "field_access":
            name = at.child_by_field_name("field")
            parts.append(trees.text_of(name) if name is not None else "")
            at = at.child_by_field_name("object")
        elif at.type == "object_creation_expression":
            at = at.child_by_field_name("type")
        elif at.type in {"parenthesized_expression", "generic_type"}:
            at = trees.first_in(at)
        else:
            break
    return ()


def _names(source: bytes, tree: Tree, spans: tuple[Span, ...] | None = None) -> Names:
    imported = dict(_LANG)
    for one in java.imports(source):
        if one.names and one.names != ("*",):
            static = one.target.rpartition(".")[2] != one.names[0]
            imported[one.names[0]] = Bound(one.target, one.names if static else ())
    known = Names(imported)
    for match in trees.matches("java", tree, _FIELDS):
        held = _of_type(match["type"], imported)
        known.hold(trees.text_of(match["left"]), held, field=True)
        known.hold(trees.text_of(match["left"]), held, field=False)
    for match in trees.matches("java", tree, _VARIABLES, spans):
        held = _of_type(match["type"], imported)
        name = trees.text_of(match["left"])
        if held is None and known.variables.get(name):
            known.variables[name] = None
        known.hold(name, held or _made(match.get("declared"), imported), field=False)
    return known


def _of_type(node: Node, imported: dict[str, Bound]) -> Bound | None:
    chain = chain_of(node)
    return imported.get(chain[0]) if len(chain) == 1 else None


def _made(node: Node | None, imported: dict[str, Bound]) -> Bound | None:
    """What `var client = new Client()` holds."""
    value = node.child_by_field_name("value") if node is not None else None
    return _of_type(value, imported) if value is not None and value.type == "object_creation_expression" else None
