"""JavaScript and TypeScript: how a definition is called, how its file hands it on, and what an import of that file says."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis import languages
from app.analysis.languages import trees
from app.analysis.languages.javascript import parse_typescript, scripts
from app.analysis.scaffold.signatures.javascript_exports import GLOBAL, exports
from app.analysis.scaffold.signatures.model import Signature, Surroundings
from app.domain.change import Symbol
from app.domain.scaffold import Parameter

_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_PATTERNS = frozenset({"required_parameter", "optional_parameter"})
# A signature is shown on one line; what is longer is a type or a default that nobody wants to read there.
_MAX_TEXT = 80
_ENDINGS = frozenset({"js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"})
# What TypeScript's files are called once they are built, which is what their imports name.
_AS_IMPORTED = {"ts": "js", "tsx": "js", "mts": "mjs", "cts": "cjs", "jsx": "jsx"}
_RELATIVE = re.compile(r"(?:\bfrom\s*|\brequire\(\s*|\bimport\s*)['\"](\.[^'\"\n]*)['\"]")
_ENDED = re.compile(r"\.[cm]?[jt]sx?$")


class _JavaScript:
    """The reader of one of the three languages: javascript, typescript, vue."""

    def __init__(self, language: str) -> None:
        self._language = language

    def symbols(self, source: bytes) -> tuple[Symbol, ...]:
        """As everywhere in recall."""
        return languages.symbols(self._language, source)

    def signature(self, source: bytes, qualified: str) -> Signature | None:
        """How a function, method or class is called, and how its file hands it on."""
        root = _root(self._language, source)
        known = self.symbols(source)
        symbol = next((each for each in known if each.qualified == qualified), None)
        if root is None or symbol is None:
            return None
        definitions = list(_definitions(root))
        found = _closest(definitions, symbol)
        if found is None:
            return None
        owner = qualified.rpartition(".")[0]
        functions = {each.qualified for each in known if each.kind != "class"}
        parts = owner.split(".") if owner else []
        is_inside = any(".".join(parts[: size + 1]) in functions for size in range(len(parts)))
        owning = next((each for each in definitions if each.is_class and each.name == owner.rpartition(".")[2]), None)
        whole = parts[0] if parts else symbol.name
        export = "mixin" if owner and _mixed_into(found.node) == whole else exports(root).get(whole, "")
        return Signature(
            _constructor(found.node) if found.is_class else tuple(_parameters(found.node)),
            owner,
            _constructor(owning.node) if owning else (),
            is_async=_has(found.node, "async"),
            is_static=_is_static(found, owner, owning),
            reachable=bool(export) and not is_inside and not symbol.name.startswith("#") and not _is_uncalled(found.node),
            export=export,
        )

    def module(self, path: str, source: bytes, around: Surroundings) -> str:
        """`../src/cart` from `tests/cart.test.js`: relative, with the extension where the test's neighbours write one."""
        del source
        folder = posixpath.dirname(around.test)
        found = posixpath.relpath(path, folder or ".")
        stem, dot, ending = found.rpartition(".")
        if ending != "vue":
            stem = stem.removesuffix("/index") if not _writes_endings(around) else stem
            found = f"{stem}.{_AS_IMPORTED.get(ending, ending)}" if dot and _writes_endings(around) else stem
        return found if found.startswith(".") else f"./{found}"


READERS = {language: _JavaScript(language) for language in ("javascript", "typescript", "vue")}


def _writes_endings(around: Surroundings) -> bool:
    """Whether relative imports carry an extension: in the test's file, in those beside it, else as Node's own modules must."""
    folder = posixpath.dirname(around.test)
    beside = sorted(path for path in around.tree if posixpath.dirname(path) == folder and path.rpartition(".")[2] in _ENDINGS)
    for path in [around.test, *beside[:5]]:
        said = _RELATIVE.findall((around.read(path) or "")[:20_000])
        if said:
            return sum(bool(_ENDED.search(each)) for each in said) * 2 > len(said)
    return around.test.endswith((".mjs", ".mts"))


def _is_static(found: "_Definition", owner: str, owning: "_Definition | None") -> bool:
    """Whether it is called on its owner itself: a static method, or a function that hangs on a plain object."""
    if not owner:
        return False
    return ".prototype." not in found.target and (owning is None or _has(found.node, "static"))


@dataclass(frozen=True, slots=True)
class _Definition:
    node: Node
    name: str
    target: str = ""

    @property
    def is_class(self) -> bool:
        return self.node.type in _CLASSES


def _root(language: str, source: bytes) -> Node | None:
    if language == "javascript":
        tree = trees.parse("javascript", source)
    else:
        _, tree = parse_typescript(scripts(source) if language == "vue" else source)
    return tree.root_node if tree else None


def _definitions(root: Node) -> Iterator[_Definition]:
    for node in trees.walk(root):
        if node.type in _FUNCTIONS or node.type in _CLASSES:
            target = _target(node)
            if target:
                yield _Definition(node, target.rpartition(".")[2].strip("'\""), target)


def _target(node: Node) -> str:
    """The name a function or class goes by, with what it hangs on where it is assigned: `Cart.prototype.total`."""
    parent = node.parent
    while parent is not None and parent.type in {"arguments", "call_expression", "parenthesized_expression", "as_expression"}:
        parent = parent.parent  # `const save = useCallback(() => ...)`
    place = {"variable_declarator": "name", "pair": "key", "assignment_expression": "left"}.get(parent.type if parent else "")
    place = place or {"field_definition": "property", "public_field_definition": "name"}.get(parent.type if parent else "")
    named = parent.child_by_field_name(place) if parent is not None and place else None
    if named is not None and not trees.text_of(named).endswith(GLOBAL):
        return trees.text_of(named)
    own = node.child_by_field_name("name")
    return trees.text_of(own) if own is not None else ""


def _closest(definitions: list[_Definition], symbol: Symbol) -> _Definition | None:
    """The definition of that name which stands where the symbol does, the outermost first."""
    there = [
        each
        for each in definitions
        if each.name == symbol.name
        and symbol.span.start <= trees.span_of(each.node).end
        and trees.span_of(each.node).start <= symbol.span.end
    ]

    def distance(each: _Definition) -> tuple[int, int]:
        return abs(trees.span_of(each.node).start - symbol.span.start), each.node.start_byte

    return min(there, key=distance, default=None)


def _parameters(node: Node) -> Iterator[Parameter]:
    single = node.child_by_field_name("parameter")
    if single is not None:
        yield Parameter(trees.text_of(single))
        return
    listed = node.child_by_field_name("parameters")
    for each in listed.named_children if listed is not None else ():
        if each.type != "comment" and (read := _parameter(each)) is not None:
            yield read


def _parameter(node: Node) -> Parameter | None:
    pattern, default, declared = node, "", ""
    optional = node.type == "optional_parameter"
    if node.type in _PATTERNS:
        inner, value, typed = (node.child_by_field_name(name) for name in ("pattern", "value", "type"))
        if inner is None or inner.type == "this":
            return None
        pattern, default = inner, _line(value)
        declared = _line(typed).removeprefix(":").strip()
    elif node.type == "assignment_pattern":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None:
            return None
        pattern, default = left, _line(right)
    if pattern.type == "rest_pattern":
        inside = trees.first_in(pattern)
        return Parameter(_name(inside or pattern), declared, None, "rest")
    given = default or ("undefined" if optional else None)
    return Parameter(_name(pattern), declared, given)


def _name(pattern: Node) -> str:
    """`{ a, b = 1 }` -> `{ a, b }`: what a caller hands over; too long or too deep a pattern is `options`."""
    if pattern.type == "identifier":
        return trees.text_of(pattern)
    if pattern.type != "object_pattern":
        return "values" if pattern.type == "array_pattern" else "value"
    names = []
    for each in pattern.named_children:
        key = each.child_by_field_name("key") or each.child_by_field_name("left") or each
        if key.type not in {"shorthand_property_identifier_pattern", "property_identifier"}:
            return "options"
        names.append(trees.text_of(key))
    listed = "{ " + ", ".join(names) + " }"
    return listed if 0 < len(names) <= 4 and len(listed) <= _MAX_TEXT else "options"


def _line(node: Node | None) -> str:
    """The node's text on one line, empty where it is too long to show."""
    text = " ".join(trees.text_of(node).split()) if node is not None else ""
    return text if len(text) <= _MAX_TEXT else "..."


def _constructor(node: Node) -> tuple[Parameter, ...]:
    """What an instance is made with; of a class that leaves it to another file's one, something that has to be found out."""
    body = node.child_by_field_name("body")
    for each in body.named_children if body is not None else ():
        name = each.child_by_field_name("name")
        if each.type == "method_definition" and name is not None and trees.text_of(name) == "constructor":
            return tuple(_parameters(each))
    extends = any(child.type == "class_heritage" for child in node.named_children)
    return (Parameter("values", kind="positional"),) if extends else ()


def _has(node: Node, word: str) -> bool:
    """Whether the definition, or the field it is the value of, carries a keyword of its own."""
    holders = [node] + ([node.parent] if node.parent is not None and node.parent.type.endswith("field_definition") else [])
    return any(child.type == word for holder in holders for child in holder.children)


def _is_uncalled(node: Node) -> bool:
    """Whether no caller can write a call of it: TypeScript keeps it from them, or it is read and written like a value."""
    return _is_kept(node) or (node.type == "method_definition" and (_has(node, "get") or _has(node, "set")))


def _is_kept(node: Node) -> bool:
    """Whether TypeScript keeps it from others: `private` or `protected`."""
    holders = [node, node.parent] if node.parent is not None and node.parent.type.endswith("field_definition") else [node]
    return any(
        child.type == "accessibility_modifier" and trees.text_of(child) != "public"
        for holder in holders
        for child in holder.children
    )


def _mixed_into(node: Node) -> str:
    """The first parameter of the `module.exports = function (Topics) { ... }` around a definition; empty without one."""
    above = node.parent
    while above is not None:
        if above.type in _FUNCTIONS and above.parent is not None and above.parent.type == "assignment_expression":
            left = above.parent.child_by_field_name("left")
            if left is not None and trees.text_of(left) == "module.exports":
                return next((each.name for each in _parameters(above)), "")
        above = above.parent
    return ""
