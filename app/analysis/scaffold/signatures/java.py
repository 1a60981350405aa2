"""Java: methods and constructors with their parameters, results and owners, and where the types they name come from."""

from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis import languages
from app.analysis.languages import java, trees
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

_CLASSES = frozenset({"class_declaration", "interface_declaration", "enum_declaration", "record_declaration"})
_METHODS = frozenset({"method_declaration", "constructor_declaration"})
_BODIES = frozenset({"class_body", "interface_body", "enum_body", "enum_body_declarations"})
_IMPORTS = "(import_declaration) @one"
_ACCESS = ("private", "package", "protected", "public")


class _Java:
    """The reader of `.java` files."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """As everywhere in recall."""
        return languages.symbols("java", source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How a method or constructor is called, of several of one name the first that a test may call with the fewest values.

        `access` is the least of it and the classes around it; `imports` are the import declarations of the file as written.
        """
        tree = trees.parse("java", source)
        found = [one for one in _methods(tree.root_node, ()) if _qualified(*one) == qualified] if tree else []
        if tree is None or not found:
            return None
        around, method = min(found, key=lambda one: (-_ACCESS.index(_access(one[1])), len(list(_parameters(one[1])))))
        imports = tuple(trees.text_of(match["one"]) for match in trees.matches("java", tree, _IMPORTS))
        return _signature(around, method, java.package(source), imports, _nested(tree))

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """The package, by its declaration."""
        del path, around
        return java.package(source)


READER = _Java()


def _signature(
    around: tuple[Node, ...], method: Node, package: str, imports: tuple[str, ...], nested: dict[str, str]
) -> Signature:
    constructor = _constructor(around[-1])
    is_constructor = method.type == "constructor_declaration"
    gives = "" if is_constructor else (_text(method, "type") + _text(method, "dimensions"))
    owner = ".".join(_text(one, "name") for one in around)
    return Signature(
        tuple(_outer_named(one, nested) for one in _parameters(method)),
        owner,
        tuple(_outer_named(one, nested) for one in _parameters(constructor)) if constructor is not None else (),
        is_static="static" in _modifiers(method),
        reachable=True,
        gives=owner if is_constructor else _renamed(gives, nested).removesuffix("void"),
        access=min((_access(one) for one in (*around, method)), key=_ACCESS.index),
        package=package,
        imports=imports,
        type_parameters=any(one.child_by_field_name("type_parameters") is not None for one in (*around, method)),
        buildable=_buildable(around, constructor, is_constructor),
    )


def _methods(node: Node, around: tuple[Node, ...]) -> Iterator[tuple[tuple[Node, ...], Node]]:
    """Every method with the classes it stands in, outermost first; what is local to a method is left out."""
    for child in node.named_children:
        if child.type in _CLASSES and len(around) < trees.MAX_DEPTH:
            yield from _methods(child, (*around, child))
        elif child.type in _METHODS and around:
            yield around, child
        elif child.type in _BODIES:
            yield from _methods(child, around)


def _qualified(around: tuple[Node, ...], method: Node) -> str:
    return ".".join(_text(one, "name") for one in (*around, method))


def _nested(tree: Tree) -> dict[str, str]:
    """The classes inside the file's classes, as a test outside names them: `Line` -> `Cart.Line`."""
    found: dict[str, str] = {}
    waiting: list[tuple[Node, str]] = [(tree.root_node, "")]
    while waiting:
        node, outer = waiting.pop()
        for child in node.named_children:
            if child.type in _CLASSES:
                name = f"{outer}.{_text(child, 'name')}".lstrip(".")
                if outer:
                    found.setdefault(_text(child, "name"), name)
                waiting.append((child, name))
            elif child.type in _BODIES:
                waiting.append((child, outer))
    return found


def _outer_named(parameter: Parameter, nested: dict[str, str]) -> Parameter:
    return Parameter(parameter.name, _renamed(parameter.type, nested), kind=parameter.kind)


def _renamed(text: str, nested: dict[str, str]) -> str:
    """A type's text with nested classes named from outside."""
    if not any(name in text for name in nested):
        return text
    source = f"class C {{ {text} f; }}"
    tree = trees.parse("java", source.encode())
    if tree is None or tree.root_node.has_error or not source.isascii():
        return text
    for match in sorted(trees.matches("java", tree, "(type_identifier) @name"), key=lambda m: -m["name"].start_byte):
        node = match["name"]
        if (node.parent is None or node.parent.type != "scoped_type_identifier") and (now := nested.get(trees.text_of(node))):
            source = source[: node.start_byte] + now + source[node.end_byte :]
    return source.removeprefix("class C { ").removesuffix(" f; }")


def _constructor(owner: Node) -> Node | None:
    """The constructor that asks for least, of those that are not private."""
    open_ones = [one for one in _constructors(owner) if _access(one) != "private"]
    return min(open_ones, key=lambda one: (-_ACCESS.index(_access(one)), len(list(_parameters(one)))), default=None)


def _constructors(owner: Node) -> list[Node]:
    body = owner.child_by_field_name("body")
    return [one for one in (body.named_children if body is not None else ()) if one.type == "constructor_declaration"]


def _buildable(around: tuple[Node, ...], constructor: Node | None, is_constructor: bool) -> bool:
    owner = around[-1]
    if owner.type != "class_declaration" or "abstract" in _modifiers(owner):
        return False
    if any(one.type == "class_declaration" and "static" not in _modifiers(one) for one in around[1:]):
        return False  # an inner class needs an instance of the outer one
    return is_constructor or constructor is not None or not _constructors(owner)


def _modifiers(node: Node) -> frozenset[str]:
    """The keywords before a declaration, annotations left out."""
    return frozenset(child.type for modifiers in node.children if modifiers.type == "modifiers" for child in modifiers.children)


def _access(node: Node) -> str:
    given = _modifiers(node) & set(_ACCESS)
    if given:
        return next(iter(given))
    return "public" if node.parent is not None and node.parent.type == "interface_body" else "package"


def _text(node: Node, field: str) -> str:
    found = node.child_by_field_name(field)
    return " ".join(trees.text_of(found).split()) if found is not None else ""


def _parameters(method: Node) -> Iterator[Parameter]:
    """`(final String text, int... widths)` -> text String, widths int (rest)."""
    parameters = method.child_by_field_name("parameters")
    for declared in parameters.named_children if parameters is not None else ():
        if declared.type == "formal_parameter":
            yield Parameter(_text(declared, "name"), _text(declared, "type") + _text(declared, "dimensions"))
        elif declared.type == "spread_parameter":
            parts = [one for one in declared.named_children if one.type not in {"modifiers", "annotation", "marker_annotation"}]
            if len(parts) >= 2:
                yield Parameter(_text(parts[-1], "name"), trees.text_of(parts[0]), kind="rest")
