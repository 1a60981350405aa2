"""JavaScript, TypeScript and Vue: what imports and `require` bind, what holds it, and the calls made through it."""

from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import javascript, trees
from app.analysis.uses.model import Bound, Names, Use, carries
from app.domain.change import Span

_IMPORTS = """
(import_statement) @import
(variable_declarator name: (_) @bound value: (_) @value (#match? @value "(require|import) *\\\\("))
"""
_FIELDS = """
(assignment_expression left: (member_expression object: (this) property: (property_identifier) @field) right: (_) @value)
"""
_TYPED_FIELDS = """
(public_field_definition name: (property_identifier) @field) @declared
(required_parameter (accessibility_modifier) pattern: (identifier) @field) @declared
"""
_VARIABLES = """
(variable_declarator name: (identifier) @left) @declared
(assignment_expression left: (identifier) @left) @assigned
"""
_PARAMETERS = {
    "javascript": """
(formal_parameters (identifier) @left)
(arrow_function parameter: (identifier) @left)
""",
    "typescript": """
(required_parameter pattern: (identifier) @left) @declared
(optional_parameter pattern: (identifier) @left) @declared
(arrow_function parameter: (identifier) @left)
""",
}
_CALLS = """
(call_expression function: (_) @function)
(new_expression constructor: (_) @function)
"""
_SELVES = frozenset({"this"})
# What every script can call without an import.
_GLOBAL = {name: Bound(f"globalThis.{name}") for name in ("fetch", "XMLHttpRequest")}
_WRAPPERS = frozenset(
    {"await_expression", "parenthesized_expression", "non_null_expression", "as_expression", "satisfies_expression"}
)


def javascript_names(source: bytes) -> Names:
    """What the names of a JavaScript file stand for."""
    return _names_of("javascript", trees.parse("javascript", source))


def typescript_names(source: bytes) -> Names:
    """What the names of a TypeScript file stand for."""
    return _names_of(*javascript.parse_typescript(source))


def vue_names(source: bytes) -> Names:
    """What the names in the `<script>` blocks of a component stand for."""
    return typescript_names(javascript.scripts(source))


def javascript_uses(source: bytes, spans: tuple[Span, ...]) -> tuple[Use, ...]:
    """The calls of imported things on those lines of a JavaScript file."""
    return _uses("javascript", trees.parse("javascript", source), spans)


def typescript_uses(source: bytes, spans: tuple[Span, ...]) -> tuple[Use, ...]:
    """The calls of imported things on those lines of a TypeScript file."""
    return _uses(*javascript.parse_typescript(source), spans)


def vue_uses(source: bytes, spans: tuple[Span, ...]) -> tuple[Use, ...]:
    """The calls of imported things on those lines of a component."""
    return typescript_uses(javascript.scripts(source), spans)


def _uses(grammar: str, tree: Tree | None, spans: tuple[Span, ...]) -> tuple[Use, ...]:
    if tree is None:
        return ()
    known = _names(grammar, tree, spans)
    found = []
    for match in trees.matches(grammar, tree, _CALLS, spans):
        chain = chain_of(match["function"])
        meant = known.meaning(chain, _SELVES) if chain else None
        if meant is not None:
            found.append(Use(meant.target, meant.names, trees.span_of(match["function"]).end))
    return tuple(found)


def chain_of(node: Node) -> tuple[str, ...]:
    """`this.client.charge` as its names, also through calls; empty where it starts from anything but a name."""
    parts: list[str] = []
    at: Node | None = node
    while at is not None and len(parts) < trees.MAX_DEPTH:
        if at.type in {"identifier", "this"}:
            return (trees.text_of(at), *reversed(parts))
        if at.type == "member_expression":
            name = at.child_by_field_name("property")
            parts.append(trees.text_of(name) if name is not None else "")
            at = at.child_by_field_name("object")
        elif at.type in {"call_expression", "new_expression"}:
            at = at.child_by_field_name("function") or at.child_by_field_name("constructor")
        elif at.type in _WRAPPERS:
            at = trees.first_in(at)
        else:
            break
    return ()


def _names_of(grammar: str, tree: Tree | None) -> Names:
    return _names(grammar, tree) if tree is not None else Names()


def _names(grammar: str, tree: Tree, spans: tuple[Span, ...] | None = None) -> Names:
    imported = dict(_imported(grammar, tree))
    known = Names(_GLOBAL | imported)
    typed = grammar != "javascript"
    around = Names(known.imported)
    _hold_variables(grammar, tree, around, None)
    for match in trees.matches(grammar, tree, _FIELDS + (_TYPED_FIELDS if typed else "")):
        held = _declared(match["declared"], around) if "declared" in match else _value(match["value"], around)
        known.hold(trees.text_of(match["field"]), held, field=True)
    if spans is None:
        known.variables, known.hidden = around.variables, around.hidden
    else:
        _hold_variables(grammar, tree, known, spans)
    return known


def _hold_variables(grammar: str, tree: Tree, known: Names, spans: tuple[Span, ...] | None) -> None:
    query = _VARIABLES + _PARAMETERS["javascript" if grammar == "javascript" else "typescript"]
    for match in trees.matches(grammar, tree, query, spans):
        if "declared" in match and _module(match["declared"].child_by_field_name("value")):
            continue
        node = match.get("declared")
        right = match["assigned"].child_by_field_name("right") if "assigned" in match else None
        held = _declared(node, known) if node is not None else _value(right, known)
        known.hold(trees.text_of(match["left"]), held, field=False)


def _declared(node: Node, known: Names) -> Bound | None:
    """What a declaration holds by its type, else by its value."""
    kind = node.child_by_field_name("type")
    named = trees.first_in(kind) if kind is not None else None
    if named is not None and named.type == "type_identifier":
        return known.meaning((trees.text_of(named),), _SELVES)
    return _value(node.child_by_field_name("value"), known)


def _value(value: Node | None, known: Names) -> Bound | None:
    """What an expression gives: an object made by an imported class, a connection, or a variable that holds one."""
    while value is not None and value.type in _WRAPPERS:
        value = trees.first_in(value)
    if value is None:
        return None
    if value.type == "identifier":
        return known.variables.get(trees.text_of(value))
    if value.type not in {"new_expression", "call_expression"}:
        return None
    chain = chain_of(value)
    meant = known.meaning(chain, _SELVES) if chain else None
    return meant if meant is not None and (value.type == "new_expression" or carries(chain[-1])) else None


def _imported(grammar: str, tree: Tree) -> Iterator[tuple[str, Bound]]:
    for match in trees.matches(grammar, tree, _IMPORTS):
        if "import" in match:
            yield from _clause(match["import"])
            continue
        target = _module(match["value"])
        if target is None:
            continue
        member = match["value"].child_by_field_name("property") if match["value"].type == "member_expression" else None
        inner = (trees.text_of(member),) if member is not None else ()
        yield from _pattern(match["bound"], Bound(target, inner))


def _module(value: Node | None) -> str | None:
    """The path that `require("x")`, `await import("x")` or `require("x").y` loads."""
    while value is not None and value.type in {*_WRAPPERS, "member_expression"}:
        value = trees.first_in(value)
    if value is None or value.type != "call_expression":
        return None
    function, arguments = value.child_by_field_name("function"), value.child_by_field_name("arguments")
    named = trees.text_of(function) if function is not None else ""
    if named not in {"require", "import", "require.main.require", "module.parent.require"} or arguments is None:
        return None
    first = trees.first_in(arguments)
    return _string(first) if first is not None else None


def _clause(node: Node) -> Iterator[tuple[str, Bound]]:
    source = node.child_by_field_name("source")
    target = _string(source) if source is not None else None
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for part in clause.named_children if clause is not None and target else ():
        if part.type == "identifier":
            yield trees.text_of(part), Bound(str(target), ("default",))
        elif part.type == "namespace_import" and trees.first_in(part) is not None:
            yield trees.text_of(part.named_children[0]), Bound(str(target))
        elif part.type == "named_imports":
            for one in part.named_children:
                name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                if name is not None:
                    yield trees.text_of(alias or name), Bound(str(target), (trees.text_of(name),))


def _pattern(node: Node, whole: Bound) -> Iterator[tuple[str, Bound]]:
    """`db` or `{ get, set: put }` on the left of a loaded module."""
    if node.type == "identifier":
        yield trees.text_of(node), whole
    for part in node.named_children if node.type == "object_pattern" else ():
        if part.type == "shorthand_property_identifier_pattern":
            yield trees.text_of(part), whole.of([trees.text_of(part)])
        elif part.type == "pair_pattern":
            key, value = part.child_by_field_name("key"), part.child_by_field_name("value")
            if key is not None and value is not None and value.type == "identifier":
                yield trees.text_of(value), whole.of([trees.text_of(key)])


def _string(node: Node) -> str | None:
    """The text of a string without anything to fill in."""
    text = trees.text_of(node)
    return text[1:-1] if node.type in {"string", "template_string"} and "${" not in text and len(text) > 1 else None
