"""The reproduction that an issue brings, as code that can stand in a test: names explained, nothing that asks or goes out."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.scaffold.dialects.javascript.bindings import Binding, bindings_in, meant, stem_of
from app.analysis.scaffold.dialects.javascript.borrow import names_in
from app.analysis.scaffold.dialects.javascript.page import Page, grammar_of
from app.domain.scaffold import Snippet, Story

MAX_LINES = 60
MAX_CODE = 4_000
_LANGUAGES = frozenset({"", "javascript", "typescript"})
_STATEMENTS = frozenset(
    {
        "expression_statement",
        "lexical_declaration",
        "variable_declaration",
        "function_declaration",
        "class_declaration",
        "comment",
    }
)
# What a test must not do by itself: ask, stop, go out, wait forever, delete; and what is a test or a page of its own.
_UNFIT = re.compile(
    r"https?://|\bprocess\.|\bchild_process\b|\bfs\.|\beval\b|\bFunction\(|\bwhile\s*\(|\bfor\s*\(\s*;|\bsetInterval\b|\.listen\("
    r"|\b(?:alert|prompt|confirm|fetch)\(|\bdocument\.|\bwindow\.|\bimport\(|\bXMLHttpRequest\b|\b(?:describe|it|test|suite)\("
    r"|\.\.\.\s*$|<script|\bglobalThis\b|\bglobal\."
)
_GLOBALS = re.compile(
    r"console|undefined|NaN|Infinity|Object|Array|String|Number|Boolean|Symbol|BigInt|Math|JSON|Date|RegExp|Map|Set|WeakMap|WeakSet"
    r"|Promise|Proxy|Reflect|Error|TypeError|RangeError|SyntaxError|Buffer|URL|URLSearchParams|setTimeout|setImmediate|parseInt"
    r"|parseFloat|isNaN|structuredClone|Uint8Array|ArrayBuffer|Intl|arguments|queueMicrotask|TextEncoder|TextDecoder|AbortController"
)
_FUNCTION = ("name", "parameters", "parameter")
_GIVING = {
    "variable_declarator": ("name",),
    "class_declaration": ("name",),
    "catch_clause": ("parameter",),
    "for_in_statement": ("left",),
    "method_definition": ("parameters",),
    "arrow_function": _FUNCTION,
    "function_declaration": _FUNCTION,
    "function_expression": _FUNCTION,
}
_ROOTS = frozenset({".", "src", "lib", "dist"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_VALUES = frozenset({"number", "string", "true", "false", "null", "undefined", "array", "object", "unary_expression"})
_INSIDE = frozenset(
    {*_VALUES, "pair", "property_identifier", "string_fragment", "escape_sequence", "program", "expression_statement"}
)
_SAYS = re.compile(
    r"^(?:it |this |the (?:result|output|value) |[\w.]+\([^)]*\) )?"
    r"(?:should (?:be|return|give|equal|yield|print|output|log)|returns?|is|=+>?|gives)?[:\s]*(?P<value>.+?)[.;]?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Code that can stand in a test. `result` is the name that holds the last value, "" without one.

    `expected` is the literal that it is expected to be, "" where nobody says.
    """

    lines: tuple[str, ...]
    result: str = ""
    expected: str = ""
    is_async: bool = False


def reproduction(story: Story, page: Page, about: Sequence[str]) -> Reproduction | None:
    """The first snippet that can be code: it parses, the file explains its names, and it speaks of one of `about`.

    None for an untrusted story.
    """
    for snippet in story.snippets if story.trusted else ():
        if snippet.language in _LANGUAGES and not snippet.console and (found := _read(snippet, story, page, about)) is not None:
            return found
    return None


def _read(snippet: Snippet, story: Story, page: Page, about: Sequence[str]) -> Reproduction | None:
    code = _dedented(snippet.text.expandtabs(4))
    if not code.strip() or len(code) > MAX_CODE or code.count("\n") >= MAX_LINES or _UNFIT.search(code):
        return None
    if any(unicodedata.category(sign) in _UNSEEN and sign != "\n" for sign in code):
        return None
    grammar = "typescript" if grammar_of(page.path) != "javascript" else "javascript"
    tree = trees.parse(grammar, code.encode(errors="surrogateescape"))
    if tree is None or tree.root_node.has_error or not tree.root_node.named_children:
        return None
    kept, replaced = _kept(tree.root_node, page)
    code_nodes = [node for node in kept if node.start_byte not in replaced and node.type != "comment"]
    if not code_nodes or not _words(code) & {*about} or not _is_explained(code_nodes, tree.root_node, page):
        return None
    if any(
        one.type == "template_string" and one.start_point.row != one.end_point.row for node in kept for one in trees.walk(node)
    ):
        return None
    return _ended(kept, replaced, story)


def _kept(root: Node, page: Page) -> tuple[list[Node], dict[int, str]]:
    """The statements that stay, and what imports become by where they begin; nothing where one of them cannot be used."""
    known = {binding.local for binding in page.bindings if not binding.is_type}
    kept: list[Node] = []
    replaced: dict[int, str] = {}
    for node in root.named_children:
        bound = list(bindings_in(node))
        if not bound and node.type in _STATEMENTS:
            kept.append(node)
        elif bound and (text := _own_import(bound, page, known)) is not None:
            replaced[node.start_byte] = text
            kept += [node] if text else []
        else:
            return [], {}
    return kept, replaced


def _is_explained(nodes: Sequence[Node], root: Node, page: Page) -> bool:
    """Whether the code, the test's file or the language gives every name."""
    given = _declared(root) | {binding.local for node in root.named_children for binding in bindings_in(node)}
    top = (node for node in page.root.named_children if node.type in _STATEMENTS)
    given |= {binding.local for binding in page.bindings if not binding.is_type}
    given |= {name for node in top if node.type != "expression_statement" for name in _top_names(node)}
    return all(name in given or _GLOBALS.fullmatch(name) for node in nodes for name in names_in(node))


def _top_names(statement: Node) -> set[str]:
    """The names that one statement gives to those that stand beside it."""
    declared = statement.named_children if statement.type.endswith("_declaration") and "function" not in statement.type else []
    parts = [each.child_by_field_name("name") for each in [*declared, statement] if each.type in _GIVING]
    return set().union(*(_words(trees.text_of(part)[:2_000]) for part in parts if part is not None))


def _own_import(bound: Sequence[Binding], page: Page, known: set[str]) -> str | None:
    """What becomes of an import of the project itself: nothing where the file has the names, else a part of what the file has
    as a whole. None where it is of something else.
    """
    if all(binding.local in known for binding in bound):
        return ""
    whole = next(
        (b for b in page.bindings if b.taken in {"*", "default"} and stem_of(meant(b.module, page.path)) in _ROOTS), None
    )
    named = all(binding.taken not in {"*", "default"} for binding in bound)
    if whole is None or not named or bound[0].module.startswith(".") or any(binding.local in known for binding in bound):
        return None
    parts = (b.taken if b.taken == b.local else f"{b.taken}: {b.local}" for b in bound)
    return f"const {{ {', '.join(parts)} }} = {whole.local}"


def _ended(kept: Sequence[Node], replaced: dict[int, str], story: Story) -> Reproduction | None:
    """The code with its last value given a name, and what that is expected to be."""
    lines: list[str] = []
    result = ""
    semicolon = ";" if any(trees.text_of(node).endswith(";") for node in kept) else ""
    for number, node in enumerate(kept):
        text = trees.text_of(node)
        if node.start_byte in replaced:
            text = replaced[node.start_byte] + semicolon
        elif node.type == "expression_statement" and (first := trees.first_in(node)) is not None:
            shown = _shown(first)
            if shown is not None and number < len(kept) - 1:
                continue
            if number == len(kept) - 1 and (shown is not None or first.type in {"call_expression", "await_expression"}):
                result = "result"
                text = f"const result = {trees.text_of(shown or first)}{semicolon}"
        lines += text.split("\n")
    if not lines or (result and re.search(r"\b(?:const|let|var|function)\s+result\b", "\n".join(lines[:-1]))):
        return None
    waits = any(one.type == "await_expression" and not _is_inside(one) for node in kept for one in trees.walk(node))
    return Reproduction(tuple(lines), result, _expected(story) if result else "", waits)


def _shown(node: Node) -> Node | None:
    """What `console.log(it)` prints, where that is one thing."""
    function, listed = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if node.type != "call_expression" or function is None or trees.text_of(function) not in {"console.log", "console.dir"}:
        return None
    given = listed.named_children if listed is not None else []
    return given[-1] if given and given[-1].type != "spread_element" else None


def _is_inside(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.type in {"arrow_function", "function_expression", "function_declaration", "method_definition"}:
            return True
        above = above.parent
    return False


def _expected(story: Story) -> str:
    """The literal that people expect, of the first line that says one."""
    for line in story.then:
        said = _SAYS.match(line.strip())
        value = (said["value"] if said else line).strip().strip("`")
        if value and len(value) <= 200 and _is_literal(value):
            return value
    return ""


def _is_literal(text: str) -> bool:
    tree = trees.parse("javascript", f"({text})".encode(errors="surrogateescape"))
    if tree is None or tree.root_node.has_error or len(tree.root_node.named_children) != 1:
        return False
    inner = trees.first_in(trees.first_in(tree.root_node) or tree.root_node)
    value = trees.first_in(inner) if inner is not None and inner.type == "parenthesized_expression" else None
    return value is not None and value.type in _VALUES and all(one.type in _INSIDE for one in trees.walk(value))


def _declared(root: Node) -> set[str]:
    """Every name that a piece of code gives: variables, functions, classes, parameters, wherever they stand."""
    names: set[str] = set()
    for node in trees.walk(root):
        for part in _GIVING.get(node.type, ()):
            found = node.child_by_field_name(part)
            names |= _words(trees.text_of(found)[:2_000]) if found is not None else set()
    return names


def _words(code: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_$][\w$]*", code))


def _dedented(text: str) -> str:
    lines = text.split("\n")
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:].rstrip() for line in lines)
