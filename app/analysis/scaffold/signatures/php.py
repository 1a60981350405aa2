"""PHP: functions and methods with their parameters, and how their class or file is named."""

from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import php, trees
from app.analysis.languages.php import Definition
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

_KINDS = {"variadic_parameter": "rest"}
_PARAMETERS = frozenset({"simple_parameter", "variadic_parameter", "property_promotion_parameter"})


class _Php:
    """The reader of `.php` files."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """By syntax tree; what recall explains of PHP does not use them."""
        return php.symbols(source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How the function, method or class is called; of a class, its constructor. `package` is the namespace."""
        every = php.definitions(source)
        found = next((one for one in every if one.qualified == qualified), None)
        if found is None:
            return None
        owner = found if found.kind == "class" else found.owner
        constructor = next((one for one in every if owner and one.owner == owner and one.name.lower() == "__construct"), None)
        made_with = tuple(_parameters(constructor.node)) if constructor else ()
        makes = found.kind == "class" or found is constructor
        return Signature(
            made_with if makes else tuple(_parameters(found.node)),
            "" if found.kind == "class" or owner is None else owner.name,
            () if makes else made_with,
            is_static=_has(found.node, "static_modifier"),
            reachable=not found.name.startswith("__") or makes,
            gives=_text(found.node, "return_type"),
            access=_access(constructor.node if found.kind == "class" and constructor else found.node),
            package=namespace(source),
            buildable=owner is None or _buildable(owner, constructor),
        )

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """The namespace, by its declaration."""
        del path, around
        return namespace(source)


READER = _Php()


def namespace(source: bytes) -> str:
    r"""`Shop\Cart`, empty for none."""
    tree = trees.parse("php", source)
    found = trees.matches("php", tree, "(namespace_definition name: (_) @name)") if tree else ()
    return next((trees.text_of(match["name"]) for match in found), "")


def _buildable(owner: Definition, constructor: Definition | None) -> bool:
    if owner.node.type != "class_declaration" or _has(owner.node, "abstract_modifier"):
        return False
    return constructor is None or _access(constructor.node) == "public"


def _has(node: Node, kind: str) -> bool:
    return any(child.type == kind for child in node.children)


def _access(node: Node) -> str:
    return next((trees.text_of(child).lower() for child in node.children if child.type == "visibility_modifier"), "public")


def _text(node: Node, field: str) -> str:
    found = node.child_by_field_name(field)
    return " ".join(trees.text_of(found).split()) if found is not None else ""


def _parameters(node: Node) -> Iterator[Parameter]:
    """`(array $items, int $most = 3, ...$rest)` -> items array, most int (default 3), rest (rest)."""
    listed = node.child_by_field_name("parameters")
    for one in listed.named_children if listed is not None else ():
        if one.type in _PARAMETERS:
            default = _text(one, "default_value")
            name = _text(one, "name").lstrip("$")
            yield Parameter(name, _text(one, "type"), default or None, _KINDS.get(one.type, "positional"))
