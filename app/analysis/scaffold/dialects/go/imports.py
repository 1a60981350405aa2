"""The imports of a Go test file: which package goes by which name there, and where one more is put."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import go, trees
from app.analysis.scaffold.dialects.placing import put

_SPEC = re.compile(r'^(?:(?P<name>[\w.]+)\s+)?["`](?P<path>[^"`\s]+)["`]')
_VERSION = re.compile(r"v\d+$")


@dataclass(frozen=True, slots=True)
class Imports:
    """Import paths of a file by the name they go by there, and the names by the path."""

    names: Mapping[str, str]
    paths: Mapping[str, str]

    @classmethod
    def read(cls, source: bytes) -> "Imports":
        """What a Go file imports."""
        names: dict[str, str] = {}
        paths: dict[str, str] = {}
        for one in go.imports(source):
            name = one.names[0] if one.names else usual_name(one.target)
            paths.setdefault(name, one.target)
            if name not in {"_", "."}:
                names.setdefault(one.target, name)
        return cls(names, paths)


def usual_name(path: str) -> str:
    """The name that a package most likely goes by: `gopkg.in/yaml.v3` -> `yaml`, `example.com/go-shop/v2` -> `shop`."""
    *_, before, last = ["", *path.split("/")]
    plain = before if _VERSION.fullmatch(last) and before else last
    plain = re.sub(r"\.v\d+$", "", plain)
    return re.sub(r"\W", "", plain.removeprefix("go-").removesuffix("-go").removesuffix(".go"))


def spec_parts(spec: str) -> tuple[str, str] | None:
    """`yaml "gopkg.in/yaml.v3"` -> (`yaml`, path), `"net/http"` -> (`http`, path); None for what is no spec."""
    found = _SPEC.match(spec)
    return (found["name"] or usual_name(found["path"]), found["path"]) if found else None


def add_imports(text: str, specs: Sequence[str]) -> tuple[str, int]:
    """The file with these import specs too, as far as it lacks them, and how many lines were added before its end."""
    before = text.count("\n")
    for spec in dict.fromkeys(specs):
        parts = spec_parts(spec)
        if parts and parts[1] not in Imports.read(text.encode(errors="surrogateescape")).names:
            text = _with(text, spec, parts[1])
    return text, text.count("\n") - before


def _with(text: str, spec: str, path: str) -> str:
    tree = trees.parse("go", text.encode(errors="surrogateescape"))
    declared = [node for node in tree.root_node.named_children if node.type == "import_declaration"] if tree else []
    block = next((one for node in declared for one in node.named_children if one.type == "import_spec_list"), None)
    if block is not None and block.start_point.row != block.end_point.row:
        return _in_block(text, block, spec, path)
    if declared:
        return put(text, declared[-1].end_point.row + 1, [f"import {spec}"])
    clause = next((node for node in tree.root_node.named_children if node.type == "package_clause"), None) if tree else None
    return put(text, clause.end_point.row + 1 if clause else 0, ["", f"import {spec}"])


def _in_block(text: str, block: Node, spec: str, path: str) -> str:
    """In its own kind's first group (the standard library apart from others), where the order of paths puts it."""
    after = block.start_point.row + 1
    own = [
        node for node in block.named_children if node.type == "import_spec" and _is_standard(_path(node)) == _is_standard(path)
    ]
    if not own:
        first = _is_standard(path)
        line = after if first else block.end_point.row
        return put(text, line, [f"\t{spec}", ""] if first and block.named_child_count else ["", f"\t{spec}"])
    group = [own[0]]
    for node in own[1:]:
        if node.start_point.row == group[-1].end_point.row + 1:
            group.append(node)
    at = group[0].start_point.row
    for node in group:
        if _path(node) < path:
            at = node.end_point.row + 1
    return put(text, at, [f"\t{spec}"])


def _path(node: Node) -> str:
    parts = spec_parts(trees.text_of(node))
    return parts[1] if parts else ""


def _is_standard(path: str) -> bool:
    return "." not in path.partition("/")[0]
