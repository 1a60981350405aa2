"""What the names of a JavaScript or TypeScript test file stand for: its imports and requires, and the files that they mean."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees

_EXTENSION = re.compile(r"\.(?:d\.)?[cm]?[jt]sx?$|\.vue$")
_INDEX = re.compile(r"(?:^|/)index$")


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that a test file takes from elsewhere: `local` here, `taken` there (`default`, `*` for all of it, or a name).

    `is_common` says that it comes by `require`; `node` is the statement; `braces` the list it could be joined by another name.
    """

    local: str
    taken: str
    module: str
    is_common: bool
    is_type: bool
    node: Node
    braces: Node | None = None


def resolves(binding: Binding, test: str, path: str) -> bool:
    """Whether the module of a binding in `test` is the file at `path`, or a folder whose index that file is."""
    return stem_of(meant(binding.module, test)) == stem_of(path)


def meant(module: str, test: str) -> str:
    """The path that a relative module of a test stands for; any other module as it is, without its alias."""
    if module.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(test), module))
    return module


def stem_of(path: str) -> str:
    """A path without its extension and without `index`: how imports may call it."""
    return _INDEX.sub("", _EXTENSION.sub("", path)) or "."


def bindings_in(node: Node) -> Iterator[Binding]:
    """What one statement brings in from elsewhere; nothing where it is no import."""
    if node.type == "import_statement":
        yield from _imported(node)
    elif node.type in {"lexical_declaration", "variable_declaration"}:
        for each in node.named_children:
            if each.type == "variable_declarator":
                yield from _required(each, node)


def _imported(node: Node) -> Iterator[Binding]:
    source = node.child_by_field_name("source")
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    if source is None or clause is None:
        return
    module = _unquoted(source)
    is_type = any(child.type == "type" for child in node.children)
    for each in clause.named_children:
        if each.type == "identifier":
            yield Binding(trees.text_of(each), "default", module, False, is_type, node)
        elif each.type == "namespace_import" and (inner := trees.first_in(each)) is not None:
            yield Binding(trees.text_of(inner), "*", module, False, is_type, node)
        elif each.type == "named_imports":
            for one in each.named_children:
                name, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
                if name is not None:
                    typed = is_type or any(child.type == "type" for child in one.children)
                    yield Binding(trees.text_of(alias or name), trees.text_of(name), module, False, typed, node, each)


def _required(node: Node, statement: Node) -> Iterator[Binding]:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    taken = "*"
    if value is not None and value.type == "member_expression":
        member = value.child_by_field_name("property")
        taken = trees.text_of(member) if member is not None else "*"
        value = value.child_by_field_name("object")
    module = _required_module(value)
    if name is None or not module:
        return
    if name.type == "identifier":
        yield Binding(trees.text_of(name), taken, module, True, False, statement)
    elif name.type == "object_pattern" and taken == "*":
        for each in name.named_children:
            key, local = each.child_by_field_name("key"), each.child_by_field_name("value")
            if each.type == "shorthand_property_identifier_pattern":
                yield Binding(trees.text_of(each), trees.text_of(each), module, True, False, statement, name)
            elif key is not None and local is not None and local.type == "identifier":
                yield Binding(trees.text_of(local), trees.text_of(key), module, True, False, statement, name)


def _required_module(value: Node | None) -> str:
    if value is None or value.type != "call_expression":
        return ""
    function, listed = value.child_by_field_name("function"), value.child_by_field_name("arguments")
    first = trees.first_in(listed) if listed is not None else None
    if function is None or trees.text_of(function) != "require" or first is None or first.type != "string":
        return ""
    return _unquoted(first)


def _unquoted(node: Node) -> str:
    return trees.text_of(node).strip("'\"`")
