"""Go: functions and methods with their parameters, results and receivers, and the import path of a file's package."""

import posixpath
import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

_PACKAGE = "(package_clause (package_identifier) @name)"
_IMPORTS = "(import_spec) @spec"
_CALLABLE = frozenset({"function_declaration", "method_declaration"})
_MODULE = re.compile(r"^\s*module\s+\"?([^\s\"]+)", re.MULTILINE)
# What Go itself never lets a program call.
_UNCALLABLE = frozenset({"init", "main", "_"})


class _Go:
    """The reader of `.go` files."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """As everywhere in recall."""
        return languages.symbols("go", source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How a function or method is called; of a method, `owner_parameters` is its receiver.

        `imports` are all import specs of the file as written: `"net/http"`, `yaml "gopkg.in/yaml.v3"`.
        """
        tree = trees.parse("go", source)
        node = next((one for one in _declared(tree) if _qualified(one) == qualified), None) if tree else None
        if tree is None or node is None:
            return None
        receiver = tuple(_parameters(node.child_by_field_name("receiver")))
        owner, is_open = _owner(receiver[0].type) if receiver else ("", False)
        name = _text(node, "name")
        return Signature(
            tuple(_parameters(node.child_by_field_name("parameters"))),
            owner,
            receiver,
            reachable=name not in _UNCALLABLE,
            gives=_text(node, "result"),
            access="public" if name[:1].isupper() and (not owner or owner[:1].isupper()) else "package",
            package=package_of(tree),
            imports=tuple(trees.text_of(match["spec"]) for match in trees.matches("go", tree, _IMPORTS)),
            type_parameters=is_open or node.child_by_field_name("type_parameters") is not None,
        )

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """`cart/cart.go` -> `example.com/shop/cart`, by the nearest `go.mod`; empty where there is none."""
        del source
        folder = posixpath.dirname(path)
        above = folder
        while True:
            manifest = posixpath.join(above, "go.mod")
            if manifest in around.tree:
                named = _MODULE.search(around.read(manifest) or "")
                return (
                    posixpath.join(named[1], posixpath.relpath(folder or ".", above or ".")).removesuffix("/.") if named else ""
                )
            if not above:
                return ""
            above = posixpath.dirname(above)


READER = _Go()


def package_of(tree: Tree) -> str:
    """The name of the package clause, empty without one."""
    return next((trees.text_of(match["name"]) for match in trees.matches("go", tree, _PACKAGE)), "")


def _declared(tree: Tree) -> Iterator[Node]:
    yield from (node for node in tree.root_node.named_children if node.type in _CALLABLE)


def _qualified(node: Node) -> str:
    receiver = next(_parameters(node.child_by_field_name("receiver")), None)
    owner = f"{_owner(receiver.type)[0]}." if receiver else ""
    return owner + _text(node, "name")


def _text(node: Node, field: str) -> str:
    found = node.child_by_field_name(field)
    return " ".join(trees.text_of(found).split()) if found is not None else ""


def _owner(receiver: str) -> tuple[str, bool]:
    """`*Cart[T]` -> (`Cart`, True): the type of a receiver, and whether it leaves types open."""
    name, bracket, _ = receiver.strip("*( )").partition("[")
    return name.strip(), bool(bracket)


def _parameters(node: Node | None) -> Iterator[Parameter]:
    """`(a, b string, opts ...Option)` -> a string, b string, opts Option (rest); the nameless are called `arg1` and so on."""
    at = 0
    for declared in node.named_children if node is not None else ():
        if declared.type not in {"parameter_declaration", "variadic_parameter_declaration"}:
            continue
        kind = "rest" if declared.type == "variadic_parameter_declaration" else "positional"
        for name in [trees.text_of(one) for one in declared.children_by_field_name("name")] or ["_"]:
            at += 1
            yield Parameter(f"arg{at}" if name == "_" else name, _text(declared, "type"), kind=kind)


def results(gives: str) -> tuple[str, ...]:
    """The types that a result's source text lists: `(n int, err error)` -> `int`, `error`; empty for none."""
    tree = trees.parse("go", f"package p\nfunc f() {gives} {{}}\n".encode())
    function = tree.root_node.named_children[-1] if gives and tree is not None and not tree.root_node.has_error else None
    result = function.child_by_field_name("result") if function is not None else None
    if result is None:
        return ()
    if result.type != "parameter_list":
        return (trees.text_of(result),)
    return tuple(parameter.type for parameter in _parameters(result))
