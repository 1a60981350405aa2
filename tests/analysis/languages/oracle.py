"""Imports read by syntax tree, slowly and surely: what the fast scans of `app.analysis.languages` are compared with."""

from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import trees

_IMPORTERS = {"import", "require", "require.main.require", "require.resolve", "module.require"}
Found = tuple[str, int]


def imports(grammar: str, source: bytes) -> list[Found] | None:
    """Target and line of every import, sorted; None where the source does not parse."""
    tree = trees.parse(grammar, source)
    if tree is None or tree.root_node.has_error:
        return None
    reader = {"go": _go, "java": _java}.get(grammar, _javascript)
    return sorted(reader(tree.root_node))


def _walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children


def _javascript(root: Node) -> Iterator[Found]:
    for node in _walk(root):
        line = node.start_point.row + 1
        if node.type in {"import_statement", "export_statement"}:
            source = node.child_by_field_name("source")
            if source is not None:
                yield _plain(source), line
        elif node.type == "import_require_clause":
            yield _plain(node.named_children[-1]), next(c for c in node.children if c.type == "require").start_point.row + 1
        elif node.type == "call_expression":
            called = node.child_by_field_name("function")
            arguments = node.child_by_field_name("arguments")
            given = [n for n in arguments.named_children if n.type != "comment"] if arguments is not None else []
            if called is None or not given or given[0].type not in {"string", "template_string"}:
                continue
            name, target = trees.text_of(called), _plain(given[0])
            is_import = name in _IMPORTERS or name.endswith((".requireActual", ".importActual"))
            if is_import and "${" not in target and "\\" not in target:
                yield target, called.end_point.row + 1


def _go(root: Node) -> Iterator[Found]:
    for node in _walk(root):
        if node.type == "import_spec":
            path = node.child_by_field_name("path")
            assert path is not None
            yield _plain(path), node.start_point.row + 1


def _java(root: Node) -> Iterator[Found]:
    for node in root.children:
        if node.type == "import_declaration":
            name = next(trees.text_of(n) for n in node.named_children if n.type in {"scoped_identifier", "identifier"})
            kinds = {n.type for n in node.children}
            is_member = "static" in kinds and "asterisk" not in kinds
            yield name.rpartition(".")[0] if is_member else name, node.start_point.row + 1


def _plain(node: Node) -> str:
    return trees.text_of(node).strip("'\"`")
