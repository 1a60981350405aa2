"""C#: methods and constructors with their parameters, results and owners, and how their namespace is named."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import csharp, trees
from app.analysis.languages.csharp import Definition
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

_ACCESS = ("private", "protected", "internal", "public")
_NAMESPACE = re.compile(r"^\s*namespace\s+([\w.]+)", re.MULTILINE)
_REST = re.compile(r"\bparams\s+([^(),]+?)\[\]\s+(\w+)\s*\)\s*$")


class _CSharp:
    """The reader of `.cs` files."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """By syntax tree; what recall explains of C# does not use them."""
        return csharp.symbols(source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How a method or constructor is called, of several of one name the one that asks for least."""
        every = csharp.definitions(source)
        found = [one for one in every if one.qualified == qualified and one.kind == "method"]
        if not found:
            return None
        one = min(found, key=lambda each: (-_ACCESS.index(_access(each.node)), len(list(_parameters(each.node)))))
        owner = one.around[-1]
        made = _constructor(every, owner)
        is_constructor = one.node.type == "constructor_declaration"
        gives = _text(one.node, "returns")
        return Signature(
            tuple(_parameters(one.node)),
            owner.qualified,
            tuple(_parameters(made.node)) if made else (),
            is_async=gives.startswith(("Task", "ValueTask")),
            is_static="static" in _modifiers(one.node),
            gives=owner.qualified if is_constructor else "" if gives == "void" else gives,
            access=_slug(min((_access(each.node) for each in (*one.around, one)), key=_ACCESS.index)),
            package=namespace(source),
            type_parameters=any(_has(each.node, "type_parameter_list") for each in (*one.around, one)),
            buildable=_buildable(every, owner, made),
        )

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """The namespace, by its declaration."""
        del path, around
        return namespace(source)


READER = _CSharp()


def namespace(source: bytes) -> str:
    """`Shop.Cart`, empty for none."""
    found = _NAMESPACE.search(source.decode(errors="replace"))
    return found[1] if found else ""


def _constructor(every: tuple[Definition, ...], owner: Definition) -> Definition | None:
    declared = [one for one in every if one.around[-1:] == (owner,) and one.node.type == "constructor_declaration"]
    usable = [one for one in declared if _access(one.node) == "public"]
    return min(usable, key=lambda one: len(list(_parameters(one.node))), default=None)


def _buildable(every: tuple[Definition, ...], owner: Definition, made: Definition | None) -> bool:
    if owner.node.type != "class_declaration" or _modifiers(owner.node) & {"abstract", "static"}:
        return False
    if made is not None:
        return True
    declares = any(one.around[-1:] == (owner,) and one.node.type == "constructor_declaration" for one in every)
    return not declares and not any(child.type == "parameter_list" for child in owner.node.children)


def _modifiers(node: Node) -> frozenset[str]:
    return frozenset(trees.text_of(child) for child in node.children if child.type == "modifier")


def _access(node: Node) -> str:
    given = [name for name in _ACCESS if name in _modifiers(node)]
    if given:
        return given[0]
    if node.type in csharp.CLASSES:
        return "private" if node.parent is not None and node.parent.type == "declaration_list" and _in_type(node) else "internal"
    return "public" if _in_type(node, "interface_declaration") else "private"


def _in_type(node: Node, kind: str = "") -> bool:
    body = node.parent
    outer = body.parent if body is not None else None
    return outer is not None and (outer.type == kind if kind else outer.type in csharp.CLASSES)


def _slug(access: str) -> str:
    return {"internal": "package"}.get(access, access)


def _has(node: Node, kind: str) -> bool:
    return any(child.type == kind for child in node.children)


def _text(node: Node, field: str) -> str:
    found = node.child_by_field_name(field)
    return " ".join(trees.text_of(found).split()) if found is not None else ""


def _parameters(method: Node) -> Iterator[Parameter]:
    """`(string code, ref int most, int all = 3, params string[] rest)`; `ref`, `out` and `in` stay before the type."""
    listed = method.child_by_field_name("parameters")
    for one in listed.named_children if listed is not None else ():
        if one.type != "parameter":
            continue
        words = [trees.text_of(child) for child in one.children if child.type == "modifier" and trees.text_of(child) != "this"]
        default = trees.text_of(one).partition("=")[2].strip()
        yield Parameter(_text(one, "name"), " ".join([*words, _text(one, "type")]), default or None)
    rest = _REST.search(trees.text_of(listed)) if listed is not None else None
    if rest:
        yield Parameter(rest[2], rest[1].strip(), kind="rest")
