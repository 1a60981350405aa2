"""Go: the packages that imports bind, the fields, variables and parameters of their types, and the calls made through them."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import go, trees
from app.analysis.uses.model import Bound, Names, Use
from app.domain.change import Span

_RECEIVERS = "(method_declaration receiver: (parameter_list (parameter_declaration name: (identifier) @self)))"
_FIELDS = "(field_declaration name: (field_identifier) @field type: (_) @type)"
_VARIABLES = """
(parameter_declaration name: (identifier) @left type: (_) @type)
(var_spec name: (identifier) @left) @spec
(short_var_declaration left: (expression_list . (identifier) @left) right: (expression_list . (_) @value))
(assignment_statement left: (expression_list . (identifier) @left) right: (expression_list . (_) @value))
"""
_CALLS = "(call_expression function: (_) @function)"
# What gives the thing to talk through: `payments.New`, `sql.Open`, `net.Dial`.
_MAKES = re.compile(r"^(?:New|Open|Dial|Connect|Default|Must|Make|Create)")
_VERSION = re.compile(r"^v\d+$")


def names(source: bytes) -> Names:
    """What the names of a file stand for."""
    tree = trees.parse("go", source)
    return _names(source, tree) if tree is not None else Names()


def uses(source: bytes, spans: tuple[Span, ...]) -> tuple[Use, ...]:
    """The calls of imported things on those lines."""
    tree = trees.parse("go", source)
    if tree is None:
        return ()
    known, selves = _names(source, tree, spans), selves_of(tree)
    found = []
    for match in trees.matches("go", tree, _CALLS, spans):
        chain = chain_of(match["function"])
        meant = known.meaning(chain, selves) if len(chain) > 1 else None
        if meant is not None and meant.names:
            found.append(Use(meant.target, meant.names, trees.span_of(match["function"]).end))
    return tuple(found)


def selves_of(tree: Tree) -> frozenset[str]:
    """What methods call the thing they belong to."""
    return frozenset(trees.text_of(match["self"]) for match in trees.matches("go", tree, _RECEIVERS))


def chain_of(node: Node) -> tuple[str, ...]:
    """`s.client.Charge` as its names, also through calls; empty where it starts from anything but a name."""
    parts: list[str] = []
    at: Node | None = node
    while at is not None and len(parts) < trees.MAX_DEPTH:
        if at.type in {"identifier", "package_identifier"}:
            return (trees.text_of(at), *reversed(parts))
        if at.type == "selector_expression":
            name = at.child_by_field_name("field")
            parts.append(trees.text_of(name) if name is not None else "")
            at = at.child_by_field_name("operand")
        elif at.type == "call_expression":
            at = at.child_by_field_name("function")
        elif at.type in {"parenthesized_expression", "unary_expression"}:
            at = trees.first_in(at)
        else:
            break
    return ()


def _names(source: bytes, tree: Tree, spans: tuple[Span, ...] | None = None) -> Names:
    imported: dict[str, Bound] = {}
    for name, bound in _imported(source):
        imported.setdefault(name, bound)
    known = Names(imported)
    for match in trees.matches("go", tree, _FIELDS):
        known.hold(trees.text_of(match["field"]), _of_type(match["type"], imported), field=True)
    for match in trees.matches("go", tree, _VARIABLES, spans):
        known.hold(trees.text_of(match["left"]), _held(match, known), field=False)
    return known


def _imported(source: bytes) -> Iterator[tuple[str, Bound]]:
    """Local names of packages: as renamed, else as the path ends, then as people name packages whose path ends otherwise."""
    for one in go.imports(source):
        if one.names:
            yield one.names[0], Bound(one.target)
            continue
        *_, before, last = ["", *one.target.split("/")]
        yield last, Bound(one.target)
        plain = before if _VERSION.match(last) else last
        plain = plain.partition(".")[0]
        yield plain.removeprefix("go-").removesuffix("-go").replace("-", ""), Bound(one.target)


def _held(match: dict[str, Node], known: Names) -> Bound | None:
    spec = match.get("spec")
    kind = match.get("type") or (spec.child_by_field_name("type") if spec is not None else None)
    if kind is not None:
        return _of_type(kind, known.imported)
    value = match.get("value")
    while value is not None and value.type in {"unary_expression", "parenthesized_expression"}:
        value = trees.first_in(value)
    if value is None:
        return None
    if value.type == "composite_literal":
        made = value.child_by_field_name("type")
        return _of_type(made, known.imported) if made is not None else None
    chain = chain_of(value) if value.type == "call_expression" else ()
    if len(chain) < 2 or not _MAKES.match(chain[-1]) or chain[0] in known.hidden:
        return None
    package = known.imported.get(chain[0])
    return package.of([chain[-1]]) if package is not None and len(chain) == 2 else None


def _of_type(node: Node, imported: dict[str, Bound]) -> Bound | None:
    """The imported type that is named: `payments.Client`, `*payments.Client`."""
    while node.type in {"pointer_type", "parenthesized_type"} and trees.first_in(node) is not None:
        node = node.named_children[0]
    if node.type != "qualified_type":
        return None
    package, name = node.child_by_field_name("package"), node.child_by_field_name("name")
    bound = imported.get(trees.text_of(package)) if package is not None else None
    return bound.of([trees.text_of(name)]) if bound is not None and name is not None else None
