"""Stand-ins in Java: Mockito, EasyMock and Spring's mock beans, and the servers that answer in the place of HTTP."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import java, trees
from app.analysis.mocks.model import Mock
from app.analysis.mocks.names import stands_for
from app.analysis.uses.java import names
from app.domain.change import Span
from app.domain.seam import SeamKind

MARK = re.compile(rb"[mM]ock|WireMock|Fake[A-Z]|Stub|stubFor|Dummy")
_FIELDS = """
(field_declaration (modifiers [(marker_annotation name: (_) @mark) (annotation name: (_) @mark)]) type: (_) @type) @node
(formal_parameter (modifiers [(marker_annotation name: (_) @mark) (annotation name: (_) @mark)]) type: (_) @type) @node
"""
_CALLS = """
(method_invocation name: (identifier) @name arguments: (argument_list) @arguments) @node
(object_creation_expression type: (_) @made) @node
(annotation name: (_) @marks) @node
(marker_annotation name: (_) @marks) @node
"""
_MOCK_FIELDS = frozenset({"Mock", "MockBean", "MockitoBean", "InjectMock", "MockkBean", "Mocked"})
_MOCK_CALLS = frozenset(
    {"mock", "mockStatic", "mockConstruction", "createMock", "createNiceMock", "createStrictMock", "niceMock"}
)
_SERVERS = frozenset({"WireMockServer", "WireMockRule", "MockWebServer", "ClientAndServer", "MockServerClient"})
_SERVER_MARKS = frozenset({"WireMockTest", "AutoConfigureWireMock", "EnableWireMock", "RestClientTest"})
_SETS_UP = re.compile(r"@Before(?:Each|All|Class|Method)?\b|\bsetUp\w*\(")


def mocks(source: bytes) -> Iterator[Mock]:
    """The stand-ins of a test file."""
    tree = trees.parse("java", source)
    if tree is None:
        return
    imported, package = names(source).imported, java.package(source)

    def replaced(node: Node, how: str, written: str, scope: tuple[Span, ...] | None) -> Iterator[Mock]:
        plain = written.partition("<")[0]
        bound = imported.get(plain.partition(".")[0])
        target = bound.target if bound is not None else f"{package}.{plain}" if package else plain
        if re.fullmatch(r"[\w.$]+", target):
            yield Mock(how, trees.span_of(node).start, scope, target=target)

    for match in trees.matches("java", tree, _FIELDS):
        annotation = trees.text_of(match["mark"]).rpartition(".")[2]
        if annotation in _MOCK_FIELDS:
            is_field = match["node"].type == "field_declaration"
            line = match["type"]
            yield from replaced(line, f"@{annotation}", trees.text_of(match["type"]), None if is_field else _scope(line))
    for match in trees.matches("java", tree, _CALLS):
        node = match["node"]
        if "name" in match:
            name, given = trees.text_of(match["name"]), trees.first_in(match["arguments"])
            if name in _MOCK_CALLS and given is not None and given.type == "class_literal":
                yield from replaced(node, f"{name}()", trees.text_of(given).removesuffix(".class"), _scope(node))
            elif name in {"bindTo", "createServer"} and trees.text_of(node).startswith("MockRestServiceServer"):
                yield Mock("MockRestServiceServer", trees.span_of(node).start, _scope(node), kind=SeamKind.HTTP)
        else:
            yield from _named(node, trees.text_of(match.get("made") or match["marks"]), is_mark="marks" in match)


def _named(node: Node, name: str, *, is_mark: bool) -> Iterator[Mock]:
    """Servers that answer for HTTP, and classes whose name says that they are no real thing."""
    name = name.partition("<")[0].rpartition(".")[2]
    line = trees.span_of(node).start
    if name in (_SERVER_MARKS if is_mark else _SERVERS):
        yield Mock("WireMock" if "WireMock" in name else name, line, None if is_mark else _scope(node), kind=SeamKind.HTTP)
    elif not is_mark and (core := stands_for(name)):
        yield Mock(name, line, _scope(node), stands_for=core)


def _scope(node: Node) -> tuple[Span, ...] | None:
    """The test it stands in; the whole file for a field or what sets up; nothing for helpers."""
    at: Node | None = node
    while at is not None:
        if at.type == "method_declaration":
            head = trees.text_of(at).partition("{")[0]
            if re.search(r"@\w*Test\b|@Theory\b|\bvoid test\w*\(", head):
                return (trees.span_of(at),)
            return None if _SETS_UP.search(head) else ()
        at = at.parent
    return None
