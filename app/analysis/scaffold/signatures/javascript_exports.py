"""JavaScript and TypeScript: what a file hands on, as an ES module or by `module.exports`, and how."""

from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import trees

GLOBAL = ("module.exports", "exports")
_Exported = dict[str, str]


def exports(root: Node) -> _Exported:
    """What the top level of a file hands on under its own name, and how."""
    found: _Exported = {}
    for node in root.named_children:
        if node.type == "export_statement":
            _module_exports(node, found)
        elif node.type == "expression_statement":
            inner = trees.first_in(node)
            if inner is not None and inner.type == "assignment_expression":
                _common_exports(inner, found)
        elif node.type in {"lexical_declaration", "variable_declaration"}:
            for each in node.named_children:  # `const Topics = module.exports`, `var app = exports = module.exports = {}`
                name, value = each.child_by_field_name("name"), each.child_by_field_name("value")
                if name is not None and value is not None and _is_whole(value):
                    found.setdefault(trees.text_of(name), "whole")
    return found


def _is_whole(value: Node) -> bool:
    if trees.text_of(value) == "module.exports":
        return True
    left = value.child_by_field_name("left") if value.type == "assignment_expression" else None
    right = value.child_by_field_name("right") if value.type == "assignment_expression" else None
    return left is not None and right is not None and (trees.text_of(left) == "module.exports" or _is_whole(right))


def _module_exports(node: Node, found: _Exported) -> None:
    is_default = any(child.type == "default" for child in node.children)
    how = "default" if is_default else "named"
    declared, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
    if declared is not None:
        for local in _declared(declared):
            found.setdefault(local, how)
    elif value is not None:
        own = value if value.type == "identifier" else value.child_by_field_name("name")
        found.setdefault(trees.text_of(own) if own is not None else "", "default")
    elif node.child_by_field_name("source") is None:
        for clause in node.named_children:
            for each in clause.named_children:
                name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
                taken = trees.text_of(alias) if alias is not None else ""
                if name is not None and taken in {"", "default", trees.text_of(name)}:
                    found.setdefault(trees.text_of(name), "default" if taken == "default" else "named")


def _declared(node: Node) -> Iterator[str]:
    name = node.child_by_field_name("name")
    if name is not None:
        yield trees.text_of(name)
    for each in node.named_children:
        inner = each.child_by_field_name("name") if each.type == "variable_declarator" else None
        if inner is not None:
            yield trees.text_of(inner)


def _common_exports(node: Node, found: _Exported) -> None:
    """`module.exports = x`, `exports.x = y`, and chains of them."""
    targets = []
    value: Node | None = node
    while value is not None and value.type == "assignment_expression":
        left = value.child_by_field_name("left")
        targets.append(trees.text_of(left) if left is not None else "")
        value = value.child_by_field_name("right")
    if value is None:
        return
    name = value if value.type == "identifier" else value.child_by_field_name("name")
    local = trees.text_of(name) if name is not None else ""
    for target in targets:
        holder, _, last = target.rpartition(".")
        if target == "module.exports":
            found.setdefault(local, "whole")
            _members(value, found)
        elif holder in GLOBAL:
            found.setdefault(last, "property")


def _members(value: Node, found: _Exported) -> None:
    """`module.exports = { a, b: c, d() {}, e: () => {} }` hands on all of them by name."""
    if value.type != "object":
        return
    for each in value.named_children:
        key = each.child_by_field_name("key") or each.child_by_field_name("name") or each
        inner = each.child_by_field_name("value")
        name = trees.text_of(key).strip("'\"")
        if inner is None or inner.type != "identifier" or trees.text_of(inner) == name:
            found.setdefault(name, "property")
