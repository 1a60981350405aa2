"""Stand-ins in Go: `httptest` servers, gomock and testify mocks, sqlmock, miniredis, and fakes that are named so."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from app.analysis.languages import trees
from app.analysis.mocks.model import Mock
from app.analysis.mocks.names import stands_for
from app.analysis.uses.go import chain_of, names
from app.domain.change import Span
from app.domain.seam import SeamKind

MARK = re.compile(rb"httptest|[mM]ock|[fF]ake|[sS]tub|miniredis|[dD]ummy")
_MADE = """
(call_expression function: (_) @function) @call
(composite_literal type: (_) @made) @call
"""
_SERVERS = frozenset({"NewServer", "NewTLSServer", "NewUnstartedServer"})
_ANSWERS = {
    "github.com/DATA-DOG/go-sqlmock": ("sqlmock", SeamKind.DATABASE, "database/sql"),
    "github.com/alicebob/miniredis": ("miniredis", SeamKind.DATABASE, ""),
    "github.com/go-redis/redismock": ("redismock", SeamKind.DATABASE, ""),
    "github.com/pashagolub/pgxmock": ("pgxmock", SeamKind.DATABASE, "github.com/jackc/pgx"),
    "github.com/jarcoal/httpmock": ("httpmock", SeamKind.HTTP, ""),
    "gopkg.in/h2non/gock": ("gock", SeamKind.HTTP, ""),
    "github.com/h2non/gock": ("gock", SeamKind.HTTP, ""),
}
_TEST = re.compile(r"^(?:Test|Fuzz|Example|Benchmark)")


def mocks(source: bytes) -> Iterator[Mock]:
    """The stand-ins of a test file."""
    tree = trees.parse("go", source)
    if tree is None:
        return
    imported = names(source).imported
    for match in trees.matches("go", tree, _MADE):
        node = match["call"]
        chain = _type(match["made"]) if "made" in match else chain_of(match["function"])
        bound = imported.get(chain[0]) if chain else None
        target = bound.target if bound is not None and len(chain) > 1 else ""
        found = _mock(chain, target, is_call="function" in match)
        if found is not None:
            how, kind, library, core = found
            yield Mock(how, trees.span_of(node).start, _scope(node), kind=kind, library=library, stands_for=core)


def _mock(chain: tuple[str, ...], target: str, *, is_call: bool) -> tuple[str, SeamKind | None, str, str] | None:
    """How, and of which kind or for which name, a call or literal is a stand-in."""
    if not chain:
        return None
    if target == "net/http/httptest":
        return ("httptest", SeamKind.HTTP, "", "") if chain[-1] in _SERVERS else None
    for library, (how, kind, only) in _ANSWERS.items():
        if target == library or target.startswith((library + "/", library + ".")):
            return how, kind, only, ""
    name = chain[-1]
    if is_call:
        made = re.match(r"^[nN]ew(\w+)$", name)
        if made is None:
            return None
        name = made[1]
    core = stands_for(name)
    if not core and re.search(r"mocks?$|fakes?$", target) and name[:1].isupper():
        core = name
    return (".".join(chain[-2:]), None, "", core) if core else None


def _type(node: Node) -> tuple[str, ...]:
    """`mocks.Client` -> its two names."""
    return tuple(trees.text_of(node).split(".")) if node.type in {"type_identifier", "qualified_type"} else ()


def _scope(node: Node) -> tuple[Span, ...] | None:
    """The test it stands in; the whole file for a package variable; nothing for helpers."""
    at: Node | None = node
    while at is not None:
        if at.type in {"function_declaration", "method_declaration"}:
            name = trees.text_of(at.child_by_field_name("name") or at)
            if at.type == "method_declaration" and re.match(r"^(?:Setup|Before)(?:Test|Suite|SubTest)", name):
                return None
            return (trees.span_of(at),) if _TEST.match(name) else ()
        at = at.parent
    return None
