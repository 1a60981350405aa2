"""JavaScript, TypeScript and Vue: definitions and tests by syntax tree, imports by a scan that skips strings and comments."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import trees
from app.analysis.languages.model import Import, NamedTest
from app.domain.change import Symbol

_FUNCTIONS = "(arrow_function) (function_expression) (generator_function)"
_FUNCTION = f"[{_FUNCTIONS}]"
# Functions that pass through a call: `const save = useCallback(() => ...)`, `const useCart = defineStore('cart', () => ...)`.
_WRAPPED = f"(call_expression arguments: (arguments {_FUNCTION}))"
_DEFINITIONS = f"""
(function_declaration name: (_) @name) @function
(generator_function_declaration name: (_) @name) @function
(class_declaration name: (_) @name) @class
(method_definition name: (_) @name) @method
(variable_declarator name: (identifier) @name value: [{_FUNCTIONS} {_WRAPPED}]) @function
(variable_declarator name: (identifier) @name value: (class)) @class
(variable_declarator name: (identifier) @name value: (object)) @scope
(pair key: (_) @name value: {_FUNCTION}) @method
(pair key: (_) @name value: (object)) @scope
(assignment_expression left: [(identifier) (member_expression)] @target right: [{_FUNCTIONS} {_WRAPPED}]) @function
(assignment_expression left: [(identifier) (member_expression)] @target right: (class)) @class
(assignment_expression left: [(identifier) (member_expression)] @target right: (object)) @scope
"""
_ONLY_JAVASCRIPT = f"""
(field_definition property: (_) @name value: {_FUNCTION}) @method
"""
_ONLY_TYPESCRIPT = f"""
(public_field_definition name: (_) @name value: {_FUNCTION}) @method
(abstract_class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(enum_declaration name: (_) @name) @class
(type_alias_declaration name: (_) @name) @class
(internal_module name: (_) @name) @scope
(function_signature name: (_) @name) @function
(variable_declarator name: (identifier) @name value: [
  (as_expression (object)) (satisfies_expression (object)) (as_expression (as_expression (object)))]) @scope
(variable_declarator name: (identifier) @name value: (as_expression {_FUNCTION})) @function
"""
_TESTS = """
(call_expression
  function: [
    (identifier) @runner
    (member_expression object: (identifier) @runner)
    (member_expression object: (member_expression object: (identifier) @runner))
    (call_expression function: (member_expression object: (identifier) @runner))
    (call_expression function: (member_expression object: (member_expression object: (identifier) @runner)))
  ]
  arguments: (arguments . [(string) (template_string) (identifier) (member_expression)] @title)
  (#any-of? @runner
    "it" "test" "describe" "context" "suite" "specify" "scenario" "fit" "xit" "xtest" "fdescribe" "xdescribe")) @call
"""
_GROUPS = frozenset({"describe", "context", "suite", "fdescribe", "xdescribe"})
_PREFIX = re.compile(r"^(?:module\.)?exports\.|^(?:this|self|window|globalThis)\.")
_NAME = re.compile(r"^#?[\w$]+(?:\.#?[\w$]+)*$")
_SCRIPT = re.compile(rb"<script\b(?P<head>[^>]*)>(?P<code>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)

TEST_MARK = re.compile(rb"(?:^|[\s;{(])(?:it|test|specify|scenario)(?:\.\w+)*\s*[(`]")

# Every branch opens with a literal, so that the scan skips from one possible token to the next; and whatever never ends takes
# the rest of its line or file, so that it stays linear. A slash opens a regular expression only after what an operand follows.
_TOKEN = re.compile(
    rb"/(?:/[^\n]*|\*(?:[^*]++|\*(?!/))*+(?:\*/)?"
    rb"|(?:(?<=[(=,:\[!&|?{};\n]/)|(?<=[(=,:\[!&|?{}; ] /)|(?<=return /))(?:[^/\\\n\[]++|\\.|\[(?:[^\]\\\n]++|\\.)*+\]?)*+/?)"
    rb"|'(?:[^'\\\n]++|\\[\s\S])*+'?"
    rb'|"(?:[^"\\\n]++|\\[\s\S])*+"?'
    rb"|`(?:[^`\\]++|\\[\s\S])*+`?"
    rb"|import(?<![\w$.@]import)(?![\w$])|export(?<![\w$.]export)(?![\w$])"
    rb"|require(?:(?<![\w$.]require)|(?<=\.\.\.require)|(?<=require\.main\.require)|(?<=module\.require))(?=(?:\.resolve)?\s*\()"
    rb"|requireActual(?=[(<])|importActual(?=[(<])|importOriginal(?=[(<])"
)
_GAP = rb"(?:\s++|/\*(?:[^*]++|\*(?!/))*+\*/|//[^\n]*)*+"
_STRING = rb"(?:'(?P<single>[^'\\\n]*)'|\"(?P<double>[^\"\\\n]*)\"|`(?P<tick>[^`\\\n$]*)`)"
_BRACES = rb"\{(?:[^{}'\"/]++|//[^\n]*|/\*(?:[^*]++|\*(?!/))*+\*/|'[^'\n]*'|\"[^\"\n]*\")*+\}"
_CALL = re.compile(rb"(?:\.resolve)?(?:<[^()\n]*>)?" + _GAP + rb"\(" + _GAP + _STRING + _GAP + rb"(?=[,)])")
_FROM = re.compile(
    _GAP
    + rb"(?:(?:type|typeof|defer|source)\b(?!"
    + _GAP
    + rb"(?:,|from\b))"
    + _GAP
    + rb")?(?:(?P<default>(?!from\b[^,=])[\w$]+)"
    + _GAP
    + rb",?"
    + _GAP
    + rb")?(?:(?P<star>\*)"
    + _GAP
    + rb"(?:as\b"
    + _GAP
    + rb"[\w$]+"
    + _GAP
    + rb")?|(?P<braces>"
    + _BRACES
    + rb")"
    + _GAP
    + rb")?from"
    + _GAP
    + _STRING
)
_BARE = re.compile(_GAP + _STRING)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_BOUND = re.compile(rb"(\{[^{}]*\})\s*=\s*(?:await\s+)?$")
_MEMBER = re.compile(rb"\s*\)\s*\.\s*([\w$]+)")


def javascript_symbols(source: bytes) -> tuple[Symbol, ...]:
    """Functions, methods and classes of a JavaScript file, JSX included."""
    return _outline("javascript", trees.parse("javascript", source))


def typescript_symbols(source: bytes) -> tuple[Symbol, ...]:
    """Functions, methods, classes, interfaces, enums and type aliases of a TypeScript file, TSX included."""
    return _outline(*parse_typescript(source))


def vue_symbols(source: bytes) -> tuple[Symbol, ...]:
    """What the `<script>` blocks of a component define; lines are those of the whole file."""
    return typescript_symbols(scripts(source))


def parse_typescript(source: bytes) -> tuple[str, Tree | None]:
    """The tree by plain TypeScript, or by TSX where only that reads the file without an error."""
    tree = trees.parse("typescript", source)
    if tree is not None and tree.root_node.has_error and (b"</" in source or b"/>" in source):
        return "tsx", trees.parse("tsx", source)
    return "typescript", tree


def _outline(grammar: str, tree: Tree | None) -> tuple[Symbol, ...]:
    if tree is None:
        return ()
    query = _DEFINITIONS + (_ONLY_JAVASCRIPT if grammar == "javascript" else _ONLY_TYPESCRIPT)
    return trees.outline(_definitions(grammar, tree, query))


def _definitions(grammar: str, tree: Tree, query: str) -> Iterator[trees.Definition]:
    for match in trees.matches(grammar, tree, query):
        kind = next(kind for kind in ("function", "method", "class", "scope") if kind in match)
        name = _name_of(match)
        if name:
            yield trees.definition(_statement(match[kind]), name, None if kind == "scope" else kind)


def _name_of(match: dict[str, Node]) -> str:
    """`total`, `exports.total` -> `total`; `Cart.prototype.total` -> `Cart.total`; empty where there is no plain name."""
    if "name" in match:
        name = trees.text_of(match["name"]).strip("'\"")
        return name if _NAME.match(name) and "." not in name else ""
    name = _PREFIX.sub("", trees.text_of(match["target"])).replace(".prototype.", ".").removesuffix(".prototype")
    return name if _NAME.match(name) and name not in {"module.exports", "exports"} else ""


def _statement(node: Node) -> Node:
    """A lone variable stands on its whole declaration, an exported definition on its whole statement."""
    parent = node.parent
    if parent is not None and parent.type in {"lexical_declaration", "variable_declaration"} and parent.named_child_count == 1:
        node, parent = parent, parent.parent
    return parent if parent is not None and parent.type == "export_statement" else node


def scripts(source: bytes) -> bytes:
    """The `<script>` blocks of a single-file component, each on its own lines, everything else left blank."""
    out, at = b"", 0
    for block in _SCRIPT.finditer(source[: trees.MAX_SOURCE]):
        start, end = block.span("code")
        out += b"\n" * source.count(b"\n", at, start) + source[start:end]
        at = end
    return out


def imports(source: bytes) -> tuple[Import, ...]:
    """`import`, `export ... from`, `require` and dynamic imports of a fixed path, in source order.

    `names` holds `default` for a default import, `*` for a namespace. Paths given to mocking calls are not imports.
    """
    source = source[: trees.MAX_SOURCE]
    if b"import" not in source and b"require" not in source and b"export" not in source:
        return ()
    found: list[Import] = []
    at, line, counted = 0, 1, 0
    while token := _TOKEN.search(source, at):
        at = token.end()
        word = token[0]
        if word[:1] in b"/'\"`":
            continue
        read = _read(word, source, token.start(), at)
        if read is not None:
            line, counted = line + source.count(b"\n", counted, token.start()), token.start()
            target, names, at = read
            found.append(Import(target, names, line, is_reexport=word == b"export"))
    return tuple(found)


def vue_imports(source: bytes) -> tuple[Import, ...]:
    """What the `<script>` blocks of a component import."""
    return imports(scripts(source))


def _read(word: bytes, source: bytes, start: int, at: int) -> tuple[str, tuple[str, ...], int] | None:
    """The target, names and end of the import whose keyword stands at `start`, None where it is something else."""
    if word in {b"import", b"export"} and (match := _FROM.match(source, at)):
        names: tuple[str, ...] = ("default",) if match["default"] else ()
        names += ("*",) if match["star"] else _names(match["braces"] or b"", with_aliases=word == b"export")
        return _target(match), names, match.end()
    if word == b"import" and (match := _BARE.match(source, at)):
        return _target(match), (), match.end()
    if word != b"export" and (match := _CALL.match(source, at)):
        bound = _BOUND.search(source, max(0, start - 1000), start)
        member = _MEMBER.match(source, match.end())
        names = _names(bound[1]) if bound else ()
        if member and word == b"require":
            names = (member[1].decode("utf-8", "replace"),)
        return _target(match), names, match.end()
    return None


def _target(match: re.Match[bytes]) -> str:
    return (match["single"] or match["double"] or match["tick"] or b"").decode("utf-8", "replace")


def _names(braces: bytes, *, with_aliases: bool = False) -> tuple[str, ...]:
    """`{ a, type b as c, d: e = 1 }` -> ("a", "b", "d"); with aliases also "c", as which an export can be taken."""
    found: list[str] = []
    for part in _COMMENT.sub("", braces.decode("utf-8", "replace")).strip("{}").split(","):
        words = re.findall(r"[\w$]+", part.partition("=")[0])
        if len(words) > 1 and words[0] == "type" and words[1] != "as":
            words = words[1:]
        found += words[:1]
        if with_aliases and len(words) == 3:
            found.append(words[2])
    return tuple(found)


def javascript_tests(source: bytes) -> tuple[NamedTest, ...]:
    """Calls of `it`, `test` and their like, named by the titles of the groups around them, ` > ` between."""
    return _tests("javascript", trees.parse("javascript", source))


def typescript_tests(source: bytes) -> tuple[NamedTest, ...]:
    """As `javascript_tests`, of TypeScript."""
    return _tests(*parse_typescript(source))


def vue_tests(source: bytes) -> tuple[NamedTest, ...]:
    """As `typescript_tests`, of the `<script>` blocks of a component."""
    return typescript_tests(scripts(source))


def _tests(grammar: str, tree: Tree | None) -> tuple[NamedTest, ...]:
    if tree is None:
        return ()
    calls = (
        trees.definition(match["call"], _title(match["title"]), None if _is_group(match["call"]) else "test")
        for match in trees.matches(grammar, tree, _TESTS)
    )
    return tuple(NamedTest(symbol.qualified, symbol.span) for symbol in trees.outline(calls, " > "))


def _is_group(call: Node) -> bool:
    """Whether a call opens a group of tests: `describe`, `describe.each(...)`, Playwright's `test.describe.serial`."""
    called = call.child_by_field_name("function")
    while called is not None and called.type == "call_expression":
        called = called.child_by_field_name("function")
    return called is not None and not _GROUPS.isdisjoint(trees.text_of(called)[:200].split("."))


def _title(node: Node) -> str:
    """What a runner shows: without the quotes around it and the backslashes before those in it."""
    text = trees.text_of(node)
    if node.type in {"string", "template_string"} and len(text) > 1:
        text = re.sub(r"\\(['\"`\\])", r"\1", text[1:-1])
    return " ".join(text.split())[:200]
