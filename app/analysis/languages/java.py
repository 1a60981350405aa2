"""Java: definitions and tests by syntax tree, package and imports by a scan of the file's head."""

import re

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.model import Import, NamedTest
from app.domain.change import Symbol

_DEFINITIONS = """
(class_declaration name: (identifier) @name) @class
(interface_declaration name: (identifier) @name) @class
(enum_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name) @class
(annotation_type_declaration name: (identifier) @name) @class
(method_declaration name: (identifier) @name) @method
(constructor_declaration name: (identifier) @name) @method
(compact_constructor_declaration name: (identifier) @name) @method
"""
_METHODS = """
(method_declaration (modifiers)? @modifiers name: (identifier) @name) @method
"""
_TEST_ANNOTATIONS = "Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Theory|Property|CartesianTest"

TEST_MARK = re.compile(rb"@(?:" + _TEST_ANNOTATIONS.encode() + rb")\b|\bvoid test\w*\s*\(")
_IS_TEST = re.compile(r"@(?:[\w.]+\.)?(?:" + _TEST_ANNOTATIONS + r")\b")
_GAP = re.compile(rb"(?:\s++|;|//[^\n]*|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))*+")
_PACKAGE = re.compile(rb"(?:@[\w.]+\s*+(?:\([^()]*\)\s*+)?)*+package\s++([\w.]+)")
_IMPORT = re.compile(rb"import\s++(static\s++)?(module\s++)?([\w$]+(?:\s*+\.\s*+[\w$]+)*+)(\s*+\.\s*+\*)?")


def symbols(source: bytes) -> tuple[Symbol, ...]:
    """Classes, interfaces, enums, records and annotations, methods and constructors; inner ones qualified by the outer."""
    tree = trees.parse("java", source)
    if tree is None:
        return ()
    return trees.outline(
        trees.definition(match[kind], trees.text_of(match["name"]), kind)
        for match in trees.matches("java", tree, _DEFINITIONS)
        for kind in ("class", "method")
        if kind in match
    )


def package(source: bytes) -> str:
    """The package the file declares, empty for the default one."""
    declared = _PACKAGE.match(source, _skip(source, 0))
    return declared[1].decode("utf-8", "replace") if declared else ""


def imports(source: bytes) -> tuple[Import, ...]:
    """All imports. `import a.B` gives the target `a.B` and the name `B`, `import static a.B.c` the target `a.B` and `c`."""
    found: list[Import] = []
    line, counted = 1, 0
    at = _skip(source, 0)
    if declared := _PACKAGE.match(source, at):
        at = _skip(source, declared.end())
    while match := _IMPORT.match(source, at):
        line, counted = line + source.count(b"\n", counted, at), at
        target = re.sub(r"\s", "", match[3].decode("utf-8", "replace"))
        last = target.rpartition(".")
        if match[4]:
            found.append(Import(target, ("*",), line))
        else:
            found.append(Import(last[0] if match[1] else target, (last[2],), line))
        at = _skip(source, match.end())
    return tuple(found)


def _skip(source: bytes, at: int) -> int:
    gap = _GAP.match(source, at)
    return gap.end() if gap else at


def tests_in(source: bytes) -> tuple[NamedTest, ...]:
    """Methods that JUnit or TestNG run: those annotated as tests, and the `void testX()` of JUnit 3."""
    tree = trees.parse("java", source)
    if tree is None:
        return ()
    running = {
        trees.span_of(match["method"]).start
        for match in trees.matches("java", tree, _METHODS)
        if _runs(trees.text_of(match["name"]), match.get("modifiers"), match["method"])
    }
    return tuple(
        NamedTest(symbol.qualified, symbol.span)
        for symbol in symbols(source)
        if symbol.kind == "method" and symbol.span.start in running
    )


def _runs(name: str, modifiers: Node | None, method: Node) -> bool:
    written = trees.text_of(modifiers) if modifiers is not None else ""
    if _IS_TEST.search(written):
        return True
    returned = method.child_by_field_name("type")
    is_void = returned is not None and returned.type == "void_type"
    return name.startswith("test") and "public" in written and is_void
