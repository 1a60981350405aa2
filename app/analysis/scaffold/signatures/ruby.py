"""Ruby: how a method is called and what its class is made with; a file is named as `require` names it."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import ruby, trees
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

MAX_TEXT = 80
_ROOTS = re.compile(r"^(?:.*/)?(?:lib|app/[a-z_]+)/")
_KINDS = {"splat_parameter": "rest", "hash_splat_parameter": "keywords", "keyword_parameter": "keyword"}


class _Ruby:
    """The reader of `.rb` files."""

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """Classes, modules and methods."""
        return ruby.symbols(source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How the method or class is called. `export` is `module` for the methods of one, which somebody has to include."""
        tree = trees.parse("ruby", source)
        known = list(ruby.definitions(tree.root_node)) if tree else []
        found = next((each for each in known if each.qualified == qualified), None)
        if found is None:
            return None
        if not found.is_method:
            return Signature(_made_with(known, found), export=found.node.type)
        outer = found.around[-1] if found.around else None
        return Signature(
            tuple(_parameters(found.node)),
            owner=outer.qualified if outer else "",
            owner_parameters=_made_with(known, outer) if outer else (),
            is_static=found.is_static,
            reachable=not found.is_private,
            export=outer.node.type if outer else "",
        )

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """`lib/shop/cart.rb` -> `shop/cart`."""
        del source, around
        return _ROOTS.sub("", path).removesuffix(".rb")


READER = _Ruby()


def _made_with(known: list[ruby.Definition], owner: ruby.Definition) -> tuple[Parameter, ...]:
    inside = (each for each in known if each.is_method and each.around and each.around[-1].qualified == owner.qualified)
    made = next((each for each in inside if each.name == "initialize" and not each.is_static), None)
    if made is None and owner.node.child_by_field_name("superclass") is not None:
        return (Parameter("arguments"),)  # those of a class that this file does not show
    return tuple(_parameters(made.node)) if made else ()


def _parameters(method: Node) -> Iterator[Parameter]:
    listed = method.child_by_field_name("parameters")
    for node in listed.named_children if listed is not None else ():
        if node.type == "identifier":
            yield Parameter(trees.text_of(node))
            continue
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or node.type == "block_parameter":
            continue
        default = " ".join(trees.text_of(value).split())[:MAX_TEXT] if value is not None else None
        yield Parameter(trees.text_of(name), "", default, _KINDS.get(node.type, "positional"))
