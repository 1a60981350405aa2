"""Go: definitions and tests by syntax tree, imports by a scan of the file's head, where the language demands them."""

import re

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.model import Import, NamedTest
from app.domain.change import Symbol

_DEFINITIONS = """
(function_declaration name: (identifier) @name) @function
(method_declaration receiver: (parameter_list (parameter_declaration type: (_) @owner)) name: (_) @name) @method
(source_file (type_declaration (type_spec name: (_) @name) @class))
(source_file (var_declaration (var_spec name: (identifier) @name value: (expression_list (func_literal))) @function))
(source_file (var_declaration
  (var_spec_list (var_spec name: (identifier) @name value: (expression_list (func_literal))) @function)))
"""

TEST_MARK = re.compile(rb"\nfunc (?:\([^)\n]*\) )?(?:Test|Fuzz|Example)\w*\(")
_GAP = re.compile(rb"(?:\s++|;|//[^\n]*|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))*+")
_PACKAGE = re.compile(rb"package\s+\w+")
_IMPORT = re.compile(rb"import\b(?:\s++|/\*(?:[^*]++|\*(?!/))*+\*/)*+(\()?")
_SPEC = re.compile(rb"(?:([\w.]+)\s*+)?(?:\"([^\"\n]+)\"|`([^`\n]+)`)")
_RUN = re.compile(r"^(?:Test|Fuzz|Example)(?![a-z])")


def symbols(source: bytes) -> tuple[Symbol, ...]:
    """Functions, methods as `Type.Method`, and types; a function kept in a package variable counts as a function."""
    tree = trees.parse("go", source)
    if tree is None:
        return ()
    found = []
    for match in trees.matches("go", tree, _DEFINITIONS):
        kind = next(kind for kind in ("function", "method", "class") if kind in match)
        owner = f"{_type_name(match['owner'])}." if "owner" in match else ""
        found.append(trees.definition(_whole(match[kind]), owner + trees.text_of(match["name"]), kind))
    return trees.outline(found)


def _whole(node: Node) -> Node:
    """A declaration of one type or variable starts at its keyword."""
    parent = node.parent
    if parent is not None and parent.type in {"type_declaration", "var_declaration"} and parent.named_child_count == 1:
        return parent
    return node


def _type_name(node: Node) -> str:
    """`*Cart[T]` -> `Cart`."""
    return re.split(rb"[\[<(]", (node.text or b"").lstrip(b"*( \t"))[0].strip().decode("utf-8", "replace")


def imports(source: bytes) -> tuple[Import, ...]:
    """All imports; `names` holds the local name if one is given (`_` and `.` included)."""
    found: list[Import] = []
    line, counted = 1, 0
    at = _skip(source, 0)
    if package := _PACKAGE.match(source, at):
        at = _skip(source, package.end())
    while opening := _IMPORT.match(source, at):
        at = _skip(source, opening.end())
        while spec := _SPEC.match(source, at):
            line, counted = line + source.count(b"\n", counted, at), at
            local = (spec[1].decode("utf-8", "replace"),) if spec[1] else ()
            found.append(Import((spec[2] or spec[3]).decode("utf-8", "replace"), local, line))
            at = _skip(source, spec.end())
            if not opening[1]:
                break
        if opening[1]:
            if source[at : at + 1] != b")":
                break
            at = _skip(source, at + 1)
    return tuple(found)


def _skip(source: bytes, at: int) -> int:
    gap = _GAP.match(source, at)
    return gap.end() if gap else at


def tests_in(source: bytes) -> tuple[NamedTest, ...]:
    """`TestX`, `FuzzX` and `ExampleX`, as `go test` runs them, and the methods `Suite.TestX` of testify's suites."""
    return tuple(
        NamedTest(symbol.qualified, symbol.span)
        for symbol in symbols(source)
        if symbol.kind in {"function", "method"} and _RUN.match(symbol.name)
    )
