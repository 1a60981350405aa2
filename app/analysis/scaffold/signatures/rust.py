"""Rust: functions and methods with their parameters and results, and the module path of their file."""

import posixpath
import re
from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import rust, trees
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

_NAME = re.compile(r"^\[package\][^\[]*?^name\s*=\s*\"([\w-]+)\"", re.MULTILINE | re.DOTALL)


class _Rust:
    """The reader of `.rs` files."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """By syntax tree; what recall explains of Rust does not use them."""
        return rust.symbols(source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How a function or method is called. `buildable` says that `Owner::new()` needs no values."""
        every = rust.definitions(source)
        found = next((one for one in every if one.qualified == qualified and one.kind != "class"), None)
        if found is None:
            return None
        parameters = tuple(_parameters(found.node))
        plain = tuple(one for one in parameters if one.name != "self")
        made = next((one for one in every if one.owner == found.owner and one.name == "new"), None)
        return Signature(
            plain,
            found.owner,
            is_async="async" in trees.text_of(found.node).partition("fn ")[0],
            is_static=bool(found.owner) and plain == parameters,
            reachable=found.name != "main" and "test" not in " ".join(rust.attributes(found.node)),
            gives=_text(found.node, "return_type"),
            access=_access(found),
            package="::".join(found.modules),
            type_parameters=_is_generic(found.node),
            buildable=made is not None and not list(_parameters(made.node)) and not _is_generic(made.node),
        )

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """`crates/shop/src/cart/line.rs` -> `shop::cart::line`, by the nearest package; empty for a program's files."""
        del source
        folder = posixpath.dirname(path)
        while folder and posixpath.join(folder, "Cargo.toml") not in around.tree:
            folder = posixpath.dirname(folder)
        named = _NAME.search(around.read(posixpath.join(folder, "Cargo.toml")) or "")
        inner = posixpath.relpath(path, folder or ".").removesuffix(".rs").split("/")
        is_library = posixpath.join(folder, "src/lib.rs") in around.tree
        if not named or inner[0] != "src" or inner[1:2] in (["main"], ["bin"]) or not is_library:
            return ""
        parts = [part for part in inner[1:] if part not in {"lib", "mod"}]
        return "::".join([named[1].replace("-", "_"), *parts])


READER = _Rust()


def _access(found: rust.Definition) -> str:
    """`public` for `pub` and for what a trait demands, `package` for everything less."""
    visibility = next((trees.text_of(child) for child in found.node.children if child.type == "visibility_modifier"), "")
    return "public" if visibility == "pub" or found.of_trait else "package"


def _is_generic(node: Node) -> bool:
    """Whether a function leaves types open; lifetimes are none."""
    listed = node.child_by_field_name("type_parameters")
    open_types = listed is not None and any(child.type != "lifetime_parameter" for child in listed.named_children)
    parameters = node.child_by_field_name("parameters")
    return open_types or (parameters is not None and re.search(r"\bimpl\b|\bdyn\b", trees.text_of(parameters)) is not None)


def _text(node: Node, field: str) -> str:
    found = node.child_by_field_name(field)
    return " ".join(trees.text_of(found).split()) if found is not None else ""


def _parameters(function: Node) -> Iterator[Parameter]:
    """`(&self, mut code: &str, _: u8)` -> self &self, code &str, arg3 u8."""
    listed = function.child_by_field_name("parameters")
    for number, one in enumerate(listed.named_children if listed is not None else (), 1):
        if one.type == "self_parameter":
            yield Parameter("self", trees.text_of(one))
        elif one.type == "parameter":
            pattern = one.child_by_field_name("pattern")
            plain = pattern is not None and pattern.type == "identifier"
            yield Parameter(trees.text_of(pattern) if plain and pattern is not None else f"arg{number}", _text(one, "type"))
