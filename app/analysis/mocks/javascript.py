"""Stand-ins in JavaScript and TypeScript: module mocks of jest, vitest and proxyquire, spies, stubs, nock, msw, fake fetches."""

import re
from collections.abc import Iterator

from tree_sitter import Node, Tree

from app.analysis.languages import javascript, trees
from app.analysis.mocks.model import Mock
from app.analysis.mocks.names import stands_for
from app.analysis.uses.javascript import chain_of, javascript_names, typescript_names
from app.analysis.uses.model import Names
from app.domain.change import Span
from app.domain.seam import SeamKind

MARK = re.compile(rb"mock|Mock|\.stub|spyOn|nock|msw|proxyquire|sinon|\.fn\(|Fake[A-Z]|Stub|registerMock|stubGlobal|replace\(")
_CALLS = """
(call_expression function: (_) @function arguments: (arguments) @arguments) @call
(new_expression constructor: (_) @function arguments: (arguments) @arguments) @call
(assignment_expression left: (member_expression) @left right: (call_expression function: (_) @made)) @call
"""
_MODULE_CALLS = frozenset(
    f"{runner}.{verb}" for runner in ("jest", "vi", "vitest") for verb in ("mock", "doMock", "setMock", "unstable_mockModule")
) | {"mock.module", "mockery.registerMock", "td.replace", "td.replaceEsm", "rewiremock", "quibble"}
_KEEPS = re.compile(r"Actual\b|importOriginal|actual\(")
_SPIES = frozenset({"spyOn", "replaceProperty"})
_PUTS = re.compile(r"^mock(?:Implementation|Return|Resolved|Rejected)")
_STUBS = frozenset({"stub", "replace", "fake"})
_MAKES = frozenset({"jest.fn", "vi.fn", "sinon.stub", "sinon.fake", "mock.fn", "td.func", "td.function"})
_GLOBALS = frozenset({"global", "globalThis", "window", "self"})
_RUNS = frozenset({"it", "test", "specify", "scenario", "fit"})
_SETS_UP = frozenset({"beforeEach", "beforeAll", "before", "setup", "suiteSetup"})
_GROUPS = frozenset({"describe", "context", "suite", "fdescribe"})
_FUNCTIONS = frozenset(
    {"arrow_function", "function_expression", "function_declaration", "method_definition", "generator_function"}
)


def javascript_mocks(source: bytes) -> Iterator[Mock]:
    """The stand-ins of a JavaScript test."""
    return _mocks("javascript", trees.parse("javascript", source), javascript_names(source))


def typescript_mocks(source: bytes) -> Iterator[Mock]:
    """The stand-ins of a TypeScript test."""
    return _mocks(*javascript.parse_typescript(source), typescript_names(source))


def vue_mocks(source: bytes) -> Iterator[Mock]:
    """The stand-ins in the `<script>` blocks of a component."""
    return typescript_mocks(javascript.scripts(source))


def _mocks(grammar: str, tree: Tree | None, known: Names) -> Iterator[Mock]:
    for match in trees.matches(grammar, tree, _CALLS) if tree is not None else ():
        call = match["call"]
        if "left" in match:
            found = _assigned(chain_of(match["left"]), chain_of(match["made"]), known)
        else:
            found = _called(call, chain_of(match["function"]), match["arguments"], known)
        for mock in found:
            yield Mock(
                mock.how,
                trees.span_of(match.get("function", call)).end,
                _scope(call, hoisted=mock.how in {"jest.mock", "vi.mock"}),
                mock.target,
                mock.names,
                mock.kind,
                mock.library,
                mock.stands_for,
            )


def _assigned(left: tuple[str, ...], made: tuple[str, ...], known: Names) -> Iterator[Mock]:
    """`db.getObject = jest.fn()`, `global.fetch = vi.fn()`."""
    how = ".".join(made[:2])
    if how not in _MAKES or len(left) < 2:
        return
    if left[0] in _GLOBALS and left[1] == "fetch":
        yield Mock(how, 0, kind=SeamKind.HTTP, library="fetch")
    elif bound := known.meaning(left, frozenset()):
        yield Mock(how, 0, target=bound.target, names=bound.names)


def _called(call: Node, chain: tuple[str, ...], arguments: Node, known: Names) -> Iterator[Mock]:
    if not chain:
        return
    how, given = ".".join(chain[:2]), [each for each in arguments.named_children if each.type != "comment"]
    first = _string(given[0]) if given else None
    second = _string(given[1]) if len(given) > 1 else None
    if how in _MODULE_CALLS or chain == ("rewiremock",):
        target = first or _imported(given[0]) if given else None
        if target:
            yield from _module(how, target, given[1:])
    elif chain[0] == "proxyquire" and len(given) > 1:
        yield from (Mock("proxyquire", 0, target=key) for key in _keys(given[1]))
    elif given and _is_stubbing(call, chain, second):
        yield from _spied(how, chain_of(given[0]), second, known)
    elif how in {"vi.stubGlobal", "jest.stubGlobal"} and first == "fetch":
        yield Mock(how, 0, kind=SeamKind.HTTP, library="fetch")
    elif answers := _answers(chain, known):
        yield answers
    elif core := stands_for(chain[-1]) if call.type == "new_expression" else "":
        yield Mock(chain[-1], 0, stands_for=core)


def _module(how: str, target: str, rest: list[Node]) -> Iterator[Mock]:
    """A module put aside whole, or, where the factory keeps what it is, only the names that it replaces."""
    if rest and rest[0].type == "object" and re.search(r"\bspy\s*:\s*true", trees.text_of(rest[0])):
        return
    if rest and _KEEPS.search(trees.text_of(rest[0])):
        yield from (Mock(how, 0, target=target, names=(key,)) for key in _keys(rest[0]))
    else:
        yield Mock(how, 0, target=target)


def _spied(how: str, on: tuple[str, ...], name: str | None, known: Names) -> Iterator[Mock]:
    if len(on) == 1 and on[0] in _GLOBALS and name == "fetch":
        yield Mock(how, 0, kind=SeamKind.HTTP, library="fetch")
    elif on and (bound := known.meaning(on, frozenset())):
        yield Mock(how, 0, target=bound.target, names=(*bound.names, *([name] if name else [])))


def _is_stubbing(call: Node, chain: tuple[str, ...], name: str | None) -> bool:
    """Whether a call puts an answer of its own in the place of a method: a told spy, or one of sinon's stubs."""
    if chain[-1] in _SPIES:
        return bool(name) and _is_put(call)
    return chain[-1] in _STUBS and len(chain) > 1 and (chain[-1] != "replace" or bool(name))


def _is_put(call: Node) -> bool:
    """Whether a spy is told to answer itself: `spyOn(a, "b").mockReturnValue(1)`, or the same by the variable it is kept in."""
    parent = call.parent
    if parent is not None and parent.type == "member_expression":
        name = parent.child_by_field_name("property")
        return name is not None and bool(_PUTS.match(trees.text_of(name)))
    if parent is None or parent.type not in {"variable_declarator", "assignment_expression"}:
        return False
    left = parent.child_by_field_name("name") or parent.child_by_field_name("left")
    block = parent.parent
    for _ in range(4):
        block = block.parent if block is not None and block.parent is not None else block
    text = trees.text_of(block) if block is not None else ""
    return left is not None and bool(re.search(rf"\b{re.escape(trees.text_of(left))}\.mock(?:Impl|Ret|Res|Rej)", text))


def _answers(chain: tuple[str, ...], known: Names) -> Mock | None:
    """What answers in the place of HTTP: nock, msw's server, adapters for axios, fake fetches."""
    bound = known.meaning(chain, frozenset())
    library = bound.target if bound is not None else ""
    if library == "nock" or (chain[0] == "nock" and bound is None):
        return Mock("nock", 0, kind=SeamKind.HTTP)
    if library.startswith("msw") and chain[-1] in {"setupServer", "setupWorker"}:
        return Mock("msw", 0, kind=SeamKind.HTTP)
    if library in {"axios-mock-adapter", "moxios"}:
        return Mock(library, 0, kind=SeamKind.HTTP, library="axios")
    if library in {"fetch-mock", "jest-fetch-mock", "vitest-fetch-mock"} or chain[0] == "fetchMock":
        return Mock("fetch-mock", 0, kind=SeamKind.HTTP, library="fetch")
    return None


def _imported(node: Node) -> str | None:
    """What is loaded in vitest's `vi.mock(import("./client"))`."""
    found = re.fullmatch(r"import\(\s*['\"]([^'\"]+)['\"]\s*\)", trees.text_of(node)[:400])
    return found[1] if found else None


def _keys(node: Node) -> list[str]:
    """The keys of the last object in an expression that are not nested in another one."""
    at: Node | None = node
    while at is not None and at.type != "object":
        body = at.child_by_field_name("body") or at.child_by_field_name("value")
        if at.type == "statement_block":
            body = next((child for child in reversed(at.named_children) if child.type == "return_statement"), None)
        elif at.type in {"return_statement", "parenthesized_expression", "await_expression"}:
            body = trees.first_in(at)
        at = body
    keys = []
    for pair in at.named_children if at is not None else ():
        name = pair.child_by_field_name("key") or pair.child_by_field_name("name")
        if name is not None:
            keys.append(trees.text_of(name).strip("'\""))
        elif pair.type == "shorthand_property_identifier":
            keys.append(trees.text_of(pair))
    return keys


def _string(node: Node) -> str | None:
    text = trees.text_of(node)
    return text[1:-1] if node.type in {"string", "template_string"} and "${" not in text and len(text) > 1 else None


def _scope(node: Node, *, hoisted: bool) -> tuple[Span, ...] | None:
    """The lines a stand-in holds for; none at all where it is made in a helper, of which it is not known who calls it."""
    at: Node | None = node.parent
    inner: Node = node
    while at is not None:
        if at.type in _FUNCTIONS:
            inner = at
        elif at.type == "call_expression" and inner.type in _FUNCTIONS and inner.parent is not None:
            runner = (chain_of(at.child_by_field_name("function") or at) or ("",))[0]
            if runner in _RUNS or runner in _GROUPS:
                return (trees.span_of(at),)
            if runner in _SETS_UP:
                return _group_around(at)
        at = at.parent
    return None if hoisted or inner is node else ()


def _group_around(node: Node) -> tuple[Span, ...] | None:
    at = node.parent
    while at is not None:
        if at.type == "call_expression" and (chain_of(at.child_by_field_name("function") or at) or ("",))[0] in _GROUPS:
            return (trees.span_of(at),)
        at = at.parent
    return None
