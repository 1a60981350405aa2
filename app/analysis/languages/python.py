"""Python: definitions and tests by syntax tree, imports by a scan that is some thirty times faster."""

import re

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.model import Import, NamedTest
from app.domain.change import Symbol

_DEFINITIONS = """
(function_definition name: (identifier) @name) @function
(class_definition name: (identifier) @name) @class
(assignment left: (identifier) @name right: (lambda)) @function
"""

TEST_MARK = re.compile(rb"\n(?:[ \t]*async)?[ \t]*def test")
_BLANK = rb"(?:[ \t\f]|\\\r?\n)"
# Every branch opens with a literal, so that the scan skips from one possible token to the next at the speed of a byte search;
# and a string that never ends takes the rest of its line or file, so that the scan stays linear on any input.
_TOKEN = re.compile(
    rb'"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+(?:"""|\Z)?'
    rb"|'''(?:[^'\\]++|\\[\s\S]|'(?!''))*+(?:'''|\Z)?"
    rb'|"(?:[^"\\\n]++|\\[\s\S])*+"?'
    rb"|'(?:[^'\\\n]++|\\[\s\S])*+'?"
    rb"|#[^\n]*"
    rb"|(?:\n|;|:)" + _BLANK + rb"{0,120}(?=(?:from|import)\b)(?:"
    rb"from" + _BLANK + rb"*(?P<module>\.[.\s]*[\w.]*|[\w.]+)" + _BLANK + rb"+import\b" + _BLANK + rb"*"
    rb"(?P<names>\((?:[^()#]++|#[^\n]*)*+\)|(?:[^\n#;\\]++|\\\r?\n)*)"
    rb"|import" + _BLANK + rb"+(?P<modules>(?:[^\n#;\\]++|\\\r?\n)*))"
)
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"[^\W\d]\w*|\*")
_MODULE = re.compile(r"[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*")


def symbols(source: bytes) -> tuple[Symbol, ...]:
    """Functions, methods and classes, decorators included; a function right inside a class is a method."""
    tree = trees.parse("python", source)
    if tree is None:
        return ()
    found = []
    for match in trees.matches("python", tree, _DEFINITIONS):
        kind = "class" if "class" in match else "function"
        node = match[kind]
        if node.parent is not None and node.parent.type == "decorated_definition":
            node = node.parent
        if kind == "function" and _is_in_class(node):
            kind = "method"
        found.append(trees.definition(node, trees.text_of(match["name"]), kind))
    return trees.outline(found)


def _is_in_class(node: Node) -> bool:
    block = node.parent if node.type != "assignment" or node.parent is None else node.parent.parent
    return block is not None and block.parent is not None and block.parent.type == "class_definition"


def imports(source: bytes) -> tuple[Import, ...]:
    """All imports, also those inside functions, in source order; strings and comments are not mistaken for code."""
    if b"import" not in source:
        return ()
    found: list[Import] = []
    text = b"\n" + source[: trees.MAX_SOURCE].removeprefix(b"\xef\xbb\xbf")
    line, counted = 0, 0
    for match in _TOKEN.finditer(text):
        group = match.lastgroup
        if group is None:
            continue
        at = match.start(group)
        line, counted = line + text.count(b"\n", counted, at), at
        first = line - match[0].count(b"\n", 1, at - match.start())
        if group == "names":
            target = re.sub(r"\s", "", match["module"].decode("utf-8", "replace"))
            found.append(Import(target, _names(match["names"]), first))
        else:
            found.extend(Import(target, (), first) for target in _modules(match["modules"]))
    return tuple(found)


def _names(text: bytes) -> tuple[str, ...]:
    """`a, b as c, # why` -> ("a", "b")."""
    plain = _COMMENT.sub("", text.decode("utf-8", "replace"))
    return tuple(name[0] for part in plain.split(",") if (name := _NAME.search(part)))


def _modules(text: bytes) -> tuple[str, ...]:
    """`a.b, c as d` -> ("a.b", "c")."""
    parts = text.decode("utf-8", "replace").split(",")
    return tuple(re.sub(r"\s", "", name[0]) for part in parts if (name := _MODULE.search(part)))


def tests_in(source: bytes) -> tuple[NamedTest, ...]:
    """Functions named `test...`, at the top or right inside classes, as pytest and unittest collect them."""
    return tuple(
        NamedTest(symbol.qualified, symbol.span)
        for symbol in symbols(source)
        if symbol.name.startswith("test") and (symbol.kind == "method" or symbol.qualified == symbol.name)
    )
