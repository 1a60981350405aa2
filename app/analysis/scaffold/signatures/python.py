"""Python: parameters of functions, methods and classes by syntax tree, and the dotted name of a file's module."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

MAX_TEXT = 200
_ROOTS = ("src/", "lib/", "python/", "Lib/")
_NAME = re.compile(r"[^\W\d]\w*")
_KINDS = {"list_splat_pattern": "rest", "dictionary_splat_pattern": "keywords"}


class _Python:
    """The reader of `.py` files."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """As everywhere in recall."""
        return languages.symbols("python", source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How the function, method or class is called; a class by its `__init__`, or by its fields where it is a dataclass."""
        tree = trees.parse("python", source)
        found = _find(tree.root_node, qualified.split(".")) if tree else None
        if found is None:
            return None
        node, around = found
        outer = around[-1] if around else None
        local = any(one.type == "function_definition" for one in around)
        if node.type == "class_definition":
            return Signature(_made_with(node), reachable=not local)
        is_method = outer is not None and outer.type == "class_definition"
        decorators = _decorators(node)
        is_static = is_method and "staticmethod" in decorators
        parameters = tuple(_parameters(node))
        if is_method and not is_static:
            parameters = parameters[1:]
        return Signature(
            parameters,
            owner=".".join(_name(one) for one in around) if is_method else "",
            owner_parameters=_made_with(outer) if is_method and outer is not None else (),
            is_async=any(child.type == "async" for child in node.children),
            is_static=is_static or (is_method and "classmethod" in decorators),
            reachable=not local and not decorators & {"overload", "property.setter"},
        )

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """`src/shop/cart.py` -> `shop.cart`: named from the folder above the outermost package, or from below `src/`."""
        del source
        folders = path.split("/")[:-1]
        start = len(folders)
        while start and "/".join([*folders[:start], "__init__.py"]) in around.tree:
            start -= 1
        if start == len(folders):  # in no package: a script, or a namespace package
            start = next((root.count("/") for root in _ROOTS if path.startswith(root)), 0)
        name = path.rpartition("/")[2].removesuffix(".py")
        parts = folders[start:] if name == "__init__" else [*folders[start:], name]
        return ".".join(parts) if parts and all(_NAME.fullmatch(part) for part in parts) else ""


READER = _Python()


def _find(root: Node, names: list[str]) -> tuple[Node, list[Node]] | None:
    """The definition of that dotted name and those around it, outermost first; of several the last, which is what counts."""
    around: list[Node] = []
    node = root
    for name in names:
        found = [one for one in _definitions(node) if _name(one) == name]
        if not found:
            return None
        if node is not root:
            around.append(node)
        node = found[-1]
    return (node, around) if node is not root else None


def _definitions(node: Node) -> Iterator[Node]:
    """Definitions right inside a node, those under `if`, `try` and `with` included."""
    waiting = [node.child_by_field_name("body") or node]
    while waiting:
        one = waiting.pop()
        for child in one.named_children:
            if child.type in ("function_definition", "class_definition"):
                yield child
            elif child.type != "lambda":
                waiting.append(child)


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return trees.text_of(name) if name else ""


def _decorators(node: Node) -> frozenset[str]:
    """`@a.b(c)` -> `b`; but a setter keeps its name apart."""
    outer = node.parent
    if outer is None or outer.type != "decorated_definition":
        return frozenset()
    texts = [trees.text_of(child).lstrip("@ ").partition("(")[0] for child in outer.named_children if child.type == "decorator"]
    return frozenset("property.setter" if text.endswith((".setter", ".deleter")) else text.rpartition(".")[2] for text in texts)


def _made_with(node: Node) -> tuple[Parameter, ...]:
    """What an instance of the class is made with."""
    for one in _definitions(node):
        if one.type == "function_definition" and _name(one) == "__init__":
            return tuple(_parameters(one))[1:]
    return tuple(_fields(node)) if _decorators(node) & {"dataclass", "define", "frozen", "attrs"} else ()


def _fields(node: Node) -> Iterator[Parameter]:
    body = node.child_by_field_name("body")
    for statement in body.named_children if body else ():
        inner = trees.first_in(statement) if statement.type == "expression_statement" else None
        if inner is not None and inner.type == "assignment" and (kind := inner.child_by_field_name("type")):
            left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
            if left is not None and left.type == "identifier":
                yield Parameter(trees.text_of(left), _short(kind), _short(right) if right else None)


def _parameters(function: Node) -> Iterator[Parameter]:
    listed = function.child_by_field_name("parameters")
    keyword_only = False
    for node in listed.named_children if listed else ():
        if node.type == "keyword_separator":
            keyword_only = True
            continue
        kind = _KINDS.get(node.type) or _KINDS.get(getattr(trees.first_in(node), "type", ""), "")
        name = next(iter(_identifiers(node)), "")
        if not name:
            continue
        type_, value = node.child_by_field_name("type"), node.child_by_field_name("value")
        kind = kind or ("keyword" if keyword_only else "positional")
        yield Parameter(name, _short(type_) if type_ else "", _short(value) if value else None, kind)
        keyword_only = keyword_only or kind == "rest"


def _identifiers(node: Node) -> Iterator[str]:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "identifier":
            yield trees.text_of(one)
            return
        waiting.extend(reversed(one.named_children))


def _short(node: Node) -> str:
    return " ".join(trees.text_of(node).split())[:MAX_TEXT]
