"""How JavaScript and TypeScript neighbours write their tests: words, groups, quotes, indentation."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.languages.javascript import parse_typescript
from app.analysis.scaffold.dialects.javascript.bindings import Binding, bindings_in
from app.domain.change import Span

TESTS = ("it", "test", "specify")
GROUPS = ("describe", "context", "suite")
_STATEMENTS = frozenset({"expression_statement", "lexical_declaration", "variable_declaration", "import_statement"})
_HOLDERS = frozenset({"for_in_statement", "for_statement", "if_statement", "while_statement", "try_statement", "statement_block"})
_BODIES = frozenset({"arrow_function", "function_expression"})


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `it`, `describe` and their like: its title as written, and its statement.

    `groups` are the statements of the groups around it, outermost first. `again` is the outermost statement around it that may
    run it more than once or under conditions: a loop, a group of `each`, a call of a helper.
    """

    word: str
    title: str
    node: Node
    group: bool
    body: Node | None
    groups: tuple[Node, ...]
    again: Node | None = None

    @property
    def span(self) -> Span:
        """The lines of the whole statement."""
        return trees.span_of(self.node)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is written. `word` calls a test, `opening` opens its function; `strict` is for `'use strict'`."""

    quote: str = "'"
    semicolons: bool = True
    indent: str = "  "
    is_module: bool = True
    word: str = "it"
    group: str = "describe"
    opening: str = "() =>"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A test file, read: its lines, what its names stand for, its tests and groups in source order."""

    path: str
    text: str
    root: Node
    bindings: tuple[Binding, ...]
    calls: tuple[Call, ...]

    @property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.split("\n")


def grammar_of(path: str) -> str:
    """The grammar that a file of that name is parsed with."""
    ending = path.rpartition(".")[2]
    return {"ts": "typescript", "mts": "typescript", "cts": "typescript", "tsx": "tsx"}.get(ending, "javascript")


def page(path: str, text: str) -> Page | None:
    """The file taken apart; None where it cannot be parsed at all."""
    source = text.encode(errors="surrogateescape")
    grammar = grammar_of(path)
    tree = parse_typescript(source)[1] if grammar == "typescript" else trees.parse(grammar, source)
    if tree is None:
        return None
    calls = tuple(sorted(_calls(tree.root_node, (), None), key=lambda each: each.node.start_byte))
    return Page(path, text, tree.root_node, tuple(_bindings(tree.root_node)), calls)


def manner(pages: Sequence[Page]) -> Manner:
    """How the pages are written, nearest first: the first one that says something about a matter decides it."""
    quotes = Counter[str]()
    ends = Counter[bool]()
    for each in pages[:3]:
        quotes.update(_quotes(each))
        ends.update(_ends(each.root))
        if quotes and sum(ends.values()) > 2:
            break
    calls = [call for each in pages for call in each.calls]
    words = Counter(call.word for call in calls[:200] if not call.group)
    groups = Counter(call.word for call in calls[:200] if call.group)
    functions = Counter(_opening(call.body) for call in calls[:200] if call.body is not None and not call.group)
    return Manner(
        quotes.most_common(1)[0][0] if quotes else "'",
        ends[True] >= ends[False],
        next((step for each in pages if (step := _indent(each))), "  "),
        next((found for each in pages if (found := is_module(each)) is not None), True),
        words.most_common(1)[0][0] if words else "it",
        groups.most_common(1)[0][0] if groups else "describe",
        functions.most_common(1)[0][0] if functions else "() =>",
        any(re.match(r"\s*(['\"])use strict\1", each.text) for each in pages[:1]),
    )


def is_module(page: Page) -> bool | None:
    """Whether the file is an ES module; None where it neither imports nor requires."""
    kinds = {binding.is_common for binding in page.bindings}
    kinds |= {False for node in page.root.named_children if node.type in {"import_statement", "export_statement"}}
    return None if not kinds else False in kinds


def _bindings(root: Node) -> Iterator[Binding]:
    for node in root.named_children:
        yield from bindings_in(node)


def _calls(node: Node, groups: tuple[Node, ...], again: Node | None, depth: int = 0) -> Iterator[Call]:
    """Tests and groups, looked for in the bodies of groups and other calls, not in the tests themselves."""
    if depth > trees.MAX_DEPTH:
        return
    for child in node.named_children:
        if child.type != "expression_statement":
            if child.type in _HOLDERS:
                yield from _calls(child.child_by_field_name("body") or child, groups, again or child, depth + 1)
            continue
        call = trees.first_in(child)
        if call is None or call.type != "call_expression":
            continue
        word = _word(call)
        arguments = call.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        function = next((each for each in reversed(given) if each.type in _BODIES), None)
        body = function.child_by_field_name("body") if function is not None else None
        is_group = word in GROUPS
        if is_group or word in TESTS:
            yield Call(word, trees.text_of(given[0]) if given else "", child, is_group, function, groups, again)
        if word not in TESTS and body is not None and body.type == "statement_block":
            once = is_group and ".each" not in trees.text_of(call)[:200].partition("(")[0]
            yield from _calls(body, (*groups, child) if is_group else groups, again or (None if once else child), depth + 1)


def _word(call: Node) -> str:
    """`it.only.each([...])('...')` -> `it`; `test.describe('...')` -> `describe`."""
    called: Node | None = call
    while called is not None and called.type == "call_expression":
        called = called.child_by_field_name("function")
    words = re.findall(r"[\w$]+", trees.text_of(called)[:80]) if called is not None else []
    if words[:2] == ["test", "describe"]:
        return "describe"
    return words[0] if words and words[0] in (*TESTS, *GROUPS) else ""


def _quotes(page: Page) -> Iterator[str]:
    """The quotes of titles and imports; a title with a quote in it had no choice."""
    for call in page.calls:
        if call.title[:1] in {"'", '"'} and not re.search(r"['\"]", call.title[1:-1]):
            yield call.title[0]
    for binding in page.bindings:
        source = binding.node.child_by_field_name("source")
        if source is not None:
            yield trees.text_of(source)[:1]


def _ends(root: Node) -> Iterator[bool]:
    for node in root.named_children[:200]:
        if node.type in _STATEMENTS:
            yield trees.text_of(node).endswith(";")
        if node.type == "expression_statement" and len(trees.text_of(node)) > 100:
            inner = re.findall(r"\n[ \t]+\w[^\n]*\);?(?=\n)", trees.text_of(node)[:20_000])
            yield from (line.endswith(";") for line in inner)


def _opening(function: Node) -> str:
    if function.type == "arrow_function":
        return "() =>"
    return "function()" if "function(" in trees.text_of(function)[:20] else "function ()"


def _indent(page: Page) -> str:
    """One step of indentation, as the first body of a test or group shows it."""
    lines = page.lines
    for call in page.calls:
        body = call.body.child_by_field_name("body") if call.body is not None else None
        first = trees.first_in(body) if body is not None and body.type == "statement_block" else None
        if first is None or first.start_point.row == call.node.start_point.row:
            continue
        outer, inner = lead(lines[call.node.start_point.row]), lead(lines[first.start_point.row])
        if inner.startswith(outer) and len(inner) > len(outer):
            return inner[len(outer) :]
    return ""


def lead(line: str) -> str:
    """The white space that a line opens with."""
    return line[: len(line) - len(line.lstrip(" \t"))]
