"""Python: what imports bind, which variables and attributes hold imported things, and the calls made through them."""

from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.uses.model import Bound, Names, Use, carries
from app.domain.change import Span

_IMPORTS = """
(import_statement) @import
(import_from_statement) @from
"""
_FIELDS = "(assignment left: (attribute) @left) @assignment"
_VARIABLES = """
(assignment left: (identifier) @left) @assignment
(as_pattern (call) @call alias: (as_pattern_target (identifier) @left))
(typed_parameter . (identifier) @left type: (type) @type)
(typed_default_parameter name: (identifier) @left type: (type) @type)
(default_parameter name: (identifier) @left)
(parameters (identifier) @left)
(for_statement left: (identifier) @left)
"""
_CALLS = "(call function: (_) @function) @call"
_SELVES = frozenset({"self", "cls"})


def names(source: bytes) -> Names:
    """What the names of a file stand for."""
    tree = trees.parse("python", source)
    return _names(tree) if tree is not None else Names()


def uses(source: bytes, spans: tuple[Span, ...]) -> tuple[Use, ...]:
    """The calls of imported things on those lines; variables count only where they are set on those lines, too."""
    tree = trees.parse("python", source)
    if tree is None:
        return ()
    known = _names(tree, spans)
    found = []
    for match in trees.matches("python", tree, _CALLS, spans):
        chain = chain_of(match["function"])
        meant = known.meaning(chain, _SELVES) if chain else None
        if meant is not None and not _is_at_import(match["call"]):
            found.append(Use(meant.target, meant.names, trees.span_of(match["function"]).end))
    return tuple(found)


def _is_at_import(call: Node) -> bool:
    """Whether the call runs when the function is defined: a default or a decorator."""
    at = call.parent
    while at is not None and at.type not in {"block", "module"}:
        if at.type in {"parameters", "decorator"}:
            return True
        at = at.parent
    return False


def chain_of(node: Node) -> tuple[str, ...]:
    """`self.client.charge` as its names, also through calls; empty where it starts from anything but a name."""
    parts: list[str] = []
    at: Node | None = node
    while at is not None and len(parts) < trees.MAX_DEPTH:
        if at.type == "identifier":
            return (trees.text_of(at), *reversed(parts))
        if at.type == "attribute":
            name = at.child_by_field_name("attribute")
            parts.append(trees.text_of(name) if name is not None else "")
            at = at.child_by_field_name("object")
        elif at.type == "call":
            at = at.child_by_field_name("function")
        elif at.type in {"await", "parenthesized_expression"}:
            at = trees.first_in(at)
        else:
            break
    return ()


def _names(tree: Tree, spans: tuple[Span, ...] | None = None) -> Names:
    known = Names(dict(_imported(tree)))
    around = Names(known.imported)
    _hold_variables(tree, around, None)
    for match in trees.matches("python", tree, _FIELDS):
        left = chain_of(match["left"])
        if len(left) == 2 and left[0] in _SELVES:
            known.hold(left[1], _held(match, around), field=True)
    if spans is None:
        known.variables, known.hidden = around.variables, around.hidden
    else:
        _hold_variables(tree, known, spans)
    return known


def _hold_variables(tree: Tree, known: Names, spans: tuple[Span, ...] | None) -> None:
    for match in trees.matches("python", tree, _VARIABLES, spans):
        known.hold(trees.text_of(match["left"]), _held(match, known), field=False)


def _held(match: dict[str, Node], known: Names) -> Bound | None:
    """What is put into a variable or attribute: an object made by an imported call, or of an imported type."""
    node = match.get("assignment")
    kind = match.get("type") or (node.child_by_field_name("type") if node is not None else None)
    if kind is not None and (held := _of_type(kind, known)):
        return held
    value = match.get("call") or (node.child_by_field_name("right") if node is not None else None)
    if value is not None and value.type == "await":
        value = trees.first_in(value)
    if value is None:
        return None
    if value.type == "identifier" and node is not None:
        return known.variables.get(trees.text_of(value))
    chain = chain_of(value) if value.type == "call" else ()
    meant = known.meaning(chain, _SELVES) if chain else None
    return meant if meant is not None and carries(chain[-1]) else None


def _of_type(node: Node, known: Names) -> Bound | None:
    """The imported type that an annotation names: `Client`, `payments.Client`, `Client | None`, `Optional[Client]`."""
    inner = trees.first_in(node)
    chain = chain_of(inner) if inner is not None else ()
    if chain:
        return known.meaning(chain, _SELVES)
    if inner is not None and inner.type == "binary_operator":
        left = inner.child_by_field_name("left")
        chain = chain_of(left) if left is not None else ()
        return known.meaning(chain, _SELVES) if chain else None
    if inner is not None and inner.type == "generic_type" and trees.text_of(inner).startswith("Optional["):
        first = trees.first_in(inner.named_children[-1])
        return _of_type(first, known) if first is not None else None
    return None


def _imported(tree: Tree) -> Iterator[tuple[str, Bound]]:
    for match in trees.matches("python", tree, _IMPORTS):
        if "import" in match:
            for name in match["import"].children_by_field_name("name"):
                yield _whole(name)
            continue
        module = match["from"].child_by_field_name("module_name")
        target = "".join(trees.text_of(module).split()) if module is not None else ""
        for name in match["from"].children_by_field_name("name"):
            taken, local = _renamed(name)
            yield local, Bound(target, (taken,))


def _whole(name: Node) -> tuple[str, Bound]:
    """`import a.b` binds `a`, `import a.b as c` binds `c` to `a.b`."""
    taken, local = _renamed(name)
    if name.type == "aliased_import":
        return local, Bound(taken)
    return taken.partition(".")[0], Bound(taken.partition(".")[0])


def _renamed(name: Node) -> tuple[str, str]:
    """The name before and after renaming."""
    if name.type != "aliased_import":
        taken = "".join(trees.text_of(name).split())
        return taken, taken
    first, alias = name.child_by_field_name("name"), name.child_by_field_name("alias")
    taken = "".join(trees.text_of(first).split()) if first is not None else ""
    return taken, trees.text_of(alias) if alias is not None else taken
